import fc from 'fast-check';
import { expect, test } from 'vitest';
import { least } from '../../../test/redact-rig.ts';
import { redactDeep, redactUnseen } from './redact.ts';
import { mayHoldSecret } from './secret-scan.ts';

const LINES = [
  '{"type":"assistant","message":{"id":"msg_01AbCdEfGhIjKl","usage":{"input_tokens":100,"cache_read_input_tokens":12000,"output_tokens":20}}}',
  '{"type":"user","message":{"content":[{"tool_use_id":"toolu_01AbCdEfGh","content":"export function add(a: number): number {\\n  return a;\\n}"}]}}',
  '{"session_id":"3f1c2d5e-8a4b-4c6d-9e7f-0a1b2c3d4e5f","uuid":"9b8a7c6d-5e4f-4a3b-8c2d-1e0f9a8b7c6d"}',
  'Running the tests of src/task-list.ts: see https://example.org/docs, then commit. The author basically passes.',
  'git@github.com:team/app.git, first-born, mask-unmask, path pattern, disk-usage',
];

test.each(LINES)('what an agent usually says is passed over: %s', (line) => {
  expect(mayHoldSecret(line)).toBe(false);
});

test.each(['\\u0070assword=x', 'http:\\/\\/user:x@host'])('what is written in escapes is looked at: %s', (line) => {
  expect(mayHoldSecret(line)).toBe(true);
});

const PARTS = [
  'password DB_PASSWORD apiKey api_key token tokens authToken auth _auth pwd DB_PWD pass secret cookie Authorization Bearer',
  'Basic machine login private-key MY_PASS credential hunter2Secret dXNlcjpwYXNzd29yZA== sk- ghp_ eyJhbGciOi . :// @ user',
  'AKIA SK pat key- A1b2C3d4E5f6G7h8I9j0 9f8e7d6c5b4a39281706f5e4d3c2b1a0 é … sig= /api/webhooks/ = : " \' ` \\ ? & < > -- -u -b -p',
]
  .flatMap((line) => line.split(' '))
  .concat(['\n', '\t', ' ', ': ', ' = ', ' is ', 'mysql ', '-----BEGIN PRIVATE KEY-----']);

test('whatever would be replaced is found, as text, in JSON and in JSON within JSON', () => {
  const text = fc.array(fc.constantFrom(...PARTS), { minLength: 1, maxLength: 12 }).map((parts) => parts.join(''));
  fc.assert(
    fc.property(text, text, (name, value) => {
      const found: string[] = [];
      if (redactUnseen(value) !== value)
        found.push(value, JSON.stringify([value]), JSON.stringify({ x: JSON.stringify({ value }) }));
      const named = JSON.stringify({ [name]: value });
      if (JSON.stringify(redactDeep({ [name]: value })) !== named) found.push(named);
      expect(found.filter((form) => !mayHoldSecret(form))).toEqual([]);
    }),
    { numRuns: 20_000 },
  );
});

test('a text of one repeated beginning takes time in proportion to its length', () => {
  for (const part of ['eyJ', '://a', 'Basic ', 'sk-', 'mysql', 'token', '\\u', ' -b', 'auth']) {
    const look = (times: number) => () => mayHoldSecret(`${'x'.repeat(100)}${part.repeat(times)}`);
    // Quadratic time would be four times; the constant keeps noise of short times out.
    expect(least(look(200_000)), part).toBeLessThan(3 * least(look(100_000)) + 100);
  }
});
