import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { tempDir } from '../../../test/builders.ts';
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
  await transcripts.close('s1');
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
