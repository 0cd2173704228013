/**
 * An agent's own standing from its score of 0–1000, as data: the gate, the screens, the settings and the
 * tests all read these constants. Ranges are half-open: a score of 200 is PROBATIONARY, one of 199 is not.
 */
export const TIERS = ['UNTRUSTED', 'PROBATIONARY', 'TRUSTED', 'VERIFIED', 'CERTIFIED', 'ELITE'] as const;
export type Tier = (typeof TIERS)[number];

export const TOP_SCORE = 1_000;
/** Where each tier begins unless the person has set it otherwise. */
export const TIER_FROM: Readonly<Record<Tier, number>> = {
  UNTRUSTED: 0,
  PROBATIONARY: 200,
  TRUSTED: 400,
  VERIFIED: 600,
  CERTIFIED: 800,
  ELITE: 950,
};

/** What an agent of a tier may do on behalf of others; a person's own launches are bound by none of it. */
export type Capability = 'execute' | 'delegate' | 'spawn' | 'act_alone';

export interface TierRights {
  name: string;
  /** Tasks that agents, the brain or the hub may have it work on at once; null: no limit. */
  tasks: number | null;
  may: readonly Capability[];
}

export const TIER_RIGHTS: Readonly<Record<Tier, TierRights>> = {
  UNTRUSTED: { name: 'Untrusted', tasks: 0, may: [] },
  PROBATIONARY: { name: 'Probationary', tasks: 1, may: ['execute'] },
  TRUSTED: { name: 'Trusted', tasks: 3, may: ['execute'] },
  VERIFIED: { name: 'Verified', tasks: 5, may: ['execute', 'delegate'] },
  CERTIFIED: { name: 'Certified', tasks: 10, may: ['execute', 'delegate', 'spawn', 'act_alone'] },
  ELITE: { name: 'Elite', tasks: null, may: ['execute', 'delegate', 'spawn', 'act_alone'] },
};

export const CAPABILITY_WORDS: Readonly<Record<Capability, string>> = {
  execute: 'do a task that another agent gives it',
  delegate: 'give tasks to other agents',
  spawn: 'start further agents',
  act_alone: 'act unasked where the level says “if eligible”',
};

/** What a tier allows, in words; never empty. */
export function rightsWords(tier: Tier): string[] {
  const { tasks, may } = TIER_RIGHTS[tier];
  if (may.length === 0) return ['nothing unless a person launches it'];
  const load =
    tasks === null ? 'any number of given tasks at once' : `${tasks} given ${tasks === 1 ? 'task' : 'tasks'} at once`;
  return [...may.map((capability) => CAPABILITY_WORDS[capability]), `have ${load}`];
}

const rank = (tier: Tier): number => TIERS.indexOf(tier);
export const isAbove = (a: Tier, b: Tier): boolean => rank(a) > rank(b);
/** The stricter of two tiers. */
export const lowerTier = (a: Tier, b: Tier): Tier => (rank(a) <= rank(b) ? a : b);
/** The next tier up, or null at the top. */
export const nextTier = (tier: Tier): Tier | null => TIERS[rank(tier) + 1] ?? null;

/** The tier of a whole score. */
export const tierOf = (score: number, from: Readonly<Record<Tier, number>> = TIER_FROM): Tier =>
  TIERS.findLast((tier) => score >= from[tier]) ?? 'UNTRUSTED';

/** The highest score that still lies in a tier. */
export function topOf(tier: Tier, from: Readonly<Record<Tier, number>> = TIER_FROM): number {
  const next = nextTier(tier);
  return next === null ? TOP_SCORE : from[next] - 1;
}

/**
 * Why an agent may not be given one task more by another agent, the brain or the hub; null: it may. Never asked
 * about what a person launches.
 */
export function whyNotGiven(tier: Tier, running: number): string | null {
  const { name, tasks } = TIER_RIGHTS[tier];
  if (tasks === null || running < tasks) return null;
  return tasks === 0
    ? `${name} agents are given no tasks; only a person may launch one.`
    : `${name} agents are given at most ${tasks} ${tasks === 1 ? 'task' : 'tasks'} at once, and this one has ${running}.`;
}
