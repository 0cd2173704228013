import type { ActionView, Decision, DecisionOutcome, DecisionState } from './contract/decisions.ts';
import type { Lineage } from './contract/follow-ups.ts';
import type { TerminalStatus } from './contract/imports.ts';
import type { Phase, Session, SessionOutcome } from './contract/sessions.ts';
import type { HeldReason, WaitReason } from './contract/supervision.ts';
import type { HealthCheck } from './contract/system.ts';
import type { PromotionState } from './contract/trust.ts';
import { clockTime, count, diff, when } from './format.ts';
import type { Risk } from './policy.ts';

/** The states of things as a person reads them, on screen and in the CLI. */
export const RISK_NAMES: Readonly<Record<Risk, string>> = {
  read: 'Read',
  low: 'Low',
  medium: 'Medium',
  high: 'High',
  critical: 'Critical',
};

export const OUTCOME_WORDS: Readonly<Record<SessionOutcome, string>> = {
  completed: 'Completed',
  nothing_to_do: 'Nothing to do',
  refused: 'The model refused',
  max_turns: 'Ended at its turn limit',
  budget: 'Ended at its budget',
  auth_required: 'The agent is not logged in',
  quota: 'Usage limit reached',
  transient: 'The model service failed',
  model_not_found: 'The model does not exist',
  unknown_session: 'Could not be resumed',
  timed_out: 'Timed out',
  stalled: 'Stalled',
  stopped: 'Stopped by you',
  ended_by_gate: 'Ended by the gate',
  crashed: 'The agent crashed',
  truncated: 'The agent stopped mid-sentence',
  interrupted: 'Interrupted',
  launch_failed: 'Did not start',
};

/** `good` and `bad` are shown by shape and colour; `neutral` says nothing about the agent. */
export const OUTCOME_TONE: Readonly<Record<SessionOutcome, 'good' | 'bad' | 'neutral'>> = {
  completed: 'good',
  nothing_to_do: 'good',
  refused: 'bad',
  max_turns: 'bad',
  budget: 'neutral',
  auth_required: 'neutral',
  quota: 'neutral',
  transient: 'neutral',
  model_not_found: 'neutral',
  unknown_session: 'neutral',
  timed_out: 'bad',
  stalled: 'bad',
  stopped: 'neutral',
  ended_by_gate: 'bad',
  crashed: 'bad',
  truncated: 'bad',
  interrupted: 'neutral',
  launch_failed: 'bad',
};

const PHASE_WORDS: Readonly<Record<Phase, string>> = {
  queued: 'Queued',
  starting: 'Starting the agent',
  thinking: 'Thinking',
  tool: 'Using a tool',
  waiting: 'Waiting for you',
  writing: 'Writing',
  stopping: 'Stopping…',
  evaluating: 'Measuring the work',
  done: 'Done',
};

export const DECISION_WORDS: Readonly<Record<DecisionState, string>> = {
  allowed: 'Allowed by the gate',
  refused: 'Refused by the gate',
  pending: 'Waiting for you',
  approved: 'Approved',
  denied: 'Denied',
  expired: 'Expired, counted as denied',
  void: 'Withdrawn',
};

export const EFFECT_WORDS: Readonly<Record<DecisionOutcome, string>> = {
  aborted: 'aborted',
  timed_out: 'timed out',
  ran: 'ran',
  failed: 'ran and failed',
  unknown: 'nobody saw how it ended',
};

export const PROMOTION_WORDS: Readonly<Record<PromotionState, string>> = {
  open: 'Waiting for you',
  approved: 'Approved',
  declined: 'Declined',
  expired: 'Expired',
  withdrawn: 'Withdrawn',
};

export const HEALTH_WORDS: Readonly<Record<HealthCheck['state'], string>> = {
  ok: 'OK',
  warning: 'Warning',
  failing: 'Failing',
  unknown: 'Unknown',
};

const WAITING_WORDS: Readonly<Record<WaitReason, string>> = {
  quota: 'Limit reached',
  transient: 'Service failed',
  crashed: 'Agent crashed',
  truncated: 'Agent stopped mid-sentence',
  interrupted: 'Cut off',
  memory: 'Waits for free memory',
  budget: 'Budget spent',
};

export const HELD_WORDS: Readonly<Record<HeldReason, string>> = {
  repeating: 'Paused, it repeats itself',
  burning: 'Paused, it burns tokens',
  no_progress: 'Paused, it makes no progress',
  blocked: 'Blocked, it could not go on',
  budget: 'Paused, a budget is spent',
};

/** What a queued session waits for: `Limit reached, goes on at 14:05`, `…, goes on Thu 09:41` on another day. */
export function waiting(reason: WaitReason, retryAt: number | null, now: number): string {
  if (retryAt === null) return WAITING_WORDS[reason];
  const time = when(retryAt, now);
  return `${WAITING_WORDS[reason]}, goes on ${time === clockTime(retryAt) ? 'at ' : ''}${time}`;
}

const ending = (at: number | null): string => (at === null ? '' : `, ends at ${clockTime(at)}`);

type Doing = Pick<
  Session,
  'state' | 'phase' | 'activity' | 'pendingDecisions' | 'waitingFor' | 'retryAt' | 'held' | 'stall'
>;

/** What a session that has not ended does now. `ahead`: how many are queued before it. `at`: the present, epoch ms. */
export function doing(session: Doing, ahead: number, at: number): string {
  if (session.phase === 'stopping') return PHASE_WORDS.stopping;
  switch (session.state) {
    case 'queued':
      if (session.waitingFor) return waiting(session.waitingFor, session.retryAt, at);
      return ahead > 0 ? `Queued, ${ahead} ahead` : 'Queued, next to start';
    case 'parked':
      return session.held && session.pendingDecisions === 0
        ? HELD_WORDS[session.held.reason]
        : 'Parked until you answer';
    case 'evaluating':
      return PHASE_WORDS.evaluating;
    case 'starting':
    case 'working':
    case 'ended':
      if (session.pendingDecisions > 0) return PHASE_WORDS.waiting;
      if (session.stall) return `Silent since ${clockTime(session.stall.lastLineAt)}${ending(session.stall.endsAt)}`;
      return now(session);
  }
}

/** `Editing src/a.ts`; between two tools `Thinking, after editing src/a.ts`. */
function now({ phase, activity }: Pick<Session, 'phase' | 'activity'>): string {
  if (activity === null) return PHASE_WORDS[phase];
  const between = phase === 'thinking' || phase === 'writing';
  return between ? `${PHASE_WORDS[phase]}, after ${activity.charAt(0).toLowerCase()}${activity.slice(1)}` : activity;
}

/** How a session ended: `2 commits · +184 −31`, `Timed out · nothing committed`. */
export function ended(session: Pick<Session, 'outcome' | 'commits' | 'insertions' | 'deletions'>): string {
  const parts: string[] = [];
  const { outcome, commits } = session;
  if (outcome !== 'completed' || !commits) parts.push(outcome ? OUTCOME_WORDS[outcome] : 'Ended');
  if (commits) parts.push(count(commits, 'commit'));
  else if (commits === 0 && outcome === 'completed') parts.push('nothing committed');
  const changed = commits ? diff(session.insertions, session.deletions) : null;
  if (changed) parts.push(changed);
  return parts.join(' · ');
}

/** The score in words: `scored 4 of 5`, `unscored`; null while nothing was evaluated. */
export function scored(session: Pick<Session, 'evaluation'>): string | null {
  if (!session.evaluation) return null;
  return session.evaluation.score === null ? 'unscored' : `scored ${session.evaluation.score} of 5`;
}

/** An action in one line, its paths told from the folder that it runs in. */
export function brief({ summary, cwd }: Pick<ActionView, 'summary' | 'cwd'>): string {
  return summary.replaceAll(`${cwd}/`, '');
}

/** The same, its tool only where the words lack it; a question is what it asks. */
export function actWords(action: Pick<ActionView, 'tool' | 'summary' | 'cwd' | 'questions'>): string {
  if (action.questions) return action.summary;
  const words = brief(action);
  return words.startsWith(action.tool) ? words : `${action.tool}: ${words}`;
}

/** Who did something, as the person reads it: `you (browser)`, `the demo`, `Tenure`. */
export const whoWords = (by: string): string => (by === 'tenure' ? 'Tenure' : by.replace(/^owner\b/, 'you'));

type Settled = Pick<Decision, 'state' | 'answeredBy' | 'outcome'> & Partial<Pick<Decision, 'action'>>;

/** Who answered and what came of it: `Approved by you (browser) · ran`. */
export function settled(decision: Settled): string {
  const { state, answeredBy } = decision;
  const person = (state === 'approved' || state === 'denied') && answeredBy;
  const by = person ? ` by ${whoWords(person)}` : '';
  const effect = decision.outcome ? ` · ${EFFECT_WORDS[decision.outcome]}` : '';
  // An answer lets nothing run, so nothing comes of it but that it was heard.
  if (decision.action?.questions) return state === 'approved' ? `Answered${by}` : `${DECISION_WORDS[state]}${by}`;
  return `${DECISION_WORDS[state]}${by}${effect}`;
}

const LINEAGE_WORDS: Readonly<Record<Lineage['kind'], string>> = {
  follow_up: 'follow-up to',
  resume: 'resume of',
  fork: 'fork of',
  retry: 'retry of',
  continue: 'continuation of',
};
const ORDINALS = ['th', 'st', 'nd', 'rd'];

/** Where a session comes from, before the name of that one: `2nd retry of`. */
export function lineageWords({ kind, nth }: Pick<Lineage, 'kind' | 'nth'>): string {
  const words = LINEAGE_WORDS[kind];
  if (nth === 1) return words.charAt(0).toUpperCase() + words.slice(1);
  const teen = nth % 100 > 10 && nth % 100 < 14;
  return `${nth}${(teen ? undefined : ORDINALS[nth % 10]) ?? 'th'} ${words}`;
}

/** What a session in a terminal does, as far as it is known. */
export const TERMINAL_WORDS: Readonly<Record<TerminalStatus, string>> = {
  working: 'Works',
  waiting: 'Waits in its terminal',
  idle: 'Waits for its next prompt',
  ended: 'Has ended',
  unknown: 'Nobody knows whether it runs',
};
