/** JSON whose numbers keep every digit: they come as the text that stood there. */

type Reviver = (this: unknown, key: string, value: unknown, context: { source?: string }) => unknown;
const parse = JSON.parse as (text: string, reviver: Reviver) => unknown;

/** The value, every number a string of its digits; or why it is none, in a sentence's end. Never throws. */
export function parseExact(text: string): { ok: true; value: unknown } | { ok: false; why: string } {
  if (text.trim() === '') return { ok: false, why: 'an empty page' };
  if (text.trimStart().startsWith('<')) return { ok: false, why: 'a web page instead of JSON' };
  try {
    const value = parse(text, (_key, value, { source }) =>
      typeof value === 'number' ? (source ?? String(value)) : value,
    );
    return { ok: true, value };
  } catch {
    return { ok: false, why: `no JSON (${JSON.stringify(text.trim().slice(0, 40))})` };
  }
}

/** What lies at a dotted path (`stats.balance`), or undefined. A key with dots in it is found too. */
export function at(value: unknown, path: string): unknown {
  if (typeof value !== 'object' || value === null) return undefined;
  if (Object.hasOwn(value, path)) return (value as Record<string, unknown>)[path];
  const dot = path.indexOf('.');
  if (dot < 0) return undefined;
  const key = path.slice(0, dot);
  return Object.hasOwn(value, key) ? at((value as Record<string, unknown>)[key], path.slice(dot + 1)) : undefined;
}

/** A whole number of atomic units (at most 19 digits, as SQLite holds it), else null. */
export function wholeUnits(value: unknown): bigint | null {
  if (typeof value !== 'string' || !/^\d{1,19}$/.test(value)) return null;
  const units = BigInt(value);
  return units <= 9_000_000_000_000_000_000n ? units : null;
}

/** A count that a number holds exactly, else null. A fraction is cut off: half a token was not counted yet. */
export function countOf(value: unknown): number | null {
  if (typeof value !== 'string' || !/^\d+(\.\d+)?([eE][+-]?\d+)?$/.test(value)) return null;
  const count = Math.trunc(Number(value));
  return Number.isSafeInteger(count) ? count : null;
}
