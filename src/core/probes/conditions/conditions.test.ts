import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { evaluate, type Seen } from './evaluate.ts';
import { ConditionError, parseCondition } from './parse.ts';

const DAY = 86_400_000;
const SEEN: Seen = {
  connected: true,
  ms: 120,
  status: 200,
  body: JSON.stringify({
    status: 'ok',
    n: 3,
    list: [{ name: 'a' }, { name: 'b' }],
    flag: true,
    empty: null,
    big: 12e20,
  }),
  headers: { 'content-type': 'application/json; charset=utf-8', 'x-v': '7' },
  ip: '127.0.0.1',
  certificateMs: 10 * DAY,
  rcode: 'NOERROR',
  exitCode: 0,
  state: 'running',
};
const holds = (text: string, seen: Seen = SEEN): boolean => evaluate(parseCondition(text), seen).holds;

test.each([
  ['[STATUS] == 200', true],
  ['[STATUS]==200', true],
  ['200 == [STATUS]', true],
  ['[STATUS] != 200', false],
  ['[STATUS] < 300', true],
  ['[STATUS] >= 201', false],
  ['[STATUS] == any(200, 204)', true],
  ['[STATUS] == any(201,204)', false],
  ['[STATUS] != any(201,204)', true],
  ['[RESPONSE_TIME] < 300', true],
  ['[RESPONSE_TIME] < 100ms', false],
  ['[RESPONSE_TIME] <= 0.12s', true],
  ['[BODY].status == ok', true],
  ['[BODY].status == "ok"', true],
  ["[BODY].status == 'not ok'", false],
  ['[BODY].n > 2', true],
  ['[BODY].flag == true', true],
  ['[BODY].list[1].name == b', true],
  ['[BODY].list[7].name == b', false],
  ['[BODY].list[7].name != b', false],
  ['len([BODY].list) == 2', true],
  ['len([BODY].status) == 2', true],
  ['has([BODY].missing) == false', true],
  ['has([BODY].empty) == true', true],
  ['has([BODY].constructor) == false', true],
  ['[BODY] == pat(*"status":"ok"*)', true],
  ['[BODY] != pat(*error*)', true],
  ['[BODY].status == any(up, ok)', true],
  ['[BODY].status == any(pat(o*), x)', true],
  ['[HEADER].Content-Type == pat(application/json*)', true],
  ['[HEADER].x-v >= 7', true],
  ['[HEADER].missing == 1', false],
  ['[CERTIFICATE_EXPIRATION] > 7d', true],
  ['[CERTIFICATE_EXPIRATION] > 336h', false],
  ['[CONNECTED] == true', true],
  ['[IP] == 127.0.0.1', true],
  ['[DNS_RCODE] == NOERROR', true],
  ['[EXIT_CODE] == 0', true],
  ['[STATE] == running', true],
])('%s is %s', (text, expected) => {
  expect(holds(text)).toBe(expected);
});

test('what this check does not see makes a condition not hold, whichever way it asks', () => {
  const blind: Seen = { connected: false, ms: null };
  for (const text of [
    '[STATUS] == 200',
    '[STATUS] != 200',
    '[BODY].a == 1',
    '[CERTIFICATE_EXPIRATION] > 1d',
    '[RESPONSE_TIME] < 9',
  ])
    expect(holds(text, blind)).toBe(false);
  expect(holds('[CONNECTED] == false', blind)).toBe(true);
  expect(holds('[BODY].a == 1', { ...blind, body: 'not json' })).toBe(false);
});

test('the finding shows what was seen', () => {
  expect(evaluate(parseCondition('[STATUS] == 200'), { ...SEEN, status: 503 }).shown).toBe('[STATUS] (503) == 200');
  expect(evaluate(parseCondition('[BODY].x == any(1, 2)'), SEEN).shown).toBe('[BODY].x (nothing) == any(1, 2)');
});

describe('a bad condition is refused with its position and what was expected', () => {
  test.each([
    ['', 1, 'a value such as'],
    ['[STATSU] == 200', 2, 'one of STATUS'],
    ['[STATUS == 200', 8, '"]"'],
    ['[STATUS] = 200', 10, 'one of =='],
    ['[STATUS] ==', 12, 'a value such as'],
    ['[STATUS].x == 1', 1, 'no path'],
    ['[HEADER] == 1', 9, 'a header name'],
    ['[BODY]. == 1', 8, 'a name after the dot'],
    ['[BODY][x] == 1', 8, 'an index'],
    ['len(3) == 1', 5, 'a value in brackets'],
    ['len([BODY] == 1', 12, '")"'],
    ['[BODY] == any(1, 2', 19, '")"'],
    ['[BODY] < pat(a*)', 8, '== or !='],
    ['[BODY] == "open', 16, 'a closing "'],
    ['1 == 1', 1, 'a value that a check sees'],
    ['[STATUS] == [IP] x', 18, 'the end'],
  ])('%s', (text, at, expected) => {
    let error: unknown;
    try {
      parseCondition(text);
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toBeInstanceOf(ConditionError);
    expect((error as ConditionError).at).toBe(at);
    expect((error as ConditionError).message).toContain(`expected ${expected}`);
  });
});

test('whatever is typed is refused or evaluated, and never anything else', () => {
  const piece = fc.constantFrom(
    '[STATUS]',
    '[BODY]',
    '.a',
    '[0]',
    '==',
    '<',
    'any(',
    'pat(',
    ')',
    ',',
    '*',
    '"',
    ' ',
    '7d',
    'len(',
    'x',
    '-1',
    '[',
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 9 }), fc.json(), (pieces, body) => {
      try {
        const { holds: verdict } = evaluate(parseCondition(pieces.join('')), { ...SEEN, body });
        expect(typeof verdict).toBe('boolean');
      } catch (error) {
        expect(error).toBeInstanceOf(ConditionError);
      }
    }),
    { numRuns: 5_000 },
  );
});

test('no pattern is slow on any body', () => {
  const body = 'a'.repeat(200_000);
  const began = performance.now();
  expect(holds(`[BODY] == pat(${'*a'.repeat(50)}*b*)`, { ...SEEN, body })).toBe(false);
  expect(performance.now() - began).toBeLessThan(1_000);
});
