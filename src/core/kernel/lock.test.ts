import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { tempDir } from '../../../test/builders.ts';
import { takeLock } from './lock.ts';

const run = promisify(execFile);

/** Takes the lock in a process of its own, says so, and ends as told. */
const taker = (dir: string, then: string): string =>
  `import { takeLock } from ${JSON.stringify(new URL('./lock.ts', import.meta.url).href)};
   try { takeLock(${JSON.stringify(dir)}, { pid: process.pid, host: 'test', since: 0 }); console.log('taken'); }
   catch (error) { console.log(error.kind, error.message); }
   ${then}`;

const inProcess = (dir: string, then = '') =>
  run(process.execPath, ['--input-type=module', '-e', taker(dir, then)]).then(
    ({ stdout }) => stdout.trim(),
    (error: { stdout: string }) => error.stdout.trim(),
  );

test('a second engine on the same directory is refused with a sentence that names the first', async () => {
  const dir = tempDir();
  const lock = takeLock(dir, { pid: 4711, host: 'headless', since: Date.UTC(2026, 10, 20) });
  expect(await inProcess(dir)).toMatch(
    /^conflict Tenure already runs on this data directory .*process 4711 \(headless\), since Fri, 20 Nov 2026, 00:00:00 UTC/,
  );
  lock.release();
  expect(await inProcess(dir)).toBe('taken');
});

test('a holder that was killed leaves no lock behind', async () => {
  const dir = tempDir();
  expect(await inProcess(dir, "process.kill(process.pid, 'SIGKILL')")).toBe('taken');
  takeLock(dir, { pid: 1, host: 'x', since: 0 }).release();
});

test('releasing twice is harmless', () => {
  const dir = tempDir();
  const lock = takeLock(dir, { pid: 1, host: 'x', since: 0 });
  lock.release();
  const next = takeLock(dir, { pid: 2, host: 'y', since: 0 });
  lock.release();
  expect(() => takeLock(dir, { pid: 3, host: 'z', since: 0 })).toThrow(/process 2 \(y\)/);
  next.release();
});
