/** What is picked for one question: labels of options, and a text of the person's own. */
export interface Picked {
  labels: readonly string[];
  own: string;
}

export const EMPTY: Picked = { labels: [], own: '' };

/** Picks an option, or lets it go again; of several only where several may be picked. */
export function pick(picked: Picked, label: string, several: boolean): Picked {
  const had = picked.labels.includes(label);
  if (!several) return { ...picked, labels: had ? [] : [label] };
  return { ...picked, labels: had ? picked.labels.filter((other) => other !== label) : [...picked.labels, label] };
}

/** The answer as the agent gets it; empty: none yet. */
export const answerOf = ({ labels, own }: Picked): string =>
  [...labels, own.trim()].filter((part) => part !== '').join(', ');
