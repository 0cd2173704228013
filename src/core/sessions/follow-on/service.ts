import type { FollowOn, NextStep } from '../../../shared/contract/follow-on.ts';
import type { InputOf } from '../../../shared/contract/index.ts';
import type { Session, SessionSource } from '../../../shared/contract/sessions.ts';
import { TenureError } from '../../../shared/errors.ts';
import type { Emit } from '../../kernel/journal.ts';
import type { ConversationStorage } from '../conversation/storage.ts';
import type { SessionDeps } from '../ports.ts';
import { agentName, effectiveLevel } from '../rules.ts';
import type { SessionStorage, StoredSession } from '../storage.ts';
import { briefOf, CONTINUE_PROMPT, nextOf, notesFor } from './rules.ts';
import { createFollowOnStorage } from './storage.ts';

/** A recommendation is acted on for so long; an older one is a person's to take up. */
const FRESH_MS = 60 * 60_000;
/** So many projects are told of at once. */
const ASKING = 5;
/** So many of the newest sessions are looked through for one that was measured. */
const LOOK_BACK = 20;

export interface FollowOnDeps extends SessionDeps {
  storage: SessionStorage;
  conversation: ConversationStorage;
  must(id: string): StoredSession;
  /** Goes on with the conversation of an ended session; `also` runs in the commit that queues it. */
  carryOn(
    id: string,
    given: { kind: 'continue'; prompt: string; source: SessionSource; also(emit: Emit, next: string): void },
  ): Promise<Session>;
  /** Begins the same task anew; `also` runs in the commit that queues it. */
  retry(id: string, given: { source: SessionSource; also(emit: Emit, next: string): void }): Promise<Session>;
}

/** What one session passes on to the next: what was measured, and by policy the next session itself. */
export function createFollowOn(deps: FollowOnDeps) {
  const { storage, conversation, near, clock, journal } = deps;
  const followOn = createFollowOnStorage(deps.db);
  const deciding = new Set<string>();

  /** Sessions in a row up to this one that a recommendation started. */
  function chainOf(id: string): number {
    const at = conversation.lineage(id);
    const recommended = at?.kind === 'retry' || at?.kind === 'continue';
    // One that a person began anew begins a chain of its own.
    return recommended && storage.get(id)?.source === 'schedule' ? 1 + chainOf(at.from) : 0;
  }

  /** Which retry a session is, of how many in a row; null: a person or a schedule began it. */
  function retryOf({ id, projectId }: Pick<StoredSession, 'id' | 'projectId'>): { nth: number; most: number } | null {
    const nth = conversation.lineage(id)?.kind === 'retry' ? chainOf(id) : 0;
    return nth === 0 ? null : { nth, most: Math.max(nth, followOn.get(projectId).most) };
  }

  /** Sessions of that agent that are under way because a recommendation started them. */
  const givenTo = (agent: string): number =>
    storage.open().filter((session) => agentName(session) === agent && chainOf(session.id) > 0).length;

  const step = (sessionId: string | null, reason: string, asks: boolean): NextStep => ({
    sessionId,
    reason,
    asks,
    at: clock.now(),
  });
  const note = (id: string, given: NextStep): void => journal.commit(() => void followOn.decide(id, given));

  async function decide(id: string): Promise<void> {
    const session = deps.must(id);
    const evaluation = near.evaluations.of(id)?.view;
    if (session.state !== 'ended' || !evaluation || followOn.next(id)) return;
    const project = near.projects.get(session.projectId);
    const refused = near.decisions
      .ofSession(id)
      .filter((d) => d.risk === 'critical' && (d.state === 'refused' || d.state === 'denied'));
    const next = nextOf({
      settings: followOn.get(session.projectId),
      recommendation: evaluation.recommendation,
      outcome: session.outcome,
      level: effectiveLevel(near.trust.level(), project, session.ceiling),
      refusedCritical: refused.length,
      chain: chainOf(id),
      whyNotGiven: near.trust.whyNotGiven(agentName(session), givenTo(agentName(session))),
    });
    if (next === null) return;
    if (next.start === null) return note(id, step(null, next.reason, next.asks));
    // Decided in the commit that queues the next one: never twice, over a kill too.
    const also = (_emit: Emit, started: string): void => {
      if (!followOn.decide(id, step(started, next.reason, false))) {
        throw new TenureError('conflict', `What comes after session ${id} was decided before.`);
      }
    };
    if (next.start === 'continue') {
      await deps.carryOn(id, { kind: 'continue', prompt: CONTINUE_PROMPT, source: 'schedule', also });
      return;
    }
    await deps.retry(id, { source: 'schedule', also });
  }

  /** A person has rated the session or settled its work: whoever did that has looked. */
  function lookedAt(id: string): boolean {
    const { evaluation, work } = deps.view(deps.must(id));
    return evaluation?.rating?.rating != null || (work.state !== 'open' && work.state !== 'none');
  }

  async function consider(id: string): Promise<void> {
    if (deciding.has(id)) return;
    deciding.add(id);
    try {
      await decide(id);
    } catch (error) {
      const why = error instanceof TenureError ? error.message : 'Something went wrong; the log says what.';
      if (!(error instanceof TenureError))
        deps.log.error({ err: error, sessionId: id }, 'the next session could not be started');
      note(id, step(null, `The next session could not be started: ${why}`, true));
    } finally {
      deciding.delete(id);
    }
  }

  /** What was measured of the session before; null: nothing, or the person has switched it off. */
  function measuredBefore(session: Pick<StoredSession, 'id' | 'projectId'>): string | null {
    if (!followOn.get(session.projectId).brief) return null;
    for (const { id, endedAt } of storage.list({ projectId: session.projectId, state: 'ended', limit: LOOK_BACK })) {
      const evaluation = id === session.id ? null : near.evaluations.of(id)?.view;
      if (!evaluation) continue;
      const endedMs = endedAt === null ? null : clock.now() - endedAt;
      return briefOf(evaluation, { endedMs, retry: retryOf(session) });
    }
    return null;
  }

  return {
    /** What a new session is told beside its prompt: the person's notes, and what was measured of the one before. */
    brief(session: Pick<StoredSession, 'id' | 'projectId'>): string | null {
      const notes = notesFor(followOn.get(session.projectId).notes);
      return [notes, measuredBefore(session)].filter((part) => part !== null).join('\n\n') || null;
    },

    /** Decides what comes after sessions that have ended of late. Nothing is started while everything is paused. */
    tick(): void {
      if (deps.isPaused()) return;
      for (const id of followOn.undecided(clock.now() - FRESH_MS)) void consider(id);
    },

    /** @throws TenureError not_found. */
    get: (projectId: string): FollowOn => followOn.get(near.projects.settings(projectId).id),

    /** @throws TenureError not_found. */
    set(given: InputOf<'followOn.set'>): FollowOn {
      return journal.commit(() => {
        const { id } = near.projects.settings(given.projectId);
        const { notes, brief, start, most } = followOn.get(id);
        followOn.set({
          projectId: id,
          notes: given.notes === undefined ? notes : given.notes || null,
          brief: given.brief ?? brief,
          start: given.start ?? start,
          most: given.most ?? most,
        });
        return followOn.get(id);
      });
    },

    next: (id: string): NextStep | null => followOn.next(deps.must(id).id),

    /** A sentence for each project of which the newest session waits for a person's look. */
    asking: (): string[] =>
      followOn
        .asking()
        .filter(({ id }) => !lookedAt(id))
        .slice(0, ASKING)
        .map(({ project, reason }) => `The last session on ${project} waits for your look. ${reason}`),
  };
}
