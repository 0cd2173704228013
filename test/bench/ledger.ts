import { hash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Sqlite, { type Database } from 'better-sqlite3';
import { createClock } from '../../src/core/adapters/clock.ts';
import { openDatabase } from '../../src/core/db/open.ts';
import { createJournal } from '../../src/core/kernel/journal.ts';
import { signCheckpoint, writeCheckpoint } from '../../src/core/ledger/checkpoints.ts';
import { lookAtLedger } from '../../src/core/ledger/look.ts';
import { createSeal } from '../../src/core/ledger/seal.ts';
import { createLedger } from '../../src/core/ledger/service.ts';
import { createLedgerStorage } from '../../src/core/ledger/storage.ts';
import { fixed, ratioOf, shown } from './measure.ts';

/** Short rounds, many pairs: a disk that others use as well is as slow for both sides of a pair. */
const ROWS = 400;
const PAIRS = 21;
const LONG = 1_000_000;
const BODY = {
  sessionId: 'ses_0123456789ab',
  evaluationId: 'evl_0123456789ab',
  level: 'cautious',
  score: 4,
  note: 'x'.repeat(60),
};
const TEXT = JSON.stringify(BODY);

/** The bar of each figure is in `docs/performance.md`. Sync is the durability of both sides of a ratio. */
export async function ledgerBench(): Promise<string[]> {
  const dir = mkdtempSync(join(tmpdir(), 'tenure-bench-'));
  try {
    return [...(await appends(dir, 'FULL')), ...(await appends(dir, 'NORMAL')), ...(await verification(dir))];
  } finally {
    rmSync(dir, { recursive: true });
  }
}

/** Rows a second, by the clock and of processor time: a machine that does other work bends the first only. */
interface Pace {
  wall: number;
  cpu: number;
}

function paceOf(work: (n: number) => void): Pace {
  const began = performance.now();
  const before = process.cpuUsage();
  for (let n = 0; n < ROWS; n++) work(n);
  const { user, system } = process.cpuUsage(before);
  return { wall: ROWS / ((performance.now() - began) / 1_000), cpu: ROWS / ((user + system) / 1_000_000) };
}

/** A B A B …: the ratio by the clock, and that of processor time. */
async function sideBySide(subject: (n: number) => void, reference: (n: number) => void) {
  const paces: { of: Pace; beside: Pace }[] = [];
  // Once for nothing: compiling is no part of it.
  paceOf(subject);
  paceOf(reference);
  for (let pair = 0; pair < PAIRS; pair++) paces.push({ of: paceOf(subject), beside: paceOf(reference) });
  const by = (kind: keyof Pace) => {
    const left = paces.map(({ of, beside }) => [of[kind], beside[kind]] as const);
    const [ours, theirs] = [left.values(), left.values()];
    return ratioOf(
      PAIRS,
      async () => ours.next().value?.[0] ?? Number.NaN,
      async () => theirs.next().value?.[1] ?? Number.NaN,
    );
  };
  return { wall: await by('wall'), cpu: await by('cpu') };
}

function openAt(dir: string, sync: string): Database {
  const db = openDatabase({ dir, now: 0 });
  db.pragma(`synchronous = ${sync}`);
  return db;
}

const MADE_UP = 'A'.repeat(43);
const COLUMNS =
  'seq INTEGER PRIMARY KEY, at INTEGER, kind TEXT, subject TEXT, body TEXT, prev TEXT, hash TEXT, mac TEXT';

/** A table of its own in a file of its own, written without anything: what a row costs at least. */
function rawAt(file: string, sync: string) {
  const db = new Sqlite(file);
  db.pragma('journal_mode = WAL');
  db.pragma(`synchronous = ${sync}`);
  db.pragma('fullfsync = ON');
  db.exec(`CREATE TABLE e (${COLUMNS}) STRICT; CREATE TABLE narrow (seq INTEGER PRIMARY KEY, body TEXT) STRICT`);
  const insert = db.prepare('INSERT INTO e (at, kind, subject, body, prev, hash, mac) VALUES (?, ?, ?, ?, ?, ?, ?)');
  const narrow = db.prepare('INSERT INTO narrow (body) VALUES (?)');
  const write = db.transaction((subject: string, at: number) => {
    insert.run(at, 'trust.credited', subject, JSON.stringify(BODY), MADE_UP, MADE_UP, MADE_UP);
  });
  return {
    /** The same bytes as an event has, in a transaction of its own. */
    same: (subject: string, at: number): void => write.immediate(subject, at),
    /** Nothing but the body, and no transaction asked for. */
    least: (): void => void narrow.run(JSON.stringify(BODY)),
    close: (): void => void db.close(),
  };
}

/** One event a transaction: the chain alone, and with its index, a journal fact and a row of the record. */
async function appends(dir: string, sync: 'FULL' | 'NORMAL'): Promise<string[]> {
  const clock = createClock();
  const db = openAt(join(dir, `a${sync}`), sync);
  const journal = createJournal(db, clock, () => undefined);
  const ledger = createLedger({ db, journal, clock, seal: createSeal(Buffer.alloc(32, 7).toString('base64url')) });
  const credit = db.prepare(
    "INSERT INTO trust_ledger (kind, session_id, level, at) VALUES ('session', ?, 'cautious', ?)",
  );
  const raw = rawAt(join(dir, `raw${sync}.db`), sync);
  const same = (n: number): void => raw.same(`ses_${n}`, clock.now());
  const alone = db.transaction((n: number) => {
    ledger.append({ kind: 'trust.credited', subject: `ses_${n}`, body: BODY });
  });
  let made = 0;
  const put = (n: number): void => {
    made += 1;
    credit.run(`ses_made${made}`, clock.now());
    ledger.append({ kind: 'trust.credited', subject: `ses_${n}`, body: BODY });
  };
  const recording = db.transaction(put);
  const whole = (n: number): void =>
    journal.commit((emit) => {
      put(n);
      emit({ type: 'notices.changed', body: { notices: [] } });
    });
  const line = async (what: string, subject: (n: number) => void, to: string, beside: (n: number) => void) => {
    const { wall, cpu } = await sideBySide(subject, beside);
    return `${sync}: ${what.padEnd(26)} ${Math.round(wall.subject)}/s beside ${Math.round(wall.reference)}/s ${to}, ratio ${shown(wall.ratio)}; of processor time ${shown(cpu.ratio)}`;
  };
  const lines = [
    await line('chain append', (n) => alone.immediate(n), 'raw, the same bytes', same),
    await line('with its row of the record', (n) => recording.immediate(n), 'raw, the same bytes', same),
    await line('with record and journal', whole, 'raw, the same bytes', same),
    await line(
      'chain append',
      (n) => alone.immediate(n),
      'raw, the body alone',
      () => raw.least(),
    ),
  ];
  db.close();
  raw.close();
  return lines;
}

/** A million events: verification beside reading the same rows and hashing their text once. */
async function verification(dir: string): Promise<string[]> {
  const clock = createClock();
  const db = openAt(join(dir, 'long'), 'OFF');
  const journal = createJournal(db, clock, () => undefined);
  const seal = createSeal(Buffer.alloc(32, 7).toString('base64url'));
  const ledger = createLedger({ db, journal, clock, seal });
  for (let at = 0; at < LONG; at += 10_000) {
    journal.commit(() => {
      for (let n = at; n < at + 10_000; n++) {
        ledger.append({ kind: 'trust.credited', subject: `ses_${n >> 1}`, body: BODY });
      }
    });
  }
  const storage = createLedgerStorage(db);
  const folder = join(dir, 'checkpoints');
  writeCheckpoint(folder, signCheckpoint(seal, ledger.mark(), ledger.mark().seq, 0));
  const bytes = db.prepare<[], { n: number }>("SELECT sum(pgsize) AS n FROM dbstat WHERE name LIKE 'ledger_events%'");
  let longest = 0;
  let since = 0;
  const breathe = async (): Promise<void> => {
    longest = Math.max(longest, performance.now() - since);
    await new Promise((resolve) => setImmediate(resolve));
    since = performance.now();
  };
  const seconds: number[] = [];
  const verify = (full: boolean) => async (): Promise<number> => {
    const began = performance.now();
    since = began;
    const { findings } = await lookAtLedger({ storage, seal, folder, projections: [], breathe }, full);
    if (findings.length > 0) throw new Error(JSON.stringify(findings));
    const took = (performance.now() - began) / 1_000;
    seconds.push(took);
    return LONG / took;
  };
  const rows = db.prepare('SELECT seq, at, kind, subject, body, prev, hash, mac FROM ledger_events ORDER BY seq').raw();
  const readAndHash = (): Promise<number> => {
    const began = performance.now();
    let same = 0;
    for (const row of rows.iterate() as Iterable<[number, number, string, string, string, string, string, string]>) {
      same += Number(hash('sha256', `${row[0]}${row[1]}${row[2]}${row[3]}${row[4]}${row[5]}`, 'base64url') === row[6]);
    }
    if (same > 0) throw new Error('This is no hash of the ledger.');
    return Promise.resolve(LONG / ((performance.now() - began) / 1_000));
  };
  const { subject, reference, ratio } = await ratioOf(3, verify(false), readAndHash);
  const median = seconds.toSorted((a, b) => a - b)[1] ?? Number.NaN;
  const before = longest;
  const full = await verify(true)();
  const size = (bytes.get()?.n ?? 0) / LONG;
  db.close();
  return [
    `verify ${LONG} events            ${fixed(median)} s, ${Math.round(subject)}/s beside ${Math.round(reference)}/s read and hashed, ratio ${shown(ratio)}`,
    `verify, every MAC and the index   ${fixed(LONG / full)} s; longest without others ${fixed(before, 1)} ms`,
    `bytes per event on disk           ${fixed(size, 0)}, of ${TEXT.length} of body`,
  ];
}
