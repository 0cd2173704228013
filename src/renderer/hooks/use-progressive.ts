import { startTransition, useEffect, useState } from 'react';

/** The first `first` items at once, so that the first paint does not wait for hundreds; then all. */
export function useProgressive<T>(items: readonly T[], first: number): readonly T[] {
  const [all, setAll] = useState(items.length <= first);
  useEffect(() => {
    if (all) return;
    const frame = requestAnimationFrame(() => startTransition(() => setAll(true)));
    return () => cancelAnimationFrame(frame);
  }, [all]);
  return all ? items : items.slice(0, first);
}
