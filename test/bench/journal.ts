import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { createClock } from '../../src/core/adapters/clock.ts';
import { openDatabase } from '../../src/core/db/open.ts';
import { createJournal } from '../../src/core/kernel/journal.ts';
import { ratioOf, shown } from './measure.ts';

const ROWS = 2_000;
const PAIRS = 7;

/** Commits a second through the journal beside raw autocommit inserts of the same row and durability. */
export async function journalBench(): Promise<string[]> {
  const dir = mkdtempSync(join(tmpdir(), 'tenure-bench-'));
  const clock = createClock();
  const db = openDatabase({ dir: join(dir, 'a'), now: 0 });
  const journal = createJournal(db, clock, () => undefined);
  const raw = new Sqlite(join(dir, 'raw.db'));
  raw.pragma('journal_mode = WAL');
  raw.pragma('synchronous = FULL');
  raw.exec('CREATE TABLE j (seq INTEGER PRIMARY KEY AUTOINCREMENT, at INTEGER, type TEXT, body TEXT) STRICT');
  const insert = raw.prepare('INSERT INTO j (at, type, body) VALUES (?, ?, ?)');
  const notices = ['x'.repeat(160)];

  const perSecond = (work: () => void): Promise<number> => {
    const began = performance.now();
    for (let i = 0; i < ROWS; i++) work();
    return Promise.resolve(ROWS / ((performance.now() - began) / 1000));
  };
  const { subject, reference, ratio } = await ratioOf(
    PAIRS,
    () => perSecond(() => journal.commit((emit) => emit({ type: 'notices.changed', body: { notices } }))),
    () => perSecond(() => insert.run(clock.now(), 'notices.changed', JSON.stringify({ notices }))),
  );
  db.close();
  raw.close();
  rmSync(dir, { recursive: true });
  return [
    `journal commit, fsync each      ${Math.round(subject)}/s`,
    `raw better-sqlite3, same row    ${Math.round(reference)}/s`,
    `ratio                           ${shown(ratio)}`,
  ];
}
