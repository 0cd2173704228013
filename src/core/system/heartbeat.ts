import type { Log } from '../kernel/log.ts';
import type { Clock, Cron, Timer } from '../kernel/ports.ts';

interface HeartbeatDeps {
  clock: Clock;
  cron: Cron;
  log: Log;
  /** What time brings, in order. */
  steps: readonly (() => unknown)[];
  /** A sentence when a beat failed, null when one went through again. */
  onProblem(problem: string | null): void;
}

/** The engine's pulse: an error in a beat never stops the next, and the age of the last good one is health. */
export function createHeartbeat({ clock, cron, log, steps, onProblem }: HeartbeatDeps) {
  let lastGoodAt: number | null = null;
  let beating = false;
  let timer: Timer | null = null;

  async function beat(): Promise<void> {
    if (beating) return;
    beating = true;
    try {
      for (const step of steps) await step();
      lastGoodAt = clock.monotonic();
      onProblem(null);
    } catch (error) {
      log.error({ err: error }, 'a beat failed');
      const why = error instanceof Error ? error.message : String(error);
      onProblem(`Tenure could not do its regular work (${why}). Nothing is let through that cannot be recorded.`);
    } finally {
      beating = false;
    }
  }

  return {
    beat,
    async start(): Promise<void> {
      timer = cron.heartbeat(() => void beat());
      await beat();
    },
    stop: (): void => timer?.cancel(),
    /** Milliseconds since the last beat without an error; null before the first. */
    ageMs: (): number | null => (lastGoodAt === null ? null : clock.monotonic() - lastGoodAt),
  };
}

/** Runs `work` at most once every `ms`. */
export function atMostEvery(clock: Clock, ms: number, work: () => unknown): () => void {
  let last = Number.NEGATIVE_INFINITY;
  return () => {
    if (clock.monotonic() - last < ms) return;
    work();
    last = clock.monotonic();
  };
}
