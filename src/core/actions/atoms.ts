/**
 * What a word could become is written with a few characters of the private use area that stand for
 * what is not known. The agent's own text is cleaned of them first (`withoutAtoms`), so that nobody
 * can forge one.
 */

/** Any text at all, slashes and dots included. */
export const ANY = '\uE000';
/** Any path below, never above: what `find src` prints under `src/`. */
export const BELOW = '\uE001';
/** An unquoted `*`: any text without a slash. */
export const STAR = '\uE002';
/** An unquoted `?` or `[…]`: one character. */
export const ONE = '\uE003';
/** Some number, the result of arithmetic. */
export const NUMBER = '\uE005';
/** Where an unquoted expansion splits into words. */
export const GAP = '\uE004';

/** Names the process behind a `<(…)`: a number follows. */
export const PROCESS = '\uE007';

const ATOMS = /[\uE000-\uE00F]/gu;
const WORDS: Readonly<Record<string, string>> = {
  [ANY]: '…',
  [BELOW]: '…',
  [STAR]: '*',
  [ONE]: '?',
  [GAP]: ' ',
  [NUMBER]: '#',
};

/** The agent's text with every forged atom replaced. */
export const withoutAtoms = (text: string): string => text.replace(ATOMS, '\uFFFD');

/** For a person: atoms as `…`, `*` and `?`. */
export const plain = (value: string): string => value.replace(ATOMS, (atom) => WORDS[atom] ?? '\uFFFD');

/** Could this be anything? Then it cannot be judged by what it says. */
export const isOpen = (value: string): boolean => value.includes(ANY);

/** Does it hold any part that is only known when it runs? */
export const isExact = (value: string): boolean => !/[\uE000-\uE00F]/u.test(value);

/** A glob written in plain characters (as `find -name` takes it) as atoms. */
export const globToAtoms = (pattern: string): string =>
  pattern
    .replace(/\*\*\/?/gu, `${BELOW}/`)
    .replaceAll('*', STAR)
    .replace(/\[[^\]]*\]|\?/gu, ONE);
