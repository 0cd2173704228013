import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createTranscripts } from '../../src/core/transcripts/files.ts';
import { fixed, quantile } from './measure.ts';

const LINES = 50_000;
const TIMES = 7;

/** Lines as an agent writes them: something said, a call, what came back; 480 bytes each. */
export function longTranscript(lines: number): string {
  const written: string[] = [];
  for (let n = 0; n < lines; n++) {
    const id = `toolu_${Math.floor(n / 3)}`;
    const filler = `${n % 1_000 === 500 ? 'needle ' : ''}${'lorem ipsum dolor '.repeat(15)}`;
    const content = [
      { type: 'text', text: `Step ${n}: ${filler}` },
      { type: 'tool_use', id, name: 'Bash', input: { command: `echo ${n} # ${filler}` } },
      { type: 'tool_result', tool_use_id: id, content: filler, is_error: n % 300 === 2 },
    ][n % 3];
    const line = JSON.stringify({ type: n % 3 === 2 ? 'user' : 'assistant', message: { content: [content] } });
    written.push(`{"at":${1_763_629_200_000 + n * 900},"line":${line}}\n`);
  }
  return written.join('');
}

/** A transcript of 50,000 lines: its last page, with and without an index, beside reading the file alone. */
export async function transcriptBench(): Promise<string[]> {
  const dir = mkdtempSync(join(tmpdir(), 'tenure-bench-'));
  const file = join(dir, 's.jsonl');
  writeFileSync(file, longTranscript(LINES));
  const timed = async (work: () => Promise<unknown>): Promise<number> => {
    const began = performance.now();
    await work();
    return performance.now() - began;
  };
  const many = async (prepare: () => () => Promise<unknown>): Promise<number[]> => {
    const times: number[] = [];
    for (let n = 0; n < TIMES; n++) times.push(await timed(prepare()));
    return times.sort((a, b) => a - b);
  };
  const last = { from: -1, limit: 100 };
  const searchAll = async (): Promise<void> => {
    for (let from: number | null = 0; from !== null; ) from = (await warm.search('s', { text: 'needle', from })).next;
  };
  const cold = await many(() => {
    rmSync(join(dir, 's.index'), { force: true });
    const fresh = createTranscripts(dir);
    return () => fresh.page('s', last);
  });
  const looked = createTranscripts(dir);
  await looked.page('s', last);
  await looked.closeAll();
  const restarted = await many(() => () => createTranscripts(dir).page('s', last));
  const warm = createTranscripts(dir);
  await warm.page('s', last);
  const again = await many(() => () => warm.page('s', last));
  const middle = await many(() => () => warm.page('s', { from: 17_000, limit: 100 }));
  const errors = await many(() => () => warm.page('s', { ...last, only: 'errors' }));
  const found = await many(() => searchAll);
  const line = (name: string, times: number[]): string =>
    `${name.padEnd(34)} p50 ${fixed(quantile(times, 0.5), 1)} ms, worst ${fixed(times.at(-1) ?? Number.NaN, 1)} ms`;
  const size = statSync(file).size / 1e6;
  rmSync(dir, { recursive: true, force: true });
  return [
    `${LINES} lines, ${fixed(size, 1)} MB`,
    line('last page, never opened before', cold),
    line('last page, after a restart', restarted),
    line('last page, known', again),
    line('a page in the middle', middle),
    line('last page of errors', errors),
    line('search through all of it', found),
  ];
}
