import { type Link, mirror, useLink } from '../mirror.ts';

const wordsOf = ({ state }: Link): string | null =>
  state === 'offline' ? 'Tenure does not answer just now; nothing can be changed until it is back.' : null;

/** Why nothing can be done just now: the engine is away. Null when it is there. */
export const whyAway = (): string | null => wordsOf(mirror.getState().link);

/** The same, for what is on screen. */
export const useAway = (): string | null => wordsOf(useLink());
