import type { Evidence } from '../../../shared/contract/evidence.ts';
import { roleOf } from './roles.ts';

/** What stands between the names of files. */
const BETWEEN = /[^\w@./*-]+/;
const LONGEST_PATH = 300;
/** Something like a path: with a folder in it, or a name with an ending. */
const isPath = (word: string): boolean =>
  word.length <= LONGEST_PATH && /\w/.test(word) && (word.includes('/') || /\.[A-Za-z][A-Za-z0-9]{0,7}$/.test(word));
const MOST_TOKENS = 200;
/** A bare name that stands for more files than this names none of them. */
const MOST_PER_NAME = 5;
const LONGEST_PROMPT = 50_000;

/** Follow from nearly any change. */
const ALWAYS_NEAR =
  /(^|\/)(package-lock\.json|npm-shrinkwrap\.json|yarn\.lock|pnpm-lock\.yaml|bun\.lockb?|Cargo\.lock|poetry\.lock|uv\.lock|Gemfile\.lock|go\.sum|composer\.lock|CHANGELOG[^/]*|README[^/]*)$/i;

const top = (path: string): string => (path.includes('/') ? (path.split('/', 1)[0] ?? '') : '');

/**
 * The files that a prompt names, and the changed ones that lie far from all of them.
 * @param known every path before and after. @param changed the paths that changed, old names too.
 */
export function briefOf(
  prompt: string,
  known: ReadonlySet<string>,
  changed: readonly string[],
): Pick<Evidence, 'named' | 'outside'> {
  const named = new Map<string, boolean>();
  const byName = Map.groupBy(known, (path) => path.slice(path.lastIndexOf('/') + 1));
  const words = prompt.slice(0, LONGEST_PROMPT).split(BETWEEN);
  const tokens = new Set(
    words
      .map((word) => word.replace(/[.,]{1,9}$/, ''))
      .filter(isPath)
      .slice(0, MOST_TOKENS),
  );
  const isTouched = (path: string): boolean => changed.some((each) => each === path || each.startsWith(`${path}/`));
  for (const token of tokens) {
    const path = token.replace(/^\.\//, '').replace(/\/$/, '');
    const matches = known.has(path) ? [path] : (byName.get(path) ?? []);
    if (matches.length > 0) {
      // One of several files of a name is enough: the prompt does not say which.
      const hit = matches.find(isTouched);
      if (matches.length <= MOST_PER_NAME) named.set(hit ?? matches[0] ?? path, hit !== undefined);
    } else if (token.includes('/') && [...known].some((each) => each.startsWith(`${path}/`))) {
      named.set(path, isTouched(path));
    } else if (/^[\w@.][^/]*\/.*\.\w+$/.test(path) && !/^[\w-]+\.[a-z]{2,}\//.test(path)) {
      named.set(path, isTouched(path)); // a file to be made; but no address of a page
    }
  }
  const places = new Set([...named.keys()].map(top));
  const isNear = (path: string): boolean =>
    places.has(top(path)) || ALWAYS_NEAR.test(path) || ['test', 'golden'].includes(roleOf(path));
  return {
    named: [...named].map(([path, touched]) => ({ path, touched })),
    outside: named.size === 0 ? [] : changed.filter((path) => !isNear(path)),
  };
}
