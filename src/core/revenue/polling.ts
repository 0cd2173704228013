import type { Clock } from '../kernel/ports.ts';
import { intervalOf } from './look.ts';
import { waitAfter } from './rules.ts';
import type { Source } from './storage.ts';

const AT_ONCE = 3;
const SPREAD_MS = 60_000;

interface PollingDeps {
  clock: Clock;
  sources(): readonly Source[];
  /** Looks at one source and keeps what it said. Never rejects. @returns whether there is more to read now. */
  look(id: string): Promise<boolean>;
}

/**
 * When each source is looked at: on its own interval, spread at the start, a few at a time, more seldom
 * while it fails. Whatever a sleep made overdue is looked at once. Without a source nothing happens at all.
 */
export function createPolling({ clock, sources, look }: PollingDeps) {
  const dueAt = new Map<string, number>();
  const running = new Map<string, Promise<void>>();
  let queue: string[] = [];
  let open = true;

  const watched = (): Source[] => sources().filter((s) => s.removedAt === null && !s.paused && intervalOf(s) !== null);

  function plan(source: Source, nth: number, of: number): number {
    const interval = intervalOf(source) ?? 0;
    const next = source.lastTryAt === null ? 0 : source.lastTryAt + waitAfter(interval, source.failures);
    const now = clock.now();
    const latest = now + waitAfter(interval, source.failures);
    return next > now ? Math.min(next, latest) : now + Math.floor((nth / of) * Math.min(interval, SPREAD_MS));
  }

  function run(id: string): void {
    const work = look(id)
      .then((more) => {
        const source = sources().find((known) => known.id === id);
        const wait = source ? waitAfter(intervalOf(source) ?? 0, source.failures) : 0;
        dueAt.set(id, clock.now() + (more ? 0 : wait));
      })
      .finally(() => {
        running.delete(id);
        pump();
      });
    running.set(id, work);
  }

  function pump(): void {
    if (!open) return;
    for (const id of queue.splice(0, Math.max(0, AT_ONCE - running.size))) run(id);
  }

  return {
    /** Whatever is due now is begun; the time in between costs a look at a short list. */
    tick(): void {
      const now = clock.now();
      const list = watched();
      const ids = new Set(list.map(({ id }) => id));
      for (const id of dueAt.keys()) if (!ids.has(id)) dueAt.delete(id);
      queue = queue.filter((id) => ids.has(id));
      const fresh = list.filter(({ id }) => !dueAt.has(id) && !running.has(id));
      fresh.forEach((source, n) => dueAt.set(source.id, plan(source, n, fresh.length)));
      for (const source of list) {
        const due = dueAt.get(source.id) ?? Number.POSITIVE_INFINITY;
        // A clock that was set back must not put a look off for longer than its wait.
        const tooFar = due - now > waitAfter(intervalOf(source) ?? 0, source.failures);
        if ((due <= now || tooFar) && !running.has(source.id) && !queue.includes(source.id)) queue.push(source.id);
      }
      pump();
    },
    /** A changed source is looked at anew at the next tick. */
    forget: (id: string): void => void dueAt.delete(id),
    /** Nothing begins any more; resolves when what runs has ended. */
    async close(): Promise<void> {
      open = false;
      queue = [];
      await Promise.all(running.values());
    },
  };
}
