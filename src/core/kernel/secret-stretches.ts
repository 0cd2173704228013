/**
 * Text looked at four characters at a time: which of these stretches can be part of one of some words?
 * Every character is looked at once, together with its neighbours, so this is several times quicker than
 * going from character to character. It may say yes for nothing, never no for something.
 */

/** A word in lower case, and what each character after it must be one of; left out: any. */
export interface Sought {
  word: string;
  next?: string | undefined;
}

const STRETCH = 4;
/** Of a character six bits count: upper and lower case are one. */
const BITS = 6;

const kindOf = (character: string): number => {
  const code = character.charCodeAt(0);
  return (code & 0x1f) | ((code & 0x40) >>> 1);
};

/** The number of a stretch: four characters, as a little-endian word of four bytes. */
export function stretchOf(word: number): number {
  const kinds = (word & 0x1f1f1f1f) | ((word & 0x40404040) >>> 1);
  const pairs = (kinds & 0x3f003f) | ((kinds & 0x3f003f00) >>> 2);
  return (pairs & 0xfff) | ((pairs >>> 4) & 0xfff000);
}

/** What a character can be; null: anything. */
type Choice = readonly number[] | null;

function choiceAt({ word, next }: Sought, at: number): Choice {
  const own = at < 0 ? undefined : word[at];
  if (own !== undefined) return [kindOf(own)];
  return at < 0 || next === undefined ? null : Array.from(next, kindOf);
}

/** How much a stretch from there on says: letters are common, signs are not. */
function telling({ word, next }: Sought, from: number): number {
  let sum = 0;
  for (let at = Math.max(0, from); at < from + STRETCH; at++) {
    const own = word[at];
    if (own !== undefined) sum += /[a-z]/.test(own) ? 2 : 3;
    else if (next !== undefined) sum += 0.9;
  }
  return sum;
}

const KINDS = 1 << BITS;
const ALL = Array.from({ length: KINDS }, (_, kind) => kind);

/** Halves of a stretch as they lie in a text: two characters, case and all. */
const HALVES = 1 << 16;
const BUCKETS = 16;
/** Halves that may be anything have a bucket to themselves, or every stretch would be in theirs. */
const [ANY_FIRST, ANY_SECOND] = [BUCKETS - 1, BUCKETS - 2] as const;

export interface Stretches {
  /**
   * By the first and by the second half of a stretch (two bytes, little-endian): the buckets in which it can be.
   * Where both name none in common, the stretch is none that is worth a look. Small enough to stay at hand.
   */
  first: Uint16Array;
  second: Uint16Array;
  /** By `stretchOf`, a bit for each: those that are worth a closer look. */
  marked: Uint32Array;
}

/**
 * The stretches that are worth a closer look. However a word lies to the grid of four, one stretch that
 * begins at most three characters before or behind its beginning is among them.
 */
export function stretchesOf(sought: readonly Sought[]): Stretches {
  const marked = new Uint32Array(1 << (STRETCH * BITS - 5));
  const [first, second] = [new Uint16Array(1 << (2 * BITS)), new Uint16Array(1 << (2 * BITS))];
  for (const one of sought) {
    for (let offset = 0; offset < STRETCH; offset++) {
      const from = telling(one, offset) >= telling(one, offset - STRETCH) ? offset : offset - STRETCH;
      const [a, b, c, d] = [0, 1, 2, 3].map((place) => choiceAt(one, from + place)) as [Choice, Choice, Choice, Choice];
      const [before, behind] = [pairsOf(a, b), pairsOf(c, d)];
      const bucket =
        a === null && b === null ? ANY_FIRST : c === null && d === null ? ANY_SECOND : (before[0] ?? 0) % (BUCKETS - 2);
      for (const pair of before) first[pair] = (first[pair] ?? 0) | (1 << bucket);
      for (const pair of behind) second[pair] = (second[pair] ?? 0) | (1 << bucket);
      // By the second half first: what the first character may be lies side by side.
      for (const high of behind) {
        for (const next of b ?? ALL) {
          const begun = (next << BITS) | (high << (2 * BITS));
          if (a === null) marked.fill(0xffff_ffff, begun >>> 5, (begun + KINDS) >>> 5);
          else for (const kind of a) set(marked, begun | kind);
        }
      }
    }
  }
  return { first: byHalf(first), second: byHalf(second), marked };
}

function set(bits: Uint32Array, at: number): void {
  bits[at >>> 5] = (bits[at >>> 5] ?? 0) | (1 << (at & 31));
}

const paired = (a: readonly number[], b: readonly number[]): number[] =>
  a.flatMap((low) => b.map((high) => low | (high << BITS)));
const ALL_PAIRS = paired(ALL, ALL);
// Most halves say nothing: theirs are made once.
const pairsOf = (a: Choice, b: Choice): readonly number[] =>
  a === null && b === null ? ALL_PAIRS : paired(a ?? ALL, b ?? ALL);

/** The same table by two characters as they are, so that nothing has to be folded at every one of them. */
function byHalf(byPair: Uint16Array): Uint16Array {
  const halves = new Uint16Array(HALVES);
  for (let half = 0; half < HALVES; half++) halves[half] = byPair[stretchOf(half) & ((1 << (2 * BITS)) - 1)] ?? 0;
  return halves;
}
