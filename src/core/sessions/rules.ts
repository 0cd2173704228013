import type { Decision } from '../../shared/contract/decisions.ts';
import type { AgentQuestion } from '../../shared/contract/questions.ts';
import type { SessionOutcome, SessionState } from '../../shared/contract/sessions.ts';
import { type Level, lowerOf } from '../../shared/policy.ts';
import type { AgentEnding } from '../drivers/driver.ts';

/** States in which something of a session may still run or come back. */
export const OPEN_STATES = ['queued', 'starting', 'working', 'parked', 'evaluating'] as const satisfies SessionState[];
/** States in which an agent process may exist. */
export const RUNNING_STATES = ['starting', 'working'] as const satisfies SessionState[];

/**
 * The level that a session of that project acts at: never above the project's ceiling or its own, and only
 * looking where it is protected.
 */
export const effectiveLevel = (
  level: Level,
  project: { ceiling: Level; protected: boolean },
  own: Level | null = null,
): Level => lowerOf(lowerOf(level, project.protected ? 'observe' : project.ceiling), own ?? 'full');

/** Dollars that may still be spent, of the two limits the nearer; null: there is none. */
export const leastLeft = (left: number | null, own: number | null, spent: number | null): number | null => {
  if (own === null) return left;
  return Math.min(left ?? Number.POSITIVE_INFINITY, own - (spent ?? 0));
};

/** Who acts, as the record names it: product and model. A change of either is another agent (claude-code rule 11). */
export const agentName = ({ agent, model }: { agent: string; model: string | null }): string =>
  `${agent}/${model ?? 'default'}`;

/** The agreed form in which an agent says that there was nothing to do; only our own look at the tree makes it count. */
export const NOTHING_TO_DO = 'NOTHING TO DO:';

/** What every agent is told beside the person's prompt. */
export const HOUSE_RULES = [
  'You work under Tenure: every tool call passes a gate, and some wait for a person.',
  'A refusal is final unless it says otherwise; do not look for another way to do what was refused.',
  'Commit your work on the current branch when it is done: what is not committed is not counted.',
  `If there is nothing to do, change nothing and end with a line "${NOTHING_TO_DO} <why>".`,
].join('\n');

/**
 * The first prompt of a conversation. `answers`: null for a new session; for one that has to begin anew,
 * what a person has answered meanwhile.
 */
export function firstPrompt(prompt: string, answers: readonly Answered[] | null): string {
  const before =
    answers === null
      ? []
      : [
          'You began this before and were cut off; what you did so far is in the work tree.',
          resumePrompt(answers, null),
        ];
  return [prompt, '---', HOUSE_RULES, ...before].filter((part) => part !== null).join('\n\n');
}

/** An answered question and the call that asked it. */
export type Answered = Decision & { toolUseId: string | null; toldAt: number | null };

/**
 * What a parked agent is told when it goes on, for answers that it gets by asking again. Null when
 * there is nothing to tell beside the deferred call, which runs first by itself.
 */
export function resumePrompt(answers: readonly Answered[], deferredToolUseId: string | null): string | null {
  const news = answers.filter(
    (d) => d.toldAt === null && (deferredToolUseId === null || d.toolUseId !== deferredToolUseId),
  );
  const lines = news.map(answerLine);
  if (lines.length === 0) return null;
  return ['The person has answered what you were waiting for:', ...lines, 'Go on with your task.'].join('\n');
}

/** A question's answer can be told as it is; the agent need not ask again. */
function questionLine(decision: Decision, questions: readonly AgentQuestion[]): string {
  if (decision.state === 'approved') {
    return questions.map(({ question, answer }) => `- You asked "${question}". The answer: ${answer}`).join('\n');
  }
  const why = decision.state === 'expired' ? 'Nobody answered in time' : 'The person does not answer this';
  const reason = decision.answerReason === null ? '' : ` (${decision.answerReason})`;
  return `- You asked "${decision.action.summary}". ${why}${reason}; choose what is safest, and say what you assumed.`;
}

function answerLine(decision: Decision): string {
  if (decision.action.questions) return questionLine(decision, decision.action.questions);
  const what = `"${decision.action.summary}" (${decision.action.tool})`;
  switch (decision.state) {
    case 'approved':
      return `- ${what}: approved. Ask for exactly the same again to run it; it has not run yet.`;
    case 'expired':
      return `- ${what}: nobody answered in time, so it is denied. Go on without it.`;
    case 'denied':
      return `- ${what}: denied. ${decision.answerReason ?? 'No reason was given.'}`;
    default:
      return `- ${what}: no longer valid. Ask again if it is still needed.`;
  }
}

/** What is known of a session when its run is over. */
export interface RunOver {
  kind: AgentEnding['kind'];
  /** Why the run was ended from outside, if it was. */
  stopWanted: 'stopped' | 'timed_out' | 'budget' | 'ended_by_gate' | 'interrupted' | null;
  /** Questions that nobody has answered yet. */
  pending: number;
  /** Answers and prompts that the agent has not heard of in any way. */
  untold: number;
  /** The agent got as far as a conversation that can be gone on with. */
  agentStarted: boolean;
  resumed: boolean;
}

export type NextStep = { step: 'park' | 'begin_anew' } | { step: 'end'; kind: AgentEnding['kind'] };

/**
 * What becomes of a session whose run is over, whether it ended before our eyes or while Tenure was
 * cut off. A person's stop, the time box and the gate end it for good; an open question or an answer
 * that the agent has not heard of keeps it parked, over a shutdown and a crash of ours too.
 */
export function afterRun({ kind, stopWanted, pending, untold, agentStarted, resumed }: RunOver): NextStep {
  const open = pending + untold > 0;
  if (stopWanted !== null && stopWanted !== 'interrupted') {
    return { step: 'end', kind: kind === 'deferred' || open ? stopWanted : kind };
  }
  if (kind === 'deferred') return { step: 'park' };
  if (open && (kind === 'completed' || (kind === 'interrupted' && agentStarted))) return { step: 'park' };
  // The agent writes its own transcript late, so a cut-off may lose the conversation.
  if (kind === 'unknown_session' && resumed) return { step: 'begin_anew' };
  return { step: 'end', kind };
}

/** Why an ended session is worth a sentence beside its outcome. */
export function problemOf(outcome: SessionOutcome, detail: string): string | null {
  return outcome === 'completed' || outcome === 'nothing_to_do' || outcome === 'stopped' ? null : detail;
}
