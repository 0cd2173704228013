import type { Database } from 'better-sqlite3';
import type { Decision } from '../../shared/contract/decisions.ts';
import type { EvaluationView, Evidence } from '../../shared/contract/evidence.ts';
import type { McpConfig } from '../../shared/contract/mcp.ts';
import type { AgentKind, Project } from '../../shared/contract/projects.ts';
import type { Session, SessionOutcome, SessionState } from '../../shared/contract/sessions.ts';
import type { ChoiceSource, Suggestion } from '../../shared/contract/telemetry.ts';
import type { SessionWork } from '../../shared/contract/worktrees.ts';
import type { Level } from '../../shared/policy.ts';
import type { AgentDriver, AgentLimits, GateAnswer, GateCall, LimitReport } from '../drivers/driver.ts';
import type { Emit, Journal } from '../kernel/journal.ts';
import type { Log } from '../kernel/log.ts';
import type { Clock, Ids, Spawner } from '../kernel/ports.ts';
import type { RetryLimits } from './retry/rules.ts';
import type { Answered } from './rules.ts';
import type { RunawayLimits } from './runaway/rules.ts';
import type { SessionPatch, StoredSession } from './storage.ts';

/** What a session needs of the other features: the few functions it uses, nothing more. */
export interface Neighbours {
  projects: {
    get(id: string): Project;
    settings(id: string): Omit<Project, 'problem'>;
    /** A sentence why nothing can be launched there now, or null. */
    cannotLaunch(project: Project, hasCommit?: true | null): Promise<string | null>;
  };
  worktrees: {
    /** A session is about to be launched there: the id for it, and whether something is committed. Never rejects. */
    foresee(project: Project): Promise<{ id: string; hasCommit: true | null }>;
    /** Nothing came of the session that was foreseen under that id. */
    forgo(sessionId: string): void;
    /** A tree for the session that may come next. Never rejects. */
    makeAhead(project: Project): Promise<void>;
    /** @throws TenureError with a sentence; then nothing is left behind. */
    prepare(project: Project, sessionId: string, startAt?: string): Promise<Workplace>;
    /** The same place again, measured from its HEAD as it is now. @throws TenureError when it is gone. */
    reopen(project: Project, worktree: string): Promise<Workplace>;
    /** What of a session's place is not there any more: the path of its tree, the name of its branch. */
    missing(
      project: Project,
      place: { worktree: string | null; branch: string | null },
    ): Promise<{ tree: string | null; branch: string | null }>;
    /** While nobody else makes or removes a tree of that repository. @throws TenureError what `work` throws. */
    undisturbed<T>(project: Project, work: () => Promise<T>): Promise<T>;
    /** A fingerprint of the work tree. Rejects when there is none (any more). */
    mark(cwd: string): Promise<string>;
    /** Runs the project's set-up in a tree that was just made. @throws TenureError; then the tree is gone. */
    setUp(
      project: Project,
      place: Pick<Workplace, 'cwd' | 'branch' | 'worktree'>,
      run: { nonce: string; signal: AbortSignal },
    ): Promise<{ baseCommit: string; note: string | null } | null>;
    /** Where a session that has a place goes on. @throws TenureError when nothing of the place is left. */
    standing(
      project: Project,
      session: { id: string; worktree: string | null; branch: string | null },
    ): Promise<string>;
  };
  /** What a new session is told of where it works; null: nothing. */
  surroundings(projectId: string): string | null;
  /** What becomes of the work of sessions. */
  work: {
    of(
      session: Pick<StoredSession, 'id' | 'state' | 'worktree' | 'commits'> & { uncommitted: number | null },
    ): SessionWork;
    /** Inside a commit. */
    placed(sessionId: string, place: Pick<Workplace, 'target' | 'note'>): void;
  };
  trust: {
    level(): Level;
    /** Inside a commit: this session has reached work at that level. Idempotent. */
    creditSession(emit: Emit, sessionId: string, level: Level): void;
    /** Why an agent's tier takes no task more from anybody but a person, while so many are under way; null: it does. */
    whyNotGiven(agent: string, running: number): string | null;
  };
  decisions: {
    ask(sessionId: string, call: GateCall, signal: AbortSignal | null): Promise<GateAnswer>;
    settle(sessionId: string, toolUseId: string, ok: boolean): boolean;
    closeSession(emit: Emit, sessionId: string, reason: string, as?: 'aborted' | 'timed_out' | null): void;
    settleUnknown(emit: Emit, sessionId: string): void;
    wakeSession(sessionId: string): void;
    undelivered(sessionId: string): Answered[];
    tell(sessionId: string, exceptToolUseId: string | null): void;
    untell(sessionId: string): void;
    pendingCount(sessionId: string): number;
    ofSession(sessionId: string): Decision[];
    releaseAll(): void;
  };
  evaluations: {
    /**
     * Measures and stores the evaluation of an ended session exactly once; `within` runs in the same
     * commit. A second call finds the first evaluation and runs `within` with it.
     */
    evaluate(
      facts: EndedSession,
      within: (emit: Emit, evaluation: Evaluated) => void,
      signal: AbortSignal,
    ): Promise<unknown>;
    /** The newest evaluation of a session, or null while there is none. */
    of(sessionId: string): { view: EvaluationView; evidence: Evidence } | null;
  };
  /** The record of spawns. None of these throws: what cannot be recorded is counted as lost. */
  telemetry: {
    began(facts: {
      askedBy: string;
      caste: 'session';
      task: string;
      taskClass?: string;
      model: string | null;
      source: ChoiceSource;
      sessionId: string;
      projectId: string;
    }): string;
    ended(id: string, ending: SpawnEnding): void;
    measured(sessionId: string, score: number | null): void;
  };
  /** What a run uses, and whether it may go on. */
  usage: {
    began(spawnId: string, sessionId: string, projectId: string): void;
    /** @returns the sentence for which the run has to end, or null. `totals`: of the whole conversation. */
    noted(spawnId: string, used: RunFigures, totals: Totals): string | null;
    ended(spawnId: string): void;
    /** Dollars that a session may still spend; null: no limit. */
    leftUsd(sessionId: string, projectId: string, totals: Totals): number | null;
    /** Why a session may not go on, or null. */
    sessionSpent(sessionId: string, projectId: string, totals: Totals): string | null;
    /** Why what works on a project is to be paused now, or null. */
    mustPause(projectId: string): string | null;
    /** Why nothing may start on a project now, or null. */
    mayNotStart(projectId: string): { sentence: string; resetsAt: number | null } | null;
  };
  /** Usage limits of the agent's account. None of these throws. */
  limits: {
    reported(account: string, report: LimitReport, model: string | null): void;
    reached(account: string, resetsAt: number | null): void;
    proved(account: string, model: string | null): void;
  };
  /** MCP servers of a run, and what their calls say of them. None but `checked` and `prepare` throws. */
  mcp: {
    /** @throws TenureError refused, for a secret in clear. */
    checked(config: McpConfig): McpConfig;
    /** Inside the commit that queues a session. */
    remember(sessionId: string, config: McpConfig): void;
    /** What a session was given at its launch, for those that follow it. */
    ofSession(sessionId: string): McpConfig | null;
    /** @returns the file for the agent, or null. @throws TenureError refused. */
    prepare(sessionId: string, projectId: string): string | null;
    forget(sessionId: string): void;
    started(projectId: string, servers: readonly { name: string; ok: boolean }[]): void;
    settle(sessionId: string, toolUseId: string, ok: boolean, said: string | null): void;
    ended(sessionId: string): void;
  };
  models: {
    forSession(projectId: string, override: string | null, prompt: string): ModelChosen;
    /** Inside the commit that makes the session. */
    remember(sessionId: string, choice: ModelChosen): void;
    stored(sessionId: string): ModelChosen | null;
  };
  tokens: {
    mint(sessionId: string, lifeMs: number | null): string;
    revoke(sessionId: string): void;
  };
  transcripts: {
    append(sessionId: string, at: number, line: string, isJson?: boolean): void;
    close(sessionId: string): void;
    pathOf(sessionId: string): string | null;
  };
  /** Where agents ask the gate. */
  gateUrl(): string;
}

export interface ModelChosen {
  model: string | null;
  source: ChoiceSource;
  taskClass: string;
  suggestion: Suggestion | null;
}

/** How one run of a session ended; usage is what this run alone used, null where not known. */
export interface SpawnEnding {
  outcome: 'completed' | 'failed' | 'blocked';
  detail: string | null;
  /** As the agent told it. */
  model: string | null;
  usage: RunFigures;
}

/** Totals of a conversation; null: not known. */
export interface Totals {
  inputTokens: number | null;
  outputTokens: number | null;
  costUsd: number | null;
}

/** What one run alone has used. */
export interface RunFigures extends Totals {
  cacheReadTokens: number | null;
  cacheWriteTokens: number | null;
  /** Where its cost is not known: what it was at least. */
  costLeastUsd?: number | null;
}

export interface Workplace {
  cwd: string;
  branch: string | null;
  worktree: string | null;
  baseCommit: string;
  /** The branch that its work is meant for. */
  target: string | null;
  /** Something that a person should know about the place. */
  note: string | null;
}

export interface EndedSession {
  sessionId: string;
  project: Project;
  prompt: string;
  outcome: SessionOutcome;
  level: Level;
  cwd: string | null;
  baseCommit: string | null;
  /** The branch that its work is meant for. */
  target: string | null;
  resultText: string | null;
  nonce: string;
  /** Critical actions that the gate or a person refused. */
  refusedCritical: number;
  /** Questions to a person that nobody answered in time. */
  unanswered: number;
}

export interface Evaluated {
  /** The outcome as measured: `completed` may turn out to be `nothing_to_do`. */
  outcome: SessionOutcome;
  /** 1–5; null: unscored. */
  score: number | null;
  evidence: Evidence;
}

export interface SessionLimits {
  concurrency: number;
  holdMs: number;
  agent: AgentLimits;
  retry: RetryLimits;
  runaway: RunawayLimits;
  /** What one more session needs; 0: not looked at. */
  memoryBytes: number;
}

export interface SessionDeps {
  db: Database;
  journal: Journal;
  clock: Clock;
  ids: Ids;
  log: Log;
  spawner: Spawner;
  drivers: Record<AgentKind, AgentDriver>;
  near: Neighbours;
  limits(): SessionLimits;
  /** Memory that is free for one more session, as last looked at; null: not known. */
  freeMemory(): { at: number; bytes: number } | null;
  isPaused(): boolean;
  view(session: StoredSession): Session;
}

/**
 * Writes columns of a session and tells about it, in one commit, only while it is in one of `from`.
 * @returns false when it was not.
 */
export type Change = (
  id: string,
  patch: SessionPatch,
  from: readonly SessionState[],
  also?: (emit: Emit) => void,
) => boolean;
