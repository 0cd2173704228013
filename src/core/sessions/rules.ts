import type { Decision } from '../../shared/contract/decisions.ts';
import type { SessionOutcome, SessionState } from '../../shared/contract/sessions.ts';

/** States in which something of a session may still run or come back. */
export const OPEN_STATES = ['queued', 'starting', 'working', 'parked', 'evaluating'] as const satisfies SessionState[];
/** States in which an agent process may exist. */
export const RUNNING_STATES = ['starting', 'working'] as const satisfies SessionState[];

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
export type Answered = Decision & { toolUseId: string | null };

/**
 * What a parked agent is told when it goes on, for answers that it gets by asking again. Null when
 * there is nothing to tell beside the deferred call, which runs first by itself.
 */
export function resumePrompt(answers: readonly Answered[], deferredToolUseId: string | null): string | null {
  const told = answers.filter((d) => deferredToolUseId === null || d.toolUseId !== deferredToolUseId);
  const lines = told.map(answerLine);
  if (lines.length === 0) return null;
  return ['The person has answered what you were waiting for:', ...lines, 'Go on with your task.'].join('\n');
}

function answerLine(decision: Decision): string {
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

/** How a session that a shutdown or a crash of ours cut off goes on: its open questions stay open. */
export function afterInterruption(pendingDecisions: number, agentStarted: boolean): 'parked' | 'interrupted' {
  return pendingDecisions > 0 && agentStarted ? 'parked' : 'interrupted';
}

/** Why an ended session is worth a sentence beside its outcome. */
export function problemOf(outcome: SessionOutcome, detail: string): string | null {
  return outcome === 'completed' || outcome === 'nothing_to_do' || outcome === 'stopped' ? null : detail;
}
