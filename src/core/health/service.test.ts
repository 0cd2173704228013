import { beforeEach, expect, test } from 'vitest';
import { type TestDatabase, testDatabase } from '../../../test/builders.ts';
import { createFakeClock, START } from '../../../test/fakes/clock.ts';
import type { Finding } from '../../shared/contract/system.ts';
import { createHealth } from './service.ts';
import { createHealthStorage } from './storage.ts';

let database: TestDatabase;
let found: Finding;
const clock = createFakeClock();
const well: Finding = { name: 'Git', state: 'ok', detail: 'git 2.50.', fix: null };
const broken: Finding = { name: 'Git', state: 'failing', detail: 'git could not be run.', fix: 'Install git.' };

const open = () =>
  createHealth({
    clock,
    storage: createHealthStorage(database.db),
    checks: {
      Git: () => found,
      Odd: () => {
        throw new Error('no such thing');
      },
    },
  });

beforeEach(() => {
  database = testDatabase();
  found = well;
});

test('each look is remembered, over a restart too: well last, wrong last, in words', async () => {
  expect((await open().run(['Git']))[0]).toMatchObject({ state: 'ok', lastOkAt: START, lastError: null, act: null });
  clock.advance(60_000);
  found = broken;
  const error = { at: START + 60_000, sentence: 'git could not be run.' };
  expect(await open().run(['Git'])).toEqual([
    { ...broken, command: null, act: null, lastOkAt: START, lastError: error },
  ]);
  clock.advance(60_000);
  found = well;
  expect((await open().run(['Git']))[0]).toMatchObject({ lastOkAt: START + 120_000, lastError: error });
});

test('what nobody can say changes nothing, and a check that throws is a finding', async () => {
  const health = open();
  await health.run(['Git']);
  found = { ...well, state: 'unknown', detail: 'Nobody knows.' };
  clock.advance(60_000);
  const [git, odd] = await health.run();
  expect(git).toMatchObject({ state: 'unknown', lastError: null });
  expect(odd).toMatchObject({ state: 'unknown', detail: expect.stringContaining('no such thing'), lastOkAt: null });
});

test('without a store that can be read the findings are told all the same', async () => {
  const health = open();
  database.db.close();
  expect((await health.run(['Git'])).length).toBe(1);
});
