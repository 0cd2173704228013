import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { tempDir } from '../../../test/builders.ts';
import { openLog } from './log.ts';

const textIn = (dir: string): string =>
  readdirSync(dir)
    .map((file) => readFileSync(join(dir, file), 'utf8'))
    .join('');

test('lines are JSON with a time, and credentials are gone by name and by shape', async () => {
  const dir = tempDir('log');
  const { log, close } = await openLog(dir, 'info');
  const secret = 'sk-ant-api03-0123456789abcdef';
  log.info({ token: 'by-name', env: { HOME: '/me' }, nested: { authorization: 'Basic abc' } }, 'hello');
  log.error({ err: new Error(`the API said: bad key ${secret}`) }, `while using ${secret}`);
  log.debug('not at this level');
  await close();
  const text = textIn(dir);
  for (const hidden of ['by-name', '/me', 'Basic abc', secret, 'not at this level']) expect(text).not.toContain(hidden);
  const [first] = text.trim().split('\n');
  expect(JSON.parse(first ?? '')).toMatchObject({ level: 30, msg: 'hello', time: expect.stringMatching(/^\d{4}-/) });
});

test('files stay small and few, whatever is written', async () => {
  const dir = tempDir('log');
  const { log, close } = await openLog(dir, 'info', { size: '20k', files: 3 });
  let written = 0;
  await vi.waitFor(() => {
    for (let n = 0; n < 60; n++) log.info({ n: written++, filler: 'x'.repeat(400) }, 'line');
    // More has been written than the files may hold together: the oldest must have gone.
    expect(written).toBeGreaterThan(600);
  });
  await close();
  const files = readdirSync(dir);
  expect(files.length).toBeGreaterThan(1);
  expect(files.length).toBeLessThanOrEqual(4);
  expect(files.reduce((sum, file) => sum + statSync(join(dir, file)).size, 0)).toBeLessThan(written * 400);
});
