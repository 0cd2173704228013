import { z } from 'zod';
import { LEVELS } from '../policy.ts';
import { Decision } from './decisions.ts';
import { command, query } from './define.ts';
import { EvaluationView, Evidence } from './evidence.ts';
import { FollowUp, Lineage } from './follow-ups.ts';
import { McpConfig } from './mcp.ts';
import { AgentKind } from './projects.ts';
import { Stall, supervision } from './supervision.ts';
import { SessionWork } from './worktrees.ts';

/**
 * queued → starting → working ⇄ parked → evaluating → ended. A run that ended early goes back to queued,
 * with what it waits for (`waitingFor`). That a working session with a pending decision needs a person is
 * not stored (see `groupOf` in state.ts).
 */
export const SessionState = z.enum(['queued', 'starting', 'working', 'parked', 'evaluating', 'ended']);
export type SessionState = z.infer<typeof SessionState>;

/** How a session ended; each class has its own retry policy and its own say in trust. */
export const SessionOutcome = z.enum([
  'completed',
  'nothing_to_do',
  'refused',
  'max_turns',
  'budget',
  'auth_required',
  'quota',
  'transient',
  'model_not_found',
  'unknown_session',
  'timed_out',
  'stalled',
  'stopped',
  'ended_by_gate',
  'crashed',
  'truncated',
  'interrupted',
  'launch_failed',
]);
export type SessionOutcome = z.infer<typeof SessionOutcome>;

export const SessionSource = z.enum(['person', 'schedule']);
export type SessionSource = z.infer<typeof SessionSource>;

export const Phase = z.enum([
  'queued',
  'starting',
  'thinking',
  'tool',
  'waiting',
  'writing',
  'stopping',
  'evaluating',
  'done',
]);
export type Phase = z.infer<typeof Phase>;

/** How fast a run uses tokens: in each half minute, oldest first. `at`: when the newest began, epoch ms. */
export const Pace = z.object({ at: z.number(), tokens: z.array(z.number()) });
export type Pace = z.infer<typeof Pace>;

export const Session = z.object({
  id: z.string(),
  projectId: z.string(),
  project: z.string(),
  agent: AgentKind,
  state: SessionState,
  outcome: SessionOutcome.nullable(),
  /** At most 2,000 characters, the last a … where it is cut; whole in the detail. */
  prompt: z.string(),
  source: SessionSource,
  /** The effective level at launch (minimum of level and ceiling); evaluations are credited to it. */
  level: z.enum(LEVELS),
  model: z.string().nullable(),
  claudeVersion: z.string().nullable(),
  branch: z.string().nullable(),
  worktree: z.string().nullable(),
  createdAt: z.number(),
  startedAt: z.number().nullable(),
  endedAt: z.number().nullable(),
  deadlineAt: z.number().nullable(),
  phase: Phase,
  /** What it does now or did last, in words: "Editing src/a.ts". */
  activity: z.string().nullable(),
  lastTool: z.string().nullable(),
  inputTokens: z.number().nullable(),
  outputTokens: z.number().nullable(),
  /** List-price estimate in US dollars; null until the agent reported one. */
  costUsd: z.number().nullable(),
  /** What it cost at least, where its cost is unknown and a part of it was reported. */
  costLeastUsd: z.number().optional(),
  /** Of the last ten minutes; absent: it does not run, or has reported nothing. */
  pace: Pace.optional(),
  turns: z.number().nullable(),
  commits: z.number().nullable(),
  filesChanged: z.number().nullable(),
  insertions: z.number().nullable(),
  deletions: z.number().nullable(),
  evaluation: EvaluationView.nullable(),
  pendingDecisions: z.number(),
  /** A sentence about what went wrong or needs a look, else null. */
  problem: z.string().nullable(),
  /** Processes of the session that were still alive when last looked after a stop. */
  stillAlive: z.array(z.number()),
  /** The session that this one follows; null: it began by itself. */
  lineage: Lineage.nullable(),
  /** Prompts that wait for the agent, or of which nobody knows whether it heard them. */
  waitingPrompts: z.number(),
  ...supervision,
  work: SessionWork,
});
export type Session = z.infer<typeof Session>;

export const SessionDetail = Session.extend({
  decisions: z.array(Decision),
  evidence: Evidence.nullable(),
  baseCommit: z.string().nullable(),
  agentSessionId: z.string().nullable(),
  resultText: z.string().nullable(),
  transcriptPath: z.string().nullable(),
  /** Every prompt after the first, oldest first. */
  followUps: z.array(FollowUp),
});
export type SessionDetail = z.infer<typeof SessionDetail>;

export const LaunchInput = z.object({
  projectId: z.string(),
  prompt: z.string().max(100_000).optional(),
  model: z.string().trim().min(1).max(100).optional(),
  timeBoxMs: z.number().int().min(1_000).max(86_400_000).optional(),
  /** The most that this session acts at; never above the project's own ceiling. */
  ceiling: z.enum(LEVELS).optional(),
  /** At list price; the session ends when it is spent. Never above the budgets of the settings. */
  budgetUsd: z.number().positive().max(1_000_000).optional(),
  /** MCP servers for this session alone, beside the project's. */
  mcp: McpConfig.optional(),
});
export type LaunchInput = z.infer<typeof LaunchInput>;

export const StopReport = z.object({
  id: z.string(),
  stopped: z.boolean(),
  /** Process ids of the session that resisted. Empty when all are gone. */
  stillAlive: z.array(z.number()),
});
export type StopReport = z.infer<typeof StopReport>;

/** What became of one session when everything was stopped. */
export const StoppedSession = StopReport.extend({
  project: z.string(),
  /** At most 200 characters. */
  prompt: z.string(),
  /** Why it could not be stopped. */
  problem: z.string().optional(),
});
export type StoppedSession = z.infer<typeof StoppedSession>;

export const sessionMethods = {
  'sessions.list': query({
    summary: 'Sessions, newest first.',
    input: z.object({
      projectId: z.string().optional(),
      state: SessionState.optional(),
      /** In the project's name, the prompt, the outcome, the branch or the id, whatever the case. */
      text: z.string().max(500).optional(),
      limit: z.number().int().min(1).max(1_000).optional(),
    }),
    output: z.array(Session),
  }),
  'sessions.get': query({
    summary: 'One session with its decisions and evidence.',
    input: z.object({ id: z.string() }),
    output: SessionDetail,
  }),
  'sessions.launch': command({
    summary: 'Launch a session on a project, or queue it when the concurrency limit is reached.',
    input: LaunchInput,
    output: Session,
  }),
  'sessions.stop': command({
    summary: 'Stop a session: its whole process group, or say what is still alive.',
    input: z.object({ id: z.string() }),
    output: StopReport,
  }),
  'sessions.goOn': command({
    summary: 'Start a waiting session now, or let a held one go on.',
    input: z.object({ id: z.string() }),
    output: Session,
  }),
  'sessions.snooze': command({
    summary: 'Give a silent session more time before it is ended; 10 minutes unless told otherwise.',
    input: z.object({ id: z.string(), ms: z.number().int().min(1_000).max(86_400_000).optional() }),
    output: Session,
  }),
  'sessions.stopAll': command({
    summary: 'Stop every session that is queued, parked or running; nothing starts meanwhile, nor while one resists.',
    input: z.object({}),
    output: z.array(StoppedSession),
  }),
  'sessions.pauseAll': command({
    summary: 'Let nothing new start (true) or go on (false). Running sessions keep running.',
    input: z.object({ paused: z.boolean() }),
    output: z.object({ paused: z.boolean() }),
  }),
};

export const sessionFacts = {
  'session.queued': z.object({ session: Session }),
  'session.changed': z.object({ session: Session }),
  'session.ended': z.object({ session: Session }),
  'session.evaluated': z.object({ session: Session }),
  /** What becomes of its work was decided. */
  'session.settled': z.object({ session: Session }),
  'sessions.paused': z.object({ paused: z.boolean() }),
};

/** Live figures between facts; not in the journal. */
export const sessionSignals = {
  'session.activity': z.object({
    id: z.string(),
    phase: Phase,
    activity: z.string().nullable(),
    lastTool: z.string().nullable(),
    inputTokens: z.number().nullable(),
    outputTokens: z.number().nullable(),
    costUsd: z.number().nullable(),
    pace: Pace.optional(),
    stall: Stall.nullable(),
  }),
};
