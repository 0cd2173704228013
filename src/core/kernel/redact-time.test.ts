import { describe, expect, test } from 'vitest';
import { least, redact, spent } from '../../../test/redact-rig.ts';

const MIB = 1 << 20;
const HEADS = ['token', 'password=', '"secret": "', 'apiKey\\": \\"', '--token ', 'Authorization: ', 'cookie: '];
const MORE = [
  'machine a login b ',
  'eyJaaaaaaaa-',
  '-----BEGIN PRIVATE KEY-----',
  '://a:',
  'sk-ant-',
  'Bearer ',
  '_auth=',
];
const FILLS = [' ', '"', '=', '.', '-', 'aB9+/', '\n', '\\n', '\\"'];

describe('takes time in proportion to the length', () => {
  test.each([...HEADS, ...MORE])('%j and long runs after it, or over and over', (head) => {
    const times = { half: 0, whole: 0 };
    for (const fill of FILLS) {
      const run = (length: number): string => head + fill.repeat((length - head.length) / fill.length);
      times.half += spent(() => redact(run(MIB / 2)));
      times.whole += spent(() => redact(run(MIB)));
    }
    // Quadratic time would be four times; the constant keeps noise of short times out.
    expect(times.whole).toBeLessThan(3 * times.half + 100);
    const again = (length: number): string => `${head}${FILLS.join(head)}`.repeat(length / (9 * head.length + 14));
    const half = least(() => redact(again(MIB / 2)));
    expect(least(() => redact(again(MIB)))).toBeLessThan(3 * half + 100);
  });

  test('ordinary text costs a small multiple of reading it as JSON', () => {
    const text = JSON.stringify({ text: 'The quick brown fox; const x = f(y) + 12;\n'.repeat(25_000) });
    const parse = least(() => Array.from({ length: 10 }, () => JSON.parse(text) as unknown)) / 10;
    expect(least(() => redact(text))).toBeLessThan(60 * parse + 50);
  });
});
