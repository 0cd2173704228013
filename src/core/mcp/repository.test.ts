import { symlinkSync, writeFileSync } from 'node:fs';
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
