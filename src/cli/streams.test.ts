import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';

/** Runs the real program under a shell that does something to its streams. @returns its exit code and what it said. */
async function tenure(line: string): Promise<{ code: number; said: string }> {
  const program = `'${process.execPath}' '${join(import.meta.dirname, 'index.ts')}'`;
  return await promisify(execFile)('bash', ['-c', line.replace('tenure', program)]).then(
    ({ stdout, stderr }) => ({ code: 0, said: stdout + stderr }),
    ({ code, stdout, stderr }: { code: number; stdout: string; stderr: string }) => ({ code, said: stdout + stderr }),
  );
}

describe.skipIf(process.platform !== 'linux')('a stream that takes no more', () => {
  test('of a reader who has seen enough is no failure', async () => {
    expect(await tenure('set -o pipefail; tenure --help | head -1')).toMatchObject({ code: 0 });
  });

  test('of a full disk is one, in a sentence', async () => {
    const { code, said } = await tenure('tenure --help > /dev/full');
    expect({ code, said }).toEqual({ code: 1, said: expect.stringMatching(/^The answer could not be written: .*\n$/) });
  });

  test('for what went wrong changes no exit code', async () => {
    expect(await tenure('set -o pipefail; tenure nonsense 2>&1 | true')).toMatchObject({ code: 2 });
  });
});
