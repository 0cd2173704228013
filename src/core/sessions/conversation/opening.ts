import type { Project } from '../../../shared/contract/projects.ts';
import type { LaunchSpec } from '../../drivers/driver.ts';
import type { Neighbours, Workplace } from '../ports.ts';
import { continuationNote } from '../retry/rules.ts';
import { type Answered, firstPrompt, resumePrompt } from '../rules.ts';
import type { StoredSession } from '../storage.ts';
import type { Prompts } from './prompts.ts';
import { CUT_OFF, forkPrompt } from './rules.ts';

/** What a run begins with: the conversation it is of, and what the agent is told first. */
export type Opening = Pick<LaunchSpec, 'resume' | 'prompt' | 'promptId' | 'forkOf' | 'usedBefore'>;

export function openingOf(
  session: StoredSession,
  resume: boolean,
  answers: readonly Answered[],
  prompts: Prompts,
  brief: (session: StoredSession) => string | null,
): Opening {
  const { inputTokens, outputTokens, turns, costUsd } = session;
  // One that goes on with an earlier session's conversation counts its own part alone.
  const none = session.usedMs === 0 ? { inputTokens: 0, outputTokens: 0, turns: 0, costUsd: null } : null;
  const used = inputTokens === null || outputTokens === null ? none : { inputTokens, outputTokens, turns, costUsd };
  if (!resume) {
    const forkOf = prompts.forkOf(session.id);
    const task = forkOf !== null && session.worktree !== null ? forkPrompt(session.prompt) : session.prompt;
    // A copy of a conversation knows its own past.
    const before = forkOf === null ? brief(session) : null;
    const begunBefore = session.baseCommit !== null && session.usedMs > 0;
    return {
      resume,
      prompt: firstPrompt([task, before].filter((part) => part !== null).join('\n\n'), begunBefore ? answers : null),
      ...(forkOf !== null && { forkOf }),
      // Also one whose conversation was lost and begins anew goes on from what it has used.
      ...(used && (forkOf !== null || session.usedMs > 0) && { usedBefore: used }),
    };
  }
  const answered = resumePrompt(answers, session.deferredToolUseId);
  // What it was to be told when it could not be started, or the call that runs first where it was cut off, is enough.
  const enough =
    session.resumeCause === 'launch_failed'
      ? (answered ?? session.deferredToolUseId) !== null
      : session.resumeCause === 'interrupted' && session.deferredToolUseId !== null;
  const cause = enough ? null : session.resumeCause;
  const note = continuationNote(cause, session.activity, session.held?.evidence ?? []);
  const news = [note, answered].filter((part) => part !== null).join('\n\n') || null;
  // A deferred call runs first by itself; a prompt waits for the end of its turn. One that may have been heard is
  // given again under its own id, but never first: there the agent takes it a second time (seen with 2.1.328).
  const first = news === null && session.deferredToolUseId === null;
  const uncertain = first && prompts.isUncertain(session.id);
  const next = first && !uncertain ? prompts.next(session.id) : null;
  return {
    resume,
    prompt: news ?? (uncertain ? CUT_OFF : null) ?? next?.text ?? null,
    ...(next && { promptId: next.id }),
    ...(used && { usedBefore: used }),
  };
}

/** The place of the session that it goes on with, or a new one: from the tip of the branch that it forks, or from HEAD. */
export function placeFor(
  session: StoredSession,
  project: Project,
  worktrees: Neighbours['worktrees'],
  branchBefore: string | null,
): Promise<Workplace> {
  if (session.worktree !== null) return worktrees.reopen(project, session.worktree);
  return worktrees.prepare(project, session.id, branchBefore ?? undefined);
}
