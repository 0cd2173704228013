import type { Database } from 'better-sqlite3';
import { beforeEach, describe, expect, it } from 'vitest';
import { testDatabase } from '../../../../test/builders.ts';
import { createFakeClock } from '../../../../test/fakes/clock.ts';
import { Config } from '../../../shared/config.ts';
import { createIds } from '../../adapters/ids.ts';
import { createJournal } from '../../kernel/journal.ts';
import { createLedger } from '../../ledger/service.ts';
import { createTrust } from '../service.ts';
import { marksProjection } from './projection.ts';
import { createMarkStorage } from './storage.ts';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
let db: Database;
let clock: ReturnType<typeof createFakeClock>;
let ledger: ReturnType<typeof createLedger>;
let trust: ReturnType<typeof createTrust>;

beforeEach(() => {
  ({ db } = testDatabase());
  clock = createFakeClock();
  const journal = createJournal(db, clock, (error) => {
    throw error;
  });
  ledger = createLedger({ db, journal, clock, seal: null, projections: [marksProjection(createMarkStorage(db))] });
  trust = createTrust({
    db,
    journal,
    clock,
    ids: createIds(),
    ledger: { ...ledger, whyNotRaise: () => null },
    config: () => Config.parse({}).trust,
  });
  trust.setLevel({ level: 'cautious', by: 'me' });
  for (let day = 0; day < 3; day += 1) {
    run(3);
    clock.advance(DAY);
  }
  trust.report({ kind: 'outage', text: 'It took the shop down.', sessionId: null, by: 'me' });
  run(3);
});

function run(minutes: number): void {
  for (let at = 0; at < minutes; at += 1) {
    clock.advance(MINUTE);
    trust.beat();
  }
}

function differences(): string[] {
  const { kinds, begin } = marksProjection(createMarkStorage(db));
  const open = begin();
  for (const event of ledger.read({ kinds: [...kinds] })) open.event(event);
  return open.end();
}

describe('severe events and days against the ledger', () => {
  it('agree, while a day lasts, over the next, and over a clock that is set ahead and back', () => {
    expect(differences()).toEqual([]);
    clock.jump(9 * DAY);
    run(2);
    expect(differences()).toEqual([]);
    clock.jump(-9 * DAY);
    run(2);
    clock.advance(DAY);
    run(2);
    expect(differences()).toEqual([]);
  });

  it.each([
    ['a severe event taken out', 'DELETE FROM severe_events', /severe event sev_\S+ is missing/],
    [
      'a severe event made harmless',
      "UPDATE severe_events SET interval_id = 1, level = 'observe'",
      /severe event sev_\S+ stands otherwise/,
    ],
    [
      'a day that is over made longer',
      'UPDATE stay_time SET ms = ms * 9 WHERE in_ledger = 1',
      /day \d+ of stay \d stands otherwise/,
    ],
    [
      'the day that lasts made longer',
      'UPDATE stay_time SET ms = ms + 9e7 WHERE in_ledger = 0',
      /day \d+ of stay 3, of which no event/,
    ],
    ['days added', 'INSERT INTO stay_time VALUES (1, 1, 5000, 1)', /day 1 of stay 1, of which no event speaks/],
    ['days taken out', 'DELETE FROM stay_time WHERE in_ledger = 1', /day \d+ of stay 2 is missing/],
  ])('%s is told', (_name, sql, words) => {
    for (const name of ['no_update', 'no_delete']) db.exec(`DROP TRIGGER severe_events_${name}`);
    expect(db.prepare(sql).run().changes).toBeGreaterThan(0);
    expect(differences().join()).toMatch(words);
  });
});

it('what stood before the ledger is put down where it begins', () => {
  const entries = marksProjection(createMarkStorage(db)).entries();
  const open = marksProjection(createMarkStorage(db)).begin();
  entries.forEach(({ kind, subject, body }, at) => open.event({ seq: at + 1, at: 0, kind, subject, body }));
  expect(entries.map(({ kind }) => kind)).toContain('trust.severe');
  expect(open.end()).toEqual([]);
});
