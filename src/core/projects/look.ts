import { existsSync, opendirSync, realpathSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Look } from './rules.ts';

const CODES: Readonly<Record<string, Look>> = {
  ENOENT: { kind: 'missing' },
  ENOTDIR: { kind: 'missing' },
  EACCES: { kind: 'denied' },
  EPERM: { kind: 'denied' },
};

/** Looks at a path; whatever the file system answers is data. */
export function lookAt(path: string): Look {
  try {
    const real = realpathSync.native(path);
    if (!statSync(real).isDirectory()) return { kind: 'file' };
    // macOS lets a program see that a protected folder is there, but not into it.
    const folder = opendirSync(real, { bufferSize: 1 });
    try {
      folder.readSync();
    } finally {
      folder.closeSync();
    }
    return { kind: 'folder', real, hasGit: existsSync(join(real, '.git')) };
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? String(error);
    return CODES[code] ?? { kind: 'failed', code };
  }
}
