import { isOnProbation } from '../../shared/probation.ts';
import type { Observed, ScoreSettings } from '../../shared/score-settings.ts';
import { isAbove, lowerTier, nextTier, type Tier, TOP_SCORE, tierOf, topOf } from '../../shared/tiers.ts';
import { type Fading, sumOf, weightOf, withPoints } from './fading.ts';
import { ceilingOfRate, fromOf } from './rate.ts';

const DAY_MS = 86_400_000;

/** All that the score of one agent depends on. Plain data: it is stored as JSON and gives the same score again. */
export interface AgentState {
  /** Epoch ms of the newest input; goes back only with a clock that had stood far in the future. */
  at: number;
  gains: Fading[];
  losses: Fading[];
  /** Penalties that have faded but were not worked off yet: they still weigh. */
  held: number;
  /** The day (since the epoch, UTC) of the newest gain, and what it has brought. */
  day: number;
  gained: number;
  /** The newest tasks, oldest first: `1` succeeded, `0` failed, `-` says nothing. */
  recent: string;
  /** Tasks ever. */
  tasks: number;
  /** The tier that was earned, since when, and successes since. */
  earned: Tier;
  earnedAt: number;
  earnedTasks: number;
  /** The tier in force: what was earned under every ceiling. */
  tier: Tier;
  version: string | null;
  /** Since when the version is watched, and successes since; null: it is not. */
  trial: { since: number; tasks: number } | null;
  /** Violations that no person has looked at. */
  violations: number;
}

/** What a task came to. */
export type Standing = 'completed' | 'failed' | 'timed_out' | 'inconclusive';

/** An observation of ours, as it stands in the ledger. Nothing of it is what an agent says. */
export type Input =
  | { kind: 'seen'; version: string | null }
  | { kind: Standing }
  | { kind: 'violated' | 'denied' | 'overruled' | 'misdelegated' }
  /** A person's word on a task: its number (null: it was none yet), what it came to, the rating before and now. */
  | { kind: 'reviewed'; task: number | null; standing: Standing | null; before: number | null; rating: number | null }
  /** A person has looked at the violations. */
  | { kind: 'cleared' }
  /** Time has passed: what faded meanwhile counts from here on. */
  | { kind: 'faded' };

/** An agent that was never seen to do anything: the lowest tier. */
export const newAgent = (at: number): AgentState => ({
  at,
  gains: [],
  losses: [],
  held: 0,
  day: 0,
  gained: 0,
  recent: '',
  tasks: 0,
  earned: 'UNTRUSTED',
  earnedAt: at,
  earnedTasks: 0,
  tier: 'UNTRUSTED',
  version: null,
  trial: null,
  violations: 0,
});

/** Exact points at a moment after the newest input: what was won fades, what was lost does not come back by waiting. */
const pointsAt = (state: AgentState, now: number, { base, decay }: ScoreSettings): number =>
  base + sumOf(state.gains, Math.max(now, state.at), decay) - sumOf(state.losses, state.at, decay) - state.held;

/** The score at a moment after the newest input: a whole number of 0–1000, rounded here and nowhere else. */
export const scoreAt = (state: AgentState, now: number, settings: ScoreSettings): number =>
  Math.round(
    Math.min(TOP_SCORE, Math.max(0, Math.min(pointsAt(state, now, settings), ceilingOfRate(state, settings)))),
  );

/** Ceilings over what was earned, and why each holds. */
export function ceilingsOf(
  state: AgentState,
  settings: ScoreSettings,
): { tier: Tier; why: 'violation' | 'probation' }[] {
  return [
    ...(state.violations > 0 ? [{ tier: settings.violationCeiling, why: 'violation' as const }] : []),
    ...(state.trial ? [{ tier: settings.probation.ceiling, why: 'probation' as const }] : []),
  ];
}

/** The tier in force at a moment: falls at once, with time too; rises only by an input. */
export const tierAt = (state: AgentState, now: number, settings: ScoreSettings): Tier =>
  lowerTier(state.tier, tierOf(scoreAt(state, now, settings), fromOf(settings)));

/** What the gate reads: the score, but never above the tier in force. */
export const effectiveScoreAt = (state: AgentState, now: number, settings: ScoreSettings): number =>
  Math.min(scoreAt(state, now, settings), topOf(tierAt(state, now, settings), fromOf(settings)));

/** What the next tier still takes, at a moment: nothing means that the next good task enters it. Null at the top. */
export function towards(state: AgentState, now: number, settings: ScoreSettings) {
  const next = nextTier(state.earned);
  if (next === null || next === 'UNTRUSTED') return null;
  const { from, tasks, days } = settings.tiers[next];
  return {
    tier: next,
    points: Math.max(0, from + settings.hysteresis - scoreAt(state, now, settings)),
    tasks: Math.max(0, tasks - state.earnedTasks),
    ms: Math.max(0, days * DAY_MS - (now - state.earnedAt)),
  };
}

/** A clock that goes back further than this stood in the future before, ms. */
const STOOD_AHEAD_MS = DAY_MS;

/** As if all of it had been seen so much earlier: nothing but its moments is another. */
function earlier(state: AgentState, ms: number): AgentState {
  const moved = (one: Fading): Fading => ({ ...one, at: one.at - ms });
  return {
    ...state,
    at: state.at - ms,
    gains: state.gains.map(moved),
    losses: state.losses.map(moved),
    // With what it has brought: a day is no longer for having been dated otherwise.
    day: Math.floor((state.at - ms) / DAY_MS),
    earnedAt: state.earnedAt - ms,
    trial: state.trial && { ...state.trial, since: state.trial.since - ms },
  };
}

/** Moves the state to a later moment: what has faded of the penalties is held until it is worked off. */
function settled(before: AgentState, given: number, { decay }: ScoreSettings): AgentState {
  const ahead = before.at - given;
  // Else nothing more would be earned until that future has come.
  const state = ahead > STOOD_AHEAD_MS ? earlier(before, ahead) : before;
  const at = Math.max(state.at, given);
  const alive = (one: Fading): boolean => weightOf(one, at, decay) > 0;
  const faded = sumOf(state.losses, state.at, decay) - sumOf(state.losses, at, decay);
  return {
    ...state,
    at,
    gains: state.gains.filter(alive),
    losses: state.losses.filter(alive),
    held: state.held + Math.max(0, faded),
  };
}

/**
 * New work: its own points, and as much again of penalties that have faded, which so come back only by work.
 * A day brings at most `perDay`, and nothing is kept above 1000 where it could swallow a later penalty.
 */
function gain(state: AgentState, points: number, days: number, settings: ScoreSettings): AgentState {
  const today = Math.floor(state.at / DAY_MS);
  const gained = state.day === today ? state.gained : 0;
  const room = (now: AgentState, used: number): number =>
    Math.max(0, Math.min(settings.perDay - gained - used, TOP_SCORE - pointsAt(now, now.at, settings)));
  const own = Math.min(points, room(state, 0));
  const won = { ...state, gains: withPoints(state.gains, own, days, state.at) };
  const back = Math.min(points, state.held, room(won, own));
  return { ...won, held: state.held - back, day: today, gained: gained + own + back };
}

/** A penalty, whole where there is so much to lose: below 0 no debt is heaped up. */
function lose(state: AgentState, points: number, days: number, settings: ScoreSettings): AgentState {
  const lost = Math.min(points, Math.max(0, pointsAt(state, state.at, settings)));
  return { ...state, losses: withPoints(state.losses, lost, days, state.at) };
}

function moved(state: AgentState, points: number, days: number, settings: ScoreSettings): AgentState {
  if (points > 0) return gain(state, points, days, settings);
  return points < 0 ? lose(state, -points, days, settings) : state;
}

const scored = (state: AgentState, observed: Observed, settings: ScoreSettings): AgentState =>
  moved(state, settings.points[observed].points, settings.points[observed].days, settings);

const markOf = (standing: Standing | null): string =>
  standing === 'completed' ? '1' : standing === 'failed' || standing === 'timed_out' ? '0' : '-';

/** One more task. */
function withTask(state: AgentState, mark: string, settings: ScoreSettings): AgentState {
  const good = mark === '1' ? 1 : 0;
  return {
    ...state,
    recent: (state.recent + mark).slice(-settings.window),
    tasks: state.tasks + 1,
    earnedTasks: state.earnedTasks + good,
    trial: state.trial && { ...state.trial, tasks: state.trial.tasks + good },
  };
}

/** The mark of an earlier task, as a person sees it; one that lies outside the window is past. */
function marked(state: AgentState, task: number, mark: string): AgentState {
  const place = task - 1 - (state.tasks - state.recent.length);
  if (place < 0 || place >= state.recent.length) return state;
  return { ...state, recent: state.recent.slice(0, place) + mark + state.recent.slice(place + 1) };
}

/** What a task comes to once a person has rated it 1–5: their word instead of ours. */
const afterRating = (standing: Standing | null, rating: number | null): Standing | null =>
  rating === null ? standing : rating >= 4 ? 'completed' : rating <= 2 ? 'failed' : 'inconclusive';

/** The points of a task with a person's word on it. */
export function worthOf(standing: Standing | null, rating: number | null, { points }: ScoreSettings): number {
  const after = afterRating(standing, rating);
  const own = after === null ? 0 : points[after].points;
  if (rating === null || rating === 3) return own;
  return own + points[rating > 3 ? 'reviewed_well' : 'reviewed_badly'].points;
}

function reviewed(state: AgentState, input: Extract<Input, { kind: 'reviewed' }>, settings: ScoreSettings): AgentState {
  const { task, standing, before, rating } = input;
  const mark = markOf(afterRating(standing, rating));
  const counted = task === null ? withTask(state, mark, settings) : marked(state, task, mark);
  const difference = worthOf(standing, rating, settings) - worthOf(standing, before, settings);
  return moved(counted, difference, settings.points.reviewed_well.days, settings);
}

function observed(state: AgentState, input: Input, settings: ScoreSettings): AgentState {
  switch (input.kind) {
    case 'seen': {
      const isNew = state.version !== null && input.version !== null && input.version !== state.version;
      const trial = isNew ? { since: state.at, tasks: 0 } : state.trial;
      return { ...state, version: input.version ?? state.version, trial };
    }
    case 'completed':
    case 'failed':
    case 'timed_out':
    case 'inconclusive':
      return scored(withTask(state, markOf(input.kind), settings), input.kind, settings);
    case 'violated':
      return { ...scored(state, 'violated', settings), violations: state.violations + 1 };
    case 'denied':
    case 'overruled':
    case 'misdelegated':
      return scored(state, input.kind, settings);
    case 'reviewed':
      return reviewed(state, input, settings);
    case 'cleared':
      return { ...state, violations: 0 };
    case 'faded':
      return state;
  }
}

const isGoodWork = (input: Input): boolean =>
  input.kind === 'completed' || (input.kind === 'reviewed' && (input.rating ?? 0) >= 4);

function endOfTrial(state: AgentState, { probation }: ScoreSettings): AgentState {
  const rule = { tasks: probation.tasks, ms: probation.days * DAY_MS };
  return state.trial && !isOnProbation(state.trial, rule, state.at) ? { ...state, trial: null } : state;
}

/** The earned tier after an input: down at once and as far as the score says, up one step and only by good work. */
function regraded(state: AgentState, input: Input, settings: ScoreSettings): AgentState {
  const at = state.at;
  const holds = tierOf(scoreAt(state, at, settings), fromOf(settings));
  if (isAbove(state.earned, holds)) return { ...state, earned: holds, earnedAt: at, earnedTasks: 0 };
  const way = isGoodWork(input) ? towards(state, at, settings) : null;
  return way && way.points + way.tasks + way.ms === 0
    ? { ...state, earned: way.tier, earnedAt: at, earnedTasks: 0 }
    : state;
}

/**
 * The state after one observation. Pure and total: the same inputs under the same settings give the same state,
 * however they are cut up by restarts. An input from the past (a clock that was set back) counts as now;
 * one from long before, after a clock that stood in the future, takes everything back with it.
 */
export function after(state: AgentState, input: Input, at: number, settings: ScoreSettings): AgentState {
  const before = regraded(settled(state, at, settings), { kind: 'faded' }, settings);
  const seen = observed(before, input, settings);
  const next = regraded(isGoodWork(input) ? endOfTrial(seen, settings) : seen, input, settings);
  const tier = ceilingsOf(next, settings).reduce((lowest, { tier: most }) => lowerTier(lowest, most), next.earned);
  return { ...next, tier };
}
