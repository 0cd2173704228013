import { styleText } from 'node:util';
import { reveal } from '../shared/reveal.ts';

const LONGEST_CELL = 72;

/**
 * Text from outside (agents, repositories, commands) as a terminal may show it: what cannot be seen
 * or would steer the terminal is written out by its name.
 */
export function readable(text: string): string {
  return reveal(text)
    .map((piece) => (piece.hidden === null || piece.text === '\t' ? piece.text : `‹${piece.hidden}›`))
    .join('');
}

/** The same on one line. */
export function oneLine(text: string): string {
  return readable(text.replaceAll(/\s+/g, ' ').trim());
}

function cell(text: string): string {
  const line = oneLine(text);
  return line.length > LONGEST_CELL ? `${line.slice(0, LONGEST_CELL - 1)}…` : line;
}

/** Columns under their names; `empty` when there are no rows. */
export function table(head: readonly string[], rows: readonly (readonly string[])[], empty: string): string {
  if (rows.length === 0) return empty;
  const cells = rows.map((row) => row.map(cell));
  const widths = head.map((name, i) => Math.max(name.length, ...cells.map((row) => row[i]?.length ?? 0)));
  const line = (row: readonly string[]) =>
    row
      .map((text, i) => text.padEnd(widths[i] ?? 0))
      .join('  ')
      .trimEnd();
  return [styleText('dim', line(head)), ...cells.map(line)].join('\n');
}

/** Names and values, one a line; those that are null are left out. */
export function list(pairs: readonly (readonly [name: string, value: string | null])[]): string {
  const shown = pairs.filter(([, value]) => value !== null);
  const width = Math.max(0, ...shown.map(([name]) => name.length));
  return shown.map(([name, value]) => `${styleText('dim', name.padEnd(width))}  ${value}`).join('\n');
}

/** Paragraphs with a blank line between them; the empty ones are left out. */
export function paragraphs(...parts: readonly (string | null)[]): string {
  return parts.filter(Boolean).join('\n\n');
}
