import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { expect, test } from 'vitest';
import { runCli } from '../../src/cli/run.ts';
import { bash } from '../fakes/messages-api.ts';
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
