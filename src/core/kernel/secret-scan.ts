/**
 * A first look at raw text, many times quicker than replacing: can there be a credential in it at all?
 * One pass over the characters with an automaton (Aho and Corasick, 1975) that knows the beginnings of
 * everything that `redact` replaces; what it finds is looked at more closely, from there on only.
 *
 * It may say yes for nothing, never no for something: whatever `redact` would replace in a text or in a
 * JSON value must be found in that text and in that JSON, escaped as it is. `secret-scan.test.ts` holds it.
 */

/** What begins with `word` (lower case) is a candidate; one that `then` does not match right there is none. */
interface Clue {
  word: string;
  then?: RegExp;
}

/** Escaped or not, in JSON within JSON too. */
const BLANK = String.raw`(?:[ \t]|\\+t)`;
const followed = (pattern: string): RegExp => new RegExp(pattern, 'iy');
const exactly = (pattern: string): RegExp => new RegExp(pattern, 'y');

/** Names before which `-`, `_` or nothing stands before `key`. */
const KEY_OWNERS = ['api', 'access', 'private', 'account', 'auth', 'encryption', 'signing', 'master', 'shared'];

const NAMES: readonly Clue[] = [
  ...['password', 'passwd', 'passphrase', ';pwd', 'secret', 'credential', 'authorization', 'cookie'].map((word) => ({
    word,
  })),
  { word: '_pwd', then: followed('_pwd(?![a-z])') },
  { word: '_pass', then: followed('_pass(?![a-z])') },
  // The whole name of a field.
  { word: '"pass"' },
  { word: '"pwd"' },
  { word: '"auth"' },
  { word: '"_auth"' },
  // Counts of tokens stand in almost every line.
  { word: 'token', then: followed('token(?!s(?![a-z]))') },
  { word: 'auth', then: followed(`auth(?=["'\\\\]{0,40}${BLANK}{0,8}[:=])`) },
  { word: 'machine', then: followed('machine[\\s\\\\]') },
  ...KEY_OWNERS.flatMap((owner) => ['', '-', '_'].map((joint) => ({ word: `${owner}${joint}key` }))),
];

const SHAPES: readonly Clue[] = [
  { word: 'sk-', then: exactly('sk-[\\w-]{8}') },
  { word: 'tnr_' },
  { word: 'gsk_' },
  { word: 'xai-' },
  { word: 'pplx-' },
  ...['p', 'o', 'u', 's', 'r'].map((kind) => ({ word: `gh${kind}_` })),
  { word: 'github_pat_' },
  ...['pat', 'dt', 'rt', 'cbt', 'ptt', 'oas', 'ft', 'soat', 'agent'].map((kind) => ({ word: `gl${kind}-` })),
  { word: 'npm_', then: exactly('npm_[A-Za-z0-9]{30}') },
  { word: 'pypi-', then: exactly('pypi-[\\w-]{40}') },
  { word: 'rubygems_' },
  { word: 'dckr_' },
  ...[...'abeoprs'].map((kind) => ({ word: `xox${kind}-` })),
  { word: 'xapp-' },
  ...['k_live_', 'k_test_', 'whsec_', 'shpat_', 'shpca_', 'shppa_', 'shpss_'].map((word) => ({ word })),
  { word: 'sq0' },
  { word: 'sg.', then: exactly('SG\\.[\\w-]{16}') },
  { word: 'aiza', then: exactly('AIza[\\w-]{30}') },
  { word: 'ya29.' },
  { word: 'gocspx-' },
  ...['doo_v1_', 'dop_v1_', 'dor_v1_', 'atatt3', 'sbp_', 'pscale_', 'glsa_', 'sntrys_', 'sntryu_'].map((word) => ({
    word,
  })),
  ...['hvs.', 'hvb.', 'hvr.', 'pmak-', 'nrak-', 'lin_api_', 'ntn_', 'atlasv1.', 'age-secret-key-1'].map((word) => ({
    word,
  })),
  { word: 'dp.', then: exactly('dp\\.(?:pt|st|ct|sa)\\.') },
  { word: 'hf_', then: exactly('hf_[A-Za-z0-9]{24}') },
  { word: 'r8_', then: exactly('r8_[A-Za-z0-9]{30}') },
  { word: 'key-', then: exactly('key-[a-f0-9]{32}') },
  { word: 'dapi', then: exactly('dapi[a-f0-9]{32}') },
  { word: 'sk', then: exactly('SK[a-f0-9]{32}') },
  ...['akia', 'asia', 'abia', 'acca'].map((word) => ({ word, then: exactly('A[KSBC][IC]A[A-Z0-9]{16}') })),
  { word: 'pat', then: exactly('pat[A-Za-z0-9]{14}\\.[a-f0-9]{40}') },
  { word: 'hooks.slack.com/' },
  { word: '/api/webhooks/' },
  { word: ':aa', then: exactly(':AA[\\w-]{32}') },
  { word: 'sig=' },
  { word: 'signature=' },
  { word: 'eyj', then: exactly('eyJ') },
  { word: 'private key', then: exactly('PRIVATE KEY') },
  { word: '://', then: exactly('://[^\\s/"\'\\\\<>]*@') },
  { word: 'bearer', then: followed(`bearer${BLANK}{1,8}[\\w.~+/-]{8}`) },
  { word: 'basic', then: followed(`basic${BLANK}{1,8}[\\w.~+/-]{8}`) },
  ...[' -b', ' -u', ' --user', ' --proxy-user'].map((word) => ({ word })),
  ...['t-b', 't-u', 't--user', 't--proxy-user'].map((word) => ({ word, then: exactly(`(?<=\\\\)${word}`) })),
  ...['\t-b', '\t-u', '\t--user', '\t--proxy-user'].map((word) => ({ word })),
  { word: 'mysql' },
];

/** A text in which characters are written as numbers or slashes are escaped is looked at in full. */
const ESCAPED: readonly Clue[] = [{ word: '\\u' }, { word: '\\/' }];

const CLUES = [...NAMES, ...SHAPES, ...ESCAPED];
const WIDTH = 128;

/** The states of the automaton, and which clues end in each. */
function build(clues: readonly Clue[]) {
  const children: Map<number, number>[] = [new Map()];
  const ends: Clue[][] = [[]];
  for (const clue of clues) {
    let state = 0;
    for (const character of clue.word) {
      const code = character.charCodeAt(0);
      let next = children[state]?.get(code);
      if (next === undefined) {
        next = children.push(new Map()) - 1;
        ends.push([]);
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
  return inOrderOfEnds(step, ends);
}

/** The same automaton with the states in which a clue ends last: to tell them takes one comparison. */
function inOrderOfEnds(step: Uint16Array, ends: readonly (readonly Clue[])[]) {
  const states = [...ends.keys()].toSorted((a, b) => Number(ends[a]?.length !== 0) - Number(ends[b]?.length !== 0));
  const place = new Map(states.map((state, at) => [state, at]));
  const table = new Uint32Array(step.length);
  for (const [at, state] of states.entries()) {
    for (let code = 0; code < WIDTH; code++)
      table[at * WIDTH + code] = (place.get(step[state * WIDTH + code] ?? 0) ?? 0) * WIDTH;
  }
  return {
    table,
    firstEnd: ends.filter((found) => found.length === 0).length * WIDTH,
    ends: states.map((state) => ends[state] ?? []),
  };
}

/** State and next character to the next state; a state is the number of its first entry here. */
const { table, firstEnd, ends } = build(CLUES);

const holds = (text: string, state: number, end: number): boolean =>
  (ends[state / WIDTH] ?? []).some(({ word, then }) => {
    if (!then) return true;
    then.lastIndex = end - word.length;
    return then.test(text);
  });

/**
 * Can `redact` find something in that text, or in the JSON value that it is the text of? A `false` is
 * certain. Takes about a nanosecond for each character.
 */
export function mayHoldSecret(text: string): boolean {
  let state = 0;
  for (let at = 0; at < text.length; at++) {
    // A character beyond ASCII passes for another: that finds too much, never too little.
    state = table[state + (text.charCodeAt(at) & (WIDTH - 1))] as number;
    if (state >= firstEnd && holds(text, state, at + 1)) return true;
  }
  return false;
}
