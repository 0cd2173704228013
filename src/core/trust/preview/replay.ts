import { LEVELS, type Level } from '../../../shared/policy.ts';
import type { SessionEnd } from '../ends/storage.ts';
import type { StayDay, StoredSevere } from '../marks/storage.ts';
import type { LevelRecord } from '../rules.ts';
import type { Credit, Override, StoredInterval } from '../storage.ts';
import { type AgentRuns, probationOf, type ScoredRun, type WindowRules, windowNeeds, windowOf } from '../window.ts';

const DAY_MS = 86_400_000;

/** Endings that say nothing of whoever worked, as the view `trust_runs` has them. */
const SAYS_NOTHING: ReadonlySet<string> = new Set([
  'stopped',
  'quota',
  'auth_required',
  'transient',
  'model_not_found',
  'unknown_session',
  'launch_failed',
  'interrupted',
]);

/** Everything that the record rests on, each kind in the order in which it was written. */
export interface RecordFacts {
  now: number;
  stays: readonly StoredInterval[];
  /** How long the machine ran, up to now. */
  days: readonly StayDay[];
  credits: readonly (Credit & { seq: number })[];
  overrides: readonly Override[];
  ends: readonly SessionEnd[];
  severe: readonly StoredSevere[];
}

interface Run {
  sessionId: string;
  /** Null: only its evaluation is known, so that it never began to work. */
  level: Level | null;
  scored: { seq: number; at: number; score: number | null } | null;
  override: number | null;
  end: SessionEnd | null;
  isSevere: boolean;
}

/** The record of a level as it stood at one time. */
export interface Look {
  at: number;
  stay: StoredInterval;
  /** The record, its window cut by those rules. */
  record(rules: WindowRules, minEvaluations: number | null): LevelRecord;
}

const scoreOf = ({ override, scored }: Run): number | null => override ?? scored?.score ?? null;

/** Of a list that is gone through once: what happened up to that time. A fact from the future is from now. */
function* upTo<T extends { at: number }>(facts: readonly T[], from: number, until: number, now: number): Generator<T> {
  for (let i = from; i < facts.length; i += 1) {
    const fact = facts[i];
    if (fact === undefined || Math.min(fact.at, now) > until) return;
    yield fact;
  }
}

/**
 * Goes through the record once, and looks at it at each of those times: what it was then, by whatever rules.
 * @param times epoch ms, oldest first, none after `now`. Times before the first stay are left out.
 */
export function* looksAt(facts: RecordFacts, times: readonly number[]): Generator<Look> {
  const { now, credits, overrides, ends, severe } = facts;
  const runs = new Map<string, Run>();
  const done = { credits: 0, overrides: 0, ends: 0, severe: 0 };
  const runOf = (sessionId: string): Run => {
    const known = runs.get(sessionId);
    if (known) return known;
    const run: Run = { sessionId, level: null, scored: null, override: null, end: null, isSevere: false };
    runs.set(sessionId, run);
    return run;
  };

  for (const at of times) {
    for (const one of upTo(credits, done.credits, at, now)) {
      done.credits += 1;
      const run = runOf(one.sessionId);
      if (one.kind === 'session') run.level = one.level;
      else run.scored = { seq: one.seq, at: one.at, score: one.score };
    }
    for (const one of upTo(overrides, done.overrides, at, now)) {
      done.overrides += 1;
      runOf(one.sessionId).override = one.score;
    }
    for (const one of upTo(ends, done.ends, at, now)) {
      done.ends += 1;
      runOf(one.sessionId).end = one;
    }
    for (const one of upTo(severe, done.severe, at, now)) {
      done.severe += 1;
      if (one.sessionId !== null) runOf(one.sessionId).isSevere = true;
    }
    const stays = facts.stays.filter(({ enteredAt }) => Math.min(enteredAt, now) <= at);
    const stay = stays.at(-1);
    if (!stay) continue;
    const seen: Seen = { at, stay, stays, runs: [...runs.values()], newestSevere: severe[done.severe - 1]?.afterSeq };
    yield { at, stay, record: (rules, minEvaluations) => recordOf(facts, seen, rules, minEvaluations) };
  }
}

interface Seen {
  at: number;
  stay: StoredInterval;
  /** Up to that time, oldest first. */
  stays: readonly StoredInterval[];
  runs: readonly Run[];
  newestSevere: number | undefined;
}

function recordOf(
  facts: RecordFacts,
  { at, stay, stays, runs, newestSevere }: Seen,
  rules: WindowRules,
  minEvaluations: number | null,
): LevelRecord {
  const { level } = stay;
  const before = stays.at(-2)?.level ?? level;
  const needed = windowNeeds(rules.sessions, minEvaluations, LEVELS.indexOf(before) > LEVELS.indexOf(level));
  const after = Math.max(stay.afterSeq, newestSevere ?? 0);
  const own = runs.filter((run) => run.level === level);
  const scores = own.map(scoreOf).filter((score) => score !== null);
  const evidence = own.filter((run) => scoreOf(run) !== null || !SAYS_NOTHING.has(run.end?.outcome ?? ''));
  const unscored = evidence.filter((run) => run.scored !== null && scoreOf(run) === null);
  return {
    sessions: evidence.length,
    evaluations: scores.length,
    unscored: unscored.length,
    nothingToDo: unscored.filter(({ end }) => end?.outcome === 'nothing_to_do').length,
    sumScores: scores.reduce((sum, score) => sum + score, 0),
    days: ranAt(facts, level, stays, at) / DAY_MS,
    window: windowOf(windowRuns(own, after), { after, now: at, rules, needed }),
    probation: probationOf(agentsOf(runs, level, after, at - rules.days * DAY_MS), needed),
  };
}

/** Scored sessions that may fill the window, newest last. */
function windowRuns(own: readonly Run[], after: number): ScoredRun[] {
  return own
    .flatMap((run) => {
      const score = scoreOf(run);
      if (score === null || run.level === null || run.scored === null || run.isSevere) return [];
      const { seq, at } = run.scored;
      return seq > after ? [{ seq, at, sessionId: run.sessionId, level: run.level, score }] : [];
    })
    .toSorted((a, b) => a.seq - b.seq);
}

/** What each agent has shown, at every level. */
function agentsOf(runs: readonly Run[], level: Level, after: number, since: number): AgentRuns[] {
  const agents = new Map<string, AgentRuns>();
  for (const run of runs) {
    const { end, scored } = run;
    if (end === null || scored === null || run.level === null) continue;
    const { agent, model, version } = end;
    const key = JSON.stringify([agent, model, version]);
    const known = agents.get(key) ?? { agent, model, version, scored: 0, recent: false };
    const isScored = scoreOf(run) !== null;
    if (isScored) known.scored += 1;
    if (isScored && run.level === level && scored.seq > after && scored.at >= since) known.recent = true;
    agents.set(key, known);
  }
  return [...agents.values()];
}

/** How long the machine ran at a level up to that time, ms; of the day of that time as much as fits into it. */
function ranAt({ days, now }: RecordFacts, level: Level, stays: readonly StoredInterval[], at: number): number {
  const own = new Set(stays.filter((stay) => stay.level === level).map(({ id }) => id));
  const today = Math.floor(at / DAY_MS);
  return days.reduce((sum, { stay, day, ms }) => {
    if (!own.has(stay)) return sum;
    if (at >= now || day < today) return sum + ms;
    return day > today ? sum : sum + Math.min(ms, at - today * DAY_MS);
  }, 0);
}
