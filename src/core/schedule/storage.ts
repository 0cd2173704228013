import type { Database } from 'better-sqlite3';
import type { MissedRunPolicy } from '../../shared/contract/projects.ts';

export interface DueSchedule {
  projectId: string;
  cron: string;
  timezone: string;
  prompt: string | null;
  missed: MissedRunPolicy;
  nextRunAt: number;
}

interface Row {
  project_id: string;
  cron: string;
  timezone: string;
  prompt: string | null;
  missed: MissedRunPolicy;
  next_run_at: number;
}

export interface CheckPlan {
  cron: string;
  timezone: string;
  /** Epoch ms; null: never. */
  nextAt: number | null;
}

const CHECK_KEY = 'trust.next_check';

export function createScheduleStorage(db: Database) {
  const due = db.prepare<[number], Row>(`SELECT s.* FROM schedules s JOIN projects p ON p.id = s.project_id
    WHERE p.removed_at IS NULL AND s.next_run_at <= ? ORDER BY s.next_run_at`);
  const claim = db.prepare<[number | null, string, number]>(
    'UPDATE schedules SET next_run_at = ? WHERE project_id = ? AND next_run_at = ?',
  );
  const ran = db.prepare<[number, string]>('UPDATE schedules SET last_run_at = ? WHERE project_id = ?');
  const note = db.prepare<[string, string]>('UPDATE schedules SET last_note = ? WHERE project_id = ?');
  const read = db.prepare<[string], { value: string }>('SELECT value FROM settings WHERE key = ?');
  const drop = db.prepare<[string]>('DELETE FROM settings WHERE key = ?');
  const write = db.prepare<[string, string]>(
    'INSERT INTO settings (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value',
  );
  return {
    due: (now: number): DueSchedule[] =>
      due.all(now).map((row) => ({
        projectId: row.project_id,
        cron: row.cron,
        timezone: row.timezone,
        prompt: row.prompt,
        missed: row.missed,
        nextRunAt: row.next_run_at,
      })),
    /** Moves a schedule on, only from the time it was due at: the claim that comes before the run. */
    claim: (projectId: string, from: number, to: number | null): boolean =>
      claim.run(to, projectId, from).changes === 1,
    ran: (projectId: string, at: number): void => void ran.run(at, projectId),
    note: (projectId: string, text: string): void => void note.run(text, projectId),
    /** The promotion check as it was planned last; null: not planned. */
    checkPlan(): CheckPlan | null {
      const row = read.get(CHECK_KEY);
      return row ? (JSON.parse(row.value) as CheckPlan) : null;
    },
    planCheck: (plan: CheckPlan): void => void write.run(CHECK_KEY, JSON.stringify(plan)),
    dropCheck: (): void => void drop.run(CHECK_KEY),
  };
}
