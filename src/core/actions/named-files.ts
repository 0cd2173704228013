import { posix } from 'node:path';
import type { Mention } from '../../shared/contract/standing.ts';
import type { Operands } from '../kernel/binding.ts';
import { visible } from './text.ts';

/** More are not listed. */
const MOST = 40;

/** Of these it is the folder that is looked at, because the last part of a path is not followed. */
const OF_THE_FOLDER = /^(?:rm|rmdir|unlink|shred|mv|ln)$/u;

/**
 * The files and folders that a command names, as far as that is known before it runs: relative to its
 * directory where they lie in it, sorted, without the directory itself.
 */
export function namedFiles(operands: Operands, mentions: readonly Mention[], cwd: string): string[] {
  if (!operands.runs) return [];
  const looked = new Set(operands.paths.map(({ path }) => path));
  const named = mentions
    .filter(({ program }) => OF_THE_FOLDER.test(posix.basename(program ?? '')))
    .flatMap(({ args }) => args.flatMap((arg) => (arg === null ? [] : [posix.resolve(cwd, arg)])))
    .filter((path) => looked.has(posix.dirname(path)));
  const folders = new Set(named.map((path) => posix.dirname(path)));
  // An option is looked at as if it were a path; a file of such a name is written ./-x.
  const written = new Set(
    mentions.flatMap(({ args }) => args.flatMap((arg) => (arg === null ? [] : [posix.resolve(cwd, arg)]))),
  );
  const isOption = (path: string): boolean => path.startsWith(`${cwd}/-`) && !written.has(path);
  const all = new Set([...[...looked].filter((path) => !folders.has(path)), ...named]);
  all.delete(cwd);
  return [...all]
    .filter((path) => !isOption(path))
    .map((path) => visible(path.startsWith(`${cwd}/`) ? path.slice(cwd.length + 1) : path))
    .sort()
    .slice(0, MOST);
}
