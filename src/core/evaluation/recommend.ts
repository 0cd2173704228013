import type { Dimensions, Evidence, Recommendation } from '../../shared/contract/evidence.ts';
import type { SessionOutcome } from '../../shared/contract/sessions.ts';

/** What an unscored ending asks for. `retry`: it says nothing about the work; `escalate`: only a person can mend it. */
const AFTER_UNSCORED: Partial<Record<SessionOutcome, Recommendation>> = {
  nothing_to_do: 'complete',
  quota: 'retry',
  transient: 'retry',
  crashed: 'retry',
  truncated: 'retry',
  interrupted: 'retry',
  launch_failed: 'retry',
  unknown_session: 'retry',
};

/** At or above this a model that judged says that the work does what was asked for. */
const FULFILLED = 80;

interface Finished {
  /** 1–5, or null: unscored. */
  score: number | null;
  /** As measured. */
  outcome: SessionOutcome;
  evidence: Pick<Evidence, 'attribution' | 'flags' | 'uncommittedFiles' | 'verify'>;
  dimensions: Dimensions | null;
}

/** What should come next, as docs/scoring.md states it. Pure. */
export function recommendationOf({ score, outcome, evidence, dimensions }: Finished): Recommendation {
  if (score === null) return AFTER_UNSCORED[outcome] ?? 'escalate';
  const suspicious = evidence.flags.some((flag) => flag.cap !== null);
  const provesNothing = evidence.attribution === 'was_failing' || evidence.attribution === 'flaky';
  if (suspicious || provesNothing || outcome === 'refused') return 'escalate';
  if (score <= 2) return 'retry';
  if (outcome !== 'completed') return 'continue';
  const fulfilled = dimensions === null ? null : dimensions.fulfilment >= FULFILLED;
  if (fulfilled === false || (evidence.uncommittedFiles ?? 0) > 0) return 'continue';
  // Nobody ran anything: only a judgement of the work can call it done.
  return evidence.verify === null && fulfilled === null ? 'escalate' : 'complete';
}
