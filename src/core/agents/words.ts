import type { SessionOutcome } from '../../shared/contract/sessions.ts';
import { rightsWords, TIER_RIGHTS, type Tier } from '../../shared/tiers.ts';
import type { AgentState, Standing } from './rules.ts';

const LATE: readonly (SessionOutcome | null)[] = ['timed_out', 'stalled'];
/** A score from which on a task counts as done, and one at which it counts as failed. */
const DONE = 4;
const FAILED = 2;

/** What a scored session counts as. A middling score says nothing: no evidence is not a pass. */
export function standingOf(score: number, outcome: SessionOutcome | null): Standing {
  if (LATE.includes(outcome)) return 'timed_out';
  return score >= DONE ? 'completed' : score <= FAILED ? 'failed' : 'inconclusive';
}

/** What the gate found in what was asked for that nobody asks for by mistake. */
const HOSTILE = new Set([
  'touches_tenure',
  'acts_on_tenure',
  'agent_settings',
  'unchecked_agent',
  'fork_bomb',
  'wipes_disk',
  'deletes_disk',
  'sends_credentials',
  'runs_hidden',
]);

export const hostileIn = <R extends { code: string }>(reasons: readonly R[]): R | undefined =>
  reasons.find(({ code }) => HOSTILE.has(code));

/** Flags of the evaluation by which a pass was made easier: each was not asked for. */
const EASED = new Set([
  'tests_removed',
  'tests_skipped',
  'assertions_removed',
  'golden_changed',
  'verify_weakened',
  'verify_changed',
  'ci_disabled',
]);

export const easedIn = (flags: readonly { code: string; text: string; cap: number | null }[]): string[] =>
  flags.filter(({ code, cap }) => cap !== null && EASED.has(code)).map(({ text }) => text);

const CEILING_WORDS = {
  violation: 'A violation that nobody has looked at holds it down.',
  probation: 'Its version is new and is watched first.',
} as const;

/** Why a tier is another one now, and what it means. */
export function tierWords(
  from: Tier,
  to: Tier,
  fell: boolean,
  why: { score: number; because: string; ceilings: readonly { why: keyof typeof CEILING_WORDS }[] },
): string {
  const held = fell ? why.ceilings.map((one) => CEILING_WORDS[one.why]) : [];
  return [
    `${TIER_RIGHTS[from].name} → ${TIER_RIGHTS[to].name} with a score of ${why.score}.`,
    why.because,
    ...held,
    `It may now ${rightsWords(to).join(', ')}.`,
  ].join(' ');
}

/** A sentence about somebody's tasks, for who has no other. */
export const newVersionWords = (version: string, { version: before }: Pick<AgentState, 'version'>): string =>
  before === null ? `First seen, version ${version}.` : `A new version: ${version} after ${before}.`;
