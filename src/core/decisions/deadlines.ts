import type { Decision } from '../../shared/contract/decisions.ts';
import type { Journal } from '../kernel/journal.ts';
import type { Log } from '../kernel/log.ts';
import type { Clock, Timer } from '../kernel/ports.ts';

interface DeadlinesDeps {
  clock: Clock;
  journal: Journal;
  log: Log;
  decisions: {
    /** Epoch ms of the first deadline of what waits; null: nothing does, or for as long as it takes. */
    nextDeadline(): number | null;
    expireDue(): Decision[];
  };
  /** That session's question has its answer. */
  answered(sessionId: string): void;
}

/** So long after a deadline it is looked at; and the least time between two looks, if something stays due. */
const AFTER_MS = 100;
/** A timer holds no longer, and the wall clock may be set: then there is a look for nothing. */
const LONGEST_MS = 3_600_000;

/**
 * Ends what nobody answered as its time runs out, and not at the next beat: an agent whose question is denied
 * goes on within a second. The beat looks as well; a store that cannot be written is left to it.
 */
export function createDeadlines({ clock, journal, log, decisions, answered }: DeadlinesDeps) {
  let armed: { at: number; timer: Timer } | null = null;
  let over = false;

  const stop = (): void => {
    over = true;
    armed?.timer.cancel();
  };

  function arm(at: number | null): void {
    if (over || at === null || (armed && armed.at <= at)) return;
    armed?.timer.cancel();
    const left = Math.max(0, at - clock.now()) + AFTER_MS;
    armed = { at, timer: clock.after(Math.min(left, LONGEST_MS), due) };
  }

  function due(): void {
    armed = null;
    try {
      look();
    } catch (error) {
      log.warn({ err: error }, 'what ran out could not be ended; the next beat tries again');
    }
  }

  /** @throws what the store throws. */
  function look(): void {
    for (const { sessionId } of decisions.expireDue()) answered(sessionId);
    arm(decisions.nextDeadline());
  }

  journal.subscribe(({ type, body }) => {
    if (type !== 'decision.recorded' && type !== 'decision.raised') return;
    if (body.decision.state === 'pending') arm(body.decision.deadline);
  });

  return { look, stop };
}
