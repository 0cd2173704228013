import { z } from 'zod';
import { Config } from '../../shared/config.ts';
import { GROUP_WORDS, type KeyWords, wordsOf } from '../../shared/config-words.ts';
import type { SettingField } from '../../shared/contract/settings.ts';
import { durationText } from '../../shared/duration.ts';

/** A key as the schema has it, without any value. */
export interface FieldShape
  extends Pick<
      SettingField,
      'key' | 'group' | 'kind' | 'expects' | 'choices' | 'empty' | 'partOf' | 'restart' | 'secret'
    >,
    Pick<SettingField, 'label' | 'hint'> {
  path: readonly string[];
  /** What a part begins with when it is switched on, where the schema does not say. */
  sample: unknown;
}

interface Schema {
  type?: string | string[];
  anyOf?: Schema[];
  enum?: unknown[];
  const?: unknown;
  properties?: Record<string, Schema>;
  additionalProperties?: Schema | boolean;
  items?: Schema;
  minimum?: number;
  maximum?: number;
  exclusiveMinimum?: number;
  exclusiveMaximum?: number;
  maxItems?: number;
}

/** Kept by the program itself. */
const OWN = new Set(['$schema', 'version']);

function fieldsIn(schema: Schema, path: readonly string[], partOf: string | null): FieldShape[] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, child]) => {
    const at = [...path, name];
    if (at.length === 1 && OWN.has(name)) return [];
    if (child.type === 'object' && child.properties) return fieldsIn(child, at, partOf);
    const [inner, nullable] = withoutNull(child);
    const shape = shapeOf(inner, nullable, at, partOf);
    return shape.kind === 'part' ? [shape, ...fieldsIn(inner, at, shape.key)] : [shape];
  });
}

function withoutNull(schema: Schema): [Schema, boolean] {
  const others = schema.anyOf?.filter((one) => one.type !== 'null');
  if (others?.length === 1 && others[0]) return [others[0], true];
  if (Array.isArray(schema.type) && schema.type.includes('null')) {
    const [type = ''] = schema.type.filter((one) => one !== 'null');
    return [{ ...schema, type }, true];
  }
  return [schema, false];
}

function shapeOf(schema: Schema, nullable: boolean, path: readonly string[], partOf: string | null): FieldShape {
  const key = path.join('.');
  const words: KeyWords = wordsOf(path);
  const kind = kindOf(schema, path, nullable);
  return {
    key,
    path,
    group: GROUP_WORDS[path[0] ?? ''] ?? wordsOf(path.slice(0, 1)).label,
    label: words.label,
    hint: words.hint ?? null,
    kind,
    expects: words.expects ?? expects(schema, kind, nullable),
    choices: kind === 'choice' ? (schema.enum ?? []).map(String) : [],
    empty: nullable ? (words.empty ?? 'not set') : null,
    partOf,
    restart: words.restart ?? false,
    secret: words.secret ?? false,
    sample: words.sample ?? {},
  };
}

function kindOf(schema: Schema, path: readonly string[], nullable: boolean): SettingField['kind'] {
  if (schema.enum) return 'choice';
  const text = schema.items?.type === 'string';
  switch (schema.type) {
    case 'boolean':
      return 'switch';
    case 'integer':
      return path.at(-1)?.endsWith('Ms') ? 'time' : 'whole';
    case 'number':
      return 'number';
    case 'string':
      return 'text';
    case 'array':
      return text ? 'list' : 'json';
    case 'object':
      if (schema.properties && nullable) return 'part';
      return typeof schema.additionalProperties === 'object' && schema.additionalProperties.type === 'string'
        ? 'map'
        : 'json';
    default:
      return 'json';
  }
}

const SHAPES: Readonly<Record<SettingField['kind'], string>> = {
  switch: 'true or false',
  whole: 'a whole number',
  number: 'a number',
  time: 'a length of time',
  text: 'a text',
  choice: 'one of',
  list: 'a list of texts',
  map: 'names, each with a text',
  part: 'an object',
  json: 'JSON of its own form',
};

function expects(schema: Schema, kind: SettingField['kind'], nullable: boolean): string {
  const more = nullable ? ', or null' : '';
  if (kind === 'choice') return `${SHAPES.choice} ${(schema.enum ?? []).join(', ')}${more}`;
  if (kind === 'list' && schema.maxItems !== undefined) return `${SHAPES.list}, at most ${schema.maxItems}${more}`;
  if (kind === 'time') {
    const from = schema.minimum ? ` from ${durationText(schema.minimum)}` : '';
    const to = schema.maximum === undefined ? '' : ` up to ${durationText(schema.maximum)}`;
    return `a length of time${from}${to}, such as 90 s, 10 min or 2 h${more}`;
  }
  if (kind !== 'whole' && kind !== 'number') return `${SHAPES[kind]}${more}`;
  const least = schema.minimum ?? schema.exclusiveMinimum;
  const most = schema.maximum ?? schema.exclusiveMaximum;
  const from =
    schema.minimum === undefined && least !== undefined ? `above ${least}` : least === undefined ? '' : `from ${least}`;
  const to =
    most === undefined || most >= Number.MAX_SAFE_INTEGER
      ? least === undefined || from.startsWith('above')
        ? ''
        : ' on'
      : ` to ${most}`;
  return `${[SHAPES[kind], from].filter(Boolean).join(' ')}${to}${more}`;
}

let known: readonly FieldShape[] | null = null;

/** Every key that a person can set, in the order of the schema; worked out when it is first asked for. */
export function allFields(): readonly FieldShape[] {
  known ??= fieldsIn(z.toJSONSchema(Config, { io: 'input', unrepresentable: 'any' }) as Schema, [], null);
  return known;
}
