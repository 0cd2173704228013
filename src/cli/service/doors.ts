import { execFile } from 'node:child_process';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Ran, ServiceDoors } from './control.ts';

const MOST_MS = 30_000;

/** Built: `out/main/chunks` or `out/main`; from source: `src/cli/service`. The folder with the package.json is the root. */
function rootOf(file: string): string {
  const parts = dirname(file).split('/');
  const at = Math.max(parts.lastIndexOf('out'), parts.lastIndexOf('src'));
  return join('/', ...parts.slice(0, at));
}

function run(command: string, args: readonly string[]): Promise<Ran> {
  return new Promise((resolve) => {
    execFile(command, [...args], { timeout: MOST_MS }, (error, stdout, stderr) => {
      if (error === null) return resolve({ exitCode: 0, stdout, stderr });
      const code = typeof error.code === 'number' ? error.code : null;
      return resolve({ exitCode: code, stdout, stderr: stderr || error.message });
    });
  });
}

/** This machine, and the checkout that this command line belongs to. */
export const realDoors: ServiceDoors = {
  platform: process.platform,
  env: process.env,
  home: homedir(),
  uid: process.getuid?.() ?? 0,
  node: process.execPath,
  root: rootOf(fileURLToPath(import.meta.url)),
  run,
};
