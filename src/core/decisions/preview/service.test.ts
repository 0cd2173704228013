import { expect, test } from 'vitest';
import { bashCall, gateRig, HOUR } from '../../../../test/gate-rig.ts';
import { Config } from '../../../shared/config.ts';
import { quietEnds } from '../quiet.ts';
import { createPreview } from './service.ts';

const SETTINGS = Config.parse({}).decisions;
/** Quiet hours by the clock of UTC alone. */
const next = (expression: string, _zone: string, from: number): number => {
  const [minute, hour] = expression.split(' ').map(Number);
  const day = new Date(from);
  const at = Date.UTC(day.getUTCFullYear(), day.getUTCMonth(), day.getUTCDate(), hour, minute);
  return at > from ? at : at + 24 * HOUR;
};

function previewing(score: number | null, settings = SETTINGS) {
  const rig = gateRig({ ...settings, undoMs: 0 });
  const breaths = { n: 0 };
  const preview = createPreview({
    db: rig.store.db,
    clock: {
      ...rig.clock,
      // A breath is no time that passes.
      after: (_ms, run) => {
        breaths.n += 1;
        setImmediate(run);
        return { cancel: () => undefined };
      },
    },
    settings: () => settings,
    scoreOf: () => score,
    quietEnds: (hours, at) => quietEnds(hours, next, 'UTC', at),
  });
  const session = rig.addSession();
  /** Asked and approved at once, run well. */
  async function did(command: string, ok = true): Promise<void> {
    rig.clock.advance(60_000);
    const toolUseId = `toolu_${rig.clock.now()}`;
    const answer = rig.decisions.ask(session.id, bashCall(command, session.cwd, toolUseId), null);
    for (let turn = 0; turn < 30; turn++) await Promise.resolve();
    for (const { id } of rig.decisions.pending()) await rig.decisions.approve(id, 'owner', true);
    expect((await answer).permission).toBe('allow');
    rig.clock.advance(1_000);
    rig.decisions.settle(session.id, toolUseId, ok);
  }
  return { rig, preview, did, session, breaths };
}

test('what did not change, changes nothing; and nothing is written', async () => {
  const { rig, preview, did } = previewing(900);
  for (let n = 0; n < 5; n++) await did(`edit ${n}`);
  const seq = rig.journal.seq();
  const rows = rig.store.db.prepare('SELECT count(*) AS n FROM decisions').get();
  const found = await preview({ changes: {} });
  expect(found).toMatchObject({ compared: 5, unknown: 0, changed: 0, samples: [] });
  expect(found.asked.before).toBe(found.asked.after);
  expect(rig.journal.seq()).toBe(seq);
  expect(rig.store.db.prepare('SELECT count(*) AS n FROM decisions').get()).toEqual(rows);
});

/** With today's score of 900, all but the first of a kind would go ahead: the draft takes that back. */
test('a higher score, a lower rate and a limit of actions each say what would have asked', async () => {
  const { preview, did } = previewing(900);
  for (let n = 0; n < 6; n++) await did(`edit ${n}`);
  expect(await preview({ changes: {} })).toMatchObject({
    asked: { before: 1, after: 1 },
    unasked: { before: 5, after: 5 },
  });
  expect(await preview({ changes: { 'auto.minScore': 950 } })).toMatchObject({
    asked: { before: 1, after: 6 },
    unasked: { before: 5, after: 0 },
    changed: 5,
  });
  expect(await preview({ changes: { 'auto.perHour': 2 } })).toMatchObject({
    asked: { before: 1, after: 4 },
    changed: 3,
  });
  const limited = await preview({ changes: { 'decisions.sessionActions': 3 } });
  expect(limited).toMatchObject({ asked: { before: 1, after: 4 }, changed: 3 });
  expect(limited.samples[0]).toMatchObject({
    summary: 'edit 5',
    before: 'allow',
    after: 'ask',
    why: expect.stringContaining('has run 5 of 3 actions'),
  });
});

test('failures of the past count, as they did, only once they had ended', async () => {
  const { preview, did } = previewing(900);
  for (let n = 0; n < 4; n++) await did(`edit ${n}`, n !== 1);
  // 0 is the first; 1 goes ahead and fails; 2 and 3 come after a failure of the kind within a day.
  expect((await preview({ changes: {} })).asked.before).toBe(3);
  expect((await preview({ changes: { 'auto.failureWindowMs': 60_000 } })).asked.after).toBe(1);
});

test('times and quiet hours: answers that would have come too late, questions that would have been quiet', async () => {
  const { rig, preview, session } = previewing(null);
  const answer = rig.decisions.ask(session.id, bashCall('commit', session.cwd), null);
  for (let turn = 0; turn < 30; turn++) await Promise.resolve();
  const [{ id } = { id: '' }] = rig.decisions.pending();
  rig.clock.advance(2 * HOUR);
  await answer;
  rig.decisions.deny(id, 'owner', null);
  expect(await preview({ changes: {} })).toMatchObject({ tooLate: 0, quiet: 0 });
  expect((await preview({ changes: { 'timeouts.normalMs': HOUR } })).tooLate).toBe(1);
  expect((await preview({ changes: { deadlineMs: HOUR } })).tooLate).toBe(1);
  expect((await preview({ changes: { quietHours: { from: '08:00', to: '10:00' } } })).quiet).toBe(1);
  expect((await preview({ changes: { quietHours: { from: '20:00', to: '06:00' } } })).quiet).toBe(0);
});

test.each([
  [{ 'auto.perHuor': 3 }, /There is no setting "decisions\.auto\.perHuor"/],
  [{ 'nothing.at.all': 3 }, /There is no setting/],
  [{ '__proto__.polluted': 3 }, /There is no setting/],
  [{ 'auto.perHour': -1 }, /no settings of the gate/],
  [{ quietHours: { from: '8', to: '9' } }, /time of day/],
])('%o is refused by name', async (changes, says) => {
  const { preview } = previewing(null);
  await expect(preview({ changes })).rejects.toThrow(says);
});

test('twenty thousand decisions are replayed in a moment', async () => {
  const { rig, preview, did, breaths } = previewing(900);
  await did('edit 0');
  const insert = rig.store.db.prepare(
    `INSERT INTO decisions (id, session_id, project_id, tool, action, action_hash, risk, level, verdict, state, reasons, steps,
       asked_at, outcome, settled_at, agent, kind, auto)
     SELECT 'dec_' || ?, session_id, project_id, tool, action, action_hash, risk, level, 'allow', 'allowed', reasons, 1,
       asked_at + ?, 'ran', asked_at + ?, agent, kind, 1 FROM decisions WHERE id NOT LIKE 'dec\\_%\\_n' ESCAPE '\\' LIMIT 1`,
  );
  rig.store.db.transaction(() => {
    for (let n = 1; n < 20_000; n++) insert.run(`${n}_n`, n * 100, n * 100 + 50);
  })();
  rig.clock.advance(HOUR);
  const began = performance.now();
  const found = await preview({ changes: { 'auto.perHour': 1_000 } });
  expect(found.compared).toBe(20_000);
  // Everything else had its turn, many times, while they were read and while they were judged.
  expect(breaths.n).toBeGreaterThan(70);
  expect(found.unasked.after).toBe(1_000);
  expect(performance.now() - began).toBeLessThan(30_000);
});

test('risk classes and paths of the ladder are held against the past before they hold', async () => {
  const { preview, did } = previewing(900);
  await did('edit a');
  await did('commit a');
  await did('push a');
  const graver = await preview({ changes: { risks: { test: 'critical' } } });
  expect(graver.samples.map(({ before, after }) => [before, after])).toEqual([]);
  expect(graver.asked.after).toBe(3);
  const louder = await preview({ changes: { 'paths.normal.begins': 'badge', 'paths.high.begins': 'badge' } });
  expect(louder.told).toEqual({ before: louder.asked.before, after: 0 });
  await expect(preview({ changes: { risks: { credentials: 'low' } } })).rejects.toMatchObject({ kind: 'invalid' });
  await expect(preview({ changes: { 'paths.normal.volume': 11 } })).rejects.toMatchObject({ kind: 'invalid' });
});
