import { readFileSync } from 'node:fs';

/**
 * What the kernel tells in a file of `/proc`; null: there is none. It makes it up at the moment of reading and
 * no disk is waited for, so it is read at once: read in the background, each wakes another thread five times.
 */
export function kernelFile(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}
