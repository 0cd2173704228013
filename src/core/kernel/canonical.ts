import type { Json } from './ledger-ports.ts';

/**
 * JSON in one form only (after RFC 8785): names sorted by their UTF-16 units, no spaces, numbers and
 * strings as ECMAScript writes them. What is undefined is left out, as JSON does.
 * @throws TypeError for what JSON cannot say: NaN, functions, bigints.
 */
export function canonicalOf(value: Json | undefined): string {
  if (typeof value === 'number' && !Number.isFinite(value)) {
    throw new TypeError(`The ledger can only hold numbers that JSON can say, but got ${value}.`);
  }
  if (value === null || typeof value !== 'object') {
    const text = JSON.stringify(value) as string | undefined;
    if (text === undefined) throw new TypeError(`The ledger can only hold JSON, but got a ${typeof value}.`);
    return text;
  }
  if (isList(value)) return `[${value.map(canonicalOf).join(',')}]`;
  const parts: string[] = [];
  for (const name of Object.keys(value).sort()) {
    const part = value[name];
    if (part !== undefined) parts.push(`${JSON.stringify(name)}:${canonicalOf(part)}`);
  }
  return `{${parts.join(',')}}`;
}

const isList = (value: object): value is readonly Json[] => Array.isArray(value);
