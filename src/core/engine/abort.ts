import type { AbortReport } from '../../shared/contract/answering.ts';
import { TenureError } from '../../shared/errors.ts';
import type { Alerts } from '../decisions/alerts/service.ts';
import type { Decisions } from '../decisions/service.ts';
import type { Clock } from '../kernel/ports.ts';
import type { Sessions } from '../sessions/service.ts';

interface AbortDeps {
  clock: Clock;
  decisions: Pick<Decisions, 'abort' | 'abortEnded' | 'get'>;
  sessions: Pick<Sessions, 'stop'>;
  alerts: Pick<Alerts, 'abortResisted'>;
}

export type Abort = ReturnType<typeof createAbort>;

/**
 * The emergency abort of an action that runs (S2-25, S2-26). What runs is a process of its session, so the
 * whole session goes: first the action is aborted for good, whatever it reports from then on, then every
 * process of the session is ended, and what resists is named and told of.
 * @throws TenureError not_found, refused (the second step is missing), conflict (it does not run).
 */
export function createAbort({ clock, decisions, sessions, alerts }: AbortDeps) {
  return async (id: string, confirm: boolean, by: string): Promise<AbortReport> => {
    const { sessionId, action } = decisions.get(id);
    if (!confirm) {
      throw new TenureError(
        'refused',
        `An emergency abort ends "${action.summary}" and the whole session with it, and takes two steps: ask again with the confirmation (--confirm).`,
      );
    }
    const began = clock.monotonic();
    decisions.abort(id, by);
    const { stopped, stillAlive } = await sessions.stop(sessionId).catch((error: unknown) => {
      // It ended by itself in this very moment: then nothing of it runs.
      if (error instanceof TenureError && error.kind === 'conflict') return { stopped: true, stillAlive: [] };
      throw error;
    });
    decisions.abortEnded(id, by, stillAlive);
    if (stillAlive.length > 0) alerts.abortResisted(sessionId, stillAlive);
    return { id, sessionId, stopped, stillAlive, tookMs: clock.monotonic() - began };
  };
}
