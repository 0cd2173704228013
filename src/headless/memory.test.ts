import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { tempDir } from '../../test/builders.ts';

/** Tells who it is, on each line as often as it begins. */
const SCRIPT = `import { readFileSync } from 'node:fs';
const began = readFileSync('/proc/self/environ', 'utf8').split('\\0').filter((one) => /ARENA/.test(one));
console.log(JSON.stringify({ pid: process.pid, args: process.argv.slice(2), flags: process.execArgv, began }));
const { keepOneArena } = await import(${JSON.stringify(import.meta.resolve('./memory.ts'))});
keepOneArena();
console.log(JSON.stringify({ left: Object.keys(process.env).filter((one) => /ARENA/.test(one)) }));`;

function run(env: Record<string, string>) {
  const file = join(tempDir('arena'), 'begin.mjs');
  writeFileSync(file, SCRIPT);
  const { stdout, status } = spawnSync(process.execPath, ['--no-opt', file, 'one', 'two words'], { env });
  const said = String(stdout)
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  return { said, status };
}

describe.skipIf(process.platform !== 'linux')('the memory of the engine', () => {
  test('is kept in one arena: the process begins anew in its place, and tells nobody', () => {
    const { said, status } = run({});
    const same = { pid: said[0]?.['pid'], args: ['one', 'two words'], flags: ['--no-opt'] };
    expect(said).toEqual([
      { ...same, began: [] },
      { ...same, began: ['MALLOC_ARENA_MAX=1', 'TENURE_ONE_ARENA=1'] },
      { left: [] },
    ]);
    expect(status).toBe(0);
  });

  test('is as a person wants it, where a person said so', () => {
    const { said } = run({ MALLOC_ARENA_MAX: '4' });
    expect(said).toMatchObject([{ began: ['MALLOC_ARENA_MAX=4'] }, { left: ['MALLOC_ARENA_MAX'] }]);
  });
});
