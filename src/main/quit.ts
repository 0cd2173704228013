import { app } from 'electron';
import type { Clock } from '../core/kernel/ports.ts';

/** Longer than the engine needs to interrupt and then kill its sessions. */
const STOP_WITHIN_MS = 30_000;

/**
 * Holds a quit back until the engine has stopped in good order, then lets it through. An engine that
 * does not stop in time is left behind: the next start finds out what became of its sessions.
 */
export function stopBeforeQuit(clock: Pick<Clock, 'after'>, stop: () => Promise<void>): void {
  let stopping = false;
  let stopped = false;
  app.on('before-quit', (event) => {
    if (stopped) return;
    event.preventDefault();
    if (stopping) return;
    stopping = true;
    const limit = clock.after(STOP_WITHIN_MS, () => app.exit(1));
    void stop().finally(() => {
      limit.cancel();
      stopped = true;
      app.quit();
    });
  });
}
