import { type Dispatch, type SetStateAction, useEffect, useState } from 'react';
import { recall, remember } from '../remembered.ts';

/**
 * What a screen is narrowed to: there again after a reload and on the way back, in this tab alone.
 * @param name null: it is not kept.
 */
export function useKept<T>(
  name: string | null,
  isIt: (value: unknown) => value is T,
  otherwise: T,
): [T, Dispatch<SetStateAction<T>>] {
  const [value, setValue] = useState(() => (name === null ? otherwise : recall(name, isIt, otherwise, 'tab')));
  useEffect(() => {
    if (name !== null) remember(name, value, 'tab');
  }, [name, value]);
  return [value, setValue];
}
