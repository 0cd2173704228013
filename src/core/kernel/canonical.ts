import type { Json } from './ledger-ports.ts';

/**
 * JSON in one form only (after RFC 8785): names sorted by their UTF-16 units, no spaces, numbers and
 * strings as ECMAScript writes them. What is undefined is left out, as JSON does.
 * @throws TypeError for what JSON cannot say: NaN, functions, bigints.
 */
export function canonicalOf(value: Json | undefined): string {
  return isInOrder(value) ? JSON.stringify(value) : written(value);
}

/** Would JSON itself write it in that form? Then it does, many times as fast. */
function isInOrder(value: unknown): boolean {
  if (typeof value === 'string' || typeof value === 'boolean' || value === null) return true;
  if (typeof value === 'number') return Number.isFinite(value);
  if (typeof value !== 'object') return false;
  if (Array.isArray(value)) return value.every(isInOrder);
  let before = '';
  for (const name in value) {
    const part = (value as Record<string, unknown>)[name];
    if (name < before || (part !== undefined && !isInOrder(part))) return false;
    before = name;
  }
  return true;
}

function written(value: Json | undefined): string {
  if (typeof value === 'number' && !Number.isFinite(value)) {
    throw new TypeError(`The ledger can only hold numbers that JSON can say, but got ${value}.`);
  }
  if (value === null || typeof value !== 'object') {
    const text = JSON.stringify(value) as string | undefined;
    if (text === undefined) throw new TypeError(`The ledger can only hold JSON, but got a ${typeof value}.`);
    return text;
  }
  if (isList(value)) return `[${value.map(written).join(',')}]`;
  const parts: string[] = [];
  for (const name of Object.keys(value).sort()) {
    const part = value[name];
    if (part !== undefined) parts.push(`${JSON.stringify(name)}:${written(part)}`);
  }
  return `{${parts.join(',')}}`;
}

const isList = (value: object): value is readonly Json[] => Array.isArray(value);
