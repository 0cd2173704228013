import type { Clock, Timer } from '../../kernel/ports.ts';

/** What comes within this time of one another is taken in together: one transaction, not a thousand. */
const TOGETHER_MS = 50;
/** And this long waits what nobody has to hear of at once, as the first good checks of a start. */
const AT_LEISURE_MS = 500;

/** The first thing after a quiet moment is taken in at once; what follows on its heels, together. */
export function createInbox<T>(clock: Clock, takeIn: (items: readonly T[]) => void) {
  let held: T[] = [];
  let timer: Timer | null = null;
  let openedAt = 0;
  let isUrgent = false;
  const open = (): void => {
    timer = null;
    if (held.length === 0) return;
    const items = held;
    held = [];
    isUrgent = false;
    openedAt = clock.monotonic();
    timer = clock.after(AT_LEISURE_MS, open);
    takeIn(items);
  };
  return {
    /** @param urgent it is not to wait for longer than it takes to gather what comes with it. */
    add(item: T, urgent: boolean): void {
      held.push(item);
      if (timer === null) return open();
      if (!urgent || isUrgent) return;
      isUrgent = true;
      timer.cancel();
      timer = clock.after(Math.max(0, openedAt + TOGETHER_MS - clock.monotonic()), open);
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
