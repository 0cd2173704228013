import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { tempDir } from '../../../test/builders.ts';
import { repositoryFile } from './repository.ts';

test('a link in place of the file is not read, wherever it leads', () => {
  const [repository, outside] = [tempDir(), tempDir()];
  writeFileSync(join(outside, 'mine.json'), '{"mcpServers":{"a":{"command":"x"}}}');
  symlinkSync(join(outside, 'mine.json'), join(repository, '.mcp.json'));
  expect(repositoryFile(repository)).toMatchObject({
    text: '',
    config: null,
    problem: expect.stringMatching(/no regular file/),
  });
});

test('nor is a folder, a pipe that nobody writes to, or a file that is too large; none is none', () => {
  const put: Record<string, (path: string) => void> = {
    folder: (path) => mkdirSync(path),
    pipe: (path) => void execFileSync('sh', ['-c', 'mkfifo "$1"', 'sh', path]),
    large: (path) => writeFileSync(path, ' '.repeat(300_000)),
  };
  for (const make of Object.values(put)) {
    const repository = tempDir();
    make(join(repository, '.mcp.json'));
    expect(repositoryFile(repository)).toMatchObject({ text: '', config: null, problem: expect.any(String) });
  }
  expect(repositoryFile(tempDir())).toBeNull();
});
