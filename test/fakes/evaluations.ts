import type { Opinion } from '../../src/core/evaluation/opinion.ts';
import type { EndedSession } from '../../src/core/evaluation/service.ts';
import type { EvaluationView } from '../../src/shared/contract/evidence.ts';

/** An evaluation by the evidence alone, as sessions carry it. */
export function evaluationView(part: Partial<EvaluationView> = {}): EvaluationView {
  return {
    id: 'evl_1',
    score: 4,
    reason: 'Two commits, the tests pass.',
    at: 0,
    recommendation: 'complete',
    accomplishments: [],
    failures: [],
    openQuestions: [],
    dimensions: null,
    judge: null,
    rating: null,
    ...part,
  };
}

/** What an evaluation needs of a project; its path is the test's. */
export const PROJECT = {
  id: 'prj_1',
  name: 'app',
  path: '/nowhere',
  agent: 'claude',
  verifyCommand: null,
  verifyTimeoutMs: 20_000,
  setupCommand: null,
  setupTimeoutMs: 60_000,
} satisfies EndedSession['project'];

/** No model was asked: the evidence stands alone. */
export const NOBODY_ASKED: Opinion = {
  judge: {
    state: 'off',
    model: null,
    promptVersion: null,
    inputsHash: null,
    score: null,
    reasoning: null,
    detail: 'The judge is switched off.',
    costUsd: null,
    durationMs: null,
  },
  dimensions: null,
  accomplishments: [],
  failures: [],
  openQuestions: [],
};
