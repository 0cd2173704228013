import type { Database } from 'better-sqlite3';
import type { AgentKind, Base, MissedRunPolicy, Project } from '../../shared/contract/projects.ts';
import type { Level } from '../../shared/policy.ts';

/** A project as stored; whether it can be used now is looked up, never stored. */
export type StoredProject = Omit<Project, 'problem'>;

export interface StoredSchedule {
  cron: string;
  timezone: string;
  prompt: string | null;
  missed: MissedRunPolicy;
  nextRunAt: number | null;
}

interface Row {
  id: string;
  name: string;
  path: string;
  agent: AgentKind;
  default_prompt: string | null;
  model: string | null;
  verify_command: string | null;
  verify_timeout_ms: number;
  worktree: number;
  base: Base;
  include: string;
  setup_command: string | null;
  setup_timeout_ms: number;
  ceiling: Level;
  protected: number;
  time_box_ms: number;
  created_at: number;
  cron: string | null;
  timezone: string | null;
  prompt: string | null;
  missed: MissedRunPolicy | null;
  next_run_at: number | null;
  last_run_at: number | null;
  last_note: string | null;
}

function fromRow(row: Row): StoredProject {
  const { cron, timezone, missed } = row;
  return {
    id: row.id,
    name: row.name,
    path: row.path,
    agent: row.agent,
    defaultPrompt: row.default_prompt,
    model: row.model,
    verifyCommand: row.verify_command,
    verifyTimeoutMs: row.verify_timeout_ms,
    worktree: row.worktree === 1,
    base: row.base,
    include: JSON.parse(row.include) as string[],
    setupCommand: row.setup_command,
    setupTimeoutMs: row.setup_timeout_ms,
    ceiling: row.ceiling,
    protected: row.protected === 1,
    timeBoxMs: row.time_box_ms,
    createdAt: row.created_at,
    schedule:
      cron === null || timezone === null || missed === null
        ? null
        : {
            cron,
            timezone,
            prompt: row.prompt,
            missed,
            nextRunAt: row.next_run_at,
            lastRunAt: row.last_run_at,
            lastNote: row.last_note,
          },
  };
}

const toRow = (project: StoredProject) => ({
  ...project,
  worktree: Number(project.worktree),
  include: JSON.stringify(project.include),
  protected: Number(project.protected),
});

const SELECT = `SELECT p.*, s.cron, s.timezone, s.prompt, s.missed, s.next_run_at, s.last_run_at, s.last_note
  FROM projects p LEFT JOIN schedules s ON s.project_id = p.id WHERE p.removed_at IS NULL`;

export function createProjectStorage(db: Database) {
  const all = db.prepare<[], Row>(`${SELECT} ORDER BY p.created_at, p.rowid`);
  // `+?`: read at every call of a tool, and with a bare `?` SQLite would plan it anew each time.
  const byId = db.prepare<[string], Row>(`${SELECT} AND p.id = +?`);
  const byPath = db.prepare<[string], Row>(`${SELECT} AND p.path = ?`);
  const insert = db.prepare(
    `INSERT INTO projects (id, name, path, agent, default_prompt, model, verify_command, verify_timeout_ms, worktree,
       base, include, setup_command, setup_timeout_ms, ceiling, protected, time_box_ms, created_at)
     VALUES (@id, @name, @path, @agent, @defaultPrompt, @model, @verifyCommand, @verifyTimeoutMs, @worktree,
       @base, @include, @setupCommand, @setupTimeoutMs, @ceiling, @protected, @timeBoxMs, @createdAt)`,
  );
  const update = db.prepare(
    `UPDATE projects SET name = @name, default_prompt = @defaultPrompt, model = @model,
       verify_command = @verifyCommand, verify_timeout_ms = @verifyTimeoutMs, worktree = @worktree,
       base = @base, include = @include, setup_command = @setupCommand, setup_timeout_ms = @setupTimeoutMs,
       ceiling = @ceiling, protected = @protected, time_box_ms = @timeBoxMs
     WHERE id = @id AND removed_at IS NULL`,
  );
  const remove = db.prepare<[number, string]>('UPDATE projects SET removed_at = ? WHERE id = ?');
  const saveSchedule = db.prepare(
    `INSERT INTO schedules (project_id, cron, timezone, prompt, missed, next_run_at)
     VALUES (@id, @cron, @timezone, @prompt, @missed, @nextRunAt)
     ON CONFLICT (project_id) DO UPDATE SET cron = excluded.cron, timezone = excluded.timezone,
       prompt = excluded.prompt, missed = excluded.missed, next_run_at = excluded.next_run_at, last_note = NULL`,
  );
  const dropSchedule = db.prepare<[string]>('DELETE FROM schedules WHERE project_id = ?');
  const found = (row: Row | undefined): StoredProject | null => (row ? fromRow(row) : null);

  return {
    list: (): StoredProject[] => all.all().map(fromRow),
    get: (id: string): StoredProject | null => found(byId.get(id)),
    atPath: (path: string): StoredProject | null => found(byPath.get(path)),
    insert: (project: StoredProject): void => void insert.run(toRow(project)),
    update: (project: StoredProject): void => void update.run(toRow(project)),
    /** Its sessions stay, so the row stays; only its schedule goes. */
    remove(id: string, at: number): void {
      dropSchedule.run(id);
      remove.run(at, id);
    },
    saveSchedule: (id: string, schedule: StoredSchedule): void => void saveSchedule.run({ id, ...schedule }),
    dropSchedule: (id: string): void => void dropSchedule.run(id),
  };
}
