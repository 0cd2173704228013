import { realpathSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

/**
 * The real path of the longest part that exists, with the rest appended: where a write to `path`
 * would land, symlinks followed. Total: what cannot be looked at is taken as it stands.
 */
export function realPath(path: string): string {
  const absolute = resolve(path);
  try {
    return realpathSync.native(absolute);
  } catch {
    const parent = dirname(absolute);
    return parent === absolute ? absolute : join(realPath(parent), absolute.slice(parent.length).replace(/^\/+/, ''));
  }
}
