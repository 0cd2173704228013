import type { Database } from 'better-sqlite3';
import type { EvaluationView } from '../../shared/contract/evidence.ts';
import type { Lineage } from '../../shared/contract/follow-ups.ts';
import type { AgentKind } from '../../shared/contract/projects.ts';
import type { Session, SessionOutcome, SessionSource, SessionState } from '../../shared/contract/sessions.ts';
import type { Level } from '../../shared/policy.ts';

/** A session as stored. Phases and live figures between commits are not here. */
export interface StoredSession {
  id: string;
  projectId: string;
  project: string;
  agent: AgentKind;
  state: SessionState;
  outcome: SessionOutcome | null;
  prompt: string;
  source: SessionSource;
  level: Level;
  model: string | null;
  agentVersion: string | null;
  agentSessionId: string;
  branch: string | null;
  worktree: string | null;
  baseCommit: string | null;
  timeBoxMs: number;
  /** Time box used up in runs before a park, milliseconds. */
  usedMs: number;
  createdAt: number;
  startedAt: number | null;
  endedAt: number | null;
  deadlineAt: number | null;
  gateProvedAt: number | null;
  pid: number | null;
  pidStartedAt: string | null;
  nonce: string;
  /** The tool call at which a parked run ended; it runs first when the session goes on. */
  deferredToolUseId: string | null;
  lastTool: string | null;
  activity: string | null;
  inputTokens: number | null;
  outputTokens: number | null;
  costUsd: number | null;
  turns: number | null;
  commits: number | null;
  filesChanged: number | null;
  insertions: number | null;
  deletions: number | null;
  resultText: string | null;
  problem: string | null;
  stillAlive: number[];
}

type NewSession = Pick<
  StoredSession,
  | 'id'
  | 'projectId'
  | 'project'
  | 'agent'
  | 'prompt'
  | 'source'
  | 'level'
  | 'model'
  | 'agentSessionId'
  | 'timeBoxMs'
  | 'createdAt'
  | 'nonce'
>;

/** A session as it is queued: nothing has happened, nothing is known. */
export const newSession = (given: NewSession): StoredSession => ({
  ...given,
  state: 'queued',
  outcome: null,
  agentVersion: null,
  branch: null,
  worktree: null,
  baseCommit: null,
  usedMs: 0,
  startedAt: null,
  endedAt: null,
  deadlineAt: null,
  gateProvedAt: null,
  pid: null,
  pidStartedAt: null,
  deferredToolUseId: null,
  lastTool: null,
  activity: null,
  inputTokens: null,
  outputTokens: null,
  costUsd: null,
  turns: null,
  commits: null,
  filesChanged: null,
  insertions: null,
  deletions: null,
  resultText: null,
  problem: null,
  stillAlive: [],
});

export type SessionPatch = Partial<Omit<StoredSession, 'id' | 'project' | 'projectId' | 'createdAt'>>;

const COLUMNS = {
  projectId: 'project_id',
  agent: 'agent',
  state: 'state',
  outcome: 'outcome',
  prompt: 'prompt',
  source: 'source',
  level: 'level',
  model: 'model',
  agentVersion: 'agent_version',
  agentSessionId: 'agent_session_id',
  branch: 'branch',
  worktree: 'worktree',
  baseCommit: 'base_commit',
  timeBoxMs: 'time_box_ms',
  usedMs: 'used_ms',
  createdAt: 'created_at',
  startedAt: 'started_at',
  endedAt: 'ended_at',
  deadlineAt: 'deadline_at',
  gateProvedAt: 'gate_proved_at',
  pid: 'pid',
  pidStartedAt: 'pid_started_at',
  nonce: 'nonce',
  deferredToolUseId: 'deferred_tool_use_id',
  lastTool: 'last_tool',
  activity: 'activity',
  inputTokens: 'input_tokens',
  outputTokens: 'output_tokens',
  costUsd: 'cost_usd',
  turns: 'turns',
  commits: 'commits',
  filesChanged: 'files_changed',
  insertions: 'insertions',
  deletions: 'deletions',
  resultText: 'result_text',
  problem: 'problem',
  stillAlive: 'still_alive',
} as const satisfies Record<keyof Omit<StoredSession, 'id' | 'project'>, string>;

type Key = keyof typeof COLUMNS;
type Cell = string | number | null;
const KEYS = Object.keys(COLUMNS) as Key[];
const toCell = (value: unknown): Cell => (Array.isArray(value) ? JSON.stringify(value) : (value as Cell));

function fromRow(row: Record<string, Cell>): StoredSession {
  const entries = KEYS.map((key) => [key, row[COLUMNS[key]]]);
  const stillAlive: unknown = JSON.parse(String(row.still_alive));
  return { ...Object.fromEntries(entries), id: row.id, project: row.project, stillAlive } as StoredSession;
}

const SELECT = 'SELECT s.*, p.name AS project FROM sessions s JOIN projects p ON p.id = s.project_id';

export interface SessionFilter {
  projectId?: string | undefined;
  state?: SessionState | undefined;
  limit: number;
}

/** What other tables know of a session; joined into the contract's view. */
export interface Joined {
  evaluation: EvaluationView | null;
  pendingDecisions: number;
  lineage: Lineage | null;
  waitingPrompts: number;
}

export function createSessionStorage(db: Database) {
  const insert = db.prepare(
    `INSERT INTO sessions (id, ${KEYS.map((key) => COLUMNS[key]).join(', ')}) VALUES (@id, ${KEYS.map((key) => `@${key}`).join(', ')})`,
  );
  const byId = db.prepare<[string], Record<string, Cell>>(`${SELECT} WHERE s.id = ?`);
  const list = db.prepare<{ projectId: string | null; state: string | null; limit: number }, Record<string, Cell>>(
    `${SELECT} WHERE (@projectId IS NULL OR s.project_id = @projectId) AND (@state IS NULL OR s.state = @state)
     ORDER BY s.created_at DESC, s.rowid DESC LIMIT @limit`,
  );
  const inState = db.prepare<[string], Record<string, Cell>>(
    `${SELECT} WHERE s.state = ? ORDER BY s.created_at, s.rowid`,
  );
  const open = db.prepare<[], Record<string, Cell>>(
    `${SELECT} WHERE s.state <> 'ended' ORDER BY s.created_at DESC, s.rowid DESC`,
  );
  // A resumed session (it has started before) goes before a new one; else first come, first served.
  const nextQueued = db.prepare<[], Record<string, Cell>>(
    `${SELECT} WHERE s.state = 'queued' ORDER BY (s.started_at IS NULL), s.created_at, s.rowid LIMIT 1`,
  );
  const get = (id: string): StoredSession | null => {
    const row = byId.get(id);
    return row ? fromRow(row) : null;
  };
  return {
    get,
    insert(session: StoredSession): void {
      const cells = KEYS.map((key) => [key, toCell(session[key])]);
      insert.run({ ...Object.fromEntries(cells), id: session.id });
    },
    /**
     * Writes the given columns, only while the session is in one of `from` (compare-and-set).
     * @returns false when it was not.
     */
    patch(id: string, patch: SessionPatch, from: readonly SessionState[]): boolean {
      const keys = (Object.keys(patch) as Key[]).filter((key) => key in COLUMNS);
      const sets = keys.map((key) => `${COLUMNS[key]} = ?`).join(', ');
      const marks = from.map(() => '?').join(', ');
      const values = keys.map((key) => toCell(patch[key as keyof SessionPatch]));
      const sql = `UPDATE sessions SET ${sets} WHERE id = ? AND state IN (${marks})`;
      return db.prepare<Cell[]>(sql).run(...values, id, ...from).changes === 1;
    },
    list: (f: SessionFilter): StoredSession[] =>
      list.all({ projectId: f.projectId ?? null, state: f.state ?? null, limit: f.limit }).map(fromRow),
    inState: (state: SessionState): StoredSession[] => inState.all(state).map(fromRow),
    open: (): StoredSession[] => open.all().map(fromRow),
    nextQueued(): StoredSession | null {
      const row = nextQueued.get();
      return row ? fromRow(row) : null;
    },
  };
}

/** The contract's view of a stored session, with what is live between two commits. */
export function viewOf(s: StoredSession, joined: Joined, live: Partial<Session>): Session {
  return {
    id: s.id,
    projectId: s.projectId,
    project: s.project,
    agent: s.agent,
    state: s.state,
    // Noted early, so that a crash of ours loses no natural end; shown once it holds.
    outcome: s.state === 'ended' || s.state === 'evaluating' ? s.outcome : null,
    prompt: s.prompt,
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
export type SessionStorage = ReturnType<typeof createSessionStorage>;
