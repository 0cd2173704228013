import type { Database } from 'better-sqlite3';
import type {
  AgreementReport,
  EvaluationDetail,
  EvaluationRow,
  Observation,
} from '../../shared/contract/evaluations.ts';
import type { EvaluationView, Evidence } from '../../shared/contract/evidence.ts';
import type { Project } from '../../shared/contract/projects.ts';
import type { SessionOutcome } from '../../shared/contract/sessions.ts';
import { TenureError } from '../../shared/errors.ts';
import type { Level } from '../../shared/policy.ts';
import type { Emit, Journal } from '../kernel/journal.ts';
import type { Clock, Ids } from '../kernel/ports.ts';
import { redact } from '../kernel/redact.ts';
import { reportOf } from './agreement.ts';
import { createGather, type GatherDeps } from './gather.ts';
import type { Patched } from './look/patched.ts';
import { type Opinion, withOpinion } from './opinion.ts';
import { recommendationOf } from './recommend.ts';
import { type Measured, weigh } from './rules.ts';
import { createEvaluationStorage, type StoredEvaluation } from './storage.ts';

/** What a session leaves to be judged. */
export interface EndedSession {
  sessionId: string;
  project: Pick<
    Project,
    'id' | 'name' | 'path' | 'agent' | 'verifyCommand' | 'verifyTimeoutMs' | 'setupCommand' | 'setupTimeoutMs'
  >;
  prompt: string;
  outcome: SessionOutcome;
  /** The level at which it ran; its score is credited to that one. */
  level: Level;
  cwd: string | null;
  baseCommit: string | null;
  /** The branch for which its work is meant, where that is known. */
  target?: string | null | undefined;
  resultText: string | null;
  /** By which what a verify command leaves running is found after a crash of ours; its session's. */
  nonce?: string | undefined;
  /** Critical actions that the gate or a person refused. */
  refusedCritical: number;
  /** Questions to a person that nobody answered in time. */
  unanswered: number;
}

/** What a model is asked about: a session and what was measured of it. */
export interface ToJudge {
  session: EndedSession;
  measured: Measured;
  /** What changed, file by file; empty where git cannot tell any more. */
  patches: readonly Patched[];
}

export interface EvaluationDeps extends Omit<GatherDeps, 'storage' | 'clock'> {
  db: Database;
  journal: Journal;
  clock: Clock;
  ids: Ids;
  /** Aborted when Tenure stops: whatever a person has asked for is called off. */
  shutdown?: AbortSignal;
  /** What a model says of a scored session. Never throws but for an abort. */
  judge(asked: ToJudge, signal: AbortSignal | undefined): Promise<Opinion>;
  trust: {
    /** Inside the commit that stores an evaluation: trust's entry for it. */
    creditEvaluation(
      emit: Emit,
      entry: {
        sessionId: string;
        evaluationId: string;
        level: Level;
        score: number | null;
        /** What was seen of its work; `ownTree` false: it worked in the project's own folder. */
        seen: { evidence: Evidence; ownTree: boolean };
      },
    ): void;
    /** Inside a commit: the person's rating counts instead; null: no longer. */
    overrideEvaluation(emit: Emit, entry: { sessionId: string; level: Level; score: number | null; by: string }): void;
    /** The score that counts for a session; null: none. */
    scoreOf(sessionId: string): number | null;
  };
  sessions: {
    /** What a session left to be evaluated; null: there is no such session. */
    facts(sessionId: string): EndedSession | null;
    /** What was seen of its work after its end, newest first. */
    later(sessionId: string): Observation[];
    /** Inside a commit: its evaluation or rating is another one now. */
    tell(emit: Emit, sessionId: string): void;
  };
}

export type Evaluated = StoredEvaluation;
export type Evaluations = ReturnType<typeof createEvaluations>;
type Within = (emit: Emit, evaluation: Evaluated) => void;

/** A score at or under this tells the person. */
const POOR = 2;
const MOST_LISTED = 100;

export function createEvaluations(deps: EvaluationDeps) {
  const { journal, clock, ids, trust, sessions } = deps;
  const storage = createEvaluationStorage(deps.db);
  const { gather, patchesOf } = createGather({ ...deps, storage });
  // Two callers of one session must not run its tests twice at the same time.
  const running = new Map<string, Promise<Evaluated | null>>();
  const rescoring = new Map<string, Promise<EvaluationDetail>>();

  /** From what was measured to what is stored; asks a model where there is a score. */
  async function conclude(
    { session, measured, patches }: ToJudge,
    signal: AbortSignal | undefined,
  ): Promise<Omit<StoredEvaluation, 'id' | 'at' | 'number' | 'requestedBy'>> {
    const verifyConfigured = session.project.verifyCommand !== null;
    const weighed = weigh({ ...session, measured, verifyConfigured });
    const opinion = weighed.score === null ? null : await deps.judge({ session, measured, patches }, signal);
    const { score, reason, steps } = opinion ? withOpinion(weighed, opinion) : weighed;
    const evidence: Evidence = { ...measured, steps };
    const dimensions = opinion?.dimensions ?? null;
    return {
      score,
      evidenceScore: weighed.score,
      reason: redact(reason),
      outcome: weighed.outcome,
      recommendation: recommendationOf({ score, outcome: weighed.outcome, evidence, dimensions }),
      accomplishments: [...weighed.accomplishments, ...(opinion?.accomplishments ?? [])],
      failures: [...weighed.failures, ...(opinion?.failures ?? [])],
      openQuestions: opinion?.openQuestions ?? [],
      dimensions,
      judge: opinion?.judge ?? null,
      evidence,
    };
  }

  async function evaluateOnce(session: EndedSession, within: Within, signal?: AbortSignal): Promise<Evaluated | null> {
    const { sessionId, level, project } = session;
    const concluded = await (async () => {
      const { measured, patches } = await gather(session, signal);
      return conclude({ session, measured, patches }, signal);
    })().catch((error: unknown) => {
      if (signal?.aborted) return null;
      throw error;
    });
    if (concluded === null) return null;
    return journal.commit((emit) => {
      const evaluation: Evaluated = {
        ...concluded,
        id: ids.next('evl'),
        at: clock.now(),
        number: 1,
        requestedBy: null,
      };
      const { score, reason } = evaluation;
      storage.insert(sessionId, evaluation);
      const seen = { evidence: evaluation.evidence, ownTree: session.cwd !== project.path };
      trust.creditEvaluation(emit, { sessionId, evaluationId: evaluation.id, level, score, seen });
      within(emit, evaluation);
      if (score !== null && score <= POOR) {
        emit({ type: 'evaluation.alerted', body: { sessionId, project: project.name, score, reason } });
      }
      return evaluation;
    });
  }

  /** `within` once more for an evaluation that stands, in a commit of its own. */
  const standing = (evaluation: Evaluated, within: Within): Evaluated =>
    journal.commit((emit) => {
      within(emit, evaluation);
      return evaluation;
    });

  /** @throws TenureError `not_found` for no such session. */
  function detail(sessionId: string): EvaluationDetail {
    const session = storage.session(sessionId);
    if (!session) throw new TenureError('not_found', `There is no session "${sessionId}".`);
    return {
      sessionId,
      project: session.project,
      history: storage.all(sessionId),
      ratings: storage.ratings(sessionId),
      observations: sessions.later(sessionId),
      counts: trust.scoreOf(sessionId),
    };
  }

  /** @throws TenureError `not_found`, or `conflict` while it was not evaluated. */
  function mustBeEvaluated(sessionId: string): { newest: StoredEvaluation; level: Level } {
    const session = storage.session(sessionId);
    if (!session) throw new TenureError('not_found', `There is no session "${sessionId}".`);
    const newest = storage.newest(sessionId);
    if (!newest) throw new TenureError('conflict', `Session "${sessionId}" was not evaluated yet. Wait for its end.`);
    return { newest, level: session.level };
  }

  async function rescoreOnce(sessionId: string, by: string): Promise<EvaluationDetail> {
    const { newest } = mustBeEvaluated(sessionId);
    const facts = sessions.facts(sessionId);
    if (!facts) throw new TenureError('not_found', `There is no session "${sessionId}".`);
    const { steps: _steps, ...measured } = newest.evidence;
    const patches = await patchesOf(facts, measured);
    const concluded = await conclude({ session: facts, measured, patches }, deps.shutdown).catch((error: unknown) => {
      if (!deps.shutdown?.aborted) throw error;
      throw new TenureError('unavailable', `Session "${sessionId}" was not judged again: Tenure stops.`);
    });
    journal.commit((emit) => {
      const number = (storage.newest(sessionId)?.number ?? 0) + 1;
      storage.insert(sessionId, { ...concluded, id: ids.next('evl'), at: clock.now(), number, requestedBy: by });
      sessions.tell(emit, sessionId);
    });
    return detail(sessionId);
  }

  return {
    /**
     * Measures an ended session, judges it and stores the evaluation, exactly once for each session. The
     * row, trust's entry and whatever `within` writes are one transaction: all of it, or nothing and the
     * next start evaluates again. A later call finds the first evaluation and runs `within` with it.
     * @returns null when `signal` was aborted; then nothing was stored.
     */
    async evaluate(session: EndedSession, within: Within, signal?: AbortSignal): Promise<Evaluated | null> {
      const id = session.sessionId;
      const stored = storage.first(id);
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

    /** The newest evaluation of a session, or null while there is none. */
    of: (sessionId: string): { view: EvaluationView; evidence: Evidence } | null => storage.view(sessionId),

    /** Evaluated sessions, the newest evaluation first. */
    list({ projectId, limit }: { projectId?: string | undefined; limit?: number | undefined }): EvaluationRow[] {
      const found = storage.recent({ projectId: projectId ?? null, limit: limit ?? MOST_LISTED });
      return found.flatMap((session) => {
        const evaluation = storage.view(session.id)?.view;
        return evaluation
          ? [{ sessionId: session.id, projectId: session.projectId, project: session.project, evaluation }]
          : [];
      });
    },

    get: detail,

    /**
     * A person's word on a session, in one transaction with trust's entry for it. Null takes it back.
     * @throws TenureError `not_found`, or `conflict` while the session was not evaluated.
     */
    rate(
      { sessionId, rating, note }: { sessionId: string; rating: number | null; note: string | null },
      by: string,
    ): EvaluationDetail {
      const { level } = mustBeEvaluated(sessionId);
      journal.commit((emit) => {
        storage.rate(sessionId, { rating, note: note === null ? null : redact(note), by, at: clock.now() });
        trust.overrideEvaluation(emit, { sessionId, level, score: rating, by });
        sessions.tell(emit, sessionId);
      });
      return detail(sessionId);
    },

    /**
     * Judges a session again by the evidence that is stored: a further row, never a changed one. Trust
     * stays with what it has. Two callers at the same time get the same row.
     * @throws TenureError `not_found`, or `conflict` while the session was not evaluated.
     */
    rescore(sessionId: string, by: string): Promise<EvaluationDetail> {
      const already = rescoring.get(sessionId);
      if (already) return already;
      const work = rescoreOnce(sessionId, by).finally(() => rescoring.delete(sessionId));
      rescoring.set(sessionId, work);
      return work;
    },

    /** How far judge and scores agree with the person. */
    agreement: (): AgreementReport => reportOf(storage.rated()),
  };
}
