import type { SessionOutcome } from '../../../shared/contract/sessions.ts';
import { TenureError } from '../../../shared/errors.ts';
import type { Timer } from '../../kernel/ports.ts';
import { redact } from '../../kernel/redact.ts';
import type { Change, SessionDeps } from '../ports.ts';
import { afterEnding, type RunEnded } from '../retry/rules.ts';
import { RUNNING_STATES } from '../rules.ts';
import type { SessionPatch, SessionStorage, StoredSession } from '../storage.ts';

const MAX_ID = 0xffff_ffff;

export interface WaitingDeps extends SessionDeps {
  storage: SessionStorage;
  change: Change;
  pump(): void;
}

/** How a run ended, as far as it says whether there will be another one. */
export interface EarlyEnd extends Pick<RunEnded, 'wanted' | 'goodbye' | 'resetsAt' | 'ranMs'> {
  kind: SessionOutcome;
  detail: string;
  stillAlive: number[];
}

const NOT_WAITING: SessionPatch = { waitReason: null, retryAt: null, problem: null };

/** Sessions whose run ended early: they wait and go on by themselves, or are held until a person lets them. */
export function createWaiting(deps: WaitingDeps) {
  const { storage, change, clock, ids, log, near, drivers, limits } = deps;
  const checking = new Set<string>();
  let timer: Timer | null = null;
  const closing = new AbortController();

  const chance = (): number => Number.parseInt(ids.uuid().slice(0, 8), 16) / MAX_ID;

  /**
   * Instead of ending it: lets a session wait for its next run, or holds it.
   * @param last what is written down of the run in any case.
   * @returns false when the run's end is the session's end.
   */
  function instead(session: StoredSession, end: EarlyEnd, last: SessionPatch): boolean {
    const { attempt, cutOffs } = session;
    const answers = near.decisions.undelivered(session.id);
    const begun = session.agentVersion !== null || answers.length > 0;
    const unheard = answers.some(({ toolUseId }) => toolUseId !== null && toolUseId === session.deferredToolUseId);
    const facts = { ...end, alive: end.stillAlive, begun, attempt, cutOffs, now: clock.now(), chance: chance() };
    const next = afterEnding(facts, limits().retry);
    if (next.step === 'end') return false;
    const detail = redact(end.detail);
    const common: SessionPatch = {
      ...last,
      outcome: null,
      // The call that was answered still runs first, where no run has begun since or none got as far.
      deferredToolUseId:
        end.kind === 'launch_failed' || (end.kind === 'interrupted' && unheard) ? session.deferredToolUseId : null,
      // A conversation that never began cannot be gone on with, and its id may be taken.
      ...(session.agentVersion === null ? { agentSessionId: ids.uuid() } : {}),
      resumeCause: end.kind,
      problem: detail,
      stillAlive: end.stillAlive,
    };
    const patch: SessionPatch =
      next.step === 'hold'
        ? { state: 'parked', held: { reason: 'blocked', since: clock.now(), evidence: [next.evidence, detail] } }
        : {
            state: 'queued',
            waitReason: next.reason,
            retryAt: next.retryAt,
            attempt: next.attempt,
            cutOffs: next.cutOffs,
          };
    change(session.id, { ...common, ...patch }, RUNNING_STATES, (emit) => {
      near.decisions.settleUnknown(emit, session.id);
      near.decisions.untell(session.id);
    });
    arm();
    return true;
  }

  /** Wakes at the next time that something is due; a machine that slept is woken by the heartbeat. */
  function arm(): void {
    timer?.cancel();
    timer = null;
    if (closing.signal.aborted) return;
    const next = storage.waiting().find((one) => !checking.has(keyOf(one)));
    if (next) timer = clock.after(Math.max(0, (next.retryAt ?? 0) - clock.now()), look);
  }

  const keyOf = (session: StoredSession): string => `${session.waitReason} ${session.agent} ${session.model}`;
  const isDue = (session: StoredSession): boolean => (session.retryAt ?? 0) <= clock.now();

  /** Lets go on what is due; for a usage limit a check proves first that it is gone, one for all that hit it. */
  function look(): void {
    if (closing.signal.aborted) return;
    try {
      const due = storage.waiting().filter((one) => isDue(one) && !checking.has(keyOf(one)));
      for (const session of due) {
        if (session.waitReason === 'quota') void check(session);
        else change(session.id, NOT_WAITING, ['queued']);
      }
      if (due.length > 0) deps.pump();
      arm();
    } catch (error) {
      log.error({ err: error }, 'what waits could not be looked at; the next beat tries again');
    }
  }

  async function check(session: StoredSession): Promise<void> {
    const key = keyOf(session);
    if (checking.has(key)) return;
    checking.add(key);
    try {
      const found = await drivers[session.agent].tryOut(session.model, closing.signal);
      if (closing.signal.aborted) return;
      for (const one of storage.waiting().filter((other) => keyOf(other) === key && isDue(other))) proved(one, found);
    } catch (error) {
      log.error({ err: error }, 'whether the usage limit is over could not be found out; the next beat tries again');
    } finally {
      checking.delete(key);
      if (!closing.signal.aborted) {
        deps.pump();
        arm();
      }
    }
  }

  /** A check came back: the limit is gone, still there, or something else is wrong now. */
  function proved(
    session: StoredSession,
    found: { kind: SessionOutcome; detail: string; resetsAt: number | null },
  ): void {
    if (found.kind === 'completed') {
      change(session.id, NOT_WAITING, ['queued']);
      return;
    }
    const { attempt, cutOffs } = session;
    const facts = {
      ...found,
      begun: true,
      wanted: false,
      goodbye: false,
      ranMs: 0,
      alive: [],
      attempt,
      cutOffs,
      now: clock.now(),
      chance: chance(),
    };
    const next = afterEnding(facts, limits().retry);
    if (next.step === 'wait') {
      const { retryAt } = next;
      change(session.id, { retryAt, attempt: next.attempt, problem: redact(found.detail) }, ['queued']);
      return;
    }
    const evidence = ['The usage limit should be over, but a check did not go through.', redact(found.detail)];
    const held = { reason: 'blocked', since: clock.now(), evidence } as const;
    change(session.id, { ...NOT_WAITING, state: 'parked', held, problem: redact(found.detail) }, ['queued']);
  }

  return {
    instead,
    look,

    /**
     * A person lets a waiting session start now, or a held one go on.
     * @throws TenureError `conflict` when it neither waits nor is held.
     */
    goOn(session: StoredSession): void {
      if (session.state === 'parked' && session.held !== null) {
        const open = near.decisions.pendingCount(session.id) > 0;
        const cause = session.held.reason === 'blocked' ? session.resumeCause : 'held';
        const patch: SessionPatch = { ...NOT_WAITING, attempt: 0, cutOffs: 0, resumeCause: cause };
        // What it was held for is told to the agent when it goes on, unless a question comes first.
        const next: SessionPatch = open ? { state: 'parked', held: null } : { state: 'queued' };
        change(session.id, { ...patch, ...next }, ['parked']);
      } else if (session.state === 'queued' && session.waitReason !== null) {
        change(session.id, NOT_WAITING, ['queued']);
      } else {
        throw new TenureError('conflict', `Session "${session.id}" neither waits nor is held: it is ${session.state}.`);
      }
      arm();
    },

    /** A budget was changed: what waits for one is looked at again. */
    budgetsChanged(): void {
      for (const session of storage.waiting()) {
        if (session.waitReason === 'budget') change(session.id, NOT_WAITING, ['queued']);
      }
      deps.pump();
    },

    /** Until when sessions of that agent and model wait for the usage limit; null: nobody does. */
    limitedUntil({ agent, model }: Pick<StoredSession, 'agent' | 'model'>): number | null {
      // The default model has a name only once an agent has told it.
      const isDefault = (one: StoredSession): boolean => near.projects.settings(one.projectId).model === null;
      const same = (one: StoredSession): boolean => one.model === model || (model === null && isDefault(one));
      const times = storage
        .waiting()
        .filter((one) => one.waitReason === 'quota' && one.agent === agent && same(one))
        .map(({ retryAt }) => retryAt ?? 0);
      return times.length === 0 ? null : Math.max(...times);
    },

    close(): void {
      closing.abort();
      timer?.cancel();
    },
  };
}

export type Waiting = ReturnType<typeof createWaiting>;
