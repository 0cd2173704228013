import type { Look } from './look.ts';

/** A subscript is arithmetic, and arithmetic runs the substitutions in it, quoted or not. */
export function judgeSubscripts(words: readonly string[], { find }: Look): void {
  if (words.some((word) => /\w\[[^\]]*(?:\$\(|`)/u.test(word)))
    find('high', 'not_understood', 'Hides a command in the subscript of a variable.');
}
