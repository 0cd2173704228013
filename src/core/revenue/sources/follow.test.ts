import {
  appendFileSync,
  copyFileSync,
  linkSync,
  mkdirSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { beforeEach, expect, test } from 'vitest';
import { tempDir } from '../../../../test/builders.ts';
import { follow, type LogCursor, MOST_AT_ONCE } from './follow.ts';

let dir: string;
let log: string;
let cursor: LogCursor | null;

beforeEach(() => {
  dir = tempDir('log');
  log = join(dir, 'access.log');
  cursor = null;
});

/** As the program keeps it: through JSON, so that a restart in between changes nothing. */
async function read(from: 'now' | 'start' = 'start') {
  const followed = await follow(log, cursor === null ? null : (JSON.parse(JSON.stringify(cursor)) as LogCursor), from);
  cursor = followed.cursor;
  return followed;
}
const lines = async (): Promise<string[]> => (await read()).lines;

test('what is appended comes once; a half line waits for its end', async () => {
  writeFileSync(log, 'a\nb\nha');
  expect(await lines()).toEqual(['a', 'b']);
  expect(await lines()).toEqual([]);
  appendFileSync(log, 'lf\nc\n');
  expect(await lines()).toEqual(['half', 'c']);
});

test('a log may be begun at its end: the half line there is counted when it is whole', async () => {
  writeFileSync(log, 'old\nha');
  expect((await read('now')).lines).toEqual([]);
  appendFileSync(log, 'lf\n');
  expect(await lines()).toEqual(['half']);
});

test('a character that is cut in the middle is whole in the end', async () => {
  const bytes = Buffer.from('grüß\n');
  writeFileSync(log, bytes.subarray(0, 3));
  expect(await lines()).toEqual([]);
  appendFileSync(log, bytes.subarray(3));
  expect(await lines()).toEqual(['grüß']);
});

test('renamed: the rest of the old file first, then the new one; not moved on before the writer has', async () => {
  writeFileSync(log, 'a\n');
  expect(await lines()).toEqual(['a']);
  renameSync(log, `${log}.1`);
  // The writer still has the old file open, and the new one is empty or not there.
  appendFileSync(`${log}.1`, 'b\n');
  expect(await lines()).toEqual(['b']);
  writeFileSync(log, '');
  appendFileSync(`${log}.1`, 'c\n');
  expect(await lines()).toEqual(['c']);
  appendFileSync(`${log}.1`, 'last without an end');
  writeFileSync(log, 'd\n');
  const followed = await read();
  expect(followed.lines).toEqual(['last without an end', 'd']);
  expect(followed.lost).toBe(null);
  appendFileSync(log, 'e\n');
  expect(await lines()).toEqual(['e']);
});

test('rotated several times while nobody looked: every part in order, packed ones left alone', async () => {
  writeFileSync(log, '1\n2\n');
  expect(await lines()).toEqual(['1', '2']);
  appendFileSync(log, '3\n');
  renameSync(log, `${log}.2`);
  writeFileSync(log, '4\n');
  renameSync(log, `${log}.1`);
  writeFileSync(`${log}.3.gz`, gzipSync('0\n'));
  writeFileSync(log, '5\n');
  expect(await lines()).toEqual(['3', '4', '5']);
});

test('copied and truncated: the copy holds the rest', async () => {
  writeFileSync(log, 'a\nb\n');
  expect(await lines()).toEqual(['a', 'b']);
  appendFileSync(log, 'c\n');
  copyFileSync(log, `${log}.1`);
  truncateSync(log, 0);
  appendFileSync(log, 'd\n');
  const followed = await read();
  expect(followed.lines).toEqual(['c', 'd']);
  expect(followed.lost).toBe(null);
  appendFileSync(log, 'e\n');
  expect(await lines()).toEqual(['e']);
});

test('truncated and filled beyond where it was read: it begins otherwise, so it is another', async () => {
  writeFileSync(log, 'one line\n');
  expect(await lines()).toEqual(['one line']);
  truncateSync(log, 0);
  appendFileSync(log, 'another and a longer line\n');
  const followed = await read();
  expect(followed.lines).toEqual(['another and a longer line']);
  expect(followed.lost).toContain('its older part is gone or packed');
});

test('packed before it was read to its end: what is lost is said', async () => {
  writeFileSync(log, 'a\n');
  expect(await lines()).toEqual(['a']);
  writeFileSync(`${log}.1.gz`, gzipSync('a\nb\n'));
  // The inode must not be given to the new file, or this would test something else.
  linkSync(log, join(dir, 'elsewhere'));
  rmSync(log);
  writeFileSync(log, 'c\n');
  expect(await read()).toMatchObject({ lines: ['c'], lost: expect.stringContaining('packed') });
  expect(await read()).toMatchObject({ lines: [], lost: null });
});

test('gone for a while is no failure; a folder or nothing at the first look is one', async () => {
  writeFileSync(log, 'a\n');
  await read();
  rmSync(log);
  expect(await lines()).toEqual([]);
  cursor = null;
  await expect(read()).rejects.toThrow('there is no such file');
  mkdirSync(log);
  await expect(read()).rejects.toThrow('there is no such file');
});

test('a large log comes in parts, each line once', async () => {
  const line = `${'x'.repeat(99)}\n`;
  const count = Math.ceil((MOST_AT_ONCE * 2.5) / line.length);
  writeFileSync(log, line.repeat(count));
  let seen = 0;
  let looks = 0;
  for (let more = true; more; looks++) {
    const followed = await read();
    seen += followed.lines.length;
    more = followed.more;
  }
  expect([seen, looks]).toEqual([count, 3]);
});

test('a line without an end that is longer than everything read at once does not stop the rest', async () => {
  writeFileSync(log, 'x'.repeat(MOST_AT_ONCE + 10));
  expect((await read()).more).toBe(true);
  appendFileSync(log, '\nnext\n');
  const seen: string[] = [];
  for (let more = true; more; ) {
    const followed = await read();
    seen.push(...followed.lines);
    more = followed.more;
  }
  expect(seen.at(-1)).toBe('next');
});

test('whatever is written and however it is rotated, every line comes exactly once and in order', async () => {
  const act = fc.oneof(
    { weight: 4, arbitrary: fc.record({ write: fc.nat(4) }) },
    { weight: 3, arbitrary: fc.constant('look' as const) },
    { weight: 1, arbitrary: fc.constant('rename' as const) },
    { weight: 1, arbitrary: fc.constant('copy' as const) },
  );
  await fc.assert(
    fc.asyncProperty(fc.array(act, { maxLength: 30 }), async (acts) => {
      dir = tempDir('log');
      log = join(dir, 'access.log');
      cursor = null;
      let n = 0;
      let rotated = 0;
      const seen: string[] = [];
      // Every file begins with a line of its own: two logs that begin alike cannot be told apart.
      writeFileSync(log, `line ${n++}\n`);
      seen.push(...(await lines()));
      for (const one of acts) {
        if (one === 'look') seen.push(...(await lines()));
        else if (one === 'rename' || one === 'copy') {
          const part = `${log}-${20_260_000 + ++rotated}`;
          // A copy that nobody looked at before the next rotation is gone for a cursor; look first.
          if (one === 'copy') seen.push(...(await lines()));
          if (one === 'rename') renameSync(log, part);
          else {
            copyFileSync(log, part);
            truncateSync(log, 0);
          }
          appendFileSync(log, `line ${n++}\n`);
          if (one === 'copy') seen.push(...(await lines()));
        } else for (let k = 0; k < one.write; k++) appendFileSync(log, `line ${n++}\n`);
      }
      seen.push(...(await lines()));
      expect(seen).toEqual(Array.from({ length: n }, (_, k) => `line ${k}`));
    }),
    { numRuns: 60 },
  );
});
