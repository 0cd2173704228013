import type { Clock } from '../kernel/ports.ts';

/** Waits for `work`, but no longer than `ms`. Leaves no timer behind. */
export async function within(clock: Clock, ms: number, work: Promise<unknown>): Promise<void> {
  const over = Promise.withResolvers<void>();
  const timer = clock.after(ms, over.resolve);
  await Promise.race([work, over.promise]);
  timer.cancel();
}
