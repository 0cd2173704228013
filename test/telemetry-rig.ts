import { createIds } from '../src/core/adapters/ids.ts';
import { createJournal } from '../src/core/kernel/journal.ts';
import { silentLog } from '../src/core/kernel/log.ts';
import { createTelemetry, type SpawnFacts, type Telemetry } from '../src/core/telemetry/service.ts';
import { testDatabase } from './builders.ts';
import { createFakeClock } from './fakes/clock.ts';

export const spawnFacts = (more: Partial<SpawnFacts> = {}): SpawnFacts => ({
  askedBy: 'person',
  caste: 'session',
  task: 'Fix it',
  model: 'opus',
  source: 'user-override',
  ...more,
});

/** Telemetry on a real database. */
export function telemetryRig() {
  const database = testDatabase();
  const clock = createFakeClock();
  let telemetry: Telemetry;
  function start(): void {
    const { db, dir } = database;
    const journal = createJournal(db, clock, (error) => {
      throw error;
    });
    telemetry = createTelemetry({ db, journal, clock, ids: createIds(), log: silentLog, dataDir: dir });
  }
  start();
  return {
    database,
    clock,
    get telemetry() {
      return telemetry;
    },
    /** As after a restart of the program. */
    restart(): void {
      database.reopen();
      start();
    },
    /** One that began and, unless `outcome` is null, ended so. */
    spawn(outcome: 'completed' | 'failed' | 'blocked' | null, more: Partial<SpawnFacts> = {}): string {
      const id = telemetry.began(spawnFacts(more));
      if (outcome) telemetry.ended(id, { outcome });
      return id;
    },
  };
}

export type TelemetryRig = ReturnType<typeof telemetryRig>;
