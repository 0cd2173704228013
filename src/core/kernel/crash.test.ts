import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { tempDir } from '../../../test/builders.ts';
import { takeCrash, writeCrash } from './crash.ts';

const AT = Date.UTC(2026, 10, 20, 9);
const dirsOf = (home: string) => ({ logsDir: join(home, 'logs'), runDir: join(home, 'run') });
const crash = (at = AT) => ({ at, version: '1.2.3', host: 'electron' });

test('what ended the program is written down without credentials, and told once', () => {
  const dirs = dirsOf(tempDir('crash'));
  expect(takeCrash(dirs.runDir)).toBeNull();
  const token = `ghp_${'a1B2'.repeat(9)}`;
  writeCrash(dirs, crash(), new Error(`no access with ${token}`, { cause: new Error('refused') }));
  const [name] = readdirSync(dirs.logsDir);
  const file = join(dirs.logsDir, name!);
  const written = readFileSync(file, 'utf8');
  expect(JSON.parse(written)).toMatchObject({
    at: AT,
    version: '1.2.3',
    host: 'electron',
    platform: process.platform,
    error: expect.stringMatching(/^Error: no access with[\s\S]*crash\.test\.ts/),
    cause: expect.stringMatching(/^Error: refused/),
  });
  expect(written).not.toContain(token);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(takeCrash(dirs.runDir)).toEqual({ at: AT, file });
  expect(takeCrash(dirs.runDir)).toBeNull();
});

test('the newest five are kept, other logs are left alone', () => {
  const dirs = dirsOf(tempDir('crash'));
  for (let n = 0; n < 8; n++) writeCrash(dirs, crash(AT + n * 1_000), 'a string');
  writeFileSync(join(dirs.logsDir, 'tenure.1.log'), '');
  expect(readdirSync(dirs.logsDir)).toHaveLength(6);
  expect(readdirSync(dirs.logsDir)[0]).toContain('09-00-03');
});

test('a disk that takes nothing does not make it worse', () => {
  const file = join(tempDir('crash'), 'file');
  writeFileSync(file, '');
  expect(() => writeCrash(dirsOf(file), crash(), new Error('x'))).not.toThrow();
});
