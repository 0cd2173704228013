import type { SessionOutcome } from '../../../shared/contract/sessions.ts';
import type { WaitReason } from '../../../shared/contract/supervision.ts';
import { count } from '../../../shared/format.ts';

/** Numbers of the retry policy; times in milliseconds. */
export interface RetryLimits {
  /** Crashes and cut-offs that are gone on with by themselves. */
  crashes: number;
  /** Failures of the service in a row, until a person is asked. */
  transient: number;
  /** Runs into the usage limit in a row, until a person is asked. */
  quota: number;
  transientMs: number;
  transientMaxMs: number;
  /** Where the limit does not tell when it resets. */
  quotaMs: number;
  quotaMaxMs: number;
  /** At most so much later than told, so that not everything starts in the same second. */
  jitterMs: number;
}

/**
 * - `never`: the run's end is the session's end.
 * - `at_reset`: after the time that was told, once a cheap check proves that the limit is gone.
 * - `back_off`: after a while that doubles, so many times in a row.
 * - `once`: at once, by going on with the conversation; then a person is asked.
 * - `if_begun`: where there is a conversation or an answer to lose, a person is asked; else it is the end.
 */
export type RetryPolicy = 'never' | 'at_reset' | 'back_off' | 'once' | 'if_begun';

/** One row for each way in which a run may end. */
export const RETRY = {
  completed: 'never',
  nothing_to_do: 'never',
  refused: 'never',
  max_turns: 'never',
  budget: 'never',
  auth_required: 'never',
  quota: 'at_reset',
  transient: 'back_off',
  model_not_found: 'never',
  unknown_session: 'never',
  timed_out: 'never',
  stalled: 'never',
  stopped: 'never',
  ended_by_gate: 'never',
  crashed: 'once',
  truncated: 'once',
  interrupted: 'once',
  launch_failed: 'if_begun',
} as const satisfies Record<SessionOutcome, RetryPolicy>;

/** No window is longer than a week: a reset that is further away is asked about before. */
const LONGEST_QUOTA_MS = 8 * 24 * 3_600_000;
/** A run that went on for so long shows that the cause before it is over: its attempts count no more. */
const HEALTHY_MS = 10 * 60_000;

export interface RunEnded {
  kind: SessionOutcome;
  /** A person, the time box or the gate wanted the end: that is never overridden. */
  wanted: boolean;
  /** We closed in good order while it ran: nobody's failure, so it does not count. */
  goodbye: boolean;
  /** Epoch ms at which a usage limit resets, where it was told. */
  resetsAt: number | null;
  /** Runs before this one, in a row, that ended early. */
  attempt: number;
  /** There is a conversation, or an answer that the agent has not got. */
  begun: boolean;
  /** Crashes and cut-offs of this session before this one. */
  cutOffs: number;
  /** How long the run went on, ms. */
  ranMs: number;
  /** Its processes that could not be ended. */
  alive: readonly number[];
  /** Epoch ms. */
  now: number;
  /** 0–1, by chance. */
  chance: number;
}

export type AfterEnding =
  | { step: 'end' }
  | { step: 'wait'; reason: WaitReason; retryAt: number; attempt: number; cutOffs: number }
  /** The retries are used up. */
  | { step: 'hold'; evidence: string };

/** What becomes of a session by how its run ended. No run begins by itself beside what is left of the one before. */
export function afterEnding(ended: RunEnded, limits: RetryLimits): AfterEnding {
  const next = byPolicy(ended, limits);
  if (next.step !== 'wait' || ended.alive.length === 0) return next;
  return usedUp(
    `Of its last run ${count(ended.alive.length, 'process', 'processes')} could not be ended: ${ended.alive.join(', ')}.`,
  );
}

function byPolicy(ended: RunEnded, limits: RetryLimits): AfterEnding {
  const { kind, now, cutOffs } = ended;
  if (ended.wanted) return { step: 'end' };
  const attempt = (ended.ranMs >= HEALTHY_MS ? 0 : ended.attempt) + 1;
  const jitter = Math.round(ended.chance * limits.jitterMs);
  switch (RETRY[kind]) {
    case 'never':
      return { step: 'end' };
    case 'if_begun':
      return ended.begun ? usedUp('It could not be started again.') : { step: 'end' };
    case 'at_reset': {
      if (attempt > limits.quota) return usedUp(`It ran into the usage limit ${limits.quota} times in a row.`);
      const told = ended.resetsAt !== null && ended.resetsAt > now ? ended.resetsAt : null;
      const wait = told === null ? doubling(limits.quotaMs, limits.quotaMaxMs, attempt) : told - now;
      const retryAt = now + Math.min(wait, LONGEST_QUOTA_MS) + jitter;
      return { step: 'wait', reason: 'quota', retryAt, attempt, cutOffs };
    }
    case 'back_off': {
      if (attempt > limits.transient) return usedUp(`The model service failed ${limits.transient + 1} times in a row.`);
      const wait = doubling(limits.transientMs, limits.transientMaxMs, attempt);
      const retryAt = now + wait + Math.min(jitter, Math.round(ended.chance * wait * 0.2));
      return { step: 'wait', reason: 'transient', retryAt, attempt, cutOffs };
    }
    case 'once': {
      const reason = kind as 'crashed' | 'truncated' | 'interrupted';
      if (ended.goodbye) return { step: 'wait', reason, retryAt: now, attempt: ended.attempt, cutOffs };
      if (cutOffs >= limits.crashes) return usedUp(`It was cut off ${cutOffs + 1} times.`);
      return { step: 'wait', reason, retryAt: now, attempt: ended.attempt, cutOffs: cutOffs + 1 };
    }
  }
}

const usedUp = (evidence: string): AfterEnding => ({ step: 'hold', evidence });

const doubling = (first: number, most: number, attempt: number): number =>
  Math.min(most, first * 2 ** Math.min(attempt - 1, 30));

/** How the run before this one ended, as far as it is the agent's concern. */
export type ResumeCause = SessionOutcome | 'held';

const CUT_OFF: Partial<Record<ResumeCause, string>> = {
  quota: 'the usage limit was reached',
  transient: 'the model service failed',
  crashed: 'its program crashed',
  truncated: 'its output broke off',
  interrupted: 'the program that supervises you was ended',
};

/** What an agent is told when it goes on after it was cut off; null when there is nothing to tell. */
export function continuationNote(
  cause: ResumeCause | null,
  activity: string | null,
  evidence: readonly string[],
): string | null {
  if (cause === null) return null;
  if (cause === 'held') {
    return [
      'You were paused, because what you did looked as if it led nowhere:',
      ...evidence.map((one) => `- ${one}`),
      'The person has looked at it and lets you go on. Do not do the same again; if there is no other way, say so and end.',
    ].join('\n');
  }
  if (cause === 'launch_failed') {
    return 'You were to go on before, but could not be started. Look at what is in the work tree, then go on with your task.';
  }
  const why = CUT_OFF[cause];
  if (why === undefined) return null;
  const last = activity === null ? '' : ` The last that was seen of you: ${activity}.`;
  return [
    `Your last run was cut off, because ${why}.${last}`,
    'The work tree is as it was at that moment; a command that ran then may have done a part of its work, or none.',
    'Look at what is there, then go on with your task. Do not begin again from the start.',
  ].join('\n');
}
