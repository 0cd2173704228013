import type { Database } from 'better-sqlite3';
import type { Budget, BudgetLimit, LimitWindow, ProjectBudgets } from '../../shared/contract/usage.ts';

/** One run of an agent, as far as it is recorded. */
export interface StoredRun {
  id: string;
  sessionId: string | null;
  projectId: string | null;
  project: string | null;
  caste: string;
  model: string;
  task: string;
  /** When its figures became known: at its end. */
  at: number;
  running: number;
  inputTokens: number | null;
  outputTokens: number | null;
  cacheReadTokens: number | null;
  cacheWriteTokens: number | null;
  /** Where it is not known: what it was at least. */
  costUsd: number | null;
  /** 1: `costUsd` is only what it was at least. */
  costIsLeast: number;
}

interface BudgetRow {
  session_usd: number | null;
  session_tokens: number | null;
  day_usd: number | null;
  day_tokens: number | null;
  has_session: number;
  has_day: number;
}

export type StoredWindow = Omit<LimitWindow, 'label'> & { since: number };

const RUNS = `SELECT s.id, s.session_id AS sessionId, s.project_id AS projectId, p.name AS project, s.caste,
  coalesce(s.ran_model, s.model) AS model, s.task, coalesce(s.finished_at, s.started_at) AS at,
  s.outcome IS NULL AS running, s.input_tokens AS inputTokens, s.output_tokens AS outputTokens,
  s.cache_read_tokens AS cacheReadTokens, s.cache_write_tokens AS cacheWriteTokens, coalesce(s.cost_usd, s.cost_least_usd) AS costUsd,
  s.cost_usd IS NULL AND s.cost_least_usd IS NOT NULL AS costIsLeast
  FROM spawns s LEFT JOIN projects p ON p.id = s.project_id`;

export function createUsageStorage(db: Database) {
  const runs = db.prepare<[number], StoredRun>(
    `${RUNS} WHERE coalesce(s.finished_at, s.started_at) >= ? OR s.outcome IS NULL ORDER BY at`,
  );
  // At every event of a run that has a budget: a `+?` is not looked at, so that SQLite does not plan it at each run.
  const ofSession = db.prepare<[string], StoredRun>(`${RUNS} WHERE s.session_id = +?`);
  const budgets = db.prepare<[string], BudgetRow>('SELECT * FROM project_budgets WHERE project_id = ?');
  const setBudgets = db.prepare<[BudgetRow & { projectId: string }]>(
    `INSERT INTO project_budgets (project_id, session_usd, session_tokens, day_usd, day_tokens, has_session, has_day)
     VALUES (@projectId, @session_usd, @session_tokens, @day_usd, @day_tokens, @has_session, @has_day)
     ON CONFLICT (project_id) DO UPDATE SET session_usd = excluded.session_usd, session_tokens = excluded.session_tokens,
       day_usd = excluded.day_usd, day_tokens = excluded.day_tokens, has_session = excluded.has_session,
       has_day = excluded.has_day`,
  );
  const warned = db.prepare<[Budget['scope'], string, string, Budget['state'], number]>(
    'INSERT OR IGNORE INTO budget_warnings (scope, subject, period, state, at) VALUES (?, ?, ?, ?, ?)',
  );
  const windows = db.prepare<[string], StoredWindow>(
    `SELECT name, status, utilization, resets_at AS resetsAt, seen_at AS seenAt, since FROM limit_windows
     WHERE account = ? ORDER BY name`,
  );
  const saveWindow = db.prepare<[StoredWindow & { account: string }]>(
    `INSERT INTO limit_windows (account, name, status, utilization, resets_at, seen_at, since)
     VALUES (@account, @name, @status, @utilization, @resetsAt, @seenAt, @since)
     ON CONFLICT (account, name) DO UPDATE SET status = excluded.status, utilization = excluded.utilization,
       resets_at = excluded.resets_at, seen_at = excluded.seen_at, since = excluded.since`,
  );
  return {
    /** Runs whose figures became known from then on, and all that run; oldest first. */
    runs: (from: number): StoredRun[] => runs.all(from),
    runsOf: (sessionId: string): StoredRun[] => ofSession.all(sessionId),
    budgets(projectId: string): ProjectBudgets {
      const row = budgets.get(projectId);
      const limit = (has: number | undefined, usd?: number | null, tokens?: number | null): BudgetLimit | null =>
        has === 1 ? { usd: usd ?? null, tokens: tokens ?? null } : null;
      return {
        projectId,
        session: limit(row?.has_session, row?.session_usd, row?.session_tokens),
        day: limit(row?.has_day, row?.day_usd, row?.day_tokens),
      };
    },
    setBudgets: ({ projectId, session, day }: ProjectBudgets): void =>
      void setBudgets.run({
        projectId,
        session_usd: session?.usd ?? null,
        session_tokens: session?.tokens ?? null,
        day_usd: day?.usd ?? null,
        day_tokens: day?.tokens ?? null,
        has_session: Number(session !== null),
        has_day: Number(day !== null),
      }),
    /** False: it was told before. */
    warn: (budget: Pick<Budget, 'scope' | 'subject' | 'state'>, period: string, at: number): boolean =>
      warned.run(budget.scope, budget.subject ?? '', period, budget.state, at).changes === 1,
    windows: (account: string): StoredWindow[] => windows.all(account),
    saveWindow: (account: string, window: StoredWindow): void => void saveWindow.run({ account, ...window }),
  };
}
