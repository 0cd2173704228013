import type { Agreement, AgreementReport, Share } from '../../shared/contract/evaluations.ts';

/** One rated session: what the person said, and what was said before. Null: nothing was. */
export interface Rated {
  rating: number;
  score: number | null;
  judge: number | null;
}

/** How many of the newest ratings tell about drift, and how few are too few to say anything. */
export const WINDOW = 20;
export const LEAST = 10;
/** Of two scores on a scale of five, this share should lie within one point. */
const AGREES = 0.8;
/** Points by which the judge may be kinder or harder on average. */
const BIAS = 1;

const Z = 1.96;

/** The share of `k` in `n` with its 95 % interval (Wilson); null for none. */
export function shareOf(k: number, n: number): Share | null {
  if (n === 0) return null;
  const p = k / n;
  const z2 = Z * Z;
  const middle = (p + z2 / (2 * n)) / (1 + z2 / n);
  const half = (Z * Math.sqrt((p * (1 - p)) / n + z2 / (4 * n * n))) / (1 + z2 / n);
  return { share: p, low: Math.max(0, middle - half), high: Math.min(1, middle + half) };
}

/** How far one kind of score agrees with the person's, over the sessions that have both. */
export function agreementOf(rated: readonly Rated[], which: 'score' | 'judge'): Agreement {
  const differences = rated.flatMap((one) => {
    const theirs = one[which];
    return theirs === null ? [] : [theirs - one.rating];
  });
  const n = differences.length;
  const within = (most: number): number => differences.filter((d) => Math.abs(d) <= most).length;
  return {
    n,
    exact: shareOf(within(0), n),
    withinOne: shareOf(within(1), n),
    bias: n === 0 ? null : differences.reduce((sum, d) => sum + d, 0) / n,
  };
}

/**
 * A sentence when the newest ratings say that the judge has drifted; null while it has not, or while
 * there are too few to say. The upper end of the interval has to lie under the mark: bad luck is no drift.
 */
export function driftOf(recent: Agreement): string | null {
  const { n, withinOne, bias } = recent;
  if (n < LEAST || withinOne === null || bias === null) return null;
  const percent = (share: number): string => `${Math.round(share * 100)} %`;
  if (withinOne.high < AGREES) {
    return `The judge lies within one point of your rating in only ${percent(withinOne.share)} of the last ${n} rated sessions. Look at its model or its prompt.`;
  }
  if (Math.abs(bias) >= BIAS) {
    const how = bias > 0 ? 'kinder' : 'harder';
    return `The judge is ${Math.abs(bias).toFixed(1)} points ${how} than you over the last ${n} rated sessions. Look at its model or its prompt.`;
  }
  return null;
}

/** @param rated newest rating first. */
export function reportOf(rated: readonly Rated[]): AgreementReport {
  const recent = agreementOf(rated.filter((one) => one.judge !== null).slice(0, WINDOW), 'judge');
  return {
    judge: agreementOf(rated, 'judge'),
    score: agreementOf(rated, 'score'),
    recent,
    window: WINDOW,
    least: LEAST,
    alarm: driftOf(recent),
  };
}
