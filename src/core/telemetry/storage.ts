import type { Database } from 'better-sqlite3';
import type { ChoiceSource, Spawn, SpawnOutcome, Suggestion } from '../../shared/contract/telemetry.ts';
import type { CorrectionRule } from './rules.ts';

export interface NewSpawn {
  id: string;
  askedBy: string;
  caste: string;
  taskClass: string;
  task: string;
  model: string;
  source: ChoiceSource;
  sessionId: string | null;
  projectId: string | null;
  startedAt: number;
}

/** Tokens include those of a cache; null: not known. */
export interface SpawnUsage {
  inputTokens: number | null;
  outputTokens: number | null;
  cacheReadTokens: number | null;
  cacheWriteTokens: number | null;
  /** List price, US dollars. */
  costUsd: number | null;
}

export interface SpawnEnd extends SpawnUsage {
  costLeastUsd: number | null;
  id: string;
  outcome: SpawnOutcome;
  detail: string | null;
  ranModel: string | null;
  finishedAt: number | null;
  durationMs: number | null;
}

export interface StoredChoice {
  model: string | null;
  source: ChoiceSource;
  taskClass: string;
  suggestion: Suggestion | null;
}

/** One group of spawns in figures; sums over what is known. */
export interface CountRow {
  model: string;
  caste: string;
  taskClass: string;
  source: ChoiceSource;
  spawns: number;
  running: number;
  completed: number;
  failed: number;
  blocked: number;
  unknown: number;
  costSum: number | null;
  costKnown: number;
  durationSum: number | null;
  durationKnown: number;
  first: number;
  last: number;
}

export interface CountFilter {
  from: number;
  caste: string | null;
}

const SELECT = `SELECT id, asked_by AS askedBy, caste, task_class AS taskClass, task, effective_model AS model, source,
  session_id AS sessionId, project_id AS projectId, started_at AS startedAt, finished_at AS finishedAt,
  duration_ms AS durationMs, final_outcome AS outcome, outcome AS firstOutcome, detail, input_tokens AS inputTokens,
  output_tokens AS outputTokens, cache_read_tokens AS cacheReadTokens, cache_write_tokens AS cacheWriteTokens,
  cost_usd AS costUsd FROM spawn_record`;

const COUNTS = `SELECT effective_model AS model, caste, task_class AS taskClass, source, count(*) AS spawns,
  coalesce(sum(final_outcome IS NULL), 0) AS running, coalesce(sum(final_outcome = 'completed'), 0) AS completed,
  coalesce(sum(final_outcome = 'failed'), 0) AS failed, coalesce(sum(final_outcome = 'blocked'), 0) AS blocked,
  coalesce(sum(final_outcome = 'unknown'), 0) AS unknown,
  sum(cost_usd) AS costSum, count(cost_usd) AS costKnown, sum(duration_ms) AS durationSum, count(duration_ms) AS durationKnown,
  min(started_at) AS first, max(started_at) AS last
  FROM spawn_record WHERE started_at >= @from AND (@caste IS NULL OR caste = @caste)
  GROUP BY effective_model, caste, task_class, source`;

interface ChoiceRow {
  model: string | null;
  source: ChoiceSource;
  task_class: string;
  suggestion: string | null;
}

export function createTelemetryStorage(db: Database) {
  // What is asked for the sake of a session belongs to its project, whoever asks.
  const insert = db.prepare<[NewSpawn]>(
    `INSERT INTO spawns (id, asked_by, caste, task_class, task, model, source, session_id, project_id, started_at)
     VALUES (@id, @askedBy, @caste, @taskClass, @task, @model, @source, @sessionId,
       coalesce(@projectId, (SELECT project_id FROM sessions WHERE id = @sessionId)), @startedAt)`,
  );
  const end = db.prepare<[SpawnEnd]>(
    `UPDATE spawns SET outcome = @outcome, detail = @detail, ran_model = coalesce(@ranModel, ran_model),
       finished_at = @finishedAt, duration_ms = @durationMs, input_tokens = @inputTokens, output_tokens = @outputTokens,
       cache_read_tokens = @cacheReadTokens, cache_write_tokens = @cacheWriteTokens, cost_usd = @costUsd,
       cost_least_usd = @costLeastUsd
     WHERE id = @id AND outcome IS NULL`,
  );
  // What nobody had heard of when the spawn was given up; a figure that is known is never replaced.
  const fill = db.prepare<[SpawnEnd]>(
    `UPDATE spawns SET ran_model = coalesce(ran_model, @ranModel), finished_at = coalesce(finished_at, @finishedAt),
       input_tokens = coalesce(input_tokens, @inputTokens), output_tokens = coalesce(output_tokens, @outputTokens),
       cache_read_tokens = coalesce(cache_read_tokens, @cacheReadTokens),
       cache_write_tokens = coalesce(cache_write_tokens, @cacheWriteTokens), cost_usd = coalesce(cost_usd, @costUsd),
       cost_least_usd = coalesce(cost_least_usd, @costLeastUsd)
     WHERE id = @id`,
  );
  const correct = db.prepare<[string, SpawnOutcome, CorrectionRule, string, string, number]>(
    'INSERT INTO spawn_corrections (spawn_id, outcome, rule, by, reason, at) VALUES (?, ?, ?, ?, ?, ?)',
  );
  const giveUp = db.prepare<[string]>("UPDATE spawns SET outcome = 'unknown', detail = ? WHERE outcome IS NULL");
  const byId = db.prepare<[string], Spawn>(`${SELECT} WHERE id = ?`);
  const ranAs = db.prepare<[string], { name: string }>(
    'SELECT ran_model AS name FROM spawns WHERE model = ? AND ran_model IS NOT NULL ORDER BY started_at DESC, rowid DESC LIMIT 1',
  );
  const recent = db.prepare<[{ from: number; caste: string | null; limit: number }], Spawn>(
    `${SELECT} WHERE started_at >= @from AND (@caste IS NULL OR caste = @caste)
     ORDER BY started_at DESC, seq DESC LIMIT @limit`,
  );
  const lastOf = db.prepare<[string], Spawn>(
    `${SELECT} WHERE session_id = ? AND caste = 'session' ORDER BY started_at DESC, seq DESC LIMIT 1`,
  );
  const counts = db.prepare<[CountFilter], CountRow>(COUNTS);
  const remember = db.prepare<[string, string | null, string, string, string | null]>(
    'INSERT INTO session_models (session_id, model, source, task_class, suggestion) VALUES (?, ?, ?, ?, ?)',
  );
  const choice = db.prepare<[string], ChoiceRow>(
    'SELECT model, source, task_class, suggestion FROM session_models WHERE session_id = ?',
  );
  const follow = db.prepare<[string, string, string, number]>(
    `INSERT INTO followed_suggestions (project_id, model, suggestion, at) VALUES (?, ?, ?, ?)
     ON CONFLICT (project_id) DO UPDATE SET model = excluded.model, suggestion = excluded.suggestion, at = excluded.at`,
  );
  const followed = db.prepare<[string], { model: string; suggestion: string }>(
    'SELECT model, suggestion FROM followed_suggestions WHERE project_id = ?',
  );

  return {
    insert: (spawn: NewSpawn): void => void insert.run(spawn),
    /** False: it has its outcome already, or is not there. */
    end: (spawn: SpawnEnd): boolean => end.run(spawn).changes === 1,
    fill: (spawn: SpawnEnd): void => void fill.run(spawn),
    correct: (id: string, outcome: SpawnOutcome, rule: CorrectionRule, by: string, reason: string, at: number): void =>
      void correct.run(id, outcome, rule, by, reason, at),
    /** Every open one gets *unknown*. @returns how many. */
    giveUp: (detail: string): number => giveUp.run(detail).changes,
    get: (id: string): Spawn | null => byId.get(id) ?? null,
    /** The model that a name (an alias, or none) last turned out to be; the name itself when that is not known. */
    ranAs: (model: string): string => ranAs.get(model)?.name ?? model,
    recent: (filter: CountFilter, limit: number): Spawn[] => recent.all({ ...filter, limit }),
    lastOf: (sessionId: string): Spawn | null => lastOf.get(sessionId) ?? null,
    counts: (filter: CountFilter): CountRow[] => counts.all(filter),
    remember: (sessionId: string, c: StoredChoice): void =>
      void remember.run(sessionId, c.model, c.source, c.taskClass, c.suggestion && JSON.stringify(c.suggestion)),
    choice(sessionId: string): StoredChoice | null {
      const row = choice.get(sessionId);
      if (!row) return null;
      const suggestion = row.suggestion === null ? null : (JSON.parse(row.suggestion) as Suggestion);
      return { model: row.model, source: row.source, taskClass: row.task_class, suggestion };
    },
    follow: (projectId: string, suggestion: Suggestion, at: number): void =>
      void follow.run(projectId, suggestion.model, JSON.stringify(suggestion), at),
    followed(projectId: string): Suggestion | null {
      const row = followed.get(projectId);
      return row ? (JSON.parse(row.suggestion) as Suggestion) : null;
    },
  };
}
