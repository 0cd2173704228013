import type { HeldReason } from '../../../shared/contract/supervision.ts';
import { count, dollars, short, span } from '../../../shared/format.ts';

/** What looks as if a run led nowhere. 0 switches a look off; times in milliseconds. */
export interface RunawayLimits {
  /** The same call so often among twice as many, with nothing changed in the work tree. */
  repeats: number;
  dollarsPerMinute: number;
  /** What was read from a cache counts. */
  tokensPerMinute: number;
  /** Over which cost and tokens are looked at. */
  windowMs: number;
  noProgressMs: number;
  /** With fewer tokens used, no progress means nothing: it waits, it does not burn. */
  noProgressTokens: number;
}

interface Call {
  id: string;
  at: number;
  /** It is a subagent, which works for as long as it takes. */
  works: boolean;
  /** Equal only for the same tool with the same input. */
  key: string;
  /** In words: `Running npm test`. */
  what: string;
}

interface Use {
  at: number;
  costUsd: number | null;
  tokens: number;
}

/** What was seen of a run lately. Times are monotonic. */
export interface Recent {
  calls: readonly Call[];
  uses: readonly Use[];
  /** When the work tree was last seen to change, or the run began. */
  progressAt: number;
  /** Tokens used by then; null: not known yet. */
  tokensAtProgress: number | null;
}

export interface Suspicion {
  reason: HeldReason;
  evidence: string[];
}

const MINUTE_MS = 60_000;
/** Uses nearer together than this are one. */
const USE_EVERY_MS = 5_000;
/** A call that took so long waited for something (a build, a deployment, a person): asked again, that is no loop. */
const WAITED_MS = 10_000;
/** So many different calls and no more, over and over, are one loop: a third of `repeats`. */
const LOOP_OF = 3;

export const newRecent = (now: number): Recent => ({ calls: [], uses: [], progressAt: now, tokensAtProgress: null });

export const withCall = (recent: Recent, call: Call, limits: RunawayLimits): Recent => ({
  ...recent,
  calls: limits.repeats === 0 ? [] : [...recent.calls, call].slice(-2 * limits.repeats),
});

/** That call has come back. One that waited counts as no repetition of anything. */
export function withResult(recent: Recent, id: string, at: number): Recent {
  const waited = recent.calls.some((call) => call.id === id && !call.works && at - call.at >= WAITED_MS);
  return waited ? { ...recent, calls: recent.calls.filter((call) => call.id !== id) } : recent;
}

/** Totals so far; the newest one before the window is kept, to measure from. */
export function withUse(recent: Recent, use: Use, limits: RunawayLimits): Recent {
  const last = recent.uses.at(-1);
  const before =
    last && use.at - last.at < USE_EVERY_MS && recent.uses.length > 1 ? recent.uses.slice(0, -1) : recent.uses;
  const all = [...before, use];
  const from = all.findLastIndex((one) => one.at <= use.at - limits.windowMs);
  return {
    ...recent,
    uses: all.slice(Math.max(0, from)),
    tokensAtProgress: recent.tokensAtProgress ?? use.tokens,
  };
}

/** The work tree has changed: what was repeated until now was not in vain. */
export const withProgress = (recent: Recent, now: number): Recent => ({
  ...recent,
  calls: [],
  progressAt: now,
  tokensAtProgress: recent.uses.at(-1)?.tokens ?? null,
});

/** What a person has to look at, or null. */
export function suspicionOf(recent: Recent, now: number, limits: RunawayLimits): Suspicion | null {
  return repeating(recent, limits) ?? burning(recent, limits) ?? noProgress(recent, now, limits);
}

function repeating({ calls }: Recent, { repeats }: RunawayLimits): Suspicion | null {
  if (repeats === 0) return null;
  const found = (sentence: string): Suspicion => ({
    reason: 'repeating',
    evidence: [sentence, 'Nothing in the work tree has changed meanwhile.'],
  });
  const kinds = [...Map.groupBy(calls, ({ key }) => key).values()];
  for (const same of kinds) {
    const [one] = same;
    if (!one || same.length < repeats) continue;
    const among = calls.length > same.length ? ` among its last ${calls.length} calls` : ' in a row';
    return found(`The same call ${same.length} times${among}: ${one.what}.`);
  }
  if (calls.length < 2 * repeats || kinds.length * LOOP_OF > repeats) return null;
  const what = kinds.map(([one]) => one?.what).join('; ');
  return found(`Its last ${calls.length} calls are the same ${kinds.length} over and over: ${what}.`);
}

function burning({ uses }: Recent, { windowMs, dollarsPerMinute, tokensPerMinute }: RunawayLimits): Suspicion | null {
  const [first, last] = [uses.at(0), uses.at(-1)];
  if (!first || !last || last.at - first.at < windowMs / 2) return null;
  const minutes = (last.at - first.at) / MINUTE_MS;
  const over = `over ${span(last.at - first.at)}`;
  const evidence: string[] = [];
  const usd = first.costUsd === null || last.costUsd === null ? null : (last.costUsd - first.costUsd) / minutes;
  if (dollarsPerMinute > 0 && usd !== null && usd > dollarsPerMinute) {
    evidence.push(`It costs ${dollars(usd)} a minute ${over}; the bound is ${dollars(dollarsPerMinute)}.`);
  }
  const tokens = (last.tokens - first.tokens) / minutes;
  if (tokensPerMinute > 0 && tokens > tokensPerMinute) {
    evidence.push(`It uses ${short(tokens)} tokens a minute ${over}; the bound is ${short(tokensPerMinute)}.`);
  }
  return evidence.length > 0 ? { reason: 'burning', evidence } : null;
}

function noProgress(recent: Recent, now: number, limits: RunawayLimits): Suspicion | null {
  const quiet = now - recent.progressAt;
  const last = recent.uses.at(-1);
  if (limits.noProgressMs === 0 || quiet < limits.noProgressMs || !last || recent.tokensAtProgress === null)
    return null;
  const used = last.tokens - recent.tokensAtProgress;
  if (used < limits.noProgressTokens) return null;
  const evidence = [`Nothing in the work tree has changed for ${span(quiet)}, while it used ${short(used)} tokens.`];
  if (recent.calls.length > 0)
    evidence.push(`Since then ${count(recent.calls.length, 'call')} at least, the last: ${recent.calls.at(-1)?.what}.`);
  return { reason: 'no_progress', evidence };
}
