import { appendFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { TEST_SECRET, tempDir, testDatabase } from '../../../test/builders.ts';
import { createFakeClock, type FakeClock } from '../../../test/fakes/clock.ts';
import { unguarded } from '../../../test/fakes/tampering.ts';
import type { Envelope } from '../../shared/contract/index.ts';
import { createJournal, type Journal } from '../kernel/journal.ts';
import { CHECKPOINT_FILE, readCheckpoints, signCheckpoint, writeCheckpoint } from './checkpoints.ts';
import { createKeeper } from './keeper.ts';
import { createSeal } from './seal.ts';
import { createLedger, type OwnLedger } from './service.ts';
import { createLedgerStorage } from './storage.ts';

const seal = createSeal(TEST_SECRET);
const by = { by: 'owner (test)', reason: 'I looked.' };
let database: ReturnType<typeof testDatabase>;
let clock: FakeClock;
let journal: Journal;
let ledger: OwnLedger;
let keeper: ReturnType<typeof createKeeper>;
let folder: string;
let facts: Envelope[];
let fallen: string[];
let problems: unknown[];
let breaths: number;

function start(isLost = false): void {
  journal = createJournal(database.db, clock, (error) => {
    throw error;
  });
  facts = [];
  journal.subscribe((fact) => facts.push(fact));
  ledger = createLedger({ db: database.db, journal, clock, seal });
  keeper = createKeeper({
    ledger,
    storage: createLedgerStorage(database.db),
    seal,
    journal,
    clock,
    folder: () => folder,
    projections: [],
    isLost,
    key: 'The key lies in a file.',
    breathe: async () => void (breaths += 1),
    onRemade: () => undefined,
    onBroken: (reason) => fallen.push(reason),
    onProblem: (error) => problems.push(error),
    onState: () => undefined,
  });
}

function restart(): void {
  keeper.stop();
  database.reopen();
  start();
}

/** As a process that is killed: nothing is signed any more. */
function kill(): void {
  database.reopen();
  start();
}

const file = (): string => join(database.dir, 'tenure.db');
const put = (n: number, kind = 'test.counted'): number =>
  journal.commit(() => ledger.append({ kind, subject: 'a', body: { n } }));
const signed = (): number[] => readCheckpoints([folder], seal.publicKey).signed.map(({ seq }) => seq);
const names = async (): Promise<string[]> => (await keeper.verify()).findings.map(({ name }) => name);

beforeEach(() => {
  database = testDatabase();
  clock = createFakeClock();
  folder = join(tempDir('checkpoints'), 'here');
  [fallen, problems, breaths] = [[], [], 0];
  start();
});

describe('a checkpoint', () => {
  beforeEach(async () => void (await keeper.verify()));

  it('is signed some seconds after the first new event, at once for what a person decides, and never for nothing', () => {
    expect(signed()).toEqual([1]);
    put(1);
    clock.advance(14_000);
    put(2);
    expect(signed()).toEqual([1]);
    clock.advance(1_000);
    expect(signed()).toEqual([1, 3]);
    expect(clock.pending()).toBe(0);
    put(3, 'level.entered');
    clock.advance(0);
    expect(signed()).toEqual([1, 3, 4]);
    for (let n = 0; n < 1_000; n++) put(n);
    clock.advance(0);
    expect(signed()).toEqual([1, 3, 4, 1_004]);
    clock.advance(3_600_000);
    expect(signed()).toHaveLength(4);
  });

  it('that cannot be written is told of, tried again, and no sign of tampering', async () => {
    rmSync(folder, { recursive: true });
    writeFileSync(folder, 'a file where the folder was');
    put(1);
    clock.advance(15_000);
    expect(keeper.state().checkpointProblem).toMatch(/could not be written to .* It is tried again\.$/);
    expect(problems).toHaveLength(1);
    kill();
    // The file that holds the checkpoints cannot be read either: that is said, and is nobody's doing.
    rmSync(folder);
    mkdirSync(folder);
    writeCheckpoint(folder, signCheckpoint(seal, firstMark(), 1, clock.now()));
    expect(await names()).toEqual([]);
    expect(keeper.state()).toMatchObject({ state: 'sound', checkpointProblem: null });
    expect(signed()).toEqual([1, 2]);
  });

  it('that a crash left half written, or did not note, is no sign of tampering', async () => {
    put(1);
    const mark = ledger.mark();
    const line = JSON.stringify(signCheckpoint(seal, mark, mark.seq, clock.now()));
    appendFileSync(join(folder, CHECKPOINT_FILE), line.slice(0, 100));
    kill();
    expect(await names()).toEqual([]);
    put(2);
    writeCheckpoint(folder, signCheckpoint(seal, ledger.mark(), 3, clock.now()));
    kill();
    expect(await names()).toEqual([]);
    expect(signed().at(-1)).toBe(3);
  });

  it('goes to another folder when that is configured, and the old one counts until then', async () => {
    put(1);
    clock.advance(15_000);
    const old = folder;
    folder = join(tempDir('elsewhere'), 'there');
    restart();
    expect(await names()).toEqual([]);
    put(2);
    clock.advance(15_000);
    expect(signed()).toEqual([3]);
    rmSync(old, { recursive: true });
    restart();
    expect(await names()).toEqual([]);
  });

  it('keeps its file short', () => {
    for (let n = 0; n < 900; n++) {
      put(n);
      clock.advance(15_000);
    }
    expect(readFileSync(join(folder, CHECKPOINT_FILE)).length).toBeLessThan(270_000);
    expect(signed().at(-1)).toBe(901);
    expect(existsSync(join(folder, `${CHECKPOINT_FILE}.next`))).toBe(false);
  });
});

const firstMark = () => {
  const [row] = createLedgerStorage(database.db).rows({ after: 0, upTo: 1, limit: 1 });
  return { seq: 1, hash: row?.[6] ?? '', mac: row?.[7] ?? '' };
};

describe('what happens by itself', () => {
  it('is no finding: a clock that jumps, a kill after any commit, an end in order', async () => {
    await keeper.verify();
    put(1);
    clock.jump(-400 * 86_400_000);
    put(2);
    clock.jump(9_000 * 86_400_000);
    put(3);
    kill();
    expect(await names()).toEqual([]);
    put(4);
    restart();
    expect(await names()).toEqual([]);
    expect(fallen).toEqual([]);
  });

  it('is nothing that stops in the middle of a look', async () => {
    journal.commit(() => {
      for (let n = 0; n < 2_500; n++) ledger.append({ kind: 'test.counted', subject: 'a', body: { n } });
    });
    const looked = keeper.verify();
    keeper.stop();
    database.db.close();
    expect(await looked).toMatchObject({ state: 'checking', checkedAt: null });
    database.db = testDatabase(database.dir).db;
    start();
    expect(await names()).toEqual([]);
  });

  it('lets nothing be raised before the first look, and lets others run while it looks', async () => {
    expect(keeper.whyNotRaise()).toMatch(/still being checked/);
    expect(keeper.state()).toMatchObject({ state: 'checking', checkedAt: null });
    journal.commit(() => {
      for (let n = 0; n < 4_500; n++) ledger.append({ kind: 'test.counted', subject: 'a', body: { n } });
    });
    const looked = keeper.verify();
    expect(keeper.verify()).toBe(looked);
    await looked;
    expect(breaths).toBe(4);
    expect(keeper.whyNotRaise()).toBeNull();
    expect(keeper.state()).toMatchObject({ state: 'sound', events: 4_501, checkedAt: clock.now() });
  });
});

describe('a broken ledger', () => {
  beforeEach(async () => {
    await keeper.verify();
    for (let n = 0; n < 5; n++) put(n);
    clock.advance(15_000);
    unguarded(file(), (db) => db.exec(`UPDATE ledger_events SET body = '{"n":9}' WHERE seq = 3`));
  });

  it('is told in words, lowers the level, and stays broken over a restart until a person accepts it', async () => {
    const state = await keeper.verify();
    expect(state).toMatchObject({ state: 'broken', brokenSince: clock.now(), events: 6 });
    expect(state.findings).toEqual([
      { name: 'edited', from: 3, to: 3, words: 'Event 3 was changed after it was written.' },
    ]);
    expect(fallen).toEqual(['The ledger of trust is not as it was written. Event 3 was changed after it was written.']);
    expect(facts.filter(({ type }) => type === 'ledger.broken')).toHaveLength(1);
    expect(keeper.whyNotRaise()).toMatch(/Nothing is raised until you have looked/);
    // Put right again, as whoever was found out may do: it was broken all the same.
    unguarded(file(), (db) => db.exec(`UPDATE ledger_events SET body = '{"n":1}' WHERE seq = 3`));
    clock.advance(60_000);
    restart();
    expect((await keeper.verify()).state).toBe('broken');
    expect(keeper.state().brokenSince).toBe(clock.now() - 60_000);
    expect(fallen).toHaveLength(2);
    expect(facts.filter(({ type }) => type === 'ledger.broken')).toEqual([]);
  });

  it('goes on from where a person accepts it, with nothing erased, and what was accepted is watched', async () => {
    await keeper.verify();
    put(6);
    const before = ledger.head().seq;
    const state = await keeper.acknowledge(by);
    expect(state).toMatchObject({ state: 'sound', accepted: 1, findings: [], brokenSince: null });
    expect(keeper.whyNotRaise()).toBeNull();
    const [accepted] = ledger.read({ kinds: ['ledger.acknowledged'] });
    expect(accepted).toMatchObject({ seq: before + 1, body: { ...by, findings: [{ name: 'edited' }] } });
    expect([...ledger.read({ upTo: before })]).toHaveLength(before);
    put(7);
    clock.advance(15_000);
    restart();
    expect(await names()).toEqual([]);
    expect(keeper.state().accepted).toBe(1);
    unguarded(file(), (db) => db.exec(`UPDATE ledger_events SET body = '{"n":8}' WHERE seq = 2`));
    expect(await names()).not.toEqual([]);
  });

  it('can be accepted after its end was cut off, and no number is used twice', async () => {
    unguarded(file(), (db) => db.exec('DELETE FROM ledger_events WHERE seq > 2'));
    kill();
    expect(await names()).toEqual(['cut']);
    const { seq } = ledger.head();
    await keeper.acknowledge(by);
    expect(ledger.head().seq).toBeGreaterThan(Math.max(seq, 6));
    expect(await names()).toEqual([]);
    restart();
    expect(await names()).toEqual([]);
  });

  it('has its protection back once it is accepted', async () => {
    for (const sql of [
      'DROP TRIGGER ledger_events_no_update',
      'DROP VIEW trust_summary',
      'DROP VIEW trust_scores',
      "CREATE VIEW trust_scores AS SELECT level, session_id, 5 AS score FROM trust_ledger WHERE kind = 'evaluation'",
      'CREATE TRIGGER kinder AFTER INSERT ON trust_ledger BEGIN SELECT 1; END',
      'DROP INDEX ledger_events_own',
    ])
      unguarded(file(), (db) => db.exec(sql.startsWith('DROP TRIGGER') ? 'SELECT 1' : sql));
    database.db.exec('DROP TRIGGER ledger_events_no_update');
    kill();
    expect(await names()).toContain('unprotected');
    expect((await keeper.acknowledge(by)).findings).toEqual([]);
    expect(() => database.db.exec("UPDATE ledger_events SET body = '{}'")).toThrow(/append-only/);
    expect(database.db.prepare("SELECT count(*) AS n FROM sqlite_master WHERE name = 'kinder'").get()).toEqual({
      n: 0,
    });
    restart();
    expect((await keeper.verify(true)).findings).toEqual([]);
  });

  it('is accepted only when it is broken', async () => {
    await keeper.verify();
    await keeper.acknowledge(by);
    await expect(keeper.acknowledge(by)).rejects.toThrow(/not broken/);
  });

  it('is told of also when it can no longer be written to', async () => {
    database.db.exec(
      "CREATE TEMP TRIGGER full BEFORE INSERT ON ledger_events BEGIN SELECT raise(ABORT, 'disk full'); END",
    );
    expect((await keeper.verify()).state).toBe('broken');
    expect(problems).toHaveLength(1);
    expect(fallen).toHaveLength(1);
    expect(keeper.whyNotRaise()).not.toBeNull();
  });
});

it('that had begun before and is gone with its database is named', async () => {
  start(true);
  expect(await names()).toEqual(['rolled-back']);
  await keeper.acknowledge(by);
  expect(await names()).toEqual([]);
});
