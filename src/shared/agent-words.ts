import type { AgentView, Anomaly } from './contract/agents.ts';
import { count, percent, span } from './format.ts';
import { TIER_RIGHTS } from './tiers.ts';

/** What an event of an agent is called, as short as it goes. */
const EVENT_WORDS: Readonly<Record<string, string>> = {
  seen: 'Seen',
  completed: 'Task done',
  failed: 'Task failed',
  timed_out: 'Task ran out of time',
  inconclusive: 'Task said nothing',
  violated: 'Violation',
  denied: 'Refused',
  overruled: 'Overruled by you',
  misdelegated: 'Delegated wrongly',
  reviewed: 'Rated by you',
  cleared: 'Looked at by you',
  faded: 'Faded',
  tier: 'Tier',
  configured: 'Rules changed',
};
export const eventWords = (kind: string): string => EVENT_WORDS[kind] ?? kind;

export const ANOMALY_WORDS: Readonly<Record<Anomaly['kind'], string>> = {
  violation: 'Violation',
  rapid_drop: 'Rapid drop',
  failure_rate: 'Fails more than usual',
  manipulation: 'Looks like manipulation',
  coordinated: 'Several agents together',
  oscillation: 'Tier goes to and fro',
  repeated_violations: 'Repeated violations',
  sudden_recovery: 'Sudden recovery',
};

/** `+10`, `−15`, or nothing for what moved nothing. */
export function movedWords({ before, after }: { before: number; after: number }): string {
  const moved = after - before;
  return moved === 0 ? '' : moved > 0 ? `+${moved}` : `−${-moved}`;
}

/** Successes among the tasks that say something, and what is sure of that. */
export function tasksWords({ succeeded, failed, sure }: Pick<AgentView, 'succeeded' | 'failed' | 'sure'>): string {
  if (sure === null) return 'no task has said anything yet';
  return `${succeeded} of ${succeeded + failed} tasks succeeded; at least ${percent(sure)} is sure`;
}

/** Why an agent stands where it does, each in a sentence. */
export function whyWords(agent: AgentView): string[] {
  const { ceilings, earned, tier, rateCeiling, score, towards } = agent;
  const held = ceilings.map((ceiling) =>
    ceiling.why === 'violation'
      ? `Held at ${TIER_RIGHTS[ceiling.tier].name} or lower until you have looked at its violation.`
      : `Held at ${TIER_RIGHTS[ceiling.tier].name} or lower while its new version is watched.`,
  );
  return [
    ...(earned === tier ? [] : [`It has earned ${TIER_RIGHTS[earned].name}.`]),
    ...held,
    ...(rateCeiling <= score && score < 1_000
      ? [`Its share of successes allows no more than ${rateCeiling}, however much it does.`]
      : []),
    ...(towards ? [towardsWords(towards)] : []),
  ];
}

function towardsWords({ tier, points, tasks, ms }: NonNullable<AgentView['towards']>): string {
  const lack = [
    ...(points > 0 ? [count(points, 'point')] : []),
    ...(tasks > 0 ? [count(tasks, 'good task')] : []),
    ...(ms > 0 ? [span(ms)] : []),
  ];
  const { name } = TIER_RIGHTS[tier];
  return lack.length === 0 ? `The next good task makes it ${name}.` : `To ${name} it lacks ${lack.join(', ')}.`;
}
