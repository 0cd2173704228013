import type { Database } from 'better-sqlite3';
import type { Check } from '../../shared/contract/check.ts';
import { ServiceSettings } from '../../shared/contract/services.ts';
import { type KeptStep, type Rollup, spreadOf, spreadText } from './history/rollups.ts';
import type { Progress } from './rules.ts';

export interface StoredService {
  id: string;
  settings: ServiceSettings;
  source: 'person' | 'config';
  paused: boolean;
  heartbeatHash: string | null;
  progress: Progress;
  createdAt: number;
}

interface ServiceRow {
  id: string;
  name: string;
  settings: string;
  source: 'person' | 'config';
  paused: number;
  heartbeat_hash: string | null;
  state: string;
  created_at: number;
}

interface CheckRow {
  at: number;
  ok: number | null;
  ms: number | null;
  detail: string;
}

interface RollupRow {
  step: KeptStep;
  at: number;
  up: number;
  down: number;
  unknown: number;
  min_ms: number | null;
  max_ms: number | null;
  spread: string;
}

export interface Sums {
  up: number;
  down: number;
}

/** Known checks of one hour or day. */
export interface Span extends Sums {
  at: number;
}

const toService = (row: ServiceRow): StoredService => ({
  id: row.id,
  settings: ServiceSettings.parse(JSON.parse(row.settings)),
  source: row.source,
  paused: row.paused === 1,
  heartbeatHash: row.heartbeat_hash,
  progress: JSON.parse(row.state) as Progress,
  createdAt: row.created_at,
});

const toCheck = ({ at, ok, ms, detail }: CheckRow): Check => ({ at, ok: ok === null ? null : ok === 1, ms, detail });

const toRollup = ({ step, at, up, down, unknown, min_ms, max_ms, spread }: RollupRow): Rollup => ({
  step,
  at,
  up,
  down,
  unknown,
  min: min_ms,
  max: max_ms,
  spread: spreadOf(spread),
});

export function createProbeStorage(db: Database) {
  const all = db.prepare<[], ServiceRow>('SELECT * FROM services ORDER BY created_at, rowid');
  const save = db.prepare(
    `INSERT INTO services (id, name, settings, source, paused, heartbeat_hash, state, created_at)
     VALUES (@id, @name, @settings, @source, @paused, @heartbeatHash, @state, @createdAt)
     ON CONFLICT (id) DO UPDATE SET name = excluded.name, settings = excluded.settings, paused = excluded.paused,
       heartbeat_hash = excluded.heartbeat_hash, state = excluded.state`,
  );
  const saveState = db.prepare<[string, string]>('UPDATE services SET state = ? WHERE id = ?');
  const remove = db.prepare<[string]>('DELETE FROM services WHERE id = ?');
  // Two results of one millisecond (a person's look beside the clock's) are one.
  const addCheck = db.prepare<[string, number, number | null, number | null, string]>(
    'INSERT INTO service_checks (service_id, at, ok, ms, detail) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING',
  );
  const checks = db.prepare<[string, number], CheckRow>(
    'SELECT at, ok, ms, detail FROM service_checks WHERE service_id = ? ORDER BY at DESC LIMIT ?',
  );
  const checksSince = db.prepare<[string, number, number], CheckRow>(
    'SELECT at, ok, ms, detail FROM service_checks WHERE service_id = ? AND at BETWEEN ? AND ? ORDER BY at',
  );
  const saveRollup = db.prepare(
    `INSERT INTO service_rollups (service_id, step, at, up, down, unknown, min_ms, max_ms, spread)
     VALUES (@id, @step, @at, @up, @down, @unknown, @min, @max, @spread)
     ON CONFLICT DO UPDATE SET up = excluded.up, down = excluded.down, unknown = excluded.unknown,
       min_ms = excluded.min_ms, max_ms = excluded.max_ms, spread = excluded.spread`,
  );
  const rollups = db.prepare<[string, KeptStep, number], RollupRow>(
    'SELECT * FROM service_rollups WHERE service_id = ? AND step = ? AND at >= ? ORDER BY at',
  );
  const newestRollup = db.prepare<[string, KeptStep, number], RollupRow>(
    'SELECT * FROM service_rollups WHERE service_id = ? AND step = ? AND at <= ? ORDER BY at DESC LIMIT 1',
  );
  const spans = db.prepare<[string, KeptStep, number], Span>(
    'SELECT at, up, down FROM service_rollups WHERE service_id = ? AND step = ? AND at >= ? ORDER BY at',
  );
  const trimChecks = db.prepare<[string, number]>('DELETE FROM service_checks WHERE service_id = ? AND at < ?');
  const trimRollups = db.prepare<[string, KeptStep, number]>(
    'DELETE FROM service_rollups WHERE service_id = ? AND step = ? AND at < ?',
  );

  return {
    all: (): StoredService[] => all.all().map(toService),
    save(service: StoredService): void {
      save.run({
        id: service.id,
        name: service.settings.name,
        settings: JSON.stringify(service.settings),
        source: service.source,
        paused: Number(service.paused),
        heartbeatHash: service.heartbeatHash,
        state: JSON.stringify(service.progress),
        createdAt: service.createdAt,
      });
    },
    saveProgress: (id: string, progress: Progress): void => void saveState.run(JSON.stringify(progress), id),
    remove: (id: string): void => void remove.run(id),
    addCheck: (id: string, { at, ok, ms, detail }: Check): void =>
      void addCheck.run(id, at, ok === null ? null : Number(ok), ms, detail),
    /** The newest, oldest first. */
    checks: (id: string, limit: number): Check[] => checks.all(id, limit).map(toCheck).toReversed(),
    /** From that moment on, oldest first. */
    checksSince: (id: string, from: number, now: number): Check[] => checksSince.all(id, from, now).map(toCheck),
    /** Of those that began by then: a clock may have stood in the future. */
    newestRollup(id: string, step: KeptStep, now: number): Rollup | null {
      const row = newestRollup.get(id, step, now);
      return row ? toRollup(row) : null;
    },
    saveRollup: (id: string, { spread, ...rollup }: Rollup): void =>
      void saveRollup.run({ id, ...rollup, spread: spreadText(spread) }),
    rollups: (id: string, step: KeptStep, from: number): Rollup[] => rollups.all(id, step, from).map(toRollup),
    /** What each span from that moment on came to, oldest first. */
    spans: (id: string, step: KeptStep, from: number): Span[] => spans.all(id, step, from),
    trimChecks: (id: string, before: number): void => void trimChecks.run(id, before),
    trimRollups: (id: string, step: KeptStep, before: number): void => void trimRollups.run(id, step, before),
  };
}
