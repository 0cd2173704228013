export type CsvCell = string | number | boolean | null;

/** A cell of CSV; one that a spreadsheet would take for a formula is made a text, null is empty. */
function cell(value: CsvCell): string {
  const text = value === null ? '' : String(value);
  const safe = typeof value === 'string' && /^[=+\-@\t\r]/u.test(text) ? `'${text}` : text;
  return /[",\r\n]/u.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** An epoch-milliseconds time as a cell, in UTC. */
export const csvTime = (at: number | null): string | null => (at === null ? null : new Date(at).toISOString());

/** Comma-separated values (RFC 4180) with a header, for a spreadsheet. */
export function csv(head: readonly string[], rows: readonly (readonly CsvCell[])[]): string {
  return `${[head, ...rows].map((row) => row.map(cell).join(',')).join('\r\n')}\r\n`;
}
