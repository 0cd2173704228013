import type { Database } from 'better-sqlite3';
import type { Metric, ResourceAlert, ResourcePoint } from '../../shared/contract/resources.ts';
import type { Minute } from './rules.ts';

interface AlertRow {
  id: string;
  at: number;
  metric: Metric;
  sentence: string;
  peak: number;
  clearedAt: number | null;
  verdict: ResourceAlert['verdict'];
}

const FLOWS = ['received', 'sent', 'disk_read', 'disk_written'];
const COLUMNS = `at, looks, cpu, cpu_max, memory_used, memory_max, memory_total, disk_used, disk_total, temperature,
  ${FLOWS.join(', ')}`;
const HOUR = 3_600_000;
const wholeHour = (at: number): number => Math.floor(at / HOUR) * HOUR;

export function createResourceStorage(db: Database) {
  // A minute that was cut by a restart is put together again, weighed by its looks.
  const weighed = (column: string, as = (mean: string): string => mean): string =>
    `${column} = CASE WHEN ${column} IS NULL THEN excluded.${column} WHEN excluded.${column} IS NULL THEN ${column}
       ELSE ${as(`(${column} * looks + excluded.${column} * excluded.looks) / (looks + excluded.looks)`)} END`;
  // Bytes are kept whole, and their columns take nothing else.
  const weighedBytes = (column: string): string => weighed(column, (mean) => `CAST(round(${mean}) AS INTEGER)`);
  const greater = (column: string): string =>
    `${column} = max(coalesce(${column}, excluded.${column}), coalesce(excluded.${column}, ${column}))`;
  const minute = db.prepare(
    `INSERT INTO resource_minutes (${COLUMNS})
     VALUES (@at, @looks, @cpu, @cpuMax, @memoryUsed, @memoryMax, @memoryTotal, @diskUsed, @diskTotal, @temperature,
       @received, @sent, @read, @written)
     ON CONFLICT DO UPDATE SET ${['cpu', 'temperature', ...FLOWS].map((column) => weighed(column)).join(', ')},
       ${['memory_used', 'disk_used'].map(weighedBytes).join(', ')},
       ${['cpu_max', 'memory_max'].map(greater).join(', ')},
       memory_total = coalesce(excluded.memory_total, memory_total),
       disk_total = coalesce(excluded.disk_total, disk_total), looks = looks + excluded.looks`,
  );
  const GROUPED = `sum(looks), avg(cpu), max(cpu_max), CAST(avg(memory_used) AS INTEGER), max(memory_max),
    max(memory_total), CAST(avg(disk_used) AS INTEGER), max(disk_total), avg(temperature),
    ${FLOWS.map((column) => `avg(${column})`).join(', ')}`;
  const rollUp = db.prepare<[number]>(
    `INSERT OR REPLACE INTO resource_hours (${COLUMNS})
     SELECT at / ${HOUR} * ${HOUR}, ${GROUPED} FROM resource_minutes WHERE at < ? GROUP BY at / ${HOUR}`,
  );
  const dropMinutes = db.prepare<[number]>('DELETE FROM resource_minutes WHERE at < ?');
  const dropHours = db.prepare<[number]>('DELETE FROM resource_hours WHERE at < ?');
  const points = (table: string) =>
    db.prepare<{ from: number; to: number; step: number }, ResourcePoint>(
      `SELECT at / @step * @step AS at, avg(cpu) AS cpu, max(cpu_max) AS cpuMax,
         avg(1.0 * memory_used / memory_total) AS memory, max(1.0 * memory_max / memory_total) AS memoryMax,
         avg(1.0 * disk_used / disk_total) AS disk, avg(temperature) AS temperature,
         avg(received) AS received, avg(sent) AS sent, avg(disk_read) AS read, avg(disk_written) AS written
       FROM ${table} WHERE at >= @from AND at < @to GROUP BY 1 ORDER BY 1`,
    );
  const ofMinutes = points('resource_minutes');
  const ofHours = points('resource_hours');

  const ALERT = `SELECT a.id, a.at, r.metric, r.sentence, r.peak, r.cleared_at AS clearedAt, a.verdict
    FROM resource_alerts r JOIN alerts a ON a.id = r.alert_id`;
  const insertAlert = db.prepare("INSERT INTO alerts (id, at, level, kind, subject) VALUES (?, ?, ?, 'resource', ?)");
  const insertOwn = db.prepare('INSERT INTO resource_alerts (alert_id, metric, sentence, peak) VALUES (?, ?, ?, ?)');
  const clear = db.prepare('UPDATE resource_alerts SET cleared_at = ?, peak = max(peak, ?) WHERE alert_id = ?');
  const judge = db.prepare<[string | null, string]>("UPDATE alerts SET verdict = ? WHERE id = ? AND kind = 'resource'");
  const open = db.prepare<[], AlertRow>(`${ALERT} WHERE r.cleared_at IS NULL`);
  const recent = db.prepare<[number], AlertRow>(`${ALERT} ORDER BY a.at DESC, a.id LIMIT ?`);
  const one = db.prepare<[string], AlertRow>(`${ALERT} WHERE a.id = ?`);

  return {
    keep: (row: Minute): void => void minute.run(row),
    /**
     * Whole hours up to `now` become one row each; what is older than each limit goes. Every hour that is kept in
     * minutes is made anew, whatever the clock did since, and goes whole, so that none is made of a part of it.
     */
    rollUp(now: number, keepMinutes: number, keepHours: number): void {
      rollUp.run(wholeHour(now));
      dropMinutes.run(wholeHour(now - keepMinutes));
      dropHours.run(now - keepHours);
    },
    minutes: (from: number, to: number, step: number): ResourcePoint[] => ofMinutes.all({ from, to, step }),
    hours: (from: number, to: number, step: number): ResourcePoint[] => ofHours.all({ from, to, step }),

    addAlert(alert: ResourceAlert, level: string): void {
      insertAlert.run(alert.id, alert.at, level, alert.sentence);
      insertOwn.run(alert.id, alert.metric, alert.sentence, alert.peak);
    },
    clearAlert: (id: string, at: number, peak: number): void => void clear.run(at, peak, id),
    judge: (id: string, verdict: ResourceAlert['verdict']): boolean => judge.run(verdict, id).changes === 1,
    openAlerts: (): ResourceAlert[] => open.all(),
    alerts: (limit: number): ResourceAlert[] => recent.all(limit),
    alert: (id: string): ResourceAlert | null => one.get(id) ?? null,
  };
}
