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
    else if (next !== undefined) sum += 1;
  }
  return sum;
}

const ALL = Array.from({ length: 1 << BITS }, (_, kind) => kind);

/**
 * The stretches that are worth a closer look, a bit for each. However a word lies to the grid of four,
 * one stretch that begins at most three characters before or behind its beginning is among them.
 */
export function stretchesOf(sought: readonly Sought[]): Uint32Array {
  const marked = new Uint32Array(1 << (STRETCH * BITS - 5));
  for (const one of sought) {
    for (let offset = 0; offset < STRETCH; offset++) {
      const from = telling(one, offset) >= telling(one, offset - STRETCH) ? offset : offset - STRETCH;
      let stretches = [0];
      for (let place = 0; place < STRETCH; place++) {
        const may = choiceAt(one, from + place) ?? ALL;
        stretches = stretches.flatMap((begun) => may.map((kind) => begun | (kind << (place * BITS))));
      }
      for (const stretch of stretches) marked[stretch >>> 5] = (marked[stretch >>> 5] ?? 0) | (1 << (stretch & 31));
    }
  }
  return marked;
}
