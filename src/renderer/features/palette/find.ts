/** Something in the palette, whatever it does. */
export interface Entry {
  id: string;
  name: string;
  group: string;
  keys: readonly string[];
  also: string;
  why: string | null;
  /** It is one of very many of its kind: found by its name, and not offered before anything is typed. */
  many?: boolean;
  run: () => void;
}

const MOST = 60;
/** Of what was done last, so many are offered first. */
export const MOST_RECENT = 5;

/** How well a word fits a name, best first; what does not fit at all is no match. */
const WHOLE = 6;
const BEGINS = 5;
const WORD = 4;
const SYNONYM = 3;
const WITHIN = 2;
const LOOSE = 1;

function fit(word: string, { name, also, group }: Entry): number {
  const lower = name.toLowerCase();
  if (lower.replace(/…$/, '') === word) return WHOLE;
  if (lower.startsWith(word)) return BEGINS;
  if (lower.includes(` ${word}`)) return WORD;
  if (` ${also.toLowerCase()}`.includes(` ${word}`)) return SYNONYM;
  if (lower.includes(word)) return WITHIN;
  if (`${also} ${group}`.toLowerCase().includes(word) || initials(lower).includes(word)) return LOOSE;
  return word.length > 2 && inOrder(word, lower) ? LOOSE / 2 : -1;
}

const initials = (name: string): string =>
  name
    .split(/[^\p{L}\p{N}]+/u)
    .map((part) => part.charAt(0))
    .join('');

/** Whether the letters stand in one word of the name, in this order, from its beginning: `lnch` in `launch`. */
function inOrder(letters: string, name: string): boolean {
  return name.split(/[^\p{L}\p{N}]+/u).some((part) => {
    if (part[0] !== letters[0]) return false;
    let at = 0;
    for (const letter of part) if (letter === letters[at]) at += 1;
    return at === letters.length;
  });
}

/**
 * What fits all of the words, the best first: what was done lately before what was not, what cannot be done now
 * and the mere sentences of the contract after all else. Nothing typed: what was done lately, then what is few.
 * @param recent ids, the newest first.
 */
export function findEntries(entries: readonly Entry[], text: string, recent: readonly string[] = []): Entry[] {
  const words = text.trim().toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return offered(entries, recent);
  const scored = entries.flatMap((entry) => {
    const fits = words.map((word) => fit(word, entry));
    if (fits.some((one) => one < 0)) return [];
    const less = (entry.why === null ? 0 : 2) + (entry.group === 'Everything' ? 2 : 0);
    const more = recent.includes(entry.id) ? 0.75 : 0;
    return [{ entry, score: fits.reduce((sum, one) => sum + one, 0) - less + more }];
  });
  return scored
    .sort((a, b) => b.score - a.score)
    .slice(0, MOST)
    .map(({ entry }) => entry);
}

function offered(entries: readonly Entry[], recent: readonly string[]): Entry[] {
  const done = recent
    .flatMap((id) => entries.find((entry) => entry.id === id && entry.why === null) ?? [])
    .slice(0, MOST_RECENT);
  const rest = entries.filter((entry) => !entry.many && !done.includes(entry));
  return [
    ...done.map((entry) => ({ ...entry, group: 'Recent' })),
    ...rest.filter(({ why }) => why === null),
    ...rest.filter(({ why }) => why !== null),
  ].slice(0, MOST);
}
