import { beforeEach, describe, expect, it } from 'vitest';
import { unguarded } from '../../../test/fakes/tampering.ts';
import { type KeeperRig, keeperRig } from '../../../test/keeper-rig.ts';

const by = { by: 'owner (test)', reason: 'I looked.' };

let rig: KeeperRig;
beforeEach(() => {
  rig = keeperRig();
});

describe('a broken ledger', () => {
  beforeEach(async () => {
    await rig.keeper.verify();
    for (let n = 0; n < 5; n++) rig.put(n);
    rig.clock.advance(15_000);
    unguarded(rig.file(), (db) => db.exec(`UPDATE ledger_events SET body = '{"n":9}' WHERE seq = 3`));
  });

  it('is told in words, lowers the level, and stays broken over a restart until a person accepts it', async () => {
    const state = await rig.keeper.verify();
    expect(state).toMatchObject({ state: 'broken', brokenSince: rig.clock.now(), events: 6 });
    expect(state.findings).toEqual([
      { name: 'edited', from: 3, to: 3, words: 'Event 3 was changed after it was written.' },
    ]);
    expect(rig.fallen).toEqual([
      'The ledger of trust is not as it was written. Event 3 was changed after it was written.',
    ]);
    expect(rig.facts.filter(({ type }) => type === 'ledger.broken')).toHaveLength(1);
    expect(rig.keeper.whyNotRaise()).toMatch(/Nothing is raised until you have looked/);
    // Put right again, as whoever was found out may do: it was broken all the same.
    unguarded(rig.file(), (db) => db.exec(`UPDATE ledger_events SET body = '{"n":1}' WHERE seq = 3`));
    rig.clock.advance(60_000);
    rig.restart();
    expect((await rig.keeper.verify()).state).toBe('broken');
    expect(rig.keeper.state().brokenSince).toBe(rig.clock.now() - 60_000);
    expect(rig.fallen).toHaveLength(2);
    expect(rig.facts.filter(({ type }) => type === 'ledger.broken')).toEqual([]);
  });

  it('goes on from where a person accepts it, with nothing erased, and what was accepted is watched', async () => {
    await rig.keeper.verify();
    rig.put(6);
    const before = rig.ledger.head().seq;
    const state = await rig.keeper.acknowledge(by);
    expect(state).toMatchObject({ state: 'sound', accepted: 1, findings: [], brokenSince: null });
    expect(rig.keeper.whyNotRaise()).toBeNull();
    const [accepted] = rig.ledger.read({ kinds: ['ledger.acknowledged'] });
    expect(accepted).toMatchObject({ seq: before + 1, body: { ...by, findings: [{ name: 'edited' }] } });
    expect([...rig.ledger.read({ upTo: before })]).toHaveLength(before);
    rig.put(7);
    rig.clock.advance(15_000);
    rig.restart();
    expect(await rig.names()).toEqual([]);
    expect(rig.keeper.state().accepted).toBe(1);
    unguarded(rig.file(), (db) => db.exec(`UPDATE ledger_events SET body = '{"n":8}' WHERE seq = 2`));
    expect(await rig.names()).not.toEqual([]);
  });

  it('can be accepted after its end was cut off, and no number is used twice', async () => {
    unguarded(rig.file(), (db) => db.exec('DELETE FROM ledger_events WHERE seq > 2'));
    rig.kill();
    expect(await rig.names()).toEqual(['cut']);
    const { seq } = rig.ledger.head();
    await rig.keeper.acknowledge(by);
    expect(rig.ledger.head().seq).toBeGreaterThan(Math.max(seq, 6));
    expect(await rig.names()).toEqual([]);
    rig.restart();
    expect(await rig.names()).toEqual([]);
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
      unguarded(rig.file(), (db) => db.exec(sql.startsWith('DROP TRIGGER') ? 'SELECT 1' : sql));
    rig.database.db.exec('DROP TRIGGER ledger_events_no_update');
    rig.kill();
    expect(await rig.names()).toContain('unprotected');
    expect((await rig.keeper.acknowledge(by)).findings).toEqual([]);
    expect(() => rig.database.db.exec("UPDATE ledger_events SET body = '{}'")).toThrow(/append-only/);
    expect(rig.database.db.prepare("SELECT count(*) AS n FROM sqlite_master WHERE name = 'kinder'").get()).toEqual({
      n: 0,
    });
    rig.restart();
    expect((await rig.keeper.verify(true)).findings).toEqual([]);
  });

  it('is accepted only when it is broken', async () => {
    await rig.keeper.verify();
    await rig.keeper.acknowledge(by);
    await expect(rig.keeper.acknowledge(by)).rejects.toThrow(/not broken/);
  });

  it('is told of also when it can no longer be written to', async () => {
    rig.database.db.exec(
      "CREATE TEMP TRIGGER full BEFORE INSERT ON ledger_events BEGIN SELECT raise(ABORT, 'disk full'); END",
    );
    expect((await rig.keeper.verify()).state).toBe('broken');
    expect(rig.problems).toHaveLength(1);
    expect(rig.fallen).toHaveLength(1);
    expect(rig.keeper.whyNotRaise()).not.toBeNull();
  });
});

it('that had begun before and is gone with its database is named', async () => {
  rig.start(true);
  expect(await rig.names()).toEqual(['rolled-back']);
  await rig.keeper.acknowledge(by);
  expect(await rig.names()).toEqual([]);
});
