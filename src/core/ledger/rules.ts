import type { Json, LedgerEvent } from '../kernel/ledger-ports.ts';

/** A row as it stands in the database. */
export interface StoredEvent extends Omit<LedgerEvent, 'body'> {
  /** Canonical JSON. */
  body: string;
  /** The hash of the event before; at the beginning of an epoch, what that epoch began on. */
  prev: string;
  hash: string;
  mac: string;
}

/** What the very first event stands on: as long as a hash, and none. */
export const NOTHING_BEFORE = 'A'.repeat(43);

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

/**
 * The bytes that an event's hash is taken of: one JSON array of everything but the hash and the MAC. The
 * quoted strings before the body and the fixed length of `prev` behind it leave one reading only.
 */
export const sealedOf = ({ seq, at, kind, subject, body, prev }: Omit<StoredEvent, 'hash' | 'mac'>): string =>
  `[${seq},${at},${JSON.stringify(kind)},${JSON.stringify(subject)},${body},"${prev}"]`;
