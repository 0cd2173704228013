import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLineReader } from '../../src/core/drivers/claude/lines.ts';
import { createReader } from '../../src/core/drivers/claude/reader.ts';
import { parseObject } from '../../src/core/drivers/json.ts';
import { createTranscripts } from '../../src/core/transcripts/files.ts';
import { fixed, ratioOf, shown } from './measure.ts';

const LINES = 40_000;
const PAIRS = 9;
const SOURCES = [
  'export function add(a: number, b: number): number {\n  return a + b;\n}\n',
  'import { readFileSync } from "node:fs";\nconst text = readFileSync(path, "utf8");\n',
  'The tests pass now. I look at what is left of the failures in src/app.ts and go on from there.\n',
];

/** What a working agent prints, about 480 bytes a line: answers, calls and their results. */
function stream(): string {
  const lines: string[] = [];
  for (let i = 0; i < LINES; i++) {
    const source = SOURCES[i % 3] ?? '';
    const ids = { session_id: '3f1c2d5e-8a4b-4c6d-9e7f-0a1b2c3d4e5f', uuid: `9b8a7c6d-5e4f-4a3b-8c2d-${1e11 + i}` };
    const id = `toolu_01AbCdEfGhIjKl${Math.floor(i / 4)}`;
    const usage = { input_tokens: 100 + i, cache_read_input_tokens: 12_000, output_tokens: 20 };
    const message = { id: `msg_01AbCdEfGhIjKl${Math.floor(i / 4)}`, type: 'message', role: 'assistant', usage };
    const call = { type: 'tool_use', id, name: 'Bash', input: { command: 'grep -rn "createEngine" src | head -20' } };
    const result = { type: 'tool_result', tool_use_id: id, content: source.repeat(3), is_error: false };
    if (i % 4 === 0)
      lines.push(
        JSON.stringify({
          type: 'assistant',
          message: { ...message, content: [{ type: 'text', text: source }] },
          ...ids,
        }),
      );
    else if (i % 4 === 1)
      lines.push(JSON.stringify({ type: 'assistant', message: { ...message, content: [call] }, ...ids }));
    else lines.push(JSON.stringify({ type: 'user', message: { role: 'user', content: [result] }, ...ids }));
  }
  return `${lines.join('\n')}\n`;
}

/** Lines a second from a pipe to the session's state and the redacted transcript, beside a plain program that cuts and parses. */
export async function ingestBench(): Promise<string[]> {
  const dir = mkdtempSync(join(tmpdir(), 'tenure-bench-'));
  const said = join(dir, 'said.jsonl');
  writeFileSync(said, stream());
  /** Lines for each second of processor time, all threads: other programs of the machine do not count. */
  const perSecond = async (work: () => unknown): Promise<number> => {
    const began = process.cpuUsage();
    await work();
    const { user, system } = process.cpuUsage(began);
    return LINES / ((user + system) / 1e6);
  };
  const feed = async (onLine: (text: string) => void): Promise<void> => {
    const lines = createLineReader({ onLine, onDropped: () => undefined });
    const agent = spawn('cat', [said], { stdio: ['ignore', 'pipe', 'inherit'] });
    agent.stdout.on('data', lines.push);
    await once(agent.stdout, 'end');
    lines.end();
  };
  /** What anybody would write: text, cut at its line feeds, parsed. No bound, and no word of what is broken. */
  const plainly = () =>
    perSecond(async () => {
      const agent = spawn('cat', [said], { stdio: ['ignore', 'pipe', 'inherit'] });
      agent.stdout.setEncoding('utf8');
      let rest = '';
      agent.stdout.on('data', (chunk: string) => {
        rest += chunk;
        let from = 0;
        for (let at = rest.indexOf('\n'); at !== -1; at = rest.indexOf('\n', from)) {
          JSON.parse(rest.slice(from, at));
          from = at + 1;
        }
        rest = rest.slice(from);
      });
      await once(agent.stdout, 'end');
    });
  const parse = () => perSecond(() => feed((text) => void parseObject(text)));
  const reader = (line: (text: string, isJson: boolean) => void) =>
    createReader({
      cwd: '/',
      resumed: false,
      version: '1',
      usedBefore: null,
      observe: (event) => event.type === 'line' && line(event.text, event.isJson),
    });
  const understand = () =>
    perSecond(() => {
      const { take } = reader(() => undefined);
      return feed(take);
    });
  const whole = () => {
    const transcripts = createTranscripts(dir);
    return perSecond(async () => {
      const { take } = reader((text, isJson) => transcripts.append('ses_bench', 0, text, isJson));
      await feed(take);
      await transcripts.closeAll();
    });
  };
  // What is compiled on the way is of no session that goes on for hours.
  for (const warm of [understand, whole, parse, plainly]) for (let n = 0; n < 2; n++) await warm();
  const first = await ratioOf(PAIRS, parse, plainly);
  const second = await ratioOf(PAIRS, understand, plainly);
  const third = await ratioOf(PAIRS, whole, plainly);
  rmSync(dir, { recursive: true });
  const thousands = (n: number): string => `${fixed(n / 1000, 0)} k/s`;
  return [
    `cut and parsed by a plain program ${thousands(first.reference)}`,
    `cut and parsed                  ${thousands(first.subject)}, ${shown(first.ratio)}`,
    `and understood                  ${thousands(second.subject)}, ${shown(second.ratio)}`,
    `and redacted, kept              ${thousands(third.subject)}, ${shown(third.ratio)}`,
  ];
}
