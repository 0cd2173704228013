import { app } from 'electron';
import type { Clock } from '../core/kernel/ports.ts';

/** Longer than the engine needs to interrupt and then kill its sessions. */
const STOP_WITHIN_MS = 30_000;

/**
 * Holds a quit back until the engine has stopped in good order, then lets it through. An engine that
 * does not stop in time is left behind: the next start finds out what became of its sessions.
 * @returns stops it without quitting, for who ends the program in another way: a quit then goes through.
 */
export function stopBeforeQuit(clock: Pick<Clock, 'after'>, stop: () => Promise<void>): () => Promise<void> {
  let stopping: Promise<void> | null = null;
  let stopped = false;
  function stopOnce(): Promise<void> {
    if (stopping) return stopping;
    const limit = clock.after(STOP_WITHIN_MS, () => app.exit(1));
    stopping = stop().finally(() => {
      limit.cancel();
      stopped = true;
    });
    return stopping;
  }
  app.on('before-quit', (event) => {
    if (stopped) return;
    event.preventDefault();
    if (stopping) return;
    const quit = (): void => app.quit();
    stopOnce().then(quit, quit);
  });
  return stopOnce;
}
