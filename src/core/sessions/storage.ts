import type { Database } from 'better-sqlite3';
import type { AgentKind } from '../../shared/contract/projects.ts';
import type { SessionOutcome, SessionSource, SessionState } from '../../shared/contract/sessions.ts';
import type { Held, WaitReason } from '../../shared/contract/supervision.ts';
import type { Level } from '../../shared/policy.ts';
import type { ProcessIdentity } from '../kernel/ports.ts';
import type { ResumeCause } from './retry/rules.ts';

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
  /** When its place was ready for the agent; null: its set-up has not come to its end. */
  setUpAt: number | null;
  timeBoxMs: number;
  /** Of this session alone: the most that it may act at, and spend at list price. */
  ceiling: Level | null;
  budgetUsd: number | null;
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
  /** Where `costUsd` is not known: what it was at least. */
  costLeastUsd: number | null;
  turns: number | null;
  commits: number | null;
  filesChanged: number | null;
  insertions: number | null;
  deletions: number | null;
  resultText: string | null;
  problem: string | null;
  stillAlive: number[];
  /** Set only while queued. */
  waitReason: WaitReason | null;
  retryAt: number | null;
  /** Runs in a row that ended early. */
  attempt: number;
  /** Crashes and cut-offs, until a person lets it go on. */
  cutOffs: number;
  /** How the last run ended, until the next one was told. */
  resumeCause: ResumeCause | null;
  /** Set only while parked. */
  held: Held | null;
  /** The processes that the run was last seen with: some lose both their parent and the nonce. */
  tree: ProcessIdentity[];
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
  setUpAt: null,
  usedMs: 0,
  ceiling: null,
  budgetUsd: null,
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
  costLeastUsd: null,
  turns: null,
  commits: null,
  filesChanged: null,
  insertions: null,
  deletions: null,
  resultText: null,
  problem: null,
  stillAlive: [],
  waitReason: null,
  retryAt: null,
  attempt: 0,
  cutOffs: 0,
  resumeCause: null,
  held: null,
  tree: [],
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
  setUpAt: 'set_up_at',
  timeBoxMs: 'time_box_ms',
  ceiling: 'ceiling',
  budgetUsd: 'budget_usd',
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
  costLeastUsd: 'cost_least_usd',
  turns: 'turns',
  commits: 'commits',
  filesChanged: 'files_changed',
  insertions: 'insertions',
  deletions: 'deletions',
  resultText: 'result_text',
  problem: 'problem',
  stillAlive: 'still_alive',
  waitReason: 'wait_reason',
  retryAt: 'retry_at',
  attempt: 'attempt',
  cutOffs: 'cut_offs',
  resumeCause: 'resume_cause',
  held: 'held',
  tree: 'tree',
} as const satisfies Record<keyof Omit<StoredSession, 'id' | 'project'>, string>;

type Key = keyof typeof COLUMNS;
type Cell = string | number | null;
const KEYS = Object.keys(COLUMNS) as Key[];
const toCell = (value: unknown): Cell =>
  typeof value === 'object' && value !== null ? JSON.stringify(value) : (value as Cell);
const fromJson = (cell: Cell | undefined): unknown => (cell === null ? null : JSON.parse(String(cell)));

function fromRow(row: Record<string, Cell>): StoredSession {
  const entries = KEYS.map((key) => [key, row[COLUMNS[key]]]);
  const lists = { stillAlive: fromJson(row.still_alive), held: fromJson(row.held), tree: fromJson(row.tree) };
  return { ...Object.fromEntries(entries), id: row.id, project: row.project, ...lists } as StoredSession;
}

const SELECT = 'SELECT s.*, p.name AS project FROM sessions s JOIN projects p ON p.id = s.project_id';

/** What LIKE takes for a text that stands anywhere; null: any. */
const patternOf = (text: string | undefined): string | null =>
  text?.trim() ? `%${text.trim().replaceAll(/[\\%_]/g, '\\$&')}%` : null;

export interface SessionFilter {
  projectId?: string | undefined;
  state?: SessionState | undefined;
  text?: string | undefined;
  limit: number;
}

export function createSessionStorage(db: Database) {
  const insert = db.prepare(
    `INSERT INTO sessions (id, ${KEYS.map((key) => COLUMNS[key]).join(', ')}) VALUES (@id, ${KEYS.map((key) => `@${key}`).join(', ')})`,
  );
  // `+?`: read at every call of a tool, and with a bare `?` SQLite would plan it anew each time.
  const byId = db.prepare<[string], Record<string, Cell>>(`${SELECT} WHERE s.id = +?`);
  const list = db.prepare<
    { projectId: string | null; state: string | null; text: string | null; limit: number },
    Record<string, Cell>
  >(
    `${SELECT} WHERE (@projectId IS NULL OR s.project_id = @projectId) AND (@state IS NULL OR s.state = @state)
       AND (@text IS NULL OR p.name LIKE @text ESCAPE '\\' OR s.prompt LIKE @text ESCAPE '\\'
         OR s.outcome LIKE @text ESCAPE '\\' OR s.branch LIKE @text ESCAPE '\\' OR s.id LIKE @text ESCAPE '\\')
     ORDER BY s.created_at DESC, s.rowid DESC LIMIT @limit`,
  );
  const inState = db.prepare<[string], Record<string, Cell>>(
    `${SELECT} WHERE s.state = ? ORDER BY s.created_at, s.rowid`,
  );
  const open = db.prepare<[], Record<string, Cell>>(
    `${SELECT} WHERE s.state <> 'ended' ORDER BY s.created_at DESC, s.rowid DESC`,
  );
  // A resumed session (it has started before) goes before a new one; else first come, first served.
  const isConversation = db.prepare<[string], { n: number }>(
    'SELECT count(*) AS n FROM sessions WHERE agent_session_id = ?',
  );
  const nextQueued = db.prepare<[], Record<string, Cell>>(
    `${SELECT} WHERE s.state = 'queued' AND coalesce(s.wait_reason, 'memory') = 'memory'
     ORDER BY (s.started_at IS NULL), s.created_at, s.rowid LIMIT 1`,
  );
  const waiting = db.prepare<[], Record<string, Cell>>(
    `${SELECT} WHERE s.state = 'queued' AND s.wait_reason IS NOT NULL AND s.wait_reason <> 'memory'
     ORDER BY s.retry_at, s.rowid`,
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
      list
        .all({ projectId: f.projectId ?? null, state: f.state ?? null, text: patternOf(f.text), limit: f.limit })
        .map(fromRow),
    inState: (state: SessionState): StoredSession[] => inState.all(state).map(fromRow),
    /** Is that the agent's id of a conversation of ours? */
    isConversation: (agentSessionId: string): boolean => (isConversation.get(agentSessionId)?.n ?? 0) > 0,
    open: (): StoredSession[] => open.all().map(fromRow),
    nextQueued(): StoredSession | null {
      const row = nextQueued.get();
      return row ? fromRow(row) : null;
    },
    /** Queued sessions that wait for a time or a limit, the earliest first. */
    waiting: (): StoredSession[] => waiting.all().map(fromRow),
  };
}

export type SessionStorage = ReturnType<typeof createSessionStorage>;
