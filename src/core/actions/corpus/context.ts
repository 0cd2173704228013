import { posix } from 'node:path';
import type { ActionContext } from '../look.ts';

export const WORKTREE = '/data/tenure/worktrees/s1';
export const HOME = '/home/me';

/**
 * The machine that the corpus is written for: a work tree in Tenure's own data directory, the project in
 * the person's home.
 * @param links symbolic links by their path, followed as the kernel would.
 */
export function machine(
  changes: Partial<ActionContext> = {},
  links: Readonly<Record<string, string>> = {},
): ActionContext {
  const resolve = (path: string): string => {
    let at = '';
    const parts = path.split('/').filter((part) => part !== '');
    for (let steps = 0; parts.length > 0 && steps < 100; steps += 1) {
      const next = posix.join(at === '' ? '/' : at, parts.shift() ?? '');
      const target = links[next];
      if (target === undefined) at = next;
      else {
        parts.unshift(...target.split('/').filter((part) => part !== ''));
        if (target.startsWith('/')) at = '';
      }
    }
    return at === '' ? '/' : at;
  };
  return {
    worktree: WORKTREE,
    project: `${HOME}/app`,
    home: HOME,
    tenurePaths: ['/data/tenure', '/opt/tenure'],
    platform: 'linux',
    resolve,
    caseInsensitive: false,
    branch: 'tenure/s1',
    verifyCommand: 'npm run verify',
    ...changes,
  };
}
