/**
 * The policy as data: levels, risk classes and the one table of what each level may do.
 * The gate, the settings screen and the tests all read these constants.
 */
export const LEVELS = ['observe', 'cautious', 'moderate', 'full'] as const;
export type Level = (typeof LEVELS)[number];

/**
 * The level on the scale of a governor, L1–L5: derived, kept nowhere (S2-40). At observe what Tenure itself
 * proposes is blocked (L1), and what a person commands may go ahead by hand (L2).
 */
export const governorOf = (level: Level, commanded: boolean): 'L1' | 'L2' | 'L3' | 'L4' | 'L5' =>
  level === 'observe' ? (commanded ? 'L2' : 'L1') : ({ cautious: 'L3', moderate: 'L4', full: 'L5' } as const)[level];

export const RISKS = ['read', 'low', 'medium', 'high', 'critical'] as const;
export type Risk = (typeof RISKS)[number];

/**
 * One cell of the table.
 * - `allow`: runs. `deny`: does not run. `ask`: a person decides. `ask-two-steps`: a person decides, twice.
 * - `auto-if-eligible`: runs when the agent is eligible (CERTIFIED or better, not its first, no failure
 *   in the window, inside the rate limit), else a person decides.
 * - `tribunal`: the tribunal decides, else a person.
 * - `auto-else-tribunal`: runs when eligible, else as `tribunal`.
 * - `tribunal-unanimous`: only a unanimous tribunal, else a person; an irreversible action always asks.
 * - `allow-launched`: runs in a session that a person launched; shadow (recorded only) for the brain.
 */
export type Cell =
  | 'allow'
  | 'allow-launched'
  | 'deny'
  | 'ask'
  | 'ask-two-steps'
  | 'auto-if-eligible'
  | 'tribunal'
  | 'auto-else-tribunal'
  | 'tribunal-unanimous';

/** Level × risk. A cell with no rule means *ask* (see `cellOf`). */
export const POLICY: Readonly<Record<Level, Readonly<Partial<Record<Risk, Cell>>>>> = {
  observe: { read: 'allow-launched', low: 'ask', medium: 'ask', high: 'ask', critical: 'deny' },
  cautious: { read: 'allow', low: 'auto-if-eligible', medium: 'ask', high: 'ask', critical: 'ask-two-steps' },
  moderate: { read: 'allow', low: 'allow', medium: 'tribunal', high: 'ask', critical: 'ask-two-steps' },
  full: {
    read: 'allow',
    low: 'allow',
    medium: 'auto-else-tribunal',
    high: 'tribunal-unanimous',
    critical: 'ask-two-steps',
  },
};

/** Kinds of reasons that are *medium* and that a person may count as *low*: ordinary work that takes nothing away. */
const LOWERABLE =
  /^(?:network|installs|project_script|project_check|project_program|server|containers|patches|unpacks|caches|forge|worktree|git_(?:add|commit|switch|stash|fetch|tag|branch|rebase|cherry_pick|apply|mv))$/u;

/** May a person count that kind of reason as so grave? Upwards always; downwards only ordinary work, and only to *low*. */
export const mayClass = (code: string, risk: Risk): boolean =>
  risk === 'high' || risk === 'critical' || risk === 'medium' || (risk === 'low' && LOWERABLE.test(code));

/** How grave a reason is by a person's classes: never below what it is, but for ordinary *medium* work counted as *low*. */
export function classedAs(code: string, risk: Risk, classes: Readonly<Record<string, Risk>>): Risk {
  const wanted = Object.hasOwn(classes, code) ? classes[code] : undefined;
  if (wanted === undefined) return risk;
  if (wanted === 'low' && risk === 'medium') return mayClass(code, wanted) ? 'low' : risk;
  return RISKS.indexOf(wanted) > RISKS.indexOf(risk) ? wanted : risk;
}

/** The table's cell; a missing one means *ask*. */
export function cellOf(level: Level, risk: Risk): Cell {
  return POLICY[level][risk] ?? 'ask';
}

/** The stricter of two levels: the effective permission is the minimum of level, tier and ceiling. */
export function lowerOf(a: Level, b: Level): Level {
  return LEVELS.indexOf(a) <= LEVELS.indexOf(b) ? a : b;
}

/** The next level up, or null at the top. */
export function nextLevel(level: Level): Level | null {
  return LEVELS[LEVELS.indexOf(level) + 1] ?? null;
}

/** What each level newly allows, in the person's words: shown before a promotion is approved. */
export const LEVEL_WORDS: Readonly<
  Record<Level, { name: string; adds: readonly string[]; stillAsks: readonly string[] }>
> = {
  observe: {
    name: 'Observe',
    adds: ['reading, in sessions you launch'],
    stillAsks: ['every edit and command'],
  },
  cautious: {
    name: 'Cautious',
    adds: ['edits and tests, once an agent is certified'],
    stillAsks: ['every other edit and test', 'commits, installs, fetches', 'pushes and everything above'],
  },
  moderate: {
    name: 'Moderate',
    adds: ['edits and tests inside the work tree, unasked'],
    stillAsks: ['commits and installs', 'push, merge, deploy', 'anything with credentials'],
  },
  full: {
    name: 'Full',
    adds: ['commits, installs and fetches by a certified agent'],
    stillAsks: ['push, merge and deletions', 'anything with credentials', 'anything that cannot be undone'],
  },
};
