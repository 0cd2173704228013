import type { EvaluationView } from '../../shared/contract/evidence.ts';
import type { Lineage } from '../../shared/contract/follow-ups.ts';
import type { Session, SessionState } from '../../shared/contract/sessions.ts';
import type { SessionWork } from '../../shared/contract/worktrees.ts';
import type { StoredSession } from './storage.ts';

/** What other tables know of a session; joined into the contract's view. */
export interface Joined {
  evaluation: EvaluationView | null;
  pendingDecisions: number;
  lineage: Lineage | null;
  waitingPrompts: number;
  work: SessionWork;
}

/** What only a running session knows. */
export type LiveFields = Pick<
  Session,
  'phase' | 'activity' | 'lastTool' | 'inputTokens' | 'outputTokens' | 'costUsd' | 'pace' | 'turns' | 'stall'
>;

/** Characters of a prompt in a view: it is in every fact and snapshot. The detail has the whole one. */
export const PROMPT_SHOWN = 2_000;

const cutPrompt = (prompt: string): string =>
  prompt.length > PROMPT_SHOWN ? `${prompt.slice(0, PROMPT_SHOWN - 1).replace(/[\uD800-\uDBFF]$/, '')}…` : prompt;

/** The contract's view of a stored session, with what is live between two commits. */
export function viewOf(s: StoredSession, joined: Joined, live: Partial<LiveFields>): Session {
  return {
    id: s.id,
    projectId: s.projectId,
    project: s.project,
    agent: s.agent,
    state: s.state,
    // Noted early, so that a crash of ours loses no natural end; shown once it holds.
    outcome: s.state === 'ended' || s.state === 'evaluating' ? s.outcome : null,
    prompt: cutPrompt(s.prompt),
    source: s.source,
    level: s.level,
    model: s.model,
    claudeVersion: s.agentVersion,
    branch: s.branch,
    worktree: s.worktree,
    createdAt: s.createdAt,
    startedAt: s.startedAt,
    endedAt: s.endedAt,
    deadlineAt: s.deadlineAt,
    phase: phaseOf(s.state),
    activity: s.activity,
    lastTool: s.lastTool,
    inputTokens: s.inputTokens,
    outputTokens: s.outputTokens,
    costUsd: s.costUsd,
    ...(s.costUsd === null && s.costLeastUsd !== null && { costLeastUsd: s.costLeastUsd }),
    turns: s.turns,
    commits: s.commits,
    filesChanged: s.filesChanged,
    insertions: s.insertions,
    deletions: s.deletions,
    evaluation: joined.evaluation,
    pendingDecisions: joined.pendingDecisions,
    lineage: joined.lineage,
    waitingPrompts: joined.waitingPrompts,
    problem: s.problem,
    stillAlive: s.stillAlive,
    work: joined.work,
    waitingFor: s.waitReason,
    retryAt: s.retryAt,
    attempt: s.attempt,
    held: s.state === 'parked' ? s.held : null,
    stall: null,
    ...live,
  };
}

function phaseOf(state: SessionState): Session['phase'] {
  switch (state) {
    case 'queued':
      return 'queued';
    case 'starting':
      return 'starting';
    case 'working':
      return 'thinking';
    case 'parked':
      return 'waiting';
    case 'evaluating':
      return 'evaluating';
    case 'ended':
      return 'done';
  }
}
