import { useStale } from '../mirror.ts';

/** Why nothing can be done just now: the engine is away. Null when it is there. */
export function useAway(): string | null {
  return useStale() ? 'Tenure does not answer just now; nothing can be changed until it is back.' : null;
}
