import type { Database } from 'better-sqlite3';
import type { AlertVerdict, Incident, RestartRecord, RestartState } from '../../shared/contract/incidents.ts';
import type { Level } from '../../shared/policy.ts';
import type { ProcessIdentity } from '../kernel/ports.ts';
import { createTimeline } from './timeline/storage.ts';

/** An incident with what only its own rules need. */
export interface StoredIncident extends Omit<Incident, 'services'> {
  /** "Down" was told and "recovered" not yet. */
  toldOpen: boolean;
  /** Epoch ms of the next message about it while it lasts. */
  nextTellAt: number | null;
}

interface IncidentRow {
  id: string;
  kind: Incident['kind'];
  service_id: string | null;
  title: string;
  cause: string;
  part_of: string | null;
  failing_since: number;
  opened_at: number;
  closed_at: number | null;
  flapping: number;
  told_at: number | null;
  told_open: number;
  reminders: number;
  next_tell_at: number | null;
  needs_person: string | null;
  verdict: AlertVerdict | null;
}

interface RestartRow {
  id: string;
  service_id: string;
  service: string;
  incident_id: string | null;
  state: RestartState;
  action: string;
  by: string;
  level: Level;
  reason: string;
  budget_service: number;
  budget_all: number;
  at: number;
  finished_at: number | null;
  detail: string | null;
}

const toIncident = (row: IncidentRow): StoredIncident => ({
  id: row.id,
  kind: row.kind,
  serviceId: row.service_id,
  title: row.title,
  cause: row.cause,
  partOf: row.part_of,
  failingSince: row.failing_since,
  openedAt: row.opened_at,
  closedAt: row.closed_at,
  flapping: row.flapping === 1,
  toldAt: row.told_at,
  toldOpen: row.told_open === 1,
  reminders: row.reminders,
  nextTellAt: row.next_tell_at,
  needsPerson: row.needs_person,
  verdict: row.verdict,
});

const toRestart = (row: RestartRow): RestartRecord => ({
  id: row.id,
  serviceId: row.service_id,
  service: row.service,
  incidentId: row.incident_id,
  state: row.state,
  action: row.action,
  by: row.by,
  level: row.level,
  reason: row.reason,
  budget: { service: row.budget_service, all: row.budget_all },
  at: row.at,
  finishedAt: row.finished_at,
  detail: row.detail,
});

export function createIncidentStorage(db: Database) {
  const base = 'SELECT i.*, a.verdict FROM incidents i LEFT JOIN alerts a ON a.id = i.id';
  const open = db.prepare<[], IncidentRow>(`${base} WHERE closed_at IS NULL ORDER BY opened_at`);
  const event = db.prepare<[], IncidentRow>(`${base} WHERE closed_at IS NULL AND i.kind = 'infrastructure'`);
  const byId = db.prepare<[string], IncidentRow>(`${base} WHERE i.id = ?`);
  const recent = db.prepare<[number], IncidentRow>(`${base} ORDER BY opened_at DESC, i.rowid DESC LIMIT ?`);
  const ofService = db.prepare<[string, number], IncidentRow>(
    `${base} WHERE service_id = ? ORDER BY opened_at DESC, i.rowid DESC LIMIT ?`,
  );
  const members = db.prepare<[string], IncidentRow>(`${base} WHERE part_of = ? ORDER BY opened_at`);
  const save = db.prepare(
    `INSERT INTO incidents (id, kind, service_id, title, cause, part_of, failing_since, opened_at, closed_at, flapping,
       told_at, told_open, reminders, next_tell_at, needs_person)
     VALUES (@id, @kind, @serviceId, @title, @cause, @partOf, @failingSince, @openedAt, @closedAt, @flapping,
       @toldAt, @toldOpen, @reminders, @nextTellAt, @needsPerson)
     ON CONFLICT (id) DO UPDATE SET title = excluded.title, cause = excluded.cause, part_of = excluded.part_of,
       closed_at = excluded.closed_at, flapping = excluded.flapping, told_at = excluded.told_at,
       told_open = excluded.told_open, reminders = excluded.reminders, next_tell_at = excluded.next_tell_at,
       needs_person = excluded.needs_person`,
  );
  const alert = db.prepare<[string, number, Level, string, string]>(
    'INSERT INTO alerts (id, at, level, kind, subject) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING',
  );
  const judge = db.prepare<[AlertVerdict | null, string]>('UPDATE alerts SET verdict = ? WHERE id = ?');

  const restart = db.prepare<[string], RestartRow>('SELECT * FROM restarts WHERE id = ?');
  const restartOpen = db.prepare<[], RestartRow>(
    "SELECT * FROM restarts WHERE state IN ('proposed', 'running', 'verifying')",
  );
  const restarts = db.prepare<[number], RestartRow>('SELECT * FROM restarts ORDER BY at DESC, rowid DESC LIMIT ?');
  const restartsOfService = db.prepare<[string, number], RestartRow>(
    'SELECT * FROM restarts WHERE service_id = ? ORDER BY at DESC, rowid DESC LIMIT ?',
  );
  const restartsOfIncident = db.prepare<[string], RestartRow>(
    'SELECT * FROM restarts WHERE incident_id = ? ORDER BY at, rowid',
  );
  const addRestart = db.prepare(
    `INSERT INTO restarts (id, service_id, service, incident_id, state, action, by, level, reason, budget_service, budget_all, spends, at, started_at)
     VALUES (@id, @serviceId, @service, @incidentId, @state, @action, @by, @level, @reason, @budgetService, @budgetAll, @spends, @at, @startedAt)`,
  );
  const setRestart = db.prepare<[RestartState, string | null, number | null, string]>(
    'UPDATE restarts SET state = ?, detail = ?, finished_at = ? WHERE id = ?',
  );
  const approve = db.prepare<[string, number, string]>(
    "UPDATE restarts SET state = 'running', by = ?, started_at = ? WHERE id = ? AND state = 'proposed'",
  );
  const spent = db.prepare<{ since: number; id: string }, { service: number; all: number }>(
    `SELECT count(*) FILTER (WHERE service_id = @id) AS service, count(*) AS "all"
     FROM restarts WHERE spends = 1 AND started_at > @since`,
  );
  const setProgram = db.prepare<[number, string | null, string]>(
    'UPDATE restarts SET program_pid = ?, program_started_at = ? WHERE id = ?',
  );
  const underWay = db.prepare<
    [],
    { id: string; state: RestartState; startedAt: number; pid: number | null; program: string | null }
  >(
    `SELECT id, state, started_at AS startedAt, program_pid AS pid, program_started_at AS program
     FROM restarts WHERE state IN ('running', 'verifying')`,
  );

  return {
    ...createTimeline(db),
    /** The infrastructure event that lasts; null: none. */
    openEvent(): StoredIncident | null {
      const row = event.get();
      return row ? toIncident(row) : null;
    },
    open: (): StoredIncident[] => open.all().map(toIncident),
    incident(id: string): StoredIncident | null {
      const row = byId.get(id);
      return row ? toIncident(row) : null;
    },
    recent: (limit: number): StoredIncident[] => recent.all(limit).map(toIncident),
    ofService: (id: string, limit: number): StoredIncident[] => ofService.all(id, limit).map(toIncident),
    members: (id: string): StoredIncident[] => members.all(id).map(toIncident),
    save({ verdict: _verdict, ...incident }: StoredIncident): void {
      save.run({ ...incident, flapping: Number(incident.flapping), toldOpen: Number(incident.toldOpen) });
    },
    /** An alert that the person was told; once an incident. */
    alert: (id: string, at: number, level: Level, kind: string, subject: string): void =>
      void alert.run(id, at, level, kind, subject),
    /** False: that incident was never told. */
    judge: (id: string, verdict: AlertVerdict | null): boolean => judge.run(verdict, id).changes === 1,

    restart(id: string): RestartRecord | null {
      const row = restart.get(id);
      return row ? toRestart(row) : null;
    },
    openRestarts: (): RestartRecord[] => restartOpen.all().map(toRestart),
    restarts: (serviceId: string | undefined, limit: number): RestartRecord[] =>
      (serviceId === undefined ? restarts.all(limit) : restartsOfService.all(serviceId, limit)).map(toRestart),
    restartsOf: (incidentId: string): RestartRecord[] => restartsOfIncident.all(incidentId).map(toRestart),
    /** @param spends counts against the budget of Tenure's own restarts from now on. */
    addRestart({ budget, finishedAt: _finished, detail: _detail, ...record }: RestartRecord, spends: boolean): void {
      const startedAt = record.state === 'running' ? record.at : null;
      addRestart.run({
        ...record,
        budgetService: budget.service,
        budgetAll: budget.all,
        spends: Number(spends),
        startedAt,
      });
    },
    setRestart: (id: string, state: RestartState, detail: string | null, finishedAt: number | null): void =>
      void setRestart.run(state, detail, finishedAt, id),
    /** Only one that is proposed can be started by a yes. */
    approve: (id: string, by: string, at: number): boolean => approve.run(by, at, id).changes === 1,
    /** Restarts that Tenure started by itself since then, of that service and of all. */
    spent: (id: string, since: number) => spent.get({ since, id }) ?? { service: 0, all: 0 },
    setProgram: (id: string, { pid, startedAt }: ProcessIdentity): void => void setProgram.run(pid, startedAt, id),
    /** Whatever was under way when Tenure ended, since when, and the program that was to do it, if it had begun. */
    underWay: () =>
      underWay.all().map(({ id, state, startedAt, pid, program }) => ({
        id,
        state,
        startedAt,
        program: pid === null ? null : { pid, startedAt: program },
      })),
  };
}

export type IncidentStorage = ReturnType<typeof createIncidentStorage>;
