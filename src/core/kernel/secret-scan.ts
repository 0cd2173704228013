import { stretchesOf, stretchOf } from './secret-stretches.ts';

/**
 * A first look at raw text, many times quicker than replacing: can there be a credential in it at all?
 * One pass over the text, four characters at a time, finds where the beginning of something that `redact`
 * replaces can be; from there an automaton (Aho and Corasick, 1975) that knows all of these beginnings
 * looks more closely, a few characters far.
 *
 * It may say yes for nothing, never no for something: whatever `redact` would replace in a text or in a
 * JSON value must be found in that text and in that JSON, escaped as it is. `secret-scan.test.ts` holds it.
 */

/** What begins with `word` (lower case) is a candidate; one that `so` does not match right there is none. */
interface Clue {
  word: string;
  so?: RegExp;
  /** Where `so` asks it of the next characters: what each of them is one of. */
  next?: string;
}

/** Escaped or not, in JSON within JSON too. */
const BLANK = String.raw`(?:[ \t]|\\+t)`;
const followed = (pattern: string): RegExp => new RegExp(pattern, 'iy');
const exactly = (pattern: string): RegExp => new RegExp(pattern, 'y');

/** Words that are enough by themselves. The second line is what nobody writes but a credential's maker. */
const PLAIN = [
  'password passwd passphrase ;pwd "pass" "pwd" "auth" "_auth" secret credential authorization cookie mysql sig= signature=',
  'tnr_ gsk_ xai- pplx- ghp_ gho_ ghu_ ghs_ ghr_ github_pat_ glpat- gldt- glrt- glcbt- glptt- gloas- glft- glsoat- glagent-',
  'rubygems_ dckr_ xoxa- xoxb- xoxe- xoxo- xoxp- xoxr- xoxs- xapp- k_live_ k_test_ whsec_ shpat_ shpca_ shppa_ shpss_ sq0',
  'ya29. gocspx- doo_v1_ dop_v1_ dor_v1_ hvs. hvb. hvr. atatt3 sbp_ pscale_ glsa_ sntrys_ sntryu_ pmak- nrak- lin_api_',
  'ntn_ atlasv1. age-secret-key-1 hooks.slack.com/ /api/webhooks/',
].flatMap((line) => line.split(' '));
const KEYS = 'api access private account auth encryption signing master shared'
  .split(' ')
  .flatMap((owner) => ['', '-', '_'].map((joint) => `${owner}${joint}key`));
const OPTIONS = ['-b', '-u', '--user', '--proxy-user'];

const HEX = 'abcdef0123456789';

const CLUES: readonly Clue[] = [
  ...[...PLAIN, ...KEYS, ...OPTIONS.flatMap((option) => [` ${option}`, `\t${option}`])].map((word) => ({ word })),
  ...OPTIONS.map((option) => ({ word: `t${option}`, so: exactly(`(?<=\\\\)t${option}`) })),
  { word: '_pwd', so: followed('_pwd(?![a-z])') },
  { word: '_pass', so: followed('_pass(?![a-z])') },
  // Counts of tokens stand in almost every line.
  { word: 'token', so: followed('token(?!s(?![a-z]))') },
  { word: 'auth', so: followed(`auth(?=["'\\\\]{0,40}${BLANK}{0,8}[:=])`) },
  { word: 'machine', so: followed('machine[\\s\\\\]') },
  { word: 'bearer', so: followed(`bearer${BLANK}{1,8}[\\w.~+/-]{8}`) },
  { word: 'basic', so: followed(`basic${BLANK}{1,8}[\\w.~+/-]{8}`) },
  { word: '://', so: exactly('://[^\\s/"\'\\\\<>]*@') },
  { word: 'private key', so: exactly('PRIVATE KEY') },
  { word: 'eyj', so: exactly('eyJ') },
  { word: 'sk-', so: exactly('sk-[\\w-]{8}') },
  { word: 'npm_', so: exactly('npm_[A-Za-z0-9]{30}') },
  { word: 'pypi-', so: exactly('pypi-[\\w-]{40}') },
  { word: 'sg.', so: exactly('SG\\.[\\w-]{16}') },
  { word: 'aiza', so: exactly('AIza[\\w-]{30}') },
  { word: 'dp.', so: exactly('dp\\.(?:pt|st|ct|sa)\\.') },
  { word: 'hf_', so: exactly('hf_[A-Za-z0-9]{24}') },
  { word: 'r8_', so: exactly('r8_[A-Za-z0-9]{30}') },
  { word: 'key-', so: exactly('key-[a-f0-9]{32}') },
  { word: 'dapi', so: exactly('dapi[a-f0-9]{32}') },
  { word: 'sk', so: exactly('SK[a-f0-9]{32}'), next: HEX },
  // A text in which characters are written as numbers, or slashes are escaped, is looked at in full.
  { word: '\\u', next: HEX },
  { word: '\\/' },
  ...['akia', 'asia', 'abia', 'acca'].map((word) => ({ word, so: exactly('A[KSBC][IC]A[A-Z0-9]{16}') })),
  { word: 'pat', so: exactly('pat[A-Za-z0-9]{14}\\.[a-f0-9]{40}') },
  { word: ':aa', so: exactly(':AA[\\w-]{32}') },
];

const WIDTH = 128;

/** The states of the automaton, and which clues end in each. */
function build(clues: readonly Clue[]) {
  const children: Map<number, number>[] = [new Map()];
  const ends: Clue[][] = [[]];
  const depths = [0];
  for (const clue of clues) {
    let state = 0;
    for (const character of clue.word) {
      const code = character.charCodeAt(0);
      let next = children[state]?.get(code);
      if (next === undefined) {
        next = children.push(new Map()) - 1;
        ends.push([]);
        depths.push((depths[state] ?? 0) + 1);
        children[state]?.set(code, next);
      }
      state = next;
    }
    ends[state]?.push(clue);
  }
  const fallback = new Uint16Array(children.length);
  const step = new Uint16Array(children.length * WIDTH);
  const order: number[] = [0];
  for (const state of order) {
    const back = fallback[state] ?? 0;
    if (state !== 0) ends[state]?.push(...(ends[back] ?? []));
    for (let code = 0; code < WIDTH; code++) {
      const child = children[state]?.get(code);
      const elsewhere = state === 0 ? 0 : (step[back * WIDTH + code] ?? 0);
      step[state * WIDTH + code] = child ?? elsewhere;
      if (child === undefined) continue;
      fallback[child] = elsewhere;
      order.push(child);
    }
    // Case is folded here, once, and not at every character.
    for (let code = 65; code <= 90; code++) step[state * WIDTH + code] = step[state * WIDTH + code + 32] ?? 0;
  }
  return inOrderOfEnds(step, ends, depths);
}

/** The same automaton with the states in which a clue ends last: to tell them takes one comparison. */
function inOrderOfEnds(step: Uint16Array, ends: readonly (readonly Clue[])[], depths: readonly number[]) {
  const states = [...ends.keys()].toSorted((a, b) => Number(ends[a]?.length !== 0) - Number(ends[b]?.length !== 0));
  const place = new Uint32Array(states.length);
  for (const [at, state] of states.entries()) place[state] = at;
  const table = new Uint32Array(step.length);
  for (const [at, state] of states.entries()) {
    for (let code = 0; code < WIDTH; code++)
      table[at * WIDTH + code] = (place[step[state * WIDTH + code] ?? 0] ?? 0) * WIDTH;
  }
  return {
    table,
    firstEnd: ends.filter((found) => found.length === 0).length * WIDTH,
    ends: states.map((state) => ends[state] ?? []),
    depths: Uint8Array.from(states, (state) => depths[state] ?? 0),
  };
}

/** Characters that are looked at in one go. */
const ROOM = 1 << 16;
/** What begins within so many characters of the end of a go is left to the next one. */
const AGAIN = 64;

function createScan(): (text: string) => boolean {
  /** A state is the number of its first entry in `table`, which with the next character says the next state. */
  const { table, firstEnd, ends, depths } = build(CLUES);
  const { first, second, marked } = stretchesOf(CLUES);
  /** Characters of which one of two bytes is cut off are taken for others. */
  const copy = Buffer.alloc(ROOM + 4);
  const bytes = new Uint8Array(copy.buffer, copy.byteOffset, copy.length);
  const words = new Uint32Array(copy.buffer, copy.byteOffset, copy.length >> 2);

  function holds(text: string, state: number, end: number): boolean {
    for (const { word, so } of ends[state / WIDTH] ?? []) {
      if (!so) return true;
      so.lastIndex = end - word.length;
      if (so.test(text)) return true;
    }
    return false;
  }

  /** Is there a clue in `text` that begins at most three characters before or behind `at`? `base` is where `bytes` begins. */
  function near(text: string, base: number, at: number, length: number): boolean {
    let state = 0;
    for (let next = at < 3 ? 0 : at - 3; next < length; next++) {
      // A character beyond ASCII passes for another: that finds too much, never too little.
      state = table[state + ((bytes[next] as number) & (WIDTH - 1))] as number;
      if (state >= firstEnd && holds(text, state, base + next + 1)) return true;
      if (next + 1 - (depths[state / WIDTH] as number) > at + 3) return false;
    }
    return false;
  }

  return (text) => {
    for (let base = 0; ; base += ROOM - AGAIN) {
      const length = copy.write(base === 0 ? text : text.slice(base, base + ROOM), 0, ROOM, 'latin1');
      for (let after = length; after < length + 4; after++) bytes[after] = 0;
      for (let at = 0; at < length; at += 4) {
        const word = words[at >> 2] as number;
        // Most stretches go no further than here.
        if (((first[word & 0xffff] as number) & (second[word >>> 16] as number)) === 0) continue;
        const stretch = stretchOf(word);
        if ((((marked[stretch >>> 5] as number) >>> (stretch & 31)) & 1) === 1 && near(text, base, at, length))
          return true;
      }
      if (base + length >= text.length) return false;
    }
  };
}

let scan: ReturnType<typeof createScan> | null = null;

/**
 * Can `redact` find something in that text, or in the JSON value that it is the text of? A `false` is
 * certain. Takes about a nanosecond for each character; its tables, 3 MiB, are made when they are first wanted.
 */
export const mayHoldSecret = (text: string): boolean => (scan ??= createScan())(text);
