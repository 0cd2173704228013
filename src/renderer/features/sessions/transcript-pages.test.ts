import { expect, test } from 'vitest';
import type { TranscriptEntry } from '../../../shared/contract/transcripts.ts';
import { createTranscriptPages } from './transcript-pages.ts';

const entry = (n: number, ok: boolean | null = true): TranscriptEntry => ({
  n,
  at: n,
  kind: 'tool',
  title: 'Bash',
  summary: '',
  text: `${n}`,
  chars: 1,
  failed: false,
  tool: { id: `${n}`, ok, durationMs: null, output: '', outputChars: 0 },
  depth: 0,
  parent: null,
});

function book(count: number) {
  const all = Array.from({ length: count }, (_, n) => entry(n));
  const asked: string[] = [];
  let broken = false;
  const pages = createTranscriptPages(
    async ({ from, limit, after }) => {
      asked.push(`${from}+${limit}`);
      if (broken) throw new Error('gone');
      const first = from < 0 ? Math.max(0, all.length - limit) : from;
      const bytes = all.length * 10 + all.filter((one) => one.tool?.ok).length;
      const entries = after !== undefined && bytes <= after ? [] : all.slice(first, first + limit);
      return { entries, from: first, total: all.length, all: all.length, bytes };
    },
    undefined,
    String,
  );
  return { all, asked, pages, breakIt: (on: boolean) => (broken = on) };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

test('the last page first, others when they are looked at, each once', async () => {
  const { pages, asked } = book(1_000);
  await pages.refresh();
  expect([pages.state().total, pages.get(900)?.n, pages.get(899)]).toEqual([1_000, 900, undefined]);
  pages.look(350, 420);
  pages.look(351, 421);
  await settled();
  expect([pages.get(300)?.n, pages.get(499)?.n, pages.get(500)]).toEqual([300, 499, undefined]);
  expect(asked).toEqual(['-1+100', '300+100', '400+100']);
});

test('what comes in is added, however much, and what was running is read again', async () => {
  const { pages, all } = book(10);
  all[2] = entry(2, null);
  await pages.refresh();
  pages.look(0, 9);
  expect(pages.get(2)?.tool?.ok).toBe(null);
  for (let n = 10; n < 700; n++) all.push(entry(n));
  await pages.refresh();
  await settled();
  expect([pages.state().total, pages.get(699)?.n, pages.get(300)]).toEqual([700, 699, undefined]);
  pages.look(0, 9);
  for (let n = 700; n < 900; n++) all.push(entry(n));
  await pages.refresh();
  expect([pages.state().total, pages.get(799)?.n]).toEqual([900, 799]);
  all[2] = entry(2);
  await pages.refresh();
  await settled();
  expect(pages.get(2)?.tool?.ok).toBe(true);
});

test('without news nothing changes, a failure is said and passes, memory is bounded', async () => {
  const { pages, breakIt } = book(20_000);
  await pages.refresh();
  const { version } = pages.state();
  await pages.refresh();
  expect(pages.state().version).toBe(version);
  breakIt(true);
  await pages.refresh();
  expect(pages.state().error).toContain('gone');
  breakIt(false);
  for (let first = 0; first < 10_000; first += 100) {
    pages.look(first, first + 99);
    await settled();
  }
  expect(pages.state().error).toBe(null);
  const kept = Array.from({ length: 20_000 }, (_, n) => n).filter((n) => pages.get(n));
  expect(kept.length).toBeLessThanOrEqual(3_000);
  expect(pages.get(9_950)?.n).toBe(9_950);
});
