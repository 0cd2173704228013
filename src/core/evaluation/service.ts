import type { Database } from 'better-sqlite3';
import type { Project } from '../../shared/contract/projects.ts';
import type { SessionOutcome } from '../../shared/contract/sessions.ts';
import type { Level } from '../../shared/policy.ts';
import type { Emit, Journal } from '../kernel/journal.ts';
import type { Clock, Ids } from '../kernel/ports.ts';
import { redact } from '../kernel/redact.ts';
import { createMeasure, type MeasureDeps } from './measure.ts';
import { isScored, judge } from './rules.ts';
import { createEvaluationStorage, type StoredEvaluation } from './storage.ts';

/** What a session leaves to be judged. */
export interface EndedSession {
  sessionId: string;
  project: Pick<Project, 'verifyCommand' | 'verifyTimeoutMs'>;
  outcome: SessionOutcome;
  /** The level at which it ran; its score is credited to that one. */
  level: Level;
  cwd: string | null;
  baseCommit: string | null;
  resultText: string | null;
  /** Critical actions that the gate or a person refused. */
  refusedCritical: number;
}

export interface EvaluationDeps extends MeasureDeps {
  db: Database;
  journal: Journal;
  clock: Clock;
  ids: Ids;
  /** The environment of verify commands. */
  env(): Promise<Record<string, string>>;
  /** Inside the commit that stores an evaluation: trust's entry for it. */
  credit(emit: Emit, entry: { sessionId: string; evaluationId: string; level: Level; score: number | null }): void;
}

export type Evaluated = StoredEvaluation;
type Within = (emit: Emit, evaluation: Evaluated) => void;

export function createEvaluations(deps: EvaluationDeps) {
  const { journal, clock, ids } = deps;
  const storage = createEvaluationStorage(deps.db);
  const measure = createMeasure(deps);
  // Two callers of one session must not run its tests twice at the same time.
  const running = new Map<string, Promise<Evaluated | null>>();

  async function evaluateOnce(session: EndedSession, within: Within, signal?: AbortSignal): Promise<Evaluated | null> {
    const { verifyCommand, verifyTimeoutMs } = session.project;
    const verifies = verifyCommand !== null && isScored(session.outcome);
    const measured = await measure({
      cwd: session.cwd,
      baseCommit: session.baseCommit,
      verify: verifies ? { command: verifyCommand, timeoutMs: verifyTimeoutMs } : null,
      env: verifies ? await deps.env() : {},
      ...(signal ? { signal } : {}),
    }).catch((error: unknown) => {
      if (signal?.aborted) return null;
      throw error;
    });
    if (measured === null) return null;
    const { score, reason, outcome, steps } = judge({ ...session, measured, verifyConfigured: verifyCommand !== null });
    return journal.commit((emit) => {
      const evaluation: Evaluated = {
        id: ids.next('evl'),
        score,
        reason: redact(reason),
        at: clock.now(),
        outcome,
        evidence: { ...measured, steps },
      };
      storage.insert(session.sessionId, evaluation);
      deps.credit(emit, { sessionId: session.sessionId, evaluationId: evaluation.id, level: session.level, score });
      within(emit, evaluation);
      return evaluation;
    });
  }

  /** `within` once more for an evaluation that stands, in a commit of its own. */
  const standing = (evaluation: Evaluated, within: Within): Evaluated =>
    journal.commit((emit) => {
      within(emit, evaluation);
      return evaluation;
    });

  return {
    /**
     * Measures an ended session, judges it and stores the evaluation, exactly once for each session. The
     * row, trust's entry and whatever `within` writes are one transaction: all of it, or nothing and the
     * next start evaluates again. A later call finds the first evaluation and runs `within` with it.
     * @returns null when `signal` was aborted; then nothing was stored.
     */
    async evaluate(session: EndedSession, within: Within, signal?: AbortSignal): Promise<Evaluated | null> {
      const id = session.sessionId;
      const stored = storage.of(id);
      if (stored) return standing(stored, within);
      const ahead = running.get(id);
      if (ahead) {
        const first = await ahead;
        return first && standing(first, within);
      }
      const work = evaluateOnce(session, within, signal).finally(() => running.delete(id));
      running.set(id, work);
      return work;
    },

    /** The evaluation of a session, or null while there is none. */
    of: (sessionId: string): Evaluated | null => storage.of(sessionId),
  };
}
