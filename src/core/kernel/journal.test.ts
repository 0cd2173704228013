import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { beforeEach, expect, test, vi } from 'vitest';
import { testDatabase } from '../../../test/builders.ts';
import { createFakeClock } from '../../../test/fakes/clock.ts';
import { migrate } from '../db/migrate.ts';
import { createJournal, type Journal } from './journal.ts';

const fact = (paused: boolean) => ({ type: 'sessions.paused', body: { paused } }) as const;

let db: Sqlite.Database;
let journal: Journal;
const onError = vi.fn<(error: unknown) => void>();

beforeEach(() => {
  db = new Sqlite(':memory:');
  migrate(db);
  onError.mockClear();
  journal = createJournal(db, createFakeClock(), onError);
});

test('listeners hear after the commit, in order, numbered', () => {
  const heard: unknown[] = [];
  journal.subscribe((envelope) => heard.push([envelope.seq, envelope.type, db.inTransaction]));
  journal.commit((emit) => {
    emit(fact(true));
    emit(fact(false));
    expect(heard).toEqual([]);
  });
  expect(heard).toEqual([
    [1, 'sessions.paused', false],
    [2, 'sessions.paused', false],
  ]);
  expect(journal.seq()).toBe(2);
});

test('a roll-back tells nobody and leaves nothing', () => {
  const heard = vi.fn<() => void>();
  journal.subscribe(heard);
  expect(() =>
    journal.commit((emit) => {
      emit(fact(true));
      throw new Error('no');
    }),
  ).toThrow('no');
  expect(heard).not.toHaveBeenCalled();
  expect(journal.since(0, 10)).toEqual([]);
  journal.commit((emit) => emit(fact(true)));
  expect(heard).toHaveBeenCalledTimes(1);
});

test('a commit inside a commit joins it: all or nothing', () => {
  expect(() =>
    journal.commit((emit) => {
      journal.commit((inner) => inner(fact(true)));
      emit(fact(false));
      throw new Error('outer');
    }),
  ).toThrow('outer');
  expect(journal.seq()).toBe(0);
});

test('a listener that throws spoils nothing for the others', () => {
  const heard = vi.fn<() => void>();
  journal.subscribe(() => {
    throw new Error('bad listener');
  });
  journal.subscribe(heard);
  journal.commit((emit) => emit(fact(true)));
  expect(heard).toHaveBeenCalledTimes(1);
  expect(onError).toHaveBeenCalledTimes(1);
});

test('a listener that commits does not reorder the facts', () => {
  const seen: number[] = [];
  journal.subscribe((envelope) => {
    if (envelope.seq === 1) journal.commit((emit) => emit(fact(false)));
  });
  journal.subscribe((envelope) => seen.push(envelope.seq));
  journal.commit((emit) => emit(fact(true)));
  expect(seen).toEqual([1, 2]);
});

test('replay: everything after a sequence; null where it was trimmed past it or never written', () => {
  for (let n = 0; n < 10; n++) journal.commit((emit) => emit(fact(n % 2 === 0)));
  expect(journal.since(7, 100)?.map((envelope) => envelope.seq)).toEqual([8, 9, 10]);
  journal.trim(4);
  expect(journal.since(6, 100)?.map((envelope) => envelope.seq)).toEqual([7, 8, 9, 10]);
  expect(journal.since(5, 100)).toBeNull();
  expect(journal.since(99, 100)).toBeNull();
  expect(journal.since(10, 100)).toEqual([]);
});

test("what has gathered in SQLite's log is moved into the database while nobody waits, a little not at all", () => {
  const store = testDatabase();
  const kept = createJournal(store.db, createFakeClock(), onError);
  const moved = (): boolean => readFileSync(join(store.dir, 'tenure.db')).includes('sessions.paused');
  kept.commit((emit) => emit(fact(true)));
  kept.checkpoint();
  expect(moved()).toBe(false);
  for (let n = 0; n < 60; n += 1) kept.commit((emit) => emit(fact(n % 2 === 0)));
  expect(moved()).toBe(false);
  kept.commit(() => kept.checkpoint());
  expect(moved()).toBe(false);
  kept.checkpoint();
  expect(moved()).toBe(true);
  expect(kept.seq()).toBe(61);
});
