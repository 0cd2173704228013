import type { SettingField } from '../../shared/contract/settings.ts';
import { durationText } from '../../shared/duration.ts';
import { list, oneLine, paragraphs, readable, table } from '../text.ts';
import { type Cli, defineVerb, UsageError } from '../verb.ts';

/** As it stands on one line: lengths of time in words, everything else as JSON. */
function valueWords({ kind, empty }: SettingField, value: unknown): string {
  if (value === null) return empty ?? 'null';
  if (kind === 'time' && typeof value === 'number') return durationText(value);
  return typeof value === 'string' ? value : JSON.stringify(value);
}

async function fieldOf(cli: Cli, key: string): Promise<SettingField> {
  const { fields } = await cli.call('config.get', {});
  const field = fields.find((one) => one.key === key);
  if (field) return field;
  const near = fields.filter((one) => one.key.toLowerCase().includes(key.toLowerCase())).map((one) => one.key);
  const hint = near.length > 0 ? `did you mean ${near.slice(0, 5).join(', ')}?` : '"tenure config list" names all.';
  throw new UsageError(`There is no setting "${key}"; ${hint}`);
}

const configList = defineVerb({
  name: 'config list',
  summary: 'Every setting with its value; secrets are masked.',
  options: { changed: { type: 'boolean', help: 'only what differs from the default' } },
  example: 'tenure config list --changed',
  async run(cli, _given, { changed }) {
    const view = await cli.call('config.get', {});
    const fields = view.fields.filter((field) => !changed || field.changed);
    const rows = fields.map((field) => [
      field.key,
      valueWords(field, field.value),
      field.changed ? `default ${valueWords(field, field.default)}` : '',
    ]);
    const empty = 'Every setting has its default.';
    return {
      json: { ...view, fields },
      text: paragraphs(view.file, view.problems.map(readable).join('\n'), table(['KEY', 'VALUE', ''], rows, empty)),
    };
  },
});

const configGet = defineVerb({
  name: 'config get',
  summary: 'One setting: what it holds, what it takes, what it is for.',
  takes: ['key'],
  example: 'tenure config get sessions.concurrency',
  async run(cli, [key = '']) {
    const field = await fieldOf(cli, key);
    return {
      json: field,
      text: list([
        ['Setting', `${field.key} (${field.label})`],
        ['Value', oneLine(valueWords(field, field.value))],
        ['Default', oneLine(valueWords(field, field.default))],
        ['Takes', field.expects],
        ['', field.hint],
        ['', field.restart ? 'Takes hold at the next start.' : null],
      ]),
    };
  },
});

/** JSON where the text is JSON of the right kind, else the text itself. */
function valueOf({ kind }: SettingField, text: string): unknown {
  if (text === 'null') return null;
  if (kind === 'text' || kind === 'choice' || kind === 'time') return text;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    if (kind === 'list') return text.split(',').map((one) => one.trim());
    return text;
  }
}

const configSet = defineVerb({
  name: 'config set',
  summary: 'Set a setting in config.jsonc; its comments stay. "-" reads the value from standard input.',
  takes: ['key', 'value'],
  example: 'tenure config set sessions.timeBoxMs "2 h"',
  async run(cli, [key = '', given = '']) {
    const field = await fieldOf(cli, key);
    const text = given === '-' ? (await cli.stdin()).trimEnd() : given;
    const value = valueOf(field, text);
    const view = await cli.call('config.set', { changes: [{ key, value, mark: field.mark }] });
    return told(view.fields, key, view.file);
  },
});

const configReset = defineVerb({
  name: 'config reset',
  summary: 'Put a setting back to its default: it is taken out of config.jsonc.',
  takes: ['key'],
  example: 'tenure config reset sessions.concurrency',
  async run(cli, [key = '']) {
    const field = await fieldOf(cli, key);
    const view = await cli.call('config.set', { changes: [{ key, mark: field.mark }] });
    return told(view.fields, key, view.file);
  },
});

function told(fields: readonly SettingField[], key: string, file: string) {
  const field = fields.find((one) => one.key === key);
  if (!field) throw new UsageError(`There is no setting "${key}" any more.`);
  const restart = field.restart ? ' It takes hold at the next start.' : '';
  return { json: field, text: `${key} is ${oneLine(valueWords(field, field.value))} now, in ${file}.${restart}` };
}

export const configVerbs = [configList, configGet, configSet, configReset];
