import type { Database } from 'better-sqlite3';
import type { Anomaly } from '../../../shared/contract/agents.ts';

interface AnomalyRow {
  id: number;
  at: number;
  kind: Anomaly['kind'];
  agent: string;
  agents: string;
  serious: number;
  text: string;
  session_id: string | null;
  acknowledged_at: number | null;
  acknowledged_by: string | null;
  note: string | null;
}

const toAnomaly = (row: AnomalyRow): Anomaly => ({
  id: row.id,
  at: row.at,
  kind: row.kind,
  agent: row.agent,
  agents: JSON.parse(row.agents) as string[],
  serious: row.serious === 1,
  text: row.text,
  sessionId: row.session_id,
  acknowledged:
    row.acknowledged_at === null
      ? null
      : { at: row.acknowledged_at, by: row.acknowledged_by ?? 'unknown', note: row.note },
});

/** What was out of the ordinary, and who has looked at it. */
export function createAnomalyStorage(db: Database) {
  const addAnomaly = db.prepare(
    `INSERT INTO agent_anomalies (id, at, kind, agent, agents, serious, text, session_id)
     VALUES (@id, @at, @kind, @agent, @agents, @serious, @text, @sessionId)`,
  );
  const anomaly = db.prepare<[number], AnomalyRow>('SELECT * FROM agent_anomalies WHERE id = ?');
  const anomalies = db.prepare<[number, number], AnomalyRow>(
    'SELECT * FROM agent_anomalies WHERE ? OR acknowledged_at IS NULL ORDER BY id DESC LIMIT ?',
  );
  const anomaliesOf = db.prepare<[string], AnomalyRow>(
    `SELECT a.* FROM agent_anomalies a WHERE EXISTS (SELECT 1 FROM json_each(a.agents) WHERE value = ?)
     ORDER BY id DESC LIMIT 50`,
  );
  const openCounts = db.prepare<[], { agent: string; n: number }>(
    'SELECT agent, count(*) AS n FROM agent_anomalies WHERE acknowledged_at IS NULL GROUP BY agent',
  );
  const standsAlready = db.prepare<[string, string, number], { n: number }>(
    'SELECT 1 AS n FROM agent_anomalies WHERE kind = ? AND agent = ? AND (acknowledged_at IS NULL OR at > ?) LIMIT 1',
  );
  const acknowledge = db.prepare<[number, string, string | null, number]>(
    `UPDATE agent_anomalies SET acknowledged_at = ?, acknowledged_by = ?, note = ?
     WHERE id = ? AND acknowledged_at IS NULL`,
  );

  return {
    addAnomaly: ({ acknowledged: _none, ...one }: Anomaly): void =>
      void addAnomaly.run({ ...one, agents: JSON.stringify(one.agents), serious: one.serious ? 1 : 0 }),
    anomaly(id: number): Anomaly | null {
      const row = anomaly.get(id);
      return row ? toAnomaly(row) : null;
    },
    anomalies: (all: boolean, limit: number): Anomaly[] => anomalies.all(all ? 1 : 0, limit).map(toAnomaly),
    anomaliesOf: (id: string): Anomaly[] => anomaliesOf.all(id).map(toAnomaly),
    /** How many of each agent nobody has looked at. */
    openCounts: (): Map<string, number> => new Map(openCounts.all().map((row) => [row.agent, row.n])),
    /** Is there one of that kind that nobody has looked at, or one since then? */
    standsAlready: (kind: string, id: string, sinceAt: number): boolean =>
      standsAlready.get(kind, id, sinceAt) !== undefined,
    acknowledge: (id: number, at: number, by: string, note: string | null): void =>
      void acknowledge.run(at, by, note, id),
  };
}
