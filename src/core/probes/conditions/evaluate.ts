import { type Condition, NUMBER, type Operator, type Place, type Side } from './parse.ts';

/** What a check saw. Undefined: this kind of check has no such value. */
export interface Seen {
  connected: boolean;
  /** Milliseconds. */
  ms: number | null;
  status?: number | null;
  body?: string;
  headers?: Readonly<Record<string, string>>;
  ip?: string | null;
  /** Milliseconds until the certificate ends; negative when it has. */
  certificateMs?: number | null;
  rcode?: string | null;
  exitCode?: number | null;
  state?: string;
}

export interface Verdict {
  holds: boolean;
  /** `[STATUS] (503) == 200`: the condition with what was seen. */
  shown: string;
}

const SHOWN = 60;

/** Whether a condition holds for what a check saw. Total: what was not seen makes it not hold. */
export function evaluate({ left, operator, right }: Condition, seen: Seen): Verdict {
  const parsed = lazyJson(seen.body);
  const a = valueOf(left, seen, parsed);
  const b = valueOf(right, seen, parsed);
  return {
    holds: compare(a, operator, b, left, right, seen, parsed),
    shown: `${wordOf(left, a)} ${operator} ${wordOf(right, b)}`,
  };
}

type Json = () => unknown;

function lazyJson(body: string | undefined): Json {
  let value: { it: unknown } | null = null;
  return () => {
    if (value === null) {
      try {
        value = { it: JSON.parse(body ?? '') };
      } catch {
        value = { it: undefined };
      }
    }
    return value.it;
  };
}

/** Undefined: there is no such value. */
function valueOf(side: Side, seen: Seen, json: Json): unknown {
  switch (side.kind) {
    case 'literal':
      return side.value;
    case 'place':
      return placeOf(side.place, side.path, seen, json);
    case 'has':
      return placeOf(side.of.place, side.of.path, seen, json) !== undefined;
    case 'len': {
      const value = placeOf(side.of.place, side.of.path, seen, json);
      if (typeof value === 'string' || Array.isArray(value)) return value.length;
      return typeof value === 'object' && value !== null ? Object.keys(value).length : undefined;
    }
    case 'any':
    case 'pat':
      return undefined;
  }
}

function placeOf(place: Place, path: readonly (string | number)[], seen: Seen, json: Json): unknown {
  switch (place) {
    case 'STATUS':
      return seen.status ?? undefined;
    case 'RESPONSE_TIME':
      return seen.ms ?? undefined;
    case 'CONNECTED':
      return seen.connected;
    case 'IP':
      return seen.ip ?? undefined;
    case 'CERTIFICATE_EXPIRATION':
      return seen.certificateMs ?? undefined;
    case 'DNS_RCODE':
      return seen.rcode ?? undefined;
    case 'EXIT_CODE':
      return seen.exitCode ?? undefined;
    case 'STATE':
      return seen.state;
    case 'HEADER':
      return seen.headers?.[path.join('.').toLowerCase()];
    case 'BODY':
      return path.length === 0 ? seen.body : path.reduce(step, json());
  }
}

/** Own properties only: a body must not reach what every object inherits. */
function step(value: unknown, key: string | number): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
  return (value as Record<string | number, unknown>)[key];
}

function compare(a: unknown, operator: Operator, b: unknown, left: Side, right: Side, seen: Seen, json: Json): boolean {
  if (operator === '==') return equal(a, b, left, right, seen, json);
  // What was not seen is not known to differ either.
  if (operator === '!=') return !isMissing(left, a) && !isMissing(right, b) && !equal(a, b, left, right, seen, json);
  const [x, y] = [numberOf(a), numberOf(b)];
  if (x === null || y === null) return false;
  return operator === '<' ? x < y : operator === '>' ? x > y : operator === '<=' ? x <= y : x >= y;
}

const isMissing = (side: Side, value: unknown): boolean =>
  value === undefined && side.kind !== 'any' && side.kind !== 'pat';

function equal(a: unknown, b: unknown, left: Side, right: Side, seen: Seen, json: Json): boolean {
  if (right.kind === 'any') return right.of.some((one) => equal(a, valueOf(one, seen, json), left, one, seen, json));
  if (left.kind === 'any') return equal(b, a, right, left, seen, json);
  if (right.kind === 'pat') return a !== undefined && fits(right.glob, textOf(a));
  if (left.kind === 'pat') return b !== undefined && fits(left.glob, textOf(b));
  if (a === undefined || b === undefined) return false;
  const [x, y] = [numberOf(a), numberOf(b)];
  return x !== null && y !== null ? x === y : textOf(a) === textOf(b);
}

function numberOf(value: unknown): number | null {
  if (typeof value === 'number') return value;
  return typeof value === 'string' && NUMBER.test(value) ? Number(value) : null;
}

const textOf = (value: unknown): string =>
  typeof value === 'string' ? value : (JSON.stringify(value) ?? String(value));

function wordOf(side: Side, value: unknown): string {
  const got = (): string => (value === undefined ? 'nothing' : textOf(value).replaceAll(/\s+/g, ' ').slice(0, SHOWN));
  switch (side.kind) {
    case 'literal':
      return String(side.value);
    case 'pat':
      return `pat(${side.glob})`;
    case 'any':
      return `any(${side.of.map((one) => wordOf(one, one.kind === 'literal' ? one.value : undefined)).join(', ')})`;
    case 'place':
      return `[${side.place}]${pathOf(side.path)} (${got()})`;
    case 'len':
    case 'has':
      return `${side.kind}([${side.of.place}]${pathOf(side.of.path)}) (${got()})`;
  }
}

const pathOf = (path: readonly (string | number)[]): string =>
  path.map((key) => (typeof key === 'number' ? `[${key}]` : `.${key}`)).join('');

/** `*` stands for anything. In one pass, so that no pattern is slow on any body. */
function fits(glob: string, text: string): boolean {
  const parts = glob.split('*');
  const first = parts.shift() ?? '';
  const last = parts.pop();
  if (last === undefined) return text === first;
  if (!text.startsWith(first) || !text.endsWith(last) || text.length < first.length + last.length) return false;
  let at = first.length;
  const end = text.length - last.length;
  return parts.every((part) => {
    const found = text.indexOf(part, at);
    at = found + part.length;
    return found >= 0 && at <= end;
  });
}
