import type { Clock, Timer } from '../../kernel/ports.ts';

/** What comes within this time of one another is taken in together: one transaction, not a thousand. */
const TOGETHER_MS = 50;

/** The first thing after a quiet moment is taken in at once; what follows on its heels, together. */
export function createInbox<T>(clock: Clock, takeIn: (items: readonly T[]) => void) {
  let held: T[] = [];
  let timer: Timer | null = null;
  const open = (): void => {
    timer = null;
    if (held.length === 0) return;
    const items = held;
    held = [];
    timer = clock.after(TOGETHER_MS, open);
    takeIn(items);
  };
  return {
    add(item: T): void {
      held.push(item);
      if (timer === null) open();
    },
    holds: (): boolean => held.length > 0,
    /** Takes in what is held. */
    stop(): void {
      timer?.cancel();
      open();
      timer?.cancel();
      timer = null;
    },
  };
}
