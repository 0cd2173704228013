import type { Level } from '../../shared/policy.ts';

const DAY_MS = 86_400_000;

/** A scored session as it counts at a level. */
export interface ScoredRun {
  /** Its place in the ledger; of two the higher was scored later, whatever the clock says. */
  seq: number;
  /** Epoch ms at which it was scored. */
  at: number;
  sessionId: string;
  level: Level;
  /** 1–5: the person's word, else the evaluation's. */
  score: number;
}

/** How the recent window is cut; a person sets it. */
export interface WindowRules {
  /** Scored sessions that it holds. */
  sessions: number;
  /** How old a score in it may be, in days. */
  days: number;
}

export interface Window {
  /** Scored sessions that it takes before a level may rise. */
  needed: number;
  scored: number;
  /** Mean of the scores in it; null: there are none. */
  mean: number | null;
}

/**
 * How many scored sessions the window must hold: never more than the thresholds ask for over all time. A
 * stay that began with a fall asks for one at least, so that what was earned before it proposes nothing.
 */
export function windowNeeds(size: number, minEvaluations: number | null, fell: boolean): number {
  return Math.max(Math.min(size, minEvaluations ?? size), fell ? 1 : 0);
}

/**
 * The newest scores since the window began, none older than it may be. It begins by the order of the
 * ledger and not by the clock, and a score from the future, left by a clock that ran ahead, is from now.
 * @param runs newest last.
 * @param after the place in the ledger at which the window began.
 */
export function windowOf(
  runs: readonly ScoredRun[],
  { after, now, rules, needed }: { after: number; now: number; rules: WindowRules; needed: number },
): Window {
  const recent = runs
    .filter(({ seq, at }) => seq > after && Math.min(at, now) >= now - rules.days * DAY_MS)
    .slice(-Math.max(rules.sessions, needed, 1));
  const sum = recent.reduce((total, { score }) => total + score, 0);
  return { needed, scored: recent.length, mean: recent.length === 0 ? null : sum / recent.length };
}

/** What the sessions of one agent have shown so far. */
export interface AgentRuns {
  agent: string;
  model: string | null;
  version: string | null;
  /** Scored sessions ever, at every level. */
  scored: number;
  /** It has worked within the window. */
  recent: boolean;
}

export interface Probation {
  /** `claude · sonnet-5 · 2.1` */
  agent: string;
  scored: number;
}

/** Product, model, and of the version what its makers call a change: `2.1.63` and `2.1.70` are one. */
export function agentNameOf({ agent, model, version }: Pick<AgentRuns, 'agent' | 'model' | 'version'>): string {
  const main = /\d+(?:\.\d+)?/u.exec(version ?? '')?.[0] ?? version;
  return [agent, model, main].filter((part) => part !== null && part !== '').join(' · ');
}

/**
 * Agents that work now and have not shown enough yet: a new version or model is a new agent, and the
 * level does not rise on what another one did.
 */
export function probationOf(runs: readonly AgentRuns[], needed: number): Probation[] {
  const known = new Map<string, { scored: number; recent: boolean }>();
  for (const one of runs) {
    const name = agentNameOf(one);
    const before = known.get(name) ?? { scored: 0, recent: false };
    known.set(name, { scored: before.scored + one.scored, recent: before.recent || one.recent });
  }
  return [...known]
    .filter(([, { scored, recent }]) => recent && scored < needed)
    .map(([agent, { scored }]) => ({ agent, scored }));
}

/** The longest time that one beat of the engine stands for, ms; what is longer was sleep. */
const MOST_BEAT_MS = 120_000;

/**
 * What one beat adds to the days at a level: the time since the last one, as the clock that never goes
 * back has it. A machine that slept, or a program that did not run, adds one beat at the most.
 */
export const beatMs = (passed: number): number => Math.min(MOST_BEAT_MS, Math.max(0, passed));
