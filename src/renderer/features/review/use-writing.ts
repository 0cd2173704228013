import { useCallback, useState } from 'react';
import type { Chosen } from '../../../shared/review.ts';

/** A comment that is being written: on which lines, and the draft that it changes. */
export interface Writing {
  chosen: Chosen;
  text: string;
  id?: string;
}

/** By session and file: who looks at another file or tab in the middle of a sentence finds it again. */
const kept = new Map<string, Writing>();

/** What is being written on a file, kept while the page lives. Give the component another `key` for another file. */
export function useWriting(
  sessionId: string,
  path: string,
): [Writing | null, (next: (before: Writing | null) => Writing | null) => void] {
  const key = `${sessionId} ${path}`;
  const [writing, setWriting] = useState(() => kept.get(key) ?? null);
  const change = useCallback(
    (next: (before: Writing | null) => Writing | null) => {
      const after = next(kept.get(key) ?? null);
      if (after) kept.set(key, after);
      else kept.delete(key);
      setWriting(after);
    },
    [key],
  );
  return [writing, change];
}
