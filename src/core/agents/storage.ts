import type { Database } from 'better-sqlite3';
import type { AgentEvent } from '../../shared/contract/agents.ts';
import { ScoreSettings } from '../../shared/score-settings.ts';
import type { Tier } from '../../shared/tiers.ts';
import { createAnomalyStorage } from './anomalies/storage.ts';
import { type Asked, PREVIEW_DAYS } from './preview.ts';
import type { AgentState, Standing } from './rules.ts';

export interface StoredAgent {
  id: string;
  firstAt: number;
  lastAt: number;
  lastSeq: number;
  state: AgentState;
}

/** An event with everything that was put down about it. */
export interface StoredEvent extends Omit<AgentEvent, 'text'> {
  key: string | null;
  body: Readonly<Record<string, unknown>>;
}

/** What a session counted as for its agent. */
export interface StoredTask {
  sessionId: string;
  agent: string;
  /** The how-manieth task of the agent it is. */
  task: number;
  standing: Standing | null;
  rating: number | null;
}

interface AgentRow {
  id: string;
  first_at: number;
  last_at: number;
  last_seq: number;
  state: string;
}

interface EventRow {
  agent: string;
  seq: number;
  at: number;
  kind: string;
  key: string | null;
  session_id: string | null;
  before: number;
  after: number;
  tier: Tier;
  body: string;
}

const toAgent = (row: AgentRow): StoredAgent => ({
  id: row.id,
  firstAt: row.first_at,
  lastAt: row.last_at,
  lastSeq: row.last_seq,
  state: JSON.parse(row.state) as AgentState,
});

const toEvent = ({ session_id: sessionId, body, ...row }: EventRow): StoredEvent => ({
  ...row,
  sessionId,
  body: JSON.parse(body) as StoredEvent['body'],
});

const DAY_MS = 86_400_000;
const MOST_SINCE = 500;
const PAGE = 500;
const TABLES = ['agents', 'agent_events', 'agent_tasks', 'agent_anomalies', 'agent_settings'] as const;

export type AgentStorage = ReturnType<typeof createAgentStorage>;

export function createAgentStorage(db: Database) {
  const agent = db.prepare<[string], AgentRow>('SELECT * FROM agents WHERE id = ?');
  const agents = db.prepare<[], AgentRow>('SELECT * FROM agents ORDER BY id');
  const lastSeq = db.prepare<[string], { seq: number }>('SELECT last_seq AS seq FROM agents WHERE id = ?');
  const save = db.prepare<[string, number, number, number, string]>(
    `INSERT INTO agents (id, first_at, last_at, last_seq, state) VALUES (?, ?, ?, ?, ?)
     ON CONFLICT (id) DO UPDATE SET last_at = excluded.last_at, last_seq = excluded.last_seq, state = excluded.state`,
  );
  const addEvent = db.prepare(
    `INSERT INTO agent_events (agent, seq, at, kind, key, session_id, before, after, tier, body)
     VALUES (@agent, @seq, @at, @kind, @key, @sessionId, @before, @after, @tier, @body)`,
  );
  const hasKey = db.prepare<[string], { n: number }>('SELECT 1 AS n FROM agent_events WHERE key = ?');
  const events = db.prepare<[number, number], EventRow>(
    'SELECT * FROM agent_events WHERE seq < ? ORDER BY seq DESC, agent LIMIT ?',
  );
  const eventsOf = db.prepare<[string, number, number], EventRow>(
    'SELECT * FROM agent_events WHERE agent = ? AND seq < ? ORDER BY seq DESC LIMIT ?',
  );
  const after = db.prepare<[number, number, string, number], EventRow>(
    `SELECT * FROM agent_events WHERE (seq > ? OR (seq = ? AND agent > ?)) AND kind <> 'configured' ORDER BY seq, agent LIMIT ?`,
  );
  const allSettings = db.prepare<[], { seq: number; at: number; set_by: string; settings: string }>(
    'SELECT * FROM agent_settings ORDER BY seq',
  );
  const since = db.prepare<[string, number], EventRow>(
    `SELECT * FROM (SELECT * FROM agent_events WHERE agent = ? AND at > ? ORDER BY seq DESC LIMIT ${MOST_SINCE}) ORDER BY seq`,
  );
  const upTo = db.prepare<[string, number], EventRow>(
    'SELECT * FROM agent_events WHERE agent = ? AND seq <= ? ORDER BY seq DESC LIMIT 1',
  );
  const daily = db.prepare<[number, number], { agent: string; at: number; score: number; seq: number }>(
    `SELECT agent, at, after AS score, max(seq) AS seq FROM agent_events
     WHERE at > ? GROUP BY agent, at / ? ORDER BY agent, seq`,
  );
  const bounds = db.prepare<[string], { first: number | null; n: number }>(
    'SELECT min(at) AS first, count(*) AS n FROM agent_events WHERE agent = ?',
  );
  const chart = db.prepare<[number, string, number], { at: number; score: number; tier: Tier; seq: number }>(
    `SELECT at, after AS score, tier, max(seq) AS seq FROM agent_events INDEXED BY agent_events_at
     WHERE at > ? AND agent = ? GROUP BY at / ? ORDER BY seq`,
  );
  const moved = db.prepare<[number, number], { agent: string; moved: number }>(
    `SELECT id AS agent, coalesce((SELECT sum(after - before) FROM agent_events WHERE agent = id AND at > ?), 0) AS moved
     FROM agents WHERE last_at > ?`,
  );
  const task = db.prepare<[string], Omit<StoredTask, 'sessionId'> & { session_id: string }>(
    'SELECT * FROM agent_tasks WHERE session_id = ?',
  );
  const saveTask = db.prepare(
    `INSERT INTO agent_tasks (session_id, agent, task, standing, rating) VALUES (@sessionId, @agent, @task, @standing, @rating)
     ON CONFLICT (session_id) DO UPDATE SET rating = excluded.rating`,
  );
  const settings = db.prepare<[], { seq: number; settings: string }>(
    'SELECT seq, settings FROM agent_settings ORDER BY seq DESC LIMIT 1',
  );
  const saveSettings = db.prepare<[number, number, string, string]>(
    'INSERT INTO agent_settings (seq, at, set_by, settings) VALUES (?, ?, ?, ?)',
  );
  // What stood against it is in its reasons, rule by rule.
  const asked = db.prepare<
    [number],
    { id: string; session_id: string; agent: string; at: number; summary: string; blocked: number }
  >(
    `SELECT id, session_id, agent, asked_at AS at, json_extract(action, '$.summary') AS summary,
       auto = 0 AND EXISTS (SELECT 1 FROM json_each(reasons) WHERE substr(json_extract(value, '$.code'), 1, 6) = 'unmet_'
         AND json_extract(value, '$.code') <> 'unmet_certified') AS blocked
     FROM decisions WHERE asked_at > ? AND agent IS NOT NULL
       AND (auto = 1 OR EXISTS (SELECT 1 FROM json_each(reasons) WHERE substr(json_extract(value, '$.code'), 1, 6) = 'unmet_'))
     ORDER BY asked_at, rowid`,
  );
  const newestSeq = db.prepare<[], { seq: number | null }>(
    `SELECT max(seq) AS seq FROM (SELECT max(seq) AS seq FROM agent_events UNION ALL SELECT max(id) FROM agent_anomalies
     UNION ALL SELECT max(seq) FROM agent_settings UNION ALL SELECT max(last_seq) FROM agents)`,
  );
  const session = db.prepare<
    [string],
    { agent: string; model: string | null; version: string | null; outcome: string | null; project: string }
  >(
    `SELECT s.agent, s.model, s.agent_version AS version, s.outcome, p.name AS project
     FROM sessions s JOIN projects p ON p.id = s.project_id WHERE s.id = ?`,
  );

  return {
    agent(id: string): StoredAgent | null {
      const row = agent.get(id);
      return row ? toAgent(row) : null;
    },
    agents: (): StoredAgent[] => agents.all().map(toAgent),
    lastSeq: (id: string): number | null => lastSeq.get(id)?.seq ?? null,
    save: ({ id, firstAt, lastAt, lastSeq: seq, state }: StoredAgent): void =>
      void save.run(id, firstAt, lastAt, seq, JSON.stringify(state)),

    addEvent: ({ body, ...event }: StoredEvent): void => void addEvent.run({ ...event, body: JSON.stringify(body) }),
    /** Was that seen already? */
    hasKey: (key: string): boolean => hasKey.get(key) !== undefined,
    /** Newest first, of one agent or of all. */
    events: (id: string | null, before: number, limit: number): StoredEvent[] =>
      (id === null ? events.all(before, limit) : eventsOf.all(id, before, limit)).map(toEvent),
    /** Everything that is an event of its own in the ledger, oldest first, read page by page. */
    *everything(): Generator<StoredEvent> {
      for (let from = { seq: 0, agent: '' }; ; ) {
        const rows = after.all(from.seq, from.seq, from.agent, PAGE);
        for (const row of rows) yield toEvent(row);
        const last = rows.at(-1);
        if (last === undefined || rows.length < PAGE) return;
        from = last;
      }
    },
    /** Oldest first; of very many only the newest. */
    since: (id: string, at: number): StoredEvent[] => since.all(id, at).map(toEvent),
    /** The newest event of an agent that is no newer than that place in the ledger. */
    upTo(id: string, seq: number): StoredEvent | null {
      const row = upTo.get(id, seq);
      return row ? toEvent(row) : null;
    },
    /** The last score of each day since then, of every agent, oldest first. */
    daily: (at: number) => daily.all(at, DAY_MS),
    /** The last score of each of at most so many equal stretches of time, oldest first. */
    chart(id: string, now: number, parts: number): { at: number; score: number; tier: Tier }[] {
      const { first, n } = bounds.get(id) ?? { first: null, n: 0 };
      const width = n <= parts ? 1 : Math.max(1, Math.ceil((now - (first ?? now) + 1) / parts));
      return chart.all(-1, id, width).map(({ at, score, tier }) => ({ at, score, tier }));
    },
    /** By how much the score of each agent that was seen since `active` was moved since `at`. */
    moved: (at: number, active: number) => moved.all(at, active),

    task(sessionId: string): StoredTask | null {
      const row = task.get(sessionId);
      if (!row) return null;
      const { session_id: id, ...rest } = row;
      return { ...rest, sessionId: id };
    },
    saveTask: (one: StoredTask): void => void saveTask.run(one),

    ...createAnomalyStorage(db),

    /** The rules in force and the event that set them; null before the first start. */
    settings(): { seq: number; settings: ScoreSettings } | null {
      const row = settings.get();
      return row ? { seq: row.seq, settings: ScoreSettings.parse(JSON.parse(row.settings)) } : null;
    },
    /** Every set of rules that was in force, oldest first. */
    allSettings: () =>
      allSettings.all().map(({ seq, at, set_by: by, settings: rules }) => ({
        seq,
        at,
        by,
        settings: ScoreSettings.parse(JSON.parse(rules)),
      })),
    saveSettings: (seq: number, at: number, by: string, rules: ScoreSettings): void =>
      void saveSettings.run(seq, at, by, JSON.stringify(rules)),

    /** Questions and automatic answers of the previewed days where the table says *if eligible*, oldest first. */
    askedIfEligible: (now: number): Asked[] =>
      asked.all(now - PREVIEW_DAYS * DAY_MS).map(({ session_id: sessionId, blocked, ...one }) => ({
        ...one,
        sessionId,
        blocked: blocked === 1,
      })),

    /** The newest event of the ledger that stands in these tables; 0: none. */
    newestSeq: (): number => newestSeq.get()?.seq ?? 0,

    /** Who worked in a session, as it was seen when it ran. */
    session: (id: string) => session.get(id) ?? null,

    /** Before everything is made anew. */
    clear(): void {
      for (const table of TABLES) db.exec(`DELETE FROM ${table}`);
    },
  };
}
