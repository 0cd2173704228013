import { appendFileSync, existsSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { asText, back, book, call, say } from '../../../test/transcript-rig.ts';
import { createTranscripts } from './files.ts';

test('the index is kept beside a long transcript, taken up after a restart, and made anew when it is no use', async () => {
  const { transcripts, write, file, index, open, dir, all } = book();
  for (let n = 0; n < 1_500; n++) write(say(`${n} ${'x'.repeat(300)}`), call(`c${n}`, 'Bash', { command: 'ls' }));
  transcripts.close('s1');
  expect(existsSync(index)).toBe(false);
  const expected = await transcripts.page('s1', { from: 2_990, limit: 20 });
  expect(expected.total).toBe(3_000);
  await transcripts.closeAll();
  expect(existsSync(index)).toBe(true);

  // What it knows comes from the index: the text before its end is not read again.
  const bytes = readFileSync(file);
  writeFileSync(file, Buffer.concat([Buffer.alloc(200, 0x20), bytes.subarray(200)]));
  const restarted = open();
  expect(await restarted.page('s1', { from: 2_990, limit: 20 })).toEqual(expected);
  restarted.append('s1', 9, JSON.stringify(back('c1499', 'late')));
  await restarted.closeAll();
  expect((await restarted.page('s1', { from: -1, limit: 1 })).entries[0]?.tool).toMatchObject({
    ok: true,
    output: 'late',
  });

  writeFileSync(file, bytes);
  const kept = readFileSync(index);
  const zeroed = Buffer.concat([kept.subarray(0, 9_000), Buffer.alloc(kept.length - 9_000)]);
  for (const damage of ['', 'no index', kept.subarray(0, 5_000), zeroed]) {
    writeFileSync(index, damage);
    expect(await open().page('s1', { from: 2_990, limit: 20 })).toEqual(expected);
  }
  rmSync(index);
  expect((await all(open())).length).toBe(1_000);
  truncateSync(file, 1_000);
  expect((await transcripts.page('s1', { from: 0, limit: 10 })).total).toBeLessThan(5);
  expect(existsSync(join(dir, 's1.index.new'))).toBe(false);
});

test('the end of a long run brings its index, so that who looks in the morning waits for nothing', async () => {
  const { transcripts, write, index } = book();
  for (let n = 0; n < 1_500; n++) write(say(`${n} ${'x'.repeat(900)}`));
  transcripts.close('s1');
  await transcripts.closeAll();
  expect(existsSync(index)).toBe(true);
});

test('lines are read alike, whether they were kept as JSON or as a text', async () => {
  const lines = [say('one'), call('a', 'Bash', { command: 'ls' }), back('a', 'b'), { type: 'news' }];
  const { open, dir, file, all } = book();
  writeFileSync(file, lines.map((line, n) => asText(1_250 + 250 * n, line)).join(''));
  const old = await all();
  expect(old).toHaveLength(3);
  rmSync(file);
  const now = open();
  for (const [n, line] of lines.entries()) now.append('s1', 1_250 + 250 * n, JSON.stringify(line), true);
  await now.closeAll();
  expect(readFileSync(file, 'utf8')).toContain('"line":{"type":"assistant"');
  expect(await all(createTranscripts(dir))).toEqual(old);
});

test('any bytes at all, in any pieces, are counted the same at once and bit by bit', async () => {
  const piece = fc.oneof(
    fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes)),
    fc.string({ maxLength: 30 }).map((line) => Buffer.from(`${JSON.stringify({ at: 1, line })}\n`)),
    fc
      .constantFrom(say('hi'), call('a', 'Agent', {}), back('a', 'b'), say('x', 'a'))
      .map((value) => Buffer.from(`${JSON.stringify({ at: 1, line: JSON.stringify(value) })}\n`)),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(piece, { maxLength: 12 }), async (pieces) => {
      const { file, open, transcripts, all } = book();
      writeFileSync(file, '');
      for (const bytes of pieces) {
        appendFileSync(file, bytes.at(-1) === 0x0a ? bytes : Buffer.concat([bytes, Buffer.from('\n')]));
        await transcripts.page('s1', { from: -1, limit: 3 });
      }
      expect(await all()).toEqual(await all(open()));
    }),
    { numRuns: 60 },
  );
});
