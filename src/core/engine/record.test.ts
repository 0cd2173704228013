import { expect, test } from 'vitest';
import { testDatabase } from '../../../test/builders.ts';
import { createFakeClock } from '../../../test/fakes/clock.ts';
import { Config } from '../../shared/config.ts';
import { createIds } from '../adapters/ids.ts';
import type { EngineOptions } from '../engine.ts';
import { createJournal } from '../kernel/journal.ts';
import { silentLog } from '../kernel/log.ts';
import type { Projects } from '../projects/service.ts';
import { createRecord } from './record.ts';

test('what a judge used counts today and in the budget of the day, with no session running', () => {
  const { db, dir } = testDatabase();
  const clock = createFakeClock();
  const config = Config.parse({ usage: { budgets: { day: { usd: 1 } } } });
  const journal = createJournal(db, clock, (error) => {
    throw error;
  });
  const { telemetry, usage } = createRecord({
    db,
    journal,
    log: silentLog,
    env: {},
    config: { current: () => config } as EngineOptions['config'],
    ports: { clock, ids: createIds() } as unknown as EngineOptions['ports'],
    paths: { dataDir: dir, runDir: dir } as EngineOptions['paths'],
    projects: { list: () => [], settings: () => ({ name: 'App' }) } as unknown as Projects,
  });
  expect(usage.today()).toMatchObject({ runs: 0, costUsd: 0 });
  const facts = { askedBy: 'evaluation', caste: 'judge', task: 'Judge it', model: 'haiku', source: 'unknown' } as const;
  const id = telemetry.began(facts);
  expect(usage.today()).toMatchObject({ runs: 1, running: 1 });
  telemetry.ended(id, { outcome: 'completed', usage: { costUsd: 2 } });
  expect(usage.today()).toMatchObject({ runs: 1, running: 0, costUsd: 2, budget: { state: 'over' } });
  expect(usage.notices()).toHaveLength(1);
});
