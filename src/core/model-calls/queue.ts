import type { Clock, Timer } from '../kernel/ports.ts';

/** Each call is a process of some 200 MB. */
export const MOST_RUNNING = 2;

interface Waiting {
  priority: number;
  start(): void;
  timer: Timer;
  onAbort: () => void;
}

export interface QueueOptions {
  /** Higher goes first; the same, first come. */
  priority: number;
  /** Milliseconds of waiting after which it is not worth it any more. */
  waitMs: number;
  signal?: AbortSignal | undefined;
}

export type Dropped = 'deadline' | 'aborted';

/** Lets at most two run; the others wait by priority, each no longer than it can use (T-04B). */
export function createQueue(clock: Clock) {
  const waiting: Waiting[] = [];
  let running = 0;

  const next = (): void => {
    while (running < MOST_RUNNING) {
      const one = waiting.shift();
      if (!one) return;
      running += 1;
      one.start();
    }
  };

  /** When it is its turn: resolves to null. Else why it was dropped. */
  const turn = ({ priority, waitMs, signal }: QueueOptions): Promise<Dropped | null> =>
    new Promise((resolve) => {
      const leave = (why: Dropped | null): void => {
        one.timer.cancel();
        signal?.removeEventListener('abort', one.onAbort);
        const at = waiting.indexOf(one);
        if (at >= 0) waiting.splice(at, 1);
        resolve(why);
      };
      const one: Waiting = {
        priority,
        start: () => leave(null),
        timer: clock.after(waitMs, () => leave('deadline')),
        onAbort: () => leave('aborted'),
      };
      if (signal?.aborted) return leave('aborted');
      signal?.addEventListener('abort', one.onAbort, { once: true });
      const at = waiting.findIndex((other) => other.priority < priority);
      waiting.splice(at < 0 ? waiting.length : at, 0, one);
      next();
    });

  return {
    /** Runs `work` when there is room. Rejects as `work` does; a dropped one is told by name. */
    async run<T>(options: QueueOptions, work: () => Promise<T>): Promise<{ dropped: Dropped } | { done: T }> {
      const dropped = await turn(options);
      if (dropped !== null) return { dropped };
      try {
        return { done: await work() };
      } finally {
        running -= 1;
        next();
      }
    },
    size: (): { running: number; waiting: number } => ({ running, waiting: waiting.length }),
  };
}
