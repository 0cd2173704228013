import { appendFileSync, mkdirSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { tempDir } from '../../../test/builders.ts';
import { createRecords } from './records.ts';

const assistant = (id: string, pad = ''): string =>
  `${JSON.stringify({ type: 'assistant', cwd: '/a', pad, message: { id, model: 'opus', usage: { input_tokens: 1, output_tokens: 1 } } })}\n`;

function recorded(text: string): { dir: string; path: string } {
  const dir = tempDir('records');
  mkdirSync(join(dir, '-a'));
  const path = join(dir, '-a', 'u.jsonl');
  writeFileSync(path, text);
  return { dir, path };
}

test('what is added is read on, a line in two pieces is one, and a record that begins anew is read anew', async () => {
  const { dir, path } = recorded(assistant('m1'));
  const records = createRecords();
  const look = async () => (await records.look(dir, Date.now())).at(0);
  expect(await look()).toMatchObject({ id: 'u', complete: true });
  const next = assistant('m2');
  appendFileSync(path, next.slice(0, 20));
  expect((await look())?.summary.tokens.size).toBe(1);
  appendFileSync(path, next.slice(20));
  expect((await look())?.summary.tokens.size).toBe(2);
  truncateSync(path, 0);
  writeFileSync(path, assistant('m3'));
  expect([...((await look())?.summary.tokens.keys() ?? [])]).toEqual(['m3']);
});

test('a large record is read bit by bit, and its tokens are not told before all of it was', async () => {
  const { dir } = recorded(Array.from({ length: 30 }, (_, n) => assistant(`m${n}`, 'x'.repeat(100_000))).join(''));
  const records = createRecords();
  const first = (await records.look(dir, Date.now())).at(0);
  expect(first?.complete).toBe(false);
  expect(first?.summary).toMatchObject({ cwd: '/a', model: 'opus' });
  expect(first?.summary.tokens.size).toBeLessThan(12);
  for (let looks = 0; looks < 3; looks++) await records.look(dir, Date.now());
  const last = (await records.look(dir, Date.now())).at(0);
  expect(last?.complete).toBe(true);
  expect(last?.summary.tokens.size).toBe(30);
});

test('no folder, an old record, and a folder that is none are nothing', async () => {
  const { dir } = recorded(assistant('m1'));
  const records = createRecords();
  expect(await records.look(null, Date.now())).toEqual([]);
  expect(await records.look('/no/such/folder', Date.now())).toEqual([]);
  expect(await records.look(dir, Date.now() + 8 * 24 * 3_600_000)).toEqual([]);
});
