import type { Change, Figure, Total } from '../../shared/contract/revenue.ts';
import type { Prices } from '../../shared/contract/revenue-sources.ts';
import { MICRO } from '../../shared/money.ts';

/** What a pool owes and has paid, in atomic units. */
export interface Balance {
  due: bigint;
  paid: bigint;
}

/** Where counting stands: the balance counted up to, and how often in a row it was seen to have fallen. */
export interface BalanceCursor {
  base: Balance;
  falls: number;
}

export interface BalanceStep {
  cursor: BalanceCursor;
  /** Atomic units earned since the base; null: something happened whose amount nobody knows. */
  gain: bigint | null;
  /** What a person should look at, in a word; null when all is plain. */
  finding: 'payout' | 'waiting' | 'fell' | 'rebased' | null;
}

/** So often in a row a fall must be seen before it is believed: a pool books a payout in two steps. */
export const FALLS_BELIEVED = 3;

/**
 * gain = Δ(due + paid): a payout moves money and loses none (T-04R); one that costs a fee costs the fee.
 * A balance that fell without a payout waits, uncounted, until it has returned or was seen
 * `FALLS_BELIEVED` times; then it is counted as what it is. A *paid* that fell is a pool that forgot its
 * past: counting begins anew and the amount in between is unknown.
 */
export function stepBalance(cursor: BalanceCursor | null, next: Balance): BalanceStep {
  if (!cursor) return { cursor: { base: next, falls: 0 }, gain: 0n, finding: null };
  const { base } = cursor;
  const gain = next.due + next.paid - base.due - base.paid;
  const counted = (finding: BalanceStep['finding']): BalanceStep => ({
    cursor: { base: next, falls: 0 },
    gain,
    finding,
  });
  const paidOut = next.paid - base.paid;
  if (gain >= 0n && paidOut >= 0n) return counted(paidOut > 0n ? 'payout' : null);
  if (paidOut > 0n && -gain <= paidOut) return counted('payout');
  if (cursor.falls + 1 < FALLS_BELIEVED) {
    return { cursor: { base, falls: cursor.falls + 1 }, gain: 0n, finding: 'waiting' };
  }
  return paidOut < 0n ? { cursor: { base: next, falls: 0 }, gain: null, finding: 'rebased' } : counted('fell');
}

export interface Counters {
  requests: number | null;
  tokensIn: number | null;
  tokensOut: number | null;
}

/** What a counter counted between two looks: one that fell has restarted from zero (T-04U). Null: not known. */
export function stepCounter(before: number | null, next: number | null): number | null {
  if (before === null || next === null) return null;
  return next >= before ? next - before : next;
}

/** A counter that was not told this time is remembered as it was. */
export const keepKnown = (before: Counters, next: Counters): Counters => ({
  requests: next.requests ?? before.requests,
  tokensIn: next.tokensIn ?? before.tokensIn,
  tokensOut: next.tokensOut ?? before.tokensOut,
});

/**
 * What so much traffic brings, in micro-dollars rounded half up, or null when a price that is asked for
 * meets a count that is not known, or when nothing has a price.
 */
export function priced({ requests, tokensIn, tokensOut }: Counters, prices: Prices): number | null {
  const parts = [
    [requests, prices.perRequest, 1n],
    [tokensIn, prices.perMillionIn, BigInt(MICRO)],
    [tokensOut, prices.perMillionOut, BigInt(MICRO)],
  ] as const;
  const asked = parts.filter(([, price]) => price !== null);
  if (asked.length === 0) return null;
  // In millionths of a micro-dollar, so that many small parts lose nothing to rounding.
  let fine = 0n;
  for (const [count, price, per] of asked) {
    if (count === null || price === null) return null;
    fine += (BigInt(count) * BigInt(price) * BigInt(MICRO)) / per;
  }
  const micro = Number((fine + BigInt(MICRO / 2)) / BigInt(MICRO));
  return Number.isSafeInteger(micro) ? micro : null;
}

/** A quarter of an hour: every zone's days begin at a multiple of it. */
export const BUCKET_MS = 15 * 60_000;
export const bucketOf = (at: number): number => Math.floor(at / BUCKET_MS) * BUCKET_MS;

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
export const MOST_BACKOFF_MS = HOUR;

/** Milliseconds until the next look after so many failures in a row: doubling, an hour at the most. */
export function waitAfter(intervalMs: number, failures: number): number {
  return Math.max(intervalMs, Math.min(intervalMs * 2 ** Math.min(failures, 20), MOST_BACKOFF_MS));
}

/** A value is stale when it is older than three intervals, a quarter of an hour at least. */
export const isStale = (lastGoodAt: number | null, intervalMs: number, now: number): boolean =>
  lastGoodAt === null || now - lastGoodAt > Math.max(3 * intervalMs, 15 * MINUTE);

/** What is known of a source within a period. */
export interface Evidence {
  /** Known dollars; null: none is known. */
  microUsd: number | null;
  /** How many gains have no known dollars. */
  unknownParts: number;
  /** Good looks (or entries) within the period, and the last one before it. Epoch ms. */
  firstAt: number | null;
  lastAt: number | null;
  beforeAt: number | null;
}

/** A period counts as covered when looks reach to within half a day of its ends: a machine sleeps at night. */
export const COVER_MS = 12 * HOUR;

/** The dollars of a looked-at source in a period that ends (or is now at) `end`. */
export function looked(e: Evidence, from: number, end: number): Figure {
  if (e.firstAt === null || e.lastAt === null) {
    return { microUsd: null, complete: false, why: 'It was not seen in this time.' };
  }
  const begun = e.beforeAt !== null ? from - e.beforeAt <= COVER_MS || e.firstAt - from <= COVER_MS : e.firstAt <= from;
  const reached = end - e.lastAt <= COVER_MS;
  const why = !begun
    ? 'It was not seen at the beginning of this time.'
    : !reached
      ? 'It was not seen at the end of this time.'
      : null;
  return figureOf(e, why);
}

/** The dollars of a source that is told what it earned: silence is not zero, a zero can be entered. */
export function told(e: Evidence): Figure {
  if (e.firstAt === null) return { microUsd: null, complete: false, why: 'Nothing was entered for this time.' };
  return figureOf(e, null);
}

function figureOf({ microUsd, unknownParts }: Evidence, why: string | null): Figure {
  const missing = unknownParts > 0 ? 'The dollars of a part of it are not known.' : why;
  if (unknownParts > 0 && microUsd === null)
    return { microUsd: null, complete: false, why: 'Its dollars are not known.' };
  return { microUsd: microUsd ?? 0, complete: missing === null, why: missing };
}

/** Unknown is no zero: it is counted beside the sum (T-04S). */
export function totalOf(figures: readonly Figure[]): Total {
  let microUsd: number | null = null;
  let unknown = 0;
  let incomplete = 0;
  for (const figure of figures) {
    if (figure.microUsd === null) unknown += 1;
    else {
      microUsd = (microUsd ?? 0) + figure.microUsd;
      if (!figure.complete) incomplete += 1;
    }
  }
  return { microUsd, unknown, incomplete };
}

/** Week over week (T-04W): a ratio only between two whole truths, and only from something above zero. */
export function changeOf(now: Figure, before: Figure): Change {
  const none = (why: string): Change => ({ ratio: null, why });
  if (now.microUsd === null) return none('This week is not known.');
  if (before.microUsd === null) return none('The week before is not known.');
  if (!before.complete) return none('The week before is known in part only.');
  if (!now.complete) return none('This week is known in part only.');
  if (before.microUsd === 0) return none(now.microUsd === 0 ? 'Nothing in both weeks.' : 'Nothing in the week before.');
  if (before.microUsd < 0) return none('The week before was below zero.');
  return { ratio: now.microUsd / before.microUsd - 1, why: null };
}

/** A total as a figure, for comparing. */
export const asFigure = ({ microUsd, unknown, incomplete }: Total): Figure => ({
  microUsd,
  complete: unknown === 0 && incomplete === 0,
  why: null,
});

/** So many whole days must be known before revenue may count as an input to priorities. */
export const STABLE_DAYS = 14;

/** How many of the last `STABLE_DAYS` days are known. `days`: oldest first, true = known. */
export const stableDays = (days: readonly boolean[]): number => days.slice(-STABLE_DAYS).filter(Boolean).length;

/**
 * Whether revenue may be weighed when priorities are set: two weeks of stable data from every source that
 * earns, and at least one such source. Nothing reads it yet.
 */
export function isStable(sources: readonly { stableDays: number | null; flagged: boolean }[]): boolean {
  const earning = sources.filter(({ stableDays: days }) => days !== null);
  return earning.length > 0 && earning.every(({ stableDays: days, flagged }) => !flagged && (days ?? 0) >= STABLE_DAYS);
}
