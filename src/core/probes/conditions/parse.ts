/**
 * The grammar of conditions, after gatus: `<side> <operator> <side>`, all of a service's conditions must hold.
 *
 *     [STATUS] == 200                  [STATUS] == any(200, 204)        [BODY] == pat(*ready*)
 *     [RESPONSE_TIME] < 300            [BODY].items[0].state == "ok"    len([BODY].items) > 0
 *     [CERTIFICATE_EXPIRATION] > 7d    [HEADER].content-type == pat(text/*)    has([BODY].error) == false
 *
 * One parser serves validation and evaluation: what was accepted once can always be evaluated.
 */

/** @property at Position in the text, from 1. */
export class ConditionError extends Error {
  override readonly name = 'ConditionError';
  readonly at: number;
  constructor(text: string, at: number, expected: string) {
    const rest = text.slice(at - 1).trim();
    super(
      `"${text}", position ${at}: expected ${expected}, but got ${rest === '' ? 'the end' : `"${rest.slice(0, 40)}"`}.`,
    );
    this.at = at;
  }
}

const OPERATORS = ['==', '!=', '<=', '>=', '<', '>'] as const;
export type Operator = (typeof OPERATORS)[number];
const PLACES = [
  'STATUS',
  'RESPONSE_TIME',
  'BODY',
  'HEADER',
  'CERTIFICATE_EXPIRATION',
  'CONNECTED',
  'IP',
  'DNS_RCODE',
  'EXIT_CODE',
  'STATE',
] as const;
export type Place = (typeof PLACES)[number];
const FUNCTIONS = ['len', 'has', 'any', 'pat'] as const;

type Literal = string | number | boolean;
export type Side =
  | { kind: 'place'; place: Place; path: readonly (string | number)[] }
  | { kind: 'len' | 'has'; of: Extract<Side, { kind: 'place' }> }
  | { kind: 'any'; of: readonly Side[] }
  | { kind: 'pat'; glob: string }
  | { kind: 'literal'; value: Literal };

export interface Condition {
  text: string;
  left: Side;
  operator: Operator;
  right: Side;
}

const UNITS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
};
/** A whole text that is a number. */
export const NUMBER = /^-?\d+(\.\d+)?$/;
const DURATION = /^(\d+(?:\.\d+)?)(ms|s|m|h|d|w)$/;
const A_SIDE = `a value such as [STATUS], a function (${FUNCTIONS.join(', ')}), a number, a duration or a text`;

/** @throws ConditionError with the position and what was expected there. */
export function parseCondition(text: string): Condition {
  let at = 0;
  const fail = (expected: string, position = at): never => {
    throw new ConditionError(text, position + 1, expected);
  };
  const skip = (): void => {
    while (text[at] === ' ' || text[at] === '\t') at += 1;
  };
  const take = (token: string): boolean => {
    if (!text.startsWith(token, at)) return false;
    at += token.length;
    return true;
  };
  const match = (pattern: RegExp): string | null => {
    const sticky = new RegExp(pattern.source, 'y');
    sticky.lastIndex = at;
    const found = sticky.exec(text)?.[0] ?? null;
    at += found?.length ?? 0;
    return found;
  };

  function place(): Extract<Side, { kind: 'place' }> {
    const from = at;
    if (!take('[')) fail('a value in brackets such as [BODY]');
    const name = match(/[A-Z_]+/);
    const known = PLACES.find((candidate) => candidate === name) ?? fail(`one of ${PLACES.join(', ')}`, from + 1);
    if (!take(']')) fail('"]"');
    const path: (string | number)[] = [];
    for (;;) {
      if (take('.')) path.push(match(/[^\s.[\](),=!<>]+/) ?? fail('a name after the dot'));
      else if (take('[')) {
        path.push(Number(match(/\d+/) ?? fail('an index')));
        if (!take(']')) fail('"]"');
      } else break;
    }
    if (path.length > 0 && known !== 'BODY' && known !== 'HEADER')
      fail(`no path: only [BODY] and [HEADER] have parts`, from);
    if (known === 'HEADER' && path.length === 0) fail('a header name: [HEADER].content-type');
    return { kind: 'place', place: known, path };
  }

  function literal(stop: RegExp): Literal {
    const from = at;
    const quote = text[at];
    if (quote === '"' || quote === "'") {
      const end = text.indexOf(quote, at + 1);
      if (end < 0) fail(`a closing ${quote}`, text.length);
      at = end + 1;
      return text.slice(from + 1, end);
    }
    const word = (match(stop) ?? '').trim();
    if (word === '') fail(A_SIDE, from);
    if (word === 'true' || word === 'false') return word === 'true';
    if (NUMBER.test(word)) return Number(word);
    const duration = DURATION.exec(word);
    return duration ? Number(duration[1]) * (UNITS[duration[2] ?? ''] ?? 1) : word;
  }

  function call(): Side | null {
    const name = FUNCTIONS.find((candidate) => text.startsWith(`${candidate}(`, at));
    if (!name) return null;
    at += name.length + 1;
    skip();
    const closed = (): void => {
      skip();
      if (!take(')')) fail('")"');
    };
    switch (name) {
      case 'len':
      case 'has': {
        const of = place();
        closed();
        return { kind: name, of };
      }
      case 'pat': {
        const glob = (match(/[^)]*/) ?? '').trim();
        if (glob === '') fail('a pattern such as *ready*');
        closed();
        return { kind: 'pat', glob };
      }
      case 'any': {
        const of: Side[] = [];
        do {
          skip();
          of.push(side(/[^,)]+/));
          skip();
        } while (take(','));
        closed();
        return { kind: 'any', of };
      }
    }
  }

  function side(bare: RegExp): Side {
    if (text[at] === '[') return place();
    return call() ?? { kind: 'literal', value: literal(bare) };
  }

  skip();
  const left = side(/[^\s=!<>]+/);
  skip();
  const operatorAt = at;
  const operator = OPERATORS.find(take) ?? fail(`one of ${OPERATORS.join(' ')}`);
  skip();
  const right = side(/.+/);
  skip();
  if (at < text.length) fail('the end of the condition');
  if (left.kind === 'literal' && right.kind === 'literal')
    fail('a value that a check sees, such as [STATUS], on one side', 0);
  const orders = operator !== '==' && operator !== '!=';
  if (orders && (left.kind === 'any' || right.kind === 'any' || left.kind === 'pat' || right.kind === 'pat')) {
    fail('== or != with any() and pat()', operatorAt);
  }
  return { text, left, operator, right };
}
