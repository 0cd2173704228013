import type { Dimensions, JudgeView } from '../../shared/contract/evidence.ts';
import type { Weighed } from './rules.ts';

/** What a model makes of a session, and what became of asking it. */
export interface Opinion {
  judge: JudgeView;
  /** Null unless it answered. */
  dimensions: Dimensions | null;
  accomplishments: string[];
  failures: string[];
  openQuestions: string[];
}

/** The weights of the dimensions; they add up to 1. */
const WEIGHTS: Readonly<Record<keyof Dimensions, number>> = {
  fulfilment: 0.4,
  soundness: 0.3,
  restraint: 0.15,
  safety: 0.15,
};
/** Under this a dimension is a failure of its own, which nothing else makes up for. */
const FAILED = 30;
const AT_MOST_WHEN_FAILED = 2;
/** How far a model's judgement moves a score that the evidence gives. */
const BAND = 1;

/** 1–5 from dimensions of 0–100: their weighted mean in fifths, at most 2 when any of them failed (C-15). */
export function scoreOfDimensions(dimensions: Dimensions): number {
  const names = Object.keys(WEIGHTS) as (keyof Dimensions)[];
  const mean = names.reduce((sum, name) => sum + WEIGHTS[name] * dimensions[name], 0);
  // Weights are no exact numbers in binary: 80 everywhere must not become 79.999….
  const fifths = Math.min(5, 1 + Math.floor(Math.round(mean * 1e6) / 1e6 / 20));
  return names.some((name) => dimensions[name] < FAILED) ? Math.min(fifths, AT_MOST_WHEN_FAILED) : fifths;
}

/** A model's score inside what the evidence allows: one point up or down, never above the evidence's cap. */
export const bounded = (theirs: number, { score, cap }: { score: number; cap: number }): number =>
  Math.max(1, score - BAND, Math.min(theirs, score + BAND, cap));

/** The score with what a model says, and the step that it makes. The evidence alone stands when it said nothing. */
export function withOpinion(weighed: Weighed, opinion: Opinion): Pick<Weighed, 'score' | 'reason' | 'steps'> {
  const { score, cap, reason, steps } = weighed;
  const { judge, dimensions } = opinion;
  if (score === null) return { score, reason, steps };
  if (dimensions === null) {
    const why = judge.detail ?? 'no reason was given.';
    const said = judge.state === 'off' ? `No model judged it: ${why}` : `Judge: failed. ${why}`;
    return { score, reason, steps: [...steps, said] };
  }
  const theirs = scoreOfDimensions(dimensions);
  const moved = bounded(theirs, { score, cap });
  const range = `The evidence gives ${score}, so ${Math.max(1, score - BAND)} to ${Math.max(score - BAND, Math.min(5, score + BAND, cap))} is possible`;
  const step = `Judge: ${theirs} of 5 by ${judge.model ?? 'a model'}. ${range}: ${moved}.`;
  if (moved === score) return { score, reason, steps: [...steps, step] };
  const way = moved < score ? 'lowered' : 'raised';
  return {
    score: moved,
    reason: reason.replace(/^\d of 5:/, `${moved} of 5 (${way} by the judge from ${score}):`),
    steps: [...steps, step],
  };
}
