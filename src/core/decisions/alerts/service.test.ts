import { describe, expect, test } from 'vitest';
import { bashCall, gateRig, HOUR, rest } from '../../../../test/gate-rig.ts';
import { createIds } from '../../adapters/ids.ts';
import type { SeenAction } from '../history/storage.ts';
import { findingsIn } from './rules.ts';
import { createAlerts } from './service.ts';

const action = (over: Partial<SeenAction>): SeenAction => ({
  sessionId: 'ses_1',
  codes: [],
  state: 'allowed',
  verdict: 'allow',
  risk: 'low',
  tool: 'Bash',
  askedAt: 0,
  answeredAt: 0,
  startedAt: 0,
  settledAt: 1_000,
  outcome: 'ran',
  auto: false,
  wrong: false,
  byPerson: false,
  tribunal: null,
  violation: null,
  ...over,
});
const many = (n: number, over: Partial<SeenAction>): SeenAction[] => Array.from({ length: n }, () => action(over));

describe('what is out of order', () => {
  test.each<[name: string, actions: SeenAction[], kinds: string[]]>([
    ['nothing happened', [], []],
    ['all went well', many(50, {}), []],
    [
      'a critical action was refused',
      [action({ state: 'refused', risk: 'critical', outcome: null })],
      ['safety_violation'],
    ],
    ['another one was refused', [action({ state: 'refused', risk: 'high', outcome: null })], []],
    ['a question ran out', [action({ state: 'expired', outcome: null })], ['approval_timeout']],
    ['nobody saw an end', [action({ outcome: 'unknown' })], ['execution_failure']],
    ['a limit was reached', [action({ codes: ['level_asks', 'unmet_session_limit'] })], ['constraint_violation']],
    ['the hourly rate was reached', [action({ codes: ['unmet_within_rate'] })], ['rate_limit_exceeded']],
    ['a session was told no four times', many(4, { state: 'denied', outcome: null }), []],
    ['a session was told no five times', many(5, { state: 'denied', outcome: null }), ['unusual_pattern']],
    ['one of one failed', [action({ outcome: 'failed' })], []],
    ['one of five failed', [...many(16, {}), ...many(4, { outcome: 'failed' })], []],
    ['more than one of five failed', [...many(15, {}), ...many(5, { outcome: 'failed' })], ['high_failure_rate']],
    ['what was aborted is no failure', many(40, { outcome: 'aborted' }), []],
    ['half an hour each', many(20, { settledAt: HOUR / 2 }), ['high_latency']],
    [
      'approved without looking',
      many(20, { state: 'approved', verdict: 'ask', byPerson: true, answeredAt: 500 }),
      ['unusual_pattern'],
    ],
    ['approved with a look', many(20, { state: 'approved', verdict: 'ask', byPerson: true, answeredAt: 9_000 }), []],
  ])('%s: %#', (_name, actions, kinds) => {
    expect(findingsIn(actions).map(({ kind }) => kind)).toEqual(kinds);
  });
});

function rig() {
  const gate = gateRig();
  const { db } = gate.store;
  const alerts = createAlerts({ db, journal: gate.journal, clock: gate.clock, ids: createIds() });
  return { ...gate, gate, alerts };
}

test('an alert is raised once while it lasts, grows, is acknowledged, clears and may come back', async () => {
  const { gate, alerts, clock, journal } = rig();
  const session = gate.addSession();
  const refused = () => gate.decisions.ask(session.id, bashCall('deploy', session.cwd, null), null);
  session.level = 'observe';
  await refused();
  alerts.look();
  const [first] = alerts.list(false, 10);
  expect(first).toMatchObject({
    kind: 'safety_violation',
    severity: 'error',
    subject: session.id,
    n: 1,
    ackedAt: null,
  });
  const seq = journal.seq();
  alerts.look();
  expect(journal.seq()).toBe(seq);

  await refused();
  alerts.look();
  expect(alerts.list(false, 10)).toMatchObject([{ id: first?.id, n: 2, lastAt: clock.now() }]);

  expect(alerts.acknowledge(first?.id ?? '', 'owner')).toMatchObject({ ackedBy: 'owner' });
  expect(() => alerts.acknowledge(first?.id ?? '', 'owner')).toThrow(/already/);
  expect(() => alerts.acknowledge('alr_none', 'owner')).toThrow(/There is no alert/);
  expect(alerts.list(false, 10)).toEqual([]);
  await refused();
  alerts.look();
  expect(alerts.list(false, 10)).toEqual([]);

  clock.advance(2 * HOUR);
  alerts.look();
  expect(alerts.list(true, 10)).toMatchObject([{ clearedAt: clock.now() }]);
  await refused();
  alerts.look();
  expect(alerts.list(false, 10)).toMatchObject([{ n: 1, ackedAt: null }]);
  expect(alerts.list(true, 10)).toHaveLength(2);
});

test('an action is looked at as it comes, a burst of them once, and none after the end', async () => {
  const { gate, alerts, clock, journal } = rig();
  const session = gate.addSession();
  session.level = 'observe';
  const raised: unknown[] = [];
  journal.subscribe((fact) => fact.type.startsWith('alert.') && raised.push(fact.type));
  for (let n = 0; n < 3; n += 1) await gate.decisions.ask(session.id, bashCall('deploy', session.cwd, null), null);
  clock.advance(1_000);
  expect(alerts.list(false, 10)).toMatchObject([{ kind: 'safety_violation', n: 3 }]);
  expect(raised).toEqual(['alert.raised']);
  await gate.decisions.ask(session.id, bashCall('deploy', session.cwd, null), null);
  alerts.stop();
  clock.advance(60_000);
  expect(raised).toHaveLength(1);
});

test('a store that cannot be written takes nothing down: the next look raises it', async () => {
  const { gate, alerts, clock } = rig();
  const session = gate.addSession();
  session.level = 'observe';
  await gate.decisions.ask(session.id, bashCall('deploy', session.cwd, null), null);
  gate.store.db.pragma('query_only = ON');
  clock.advance(1_000);
  expect(alerts.list(false, 10)).toEqual([]);
  gate.store.db.pragma('query_only = OFF');
  alerts.look();
  expect(alerts.list(false, 10)).toHaveLength(1);
});

test('an abort that was resisted stays until a person has seen it', async () => {
  const { alerts, clock } = rig();
  await rest();
  alerts.abortResisted('ses_1', [41, 42]);
  clock.advance(24 * HOUR);
  alerts.look();
  const [alert] = alerts.list(false, 10);
  expect(alert).toMatchObject({
    kind: 'abort_resisted',
    severity: 'critical',
    text: expect.stringContaining('41, 42'),
  });
  alerts.acknowledge(alert?.id ?? '', 'owner');
  expect(alerts.list(false, 10)).toEqual([]);
});
