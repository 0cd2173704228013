/** Something in the palette, whatever it does. */
export interface Entry {
  id: string;
  name: string;
  group: string;
  keys: readonly string[];
  also: string;
  why: string | null;
  run: () => void;
}

const MOST = 60;

/** How well a word fits: the beginning of the name, of a word in it, of another word for it, anywhere; -1: not at all. */
function fit(word: string, { name, also, group }: Entry): number {
  const lower = name.toLowerCase();
  if (lower.startsWith(word)) return 4;
  if (lower.includes(` ${word}`)) return 3;
  if (lower.includes(word)) return 2;
  if (`${also} ${group}`.toLowerCase().includes(word)) return 1;
  return initials(lower).includes(word) ? 1 : -1;
}

const initials = (name: string): string =>
  name
    .split(/[^\p{L}\p{N}]+/u)
    .map((part) => part.charAt(0))
    .join('');

/** What fits all of the words, the best first; what cannot be done now comes after what can. */
export function findEntries(entries: readonly Entry[], text: string): Entry[] {
  const words = text.trim().toLowerCase().split(/\s+/).filter(Boolean);
  const scored = entries.flatMap((entry) => {
    const fits = words.map((word) => fit(word, entry));
    if (fits.some((one) => one < 0)) return [];
    return [{ entry, score: fits.reduce((sum, one) => sum + one, 0) - (entry.why === null ? 0 : 2) }];
  });
  return scored
    .sort((a, b) => b.score - a.score)
    .slice(0, MOST)
    .map(({ entry }) => entry);
}
