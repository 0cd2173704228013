import { spawnSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './node.mjs';

const folder = join(root, 'node_modules', '@anthropic-ai', 'claude-code');
const PLACEHOLDER_BYTES = 1_000_000;

/**
 * Puts the real `claude` in the place of its placeholder, as its own install script would (`npm ci`
 * runs none). Null when it is there, else why not; the tests that need it say so themselves.
 */
export function ensureClaude() {
  const program = join(folder, 'bin', 'claude.exe');
  if (!existsSync(program)) return 'the Claude Code package is not installed';
  if (statSync(program).size > PLACEHOLDER_BYTES) return null;
  const done = spawnSync(process.execPath, [join(folder, 'install.cjs')], { cwd: folder, encoding: 'utf8' });
  return done.status === 0 && statSync(program).size > PLACEHOLDER_BYTES
    ? null
    : `Claude Code's own installer failed: ${done.stderr.trim() || done.stdout.trim()}`;
}
