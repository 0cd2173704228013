import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { expect, test } from 'vitest';
import { runCli } from '../../src/cli/run.ts';
import { ServiceSettings } from '../../src/shared/contract/services.ts';
import { bash } from '../fakes/messages-api.ts';
import { startHttpTarget } from '../fakes/services/http-target.ts';
import { unguarded } from '../fakes/tampering.ts';
import { OWNER_TOKEN, startRig, until } from '../rig.ts';

type Rig = Awaited<ReturnType<typeof startRig>>;

/** One command line against the rig's folder; whether its engine runs or not. */
async function cli(rig: Rig, ...argv: string[]): Promise<{ code: number; out: string; err: string }> {
  let out = '';
  let err = '';
  const code = await runCli(argv, {
    env: { TENURE_HOME: rig.tenureHome, TENURE_OWNER_TOKEN: OWNER_TOKEN },
    platform: process.platform,
    home: rig.dir,
    cwd: rig.dir,
    fetch,
    now: () => Date.now(),
    sleep: async () => undefined,
    browse: () => undefined,
    stdin: async () => '',
    stdout: (text) => void (out += text),
    stderr: (text) => void (err += text),
  });
  return { code, out, err };
}

test('a record that somebody has bettered: seen at the start, at observe until its owner accepts it', async () => {
  const rig = await startRig();
  await rig.raiseTo('cautious');
  const sound = await cli(rig, 'trust', 'verify', '--json');
  expect([sound.code, JSON.parse(sound.out).state]).toEqual([0, 'sound']);

  await rig.host.stop();
  const stopped = await cli(rig, 'trust', 'verify');
  expect(stopped).toMatchObject({ code: 0, err: expect.stringContaining('not running') });
  expect(stopped.out).toMatch(/Verified \d\d:\d\d, \d+ events/);
  const { code, out } = await cli(rig, 'trust', 'export', '--out', 'ledger.jsonl', '--json');
  expect([code, JSON.parse(out).checkpoints > 0]).toEqual([0, true]);
  const lines = readFileSync(join(rig.dir, 'ledger.jsonl'), 'utf8').trim().split('\n');
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({ type: 'event', seq: 1, kind: 'ledger.began' });
  expect((await cli(rig, 'trust', 'export', '--out', 'ledger.jsonl')).code).toBe(1);
  const printed = (await cli(rig, 'trust', 'export')).out.trim().split('\n');
  expect(printed).toEqual(lines);
  const { events, checkpoints } = JSON.parse((await cli(rig, 'trust', 'export', '--json')).out);
  expect(events.length + checkpoints.length).toBe(lines.length);
  expect((await cli(rig, 'trust', 'acknowledge', '--reason', 'x')).code).toBe(3);

  unguarded(join(rig.dataDir, 'tenure.db'), (db) =>
    db.exec("UPDATE level_intervals SET level = 'full' WHERE left_at IS NULL"),
  );
  const seen = await cli(rig, 'trust', 'verify', '--json');
  expect([seen.code, JSON.parse(seen.out).findings[0].name]).toEqual([1, 'tables-differ']);

  await rig.restart();
  expect(await rig.call('trust.get', {})).toMatchObject({ level: 'observe' });
  const { ledger, notices } = await rig.call('state.snapshot', {});
  expect(ledger).toMatchObject({ state: 'broken' });
  expect(notices).toEqual([expect.stringContaining('not as it was written')]);
  await expect(rig.call('trust.setLevel', { level: 'cautious' })).rejects.toThrow(/Nothing is raised until you have/);
  expect((await cli(rig, 'trust', 'verify')).code).toBe(1);
  expect((await cli(rig, 'trust', 'acknowledge')).code).toBe(2);
  const accepted = await cli(rig, 'trust', 'acknowledge', '--reason', 'I looked at every stay.', '--json');
  expect([accepted.code, JSON.parse(accepted.out)]).toEqual([
    0,
    expect.objectContaining({ state: 'sound', accepted: 1 }),
  ]);

  await rig.restart();
  expect((await rig.call('ledger.verify', { full: true })).state).toBe('sound');
  expect((await rig.call('state.snapshot', {})).notices).toEqual([]);
  await rig.call('trust.setLevel', { level: 'cautious' });
  expect(await rig.call('trust.get', {})).toMatchObject({ level: 'cautious' });
  await rig.stop();
});

test('tables that somebody has changed are made anew from the ledger where the owner asks for it', async () => {
  const rig = await startRig();
  await rig.raiseTo('moderate');
  const before = await rig.call('trust.history', {});
  unguarded(join(rig.dataDir, 'tenure.db'), (db) =>
    db.exec("UPDATE level_intervals SET cause = 'promotion', reason = 'Earned.'; DELETE FROM alerts"),
  );
  expect((await cli(rig, 'trust', 'verify')).out).toContain('"--remake"');
  const remade = await cli(rig, 'trust', 'acknowledge', '--reason', 'That was not me.', '--remake', '--json');
  expect([remade.code, JSON.parse(remade.out)]).toMatchObject([0, { state: 'sound', accepted: 1 }]);
  const { intervals } = await rig.call('trust.history', {});
  const told = ({ level, cause, reason }: (typeof intervals)[number]) => [level, cause, reason];
  expect(intervals.slice(-before.intervals.length).map(told)).toEqual(before.intervals.map(told));
  expect(await rig.call('trust.get', {})).toMatchObject({ level: 'observe' });
  await rig.restart();
  expect((await rig.call('ledger.verify', { full: true })).state).toBe('sound');
  expect((await cli(rig, 'trust', 'acknowledge', '--reason', 'x', '--remake')).code).toBe(1);
  await rig.stop();
}, 60_000);

test('the rules by which the level rises stand in the ledger, once for each time that they are set', async () => {
  const rig = await startRig();
  const rules = async () =>
    (await rig.call('ledger.events', { limit: 5_000 }))
      .filter(({ kind }) => kind === 'trust.configured')
      .map(({ body }) => JSON.parse(body))
      .map(({ by, rules: { window } }) => [by, window.sessions]);
  expect(await rules()).toEqual([['the configuration file', 10]]);
  await rig.call('config.set', { changes: [{ key: 'trust.window.sessions', value: 7 }] });
  await rig.restart();
  expect(await rules()).toEqual([
    ['the configuration file', 10],
    [expect.any(String), 7],
  ]);
  expect((await rig.call('ledger.verify', { full: true })).state).toBe('sound');
  await rig.stop();
});

test('other rules of the level are held against the record before they apply, and an open promotion goes with them', async () => {
  const easy = { minSessions: 0, minAvgScore: 0, minDaysAtLevel: 0, minEvaluations: 0, minCoverage: 0 };
  const rig = await startRig({ config: { trust: { thresholds: { cautious_to_moderate: easy } } } });
  await rig.raiseTo('cautious');
  const { promotion } = await rig.call('trust.check', {});
  const draft = '{"thresholds.cautious_to_moderate.minSessions": 2}';
  const { code, out } = await cli(rig, 'trust', 'preview', draft, '--json');
  const preview = JSON.parse(out);
  expect([code, preview.effect]).toEqual([0, { before: 'stays', after: 'withdrawn' }]);
  expect(preview.proposals).toMatchObject([{ id: promotion?.id, lack: ['0 of 2 sessions'] }]);
  expect((await cli(rig, 'trust', 'preview', draft)).out).toMatch(
    /promotion to Moderate would be withdrawn at once.*Sessions +holds: 0 of 0 +lacks: 0 of 2.*not proposed: 0 of 2 sessions/s,
  );
  const wrong = await cli(rig, 'trust', 'preview', '{"thresholds.cautious_to_moderate.minSessions": "many"}');
  expect([wrong.code > 0, wrong.err]).toEqual([true, expect.stringContaining('takes a whole number')]);
  expect((await rig.call('trust.get', {})).promotion).toMatchObject({ state: 'open' });

  await rig.call('config.set', { changes: [{ key: 'trust.thresholds.cautious_to_moderate.minSessions', value: 2 }] });
  expect(await rig.call('trust.get', {})).toMatchObject({ promotion: null, lack: ['0 of 2 sessions'] });
  expect((await rig.call('state.snapshot', {})).trust.thresholds).toMatchObject({ minSessions: 2 });
  await rig.stop();
});

test('a level that somebody writes while Tenure runs is in force for nobody, and is found at once', async () => {
  const rig = await startRig({ script: [bash('touch made')] });
  const { project } = await rig.addProject();
  await rig.raiseTo('cautious');
  unguarded(join(rig.dataDir, 'tenure.db'), (db) =>
    db.exec("UPDATE level_intervals SET level = 'full' WHERE left_at IS NULL"),
  );
  await rig.call('sessions.launch', { projectId: project.id, prompt: 'Make it.' });
  expect(await rig.pending()).toMatchObject({ level: 'observe', verdict: 'ask' });
  expect(await rig.call('trust.get', {})).toMatchObject({ level: 'observe' });
  expect(await rig.call('ledger.get', {})).toMatchObject({ state: 'broken', findings: [{ name: 'tables-differ' }] });
  await rig.stop();
});

test('nor does it restart a service: while the ledger is in doubt that is looked at as at Observe', async () => {
  const rig = await startRig({ config: { services: { settleMs: 0, backoffMs: 0 } } });
  await rig.raiseTo('cautious');
  const web = await startHttpTarget();
  const restarted = join(rig.dir, 'restarted');
  const { service } = await rig.call(
    'services.add',
    ServiceSettings.parse({
      name: 'Web',
      target: { kind: 'http', url: web.url },
      intervalMs: 60_000,
      downAfter: 2,
      restart: { kind: 'command', argv: ['/usr/bin/touch', restarted] },
    }),
  );
  await until('it is up', async () => (await rig.call('services.list', {})).some(({ state }) => state === 'up'));
  await web.become('error');
  await rig.call('services.check', { id: service.id });
  // At Full it would be restarted unasked, at Cautious proposed.
  unguarded(join(rig.dataDir, 'tenure.db'), (db) =>
    db.exec("UPDATE level_intervals SET level = 'full' WHERE left_at IS NULL"),
  );
  expect(await rig.call('services.check', { id: service.id })).toMatchObject({ state: 'down' });
  expect(await rig.call('services.restarts', { id: service.id })).toMatchObject([
    { state: 'shadow', level: 'observe' },
  ]);
  expect(existsSync(restarted)).toBe(false);
  await rig.stop();
  await web.close();
});

test('what somebody else writes beside the ledger is looked at, and no sign of anything', async () => {
  const rig = await startRig();
  await rig.raiseTo('cautious');
  const { checkedAt } = await rig.call('ledger.get', {});
  const db = new Sqlite(join(rig.dataDir, 'tenure.db'));
  db.exec('CREATE TABLE theirs (a)');
  db.close();
  const looked = await until('it was looked at', async () => {
    const ledger = await rig.call('ledger.get', {});
    return ledger.checkedAt !== checkedAt && ledger;
  });
  expect(looked.state).toBe('sound');
  expect(await rig.call('trust.get', {})).toMatchObject({ level: 'cautious' });
  await rig.stop();
});
