import { closeSync, openSync, readFileSync, symlinkSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { tempDir } from '../../../test/builders.ts';
import { redactDeep } from '../kernel/redact.ts';
import { createTranscripts } from './files.ts';

const TOKEN = `ghp_${'a1B2c3'.repeat(6)}`;
const result = (content: string): string =>
  JSON.stringify({
    type: 'user',
    message: { content: [{ type: 'tool_result', content }] },
    usage: { input_tokens: 5 },
  });

async function written(...lines: string[]): Promise<{ lines: string[]; ms: number }> {
  const transcripts = createTranscripts(tempDir('transcripts'));
  const before = process.cpuUsage();
  for (const line of lines) transcripts.append('s1', 1, line);
  const ms = process.cpuUsage(before).user / 1_000;
  transcripts.close('s1');
  const text = readFileSync(transcripts.pathOf('s1') ?? '', 'utf8').trimEnd();
  return { lines: text.split('\n').map((each) => (JSON.parse(each) as { line: string }).line), ms };
}

test('a line is kept as the JSON that it is, without credentials in whatever depth of quotes', async () => {
  const inner = JSON.stringify({ config: JSON.stringify({ password: 'a "quoted" one' }) });
  const { lines } = await written(result('all is well'), result(`A=1\nDB_PASSWORD=hunter2x\n${TOKEN}\n${inner}`));
  expect(lines[0]).toBe(result('all is well'));
  expect(lines[1]).not.toMatch(/hunter2x|ghp_|quoted/);
  expect(JSON.parse(lines[1] ?? '')).toMatchObject({ type: 'user', usage: { input_tokens: 5 } });
});

test('what is no JSON is redacted as text', async () => {
  expect((await written(`oops ${TOKEN} {`)).lines).toEqual(['oops [redacted] {']);
});

test('a line of 5 MB costs little more than parsing it, and its long text is cut', async () => {
  const long = `${'token  = "'.repeat(500_000)}${TOKEN}`;
  const one = `${'x'.repeat(99_990)}${TOKEN}${'y'.repeat(5_000_000)}`;
  const text = `${one.length}`;
  const { lines, ms } = await written(result(long), result(one), one);
  for (const line of lines) {
    expect(line.length).toBeLessThan(150_000);
    expect(line).not.toContain('ghp_');
  }
  expect(lines[1]).toContain(`cut: ${text} characters`);
  const before = process.cpuUsage();
  for (let turn = 0; turn < 10; turn++) JSON.parse(result(long));
  const parse = process.cpuUsage(before).user / 1_000;
  expect(ms).toBeLessThan(20 * parse + 500);
});

test.runIf(process.platform === 'linux')(
  'a full disk costs lines, not the session; with room the next one is kept',
  () => {
    const dir = tempDir('transcripts');
    const path = join(dir, 's1.jsonl');
    symlinkSync('/dev/full', path);
    const transcripts = createTranscripts(dir);
    transcripts.append('s1', 1, '{"n":1}', true);
    transcripts.close('s1');
    unlinkSync(path);
    transcripts.append('s1', 2, '{"n":2}', true);
    transcripts.close('s1');
    expect(readFileSync(path, 'utf8')).toBe('{"at":2,"line":{"n":2}}\n');
  },
);

test('a file that cannot even be closed costs the transcript, not the session', async () => {
  const transcripts = createTranscripts(tempDir('transcripts'));
  const next = openSync('/dev/null', 'r');
  closeSync(next);
  transcripts.append('s1', 1, '{"n":1}', true);
  await Promise.resolve();
  closeSync(next);
  expect(() => transcripts.close('s1')).not.toThrow();
  transcripts.append('s1', 2, '{"n":2}', true);
  transcripts.close('s1');
  expect(readFileSync(transcripts.pathOf('s1') ?? '', 'utf8').split('\n')).toHaveLength(3);
});

test('whatever is said is kept as the long way round would keep it', () => {
  const parts =
    'password DB_PASSWORD token tokens auth Bearer sk- ghp_ eyJhbGciOi SK pat key- = : " \\ / \n é … 0123456789abcdef'
      .split(' ')
      .concat(' ', TOKEN, 'A1b2C3d4E5f6G7h8I9j0K1l2M3n4O5p6', 'const x = f(y); ');
  const text = fc.array(fc.constantFrom(...parts), { maxLength: 10 }).map((some) => some.join(''));
  const said = fc.dictionary(text, fc.oneof(text, fc.array(text, { maxLength: 3 }), fc.integer()), { maxKeys: 3 });
  const given = fc.sample(said, 3_000).map((one) => JSON.stringify(one));
  const transcripts = createTranscripts(tempDir('transcripts'));
  for (const line of given) transcripts.append('s1', 1, line, true);
  transcripts.close('s1');
  const rows = readFileSync(transcripts.pathOf('s1') ?? '', 'utf8')
    .trimEnd()
    .split('\n');
  const kept = rows.map((row) => (JSON.parse(row) as { line: unknown }).line);
  expect(kept).toEqual(given.map((line) => redactDeep(JSON.parse(line))));
});
