import { applyEdits, createScanner, type Edit, type Node, type ParseError, parseTree } from 'jsonc-parser';
import { TenureError } from '../../shared/errors.ts';

/** A change of one place in a JSONC text; without `value` what is there is taken out. */
export interface TextChange {
  path: readonly string[];
  value?: unknown;
}

const childOf = (node: Node | undefined, key: string): Node | undefined =>
  node?.type === 'object' ? node.children?.find((property) => property.children?.[0]?.value === key) : undefined;

const valueOf = (property: Node | undefined): Node | undefined => property?.children?.[1];

/** What stands at a path, or undefined. */
export function nodeIn(root: Node | undefined, path: readonly string[]): Node | undefined {
  return path.reduce<Node | undefined>((node, key) => valueOf(childOf(node, key)), root);
}

/** @throws TenureError `invalid` for a text that is no JSONC. */
export function treeOf(text: string): Node | undefined {
  const errors: ParseError[] = [];
  const root = parseTree(text, errors, { allowTrailingComma: true, allowEmptyContent: true });
  if (errors.length > 0 || (root && root.type !== 'object')) {
    throw new TenureError(
      'invalid',
      'The file cannot be edited while it is no readable JSON object; correct it first.',
    );
  }
  return root;
}

/**
 * The text with the changes made, one after the other. Every comment stays, and stays beside what it is about;
 * what is not changed keeps its own form. @throws TenureError `invalid` for a text that is no JSONC.
 */
export function editText(text: string, changes: readonly TextChange[]): string {
  return changes.reduce(
    (now, { path, value }) => (value === undefined ? without(now, path) : withValue(now, path, value)),
    text,
  );
}

const unitOf = (text: string): string => /\n([ \t]+)\S/.exec(text)?.[1] ?? '  ';
const endOfLine = (text: string): string => (text.includes('\r\n') ? '\r\n' : '\n');
const indentAt = (text: string, offset: number): string =>
  /^[ \t]*/.exec(text.slice(text.lastIndexOf('\n', offset - 1) + 1, offset))?.[0] ?? '';

function printed(text: string, value: unknown, indent: string): string {
  const flat = Array.isArray(value) && value.every((one) => typeof one !== 'object' || one === null);
  const json = flat
    ? `[${value.map((one) => JSON.stringify(one)).join(', ')}]`
    : JSON.stringify(value, null, unitOf(text));
  return json.replaceAll('\n', `${endOfLine(text)}${indent}`);
}

function withValue(text: string, path: readonly string[], value: unknown): string {
  const root = treeOf(text);
  if (!root)
    return withValue(
      `${text.trim() === '' ? '' : `${text.trimEnd()}${endOfLine(text)}`}{}${endOfLine(text)}`,
      path,
      value,
    );
  let holder = root;
  for (const [depth, key] of path.entries()) {
    const property = childOf(holder, key);
    const found = valueOf(property);
    const rest = path.slice(depth + 1);
    const whole = rest.reduceRight<unknown>((inside, name) => ({ [name]: inside }), value);
    if (!found) return inserted(text, holder, key, whole);
    if (rest.length === 0 || found.type !== 'object') {
      const content = printed(text, whole, indentAt(text, property?.offset ?? 0));
      return applyEdits(text, [{ offset: found.offset, length: found.length, content }]);
    }
    holder = found;
  }
  return text;
}

/** A new property at the end of an object: after the comments that stand there, which belong to what is before. */
function inserted(text: string, holder: Node, key: string, value: unknown): string {
  const close = holder.offset + holder.length - 1;
  const last = holder.children?.at(-1);
  const inside = text.slice(holder.offset + 1, close);
  const outer = indentAt(text, holder.offset);
  const eol = endOfLine(text);
  const name = `${JSON.stringify(key)}: `;
  if (last && !inside.includes('\n')) {
    const at = last.offset + last.length;
    const comma = commaAfter(text, at, close);
    const edits: Edit[] = [
      { offset: comma ?? at, length: comma === null ? 0 : 1, content: `, ${name}${printed(text, value, outer)}` },
    ];
    return applyEdits(text, edits);
  }
  const indent = last ? indentAt(text, last.offset) : outer + unitOf(text);
  const edits: Edit[] = [];
  if (last && commaAfter(text, last.offset + last.length, close) === null) {
    edits.push({ offset: last.offset + last.length, length: 0, content: ',' });
  }
  const end = holder.offset + 1 + inside.trimEnd().length;
  const content = `${eol}${indent}${name}${printed(text, value, indent)}${eol}${outer}`;
  edits.push({ offset: end, length: close - end, content });
  return applyEdits(text, edits);
}

/** Kinds of tokens, as the parser's own declarations number them; its `const enum` is not there at run time. */
const COMMA: number = 5;
const END: number = 17;

/** Where the comma after an element is; null: there is none before `end`. */
function commaAfter(text: string, from: number, end: number): number | null {
  const scanner = createScanner(text, true);
  scanner.setPosition(from);
  const next = (): number => scanner.scan();
  for (let kind = next(); kind !== END && scanner.getTokenOffset() < end; kind = next()) {
    if (kind === COMMA) return scanner.getTokenOffset();
  }
  return null;
}

/** A property with one comma of its own, and its line when nothing else is on it. An object that is left empty goes too. */
function without(text: string, path: readonly string[]): string {
  const root = treeOf(text);
  const holder = nodeIn(root, path.slice(0, -1));
  const property = childOf(holder, path.at(-1) ?? '');
  if (!holder || !property) return text;
  const close = holder.offset + holder.length - 1;
  const from = property.offset;
  const end = from + property.length;
  const after = commaAfter(text, end, close);
  const siblings = holder.children ?? [];
  const before = siblings[siblings.indexOf(property) - 1];
  const comma = after ?? (before ? commaAfter(text, before.offset + before.length, from) : null);
  const edits: Edit[] = [{ ...lineOrPart(text, from, after === end ? end + 1 : end), content: '' }];
  if (comma !== null && comma !== end) edits.push({ offset: comma, length: 1, content: '' });
  const next = applyEdits(text, edits);
  const left = nodeIn(treeOf(next), path.slice(0, -1));
  const bare = left && path.length > 1 && next.slice(left.offset + 1, left.offset + left.length - 1).trim() === '';
  return bare ? without(next, path.slice(0, -1)) : next;
}

/** The whole line when nothing else stands on it. */
function lineOrPart(text: string, from: number, to: number): { offset: number; length: number } {
  const start = text.lastIndexOf('\n', from - 1) + 1;
  const newline = text.indexOf('\n', to);
  const alone = newline >= 0 && text.slice(start, from).trim() === '' && text.slice(to, newline).trim() === '';
  if (alone) return { offset: start, length: newline + 1 - start };
  const space = text.slice(to).match(/^[ \t]+/)?.[0].length ?? 0;
  return { offset: from, length: to + (/\s/.test(text[from - 1] ?? '') ? space : 0) - from };
}
