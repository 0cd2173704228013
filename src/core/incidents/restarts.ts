import type { RestartRecord, RestartState } from '../../shared/contract/incidents.ts';
import type { RestartSpec } from '../../shared/contract/services.ts';
import { TenureError } from '../../shared/errors.ts';
import type { Emit } from '../kernel/journal.ts';
import type { ProcessIdentity, Timer } from '../kernel/ports.ts';
import { type IncidentDeps, RESTART_MS, restartWords, type Subject } from './ports.ts';
import type { Budget } from './rules.ts';
import type { StoredIncident } from './storage.ts';

const HOUR_MS = 3_600_000;
const TENURE = 'Tenure';
/** How often a program that an earlier life of ours began is looked at. */
const LOOK_MS = 1_000;

interface RestartDeps extends IncidentDeps {
  /** Inside a commit: a restart changed, so what depends on it is looked at anew. */
  changed(emit: Emit, serviceId: string): void;
}

export type Restarts = ReturnType<typeof createRestarts>;

/**
 * Restarts: recorded before anything is done, done once, looked at after their time to start up. At most
 * one of a service is proposed or under way, and Tenure's own are counted against the budget as they start.
 */
export function createRestarts(deps: RestartDeps) {
  const { journal, clock, ids, log, storage, near } = deps;
  const timers = new Set<Timer>();
  let stopped = false;

  function later(ms: number, work: () => Promise<void>): void {
    const timer = clock.after(ms, () => {
      timers.delete(timer);
      work().catch((error: unknown) => log.error({ err: error }, 'a restart could not be followed'));
    });
    timers.add(timer);
  }

  function budgetOf(serviceId: string): Budget {
    const { restartsPerHour } = deps.config();
    const spent = storage.spent(serviceId, clock.now() - HOUR_MS);
    return { service: Math.max(0, restartsPerHour - spent.service), all: Math.max(0, restartsPerHour - spent.all) };
  }

  /** Inside a commit. */
  function record(
    emit: Emit,
    { id, settings }: Subject,
    parts: { incident: StoredIncident | null; state: RestartState; by: string; reason: string; spends: boolean },
  ): RestartRecord {
    const { incident, state, by, reason, spends } = parts;
    const spec = specOf(settings.restart, settings.name);
    const left = budgetOf(id);
    const now = clock.now();
    const restart: RestartRecord = {
      id: ids.next('rst'),
      serviceId: id,
      service: settings.name,
      incidentId: incident?.id ?? null,
      state,
      action: restartWords(spec),
      by,
      level: near.level(),
      reason,
      budget: spends ? { service: Math.max(0, left.service - 1), all: Math.max(0, left.all - 1) } : left,
      at: now,
      finishedAt: null,
      detail: null,
    };
    storage.addRestart(restart, spends);
    if (incident) storage.note(incident.id, now, 'restart', wordsOf(restart));
    if (state === 'shadow') storage.setRestart(restart.id, state, null, now);
    if (state === 'running') later(0, () => perform(restart.id));
    deps.changed(emit, id);
    return restart;
  }

  function settle(id: string, state: RestartState, detail: string | null, isOver: boolean): void {
    journal.commit((emit) => {
      storage.setRestart(id, state, detail, isOver ? clock.now() : null);
      const restart = storage.restart(id);
      if (!restart) return;
      if (restart.incidentId) storage.note(restart.incidentId, clock.now(), 'restart', wordsOf(restart));
      deps.changed(emit, restart.serviceId);
    });
  }

  /** So that it is found again, should we be killed meanwhile. Not to be able to write that stops no restart. */
  function remember(id: string, program: ProcessIdentity): void {
    try {
      storage.setProgram(id, program);
    } catch (error) {
      log.error({ err: error }, 'the program of a restart could not be written down');
    }
  }

  async function perform(id: string): Promise<void> {
    const restart = storage.restart(id);
    // The transaction that wrote it may have been rolled back: then it was never decided.
    if (stopped || restart?.state !== 'running') return;
    const spec = near.find(restart.serviceId)?.settings.restart ?? null;
    if (spec === null || restartWords(spec) !== restart.action) {
      return settle(id, 'withdrawn', 'The service was changed before it was restarted.', true);
    }
    const { ok, detail } = await near.perform(spec, { nonce: id, started: (program) => remember(id, program) });
    if (stopped) return;
    if (!ok) return settle(id, 'failed', detail, true);
    settle(id, 'verifying', detail, false);
    later(near.find(restart.serviceId)?.settings.startupMs ?? 0, () => verify(id));
  }

  async function verify(id: string): Promise<void> {
    const restart = storage.restart(id);
    if (stopped || restart?.state !== 'verifying') return;
    const check = await near.checkNow(restart.serviceId).catch(() => null);
    if (stopped) return;
    if (check?.ok === true) settle(id, 'healthy', check.detail, true);
    else if (check?.ok === false) settle(id, 'still_down', check.detail, true);
    else settle(id, 'unknown', check?.detail ?? 'It is not watched any more.', true);
  }

  /**
   * A program that may have outlived the Tenure that began it: waited for, and ended when its time is over. How
   * it ended nobody is told; until then no other restart of the service begins.
   */
  async function outlive(id: string, program: ProcessIdentity | null, until: number): Promise<void> {
    const left = await near.left(id, program);
    if (stopped) return;
    if (left && clock.now() < until) return later(LOOK_MS, () => outlive(id, program, until));
    // Where nobody wrote down which it was, what carries its nonce may be the service itself by now.
    if (left && program) near.end(left);
    const took = program ? 'took too long and was ended' : `still runs (process ${left?.pid})`;
    const end = left ? `The command for it ${took}` : 'The command for it does not run any more';
    settle(id, 'unknown', `Tenure ended while it was being restarted. ${end}; what came of it is not known.`, true);
  }

  const openOf = (serviceId: string): RestartRecord | null =>
    storage.openRestarts().find((restart) => restart.serviceId === serviceId) ?? null;

  return {
    budgetOf,
    openOf,
    /** Inside a commit: Tenure restarts it, within the budget. */
    begin: (emit: Emit, subject: Subject, incident: StoredIncident, reason: string): RestartRecord =>
      record(emit, subject, { incident, state: 'running', by: TENURE, reason, spends: true }),
    /** Inside a commit: a person is asked. */
    propose: (emit: Emit, subject: Subject, incident: StoredIncident, reason: string): RestartRecord =>
      record(emit, subject, { incident, state: 'proposed', by: TENURE, reason, spends: false }),
    /** Inside a commit: what would be done is kept, nothing is. */
    shadow: (emit: Emit, subject: Subject, incident: StoredIncident, reason: string): RestartRecord =>
      record(emit, subject, { incident, state: 'shadow', by: TENURE, reason, spends: false }),

    /** Inside a commit: one that waits for a person is not needed any more. */
    withdraw(emit: Emit, serviceId: string, why: string): void {
      const open = openOf(serviceId);
      if (open?.state !== 'proposed') return;
      storage.setRestart(open.id, 'withdrawn', why, clock.now());
      if (open.incidentId)
        storage.note(open.incidentId, clock.now(), 'restart', `The proposed restart was withdrawn: ${why}`);
      deps.changed(emit, serviceId);
    },

    /**
     * A person restarts a service, or says yes to what is proposed.
     * @throws TenureError `not_found`, `conflict`, `invalid` or `not_allowed`.
     */
    byPerson(serviceId: string, by: string, incident: StoredIncident | null): RestartRecord {
      const subject = near.find(serviceId);
      if (!subject) throw new TenureError('conflict', 'This service is paused or not watched; resume it first.');
      const { settings } = subject;
      specOf(settings.restart, settings.name);
      if (near.isOwn(settings))
        throw new TenureError('not_allowed', `${settings.name} is Tenure itself; it never restarts itself.`);
      return journal.commit((emit) => {
        const open = openOf(serviceId);
        if (!open)
          return record(emit, subject, {
            incident,
            state: 'running',
            by,
            reason: 'A person asked for it.',
            spends: false,
          });
        if (!storage.approve(open.id, by, clock.now())) {
          throw new TenureError('conflict', `${settings.name} is being restarted already.`);
        }
        if (open.incidentId) storage.note(open.incidentId, clock.now(), 'restart', `${by} said yes to the restart.`);
        later(0, () => perform(open.id));
        deps.changed(emit, serviceId);
        return { ...open, state: 'running' as const, by };
      });
    },

    /** @throws TenureError `conflict` when nothing is proposed. */
    decline(serviceId: string, by: string): RestartRecord {
      return journal.commit((emit) => {
        const open = openOf(serviceId);
        if (open?.state !== 'proposed')
          throw new TenureError('conflict', 'No restart is proposed for this service now.');
        storage.setRestart(open.id, 'declined', `${by} said no.`, clock.now());
        if (open.incidentId) storage.note(open.incidentId, clock.now(), 'restart', `${by} said no to the restart.`);
        deps.changed(emit, serviceId);
        return { ...open, state: 'declined' as const, finishedAt: clock.now() };
      });
    },

    /** At a start: what was under way when Tenure ended is not known, and waited for where it still runs; it stays counted. */
    reconcile(): void {
      for (const { id, state, startedAt, program } of storage.underWay()) {
        if (state === 'running') later(0, () => outlive(id, program, startedAt + RESTART_MS));
        else settle(id, 'unknown', 'Tenure ended before it could look whether that helped.', true);
      }
    },
    stop(): void {
      stopped = true;
      for (const timer of timers) timer.cancel();
      timers.clear();
    },
  };
}

/** @throws TenureError `invalid` when none is set up. */
function specOf(spec: RestartSpec | null, name: string): RestartSpec {
  if (spec) return spec;
  throw new TenureError('invalid', `No restart is set up for ${name}: edit it and say how it is restarted.`);
}

const STATE_WORDS: Readonly<Record<RestartState, string>> = {
  proposed: 'A restart is proposed',
  shadow: 'It would have been restarted',
  running: 'It is being restarted',
  verifying: 'It was restarted and is given time to start up',
  healthy: 'It was restarted and is healthy',
  still_down: 'It was restarted and is still down',
  failed: 'The restart did not go through',
  declined: 'The restart was declined',
  withdrawn: 'The restart was withdrawn',
  unknown: 'Nobody saw whether the restart helped',
};

/** One line for the timeline: what, by whom, why, with what left. */
function wordsOf({ state, action, by, reason, budget, detail }: RestartRecord): string {
  const isDecision = state === 'proposed' || state === 'shadow' || state === 'running';
  if (!isDecision) return `${STATE_WORDS[state]}${detail ? `: ${detail.replace(/\.$/, '')}` : ''}.`;
  return `${STATE_WORDS[state]} by ${by} (${action}). ${reason} Budget left this hour: ${budget.service} for it, ${budget.all} in all.`;
}
