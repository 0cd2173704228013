import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import type { Incident } from '../../src/shared/contract/incidents.ts';
import type { Service, ServiceInput } from '../../src/shared/contract/services.ts';
import { ServiceSettings } from '../../src/shared/contract/services.ts';
import type { Level } from '../../src/shared/policy.ts';
import { tempDir } from '../builders.ts';
import { type HttpTarget, startHttpTarget } from '../fakes/services/http-target.ts';
import { type Rig, type RigOptions, startRig, until } from '../rig.ts';

const QUICK = { intervalMs: 1_000, timeoutMs: 500, downAfter: 2, upAfter: 2, startupMs: 200 } as const;
const PROMPT = { services: { settleMs: 0, backoffMs: 0 } };

let rig: Rig;
const targets: HttpTarget[] = [];

afterEach(async () => {
  await rig?.stop();
  for (const target of targets.splice(0)) await target.close();
});

const target = async (body?: string): Promise<HttpTarget> => {
  const made = await startHttpTarget(body);
  targets.push(made);
  return made;
};
const start = async (options: RigOptions = {}): Promise<void> => {
  rig = await startRig({ config: PROMPT, ...options });
};
const add = async (input: ServiceInput): Promise<Service> =>
  (await rig.call('services.add', ServiceSettings.parse(input))).service;
const service = async (id: string): Promise<Service> => {
  const found = (await rig.call('services.list', {})).find((one) => one.id === id);
  if (!found) throw new Error(`no service ${id}`);
  return found;
};
const inState = (id: string, state: Service['state']): Promise<Service> =>
  until(`the service is ${state}`, async () => {
    const now = await service(id);
    return now.state === state && now;
  });
/** The clock's checks, as fast as they can be asked for. */
const check = (id: string): Promise<Service> => rig.call('services.check', { id });
const incidents = (all = false): Promise<Incident[]> => rig.call('incidents.list', { all });
const http = (name: string, at: HttpTarget, more: Partial<ServiceInput> = {}): ServiceInput => ({
  name,
  target: { kind: 'http', url: at.url },
  ...QUICK,
  ...more,
});

describe('a service that goes down', () => {
  test.each(['error', 'closed', 'hang', 'reset', 'half'] as const)(
    '%s: pending, down, told once; recovered, told once',
    async (how) => {
      await start();
      const web = await target();
      const { id } = await add(http('Web', web));
      await inState(id, 'up');
      await web.become(how);
      expect(await check(id)).toMatchObject({ state: 'pending', pending: { toward: 'down', n: 1, of: 2 } });
      expect(await check(id)).toMatchObject({ state: 'down', confirmed: 'down' });
      const [incident] = await incidents();
      expect(incident).toMatchObject({ title: 'Web', kind: 'service', closedAt: null });
      expect(incident?.toldAt).not.toBeNull();
      await web.become('ok');
      expect(await check(id)).toMatchObject({ state: 'pending', pending: { toward: 'up', n: 1, of: 2 } });
      expect(await check(id)).toMatchObject({ state: 'up', incidentId: null });
      const { timeline, closedAt } = await rig.call('incidents.get', { id: incident?.id ?? '' });
      expect(closedAt).not.toBeNull();
      expect(timeline.filter(({ kind }) => kind === 'message').map(({ text }) => text.split('.')[0])).toEqual([
        'Web is down',
        'Web recovered',
      ]);
      // Every check of it, in the order of what they led to.
      const tallies = timeline.flatMap(({ checks }) => (checks ? [[checks.failed, checks.good]] : []));
      expect(tallies).toEqual([
        [2, 0],
        [0, 2],
      ]);
      expect(timeline.map(({ kind }) => kind)).toEqual([
        'check',
        'state',
        'message',
        'check',
        'state',
        'state',
        'message',
      ]);
      const single = await rig.call('incidents.checks', { id: incident?.id ?? '', from: 0, to: Date.now() });
      expect(single.map(({ ok }) => ok)).toEqual([false, false, true, true]);
    },
  );

  test('a restart of Tenure tells nothing again, forgets nothing, and closes what recovered meanwhile', async () => {
    await start();
    const web = await target();
    const { id } = await add(http('Web', web));
    await inState(id, 'up');
    await web.become('closed');
    await check(id);
    await check(id);
    await rig.restart();
    await check(id);
    const [incident, ...more] = await incidents(true);
    expect(more).toEqual([]);
    const messages = async () =>
      (await rig.call('incidents.get', { id: incident?.id ?? '' })).timeline.filter(({ kind }) => kind === 'message');
    expect(await messages()).toHaveLength(1);
    await web.become('ok');
    await rig.restart();
    await check(id);
    await check(id);
    expect(await incidents()).toEqual([]);
    expect(await messages()).toHaveLength(2);
    expect((await rig.call('services.status', { checks: true }))[0]?.checks.length).toBeGreaterThan(4);
  });
});

/** A program that brings the target back, as launchd or a script would, and notes each call. */
function restarter(flag: string): string[] {
  return ['sh', '-c', `echo again >> ${flag}`];
}

describe('bringing it back', () => {
  const down = async (level: Level, more: Partial<ServiceInput> = {}) => {
    const flag = join(tempDir('flag'), 'restarts');
    await start();
    await rig.raiseTo(level);
    const web = await target();
    const made = await add(http('Web', web, { restart: { kind: 'command', argv: restarter(flag) }, ...more }));
    await inState(made.id, 'up');
    await web.become('closed');
    await check(made.id);
    await check(made.id);
    return { id: made.id, web };
  };
  const restarts = (id: string) => rig.call('services.restarts', { id });

  test('at observe it is only shown', async () => {
    const { id } = await down('observe');
    await check(id);
    expect((await restarts(id)).map(({ state }) => state)).toEqual(['shadow']);
  });

  test('at cautious it is proposed, and one yes restarts it', async () => {
    const { id, web } = await down('cautious');
    expect((await service(id)).restarting).toMatchObject({ state: 'proposed', level: 'cautious' });
    await web.become('ok');
    await rig.call('services.restart', { id });
    await expect(rig.call('services.restart', { id })).rejects.toThrow(/being restarted already/);
    const [restart] = await until('it was looked at afterwards', async () => {
      const all = await restarts(id);
      return all[0]?.state === 'healthy' && all;
    });
    expect(restart?.by).toBe('owner (token)');
  });

  test('at moderate it is restarted unasked, twice an hour, also over a restart; then a person is asked', async () => {
    const { id } = await down('moderate');
    const states = async () => (await restarts(id)).map(({ state }) => state);
    await until('the second did not help either', async () => {
      await check(id);
      return (await states()).join() === 'still_down,still_down';
    });
    await rig.restart();
    await check(id);
    await check(id);
    expect(await restarts(id)).toMatchObject([{ state: 'still_down' }, { state: 'still_down' }]);
    const [incident] = await incidents();
    expect(incident?.needsPerson).toMatch(/budget of restarts for this hour is spent/);
    const { timeline } = await rig.call('incidents.get', { id: incident?.id ?? '' });
    expect(timeline.filter(({ kind, text }) => kind === 'message' && text.includes('needs you'))).toHaveLength(1);
  });
});

describe('several at once', () => {
  test('three that fail within a window: one message, no restart; all back: one message (T-030, T-032)', async () => {
    await start({ config: { services: { settleMs: 10_000 } } });
    await rig.raiseTo('moderate');
    const flag = join(tempDir('flag'), 'restarts');
    const all = await Promise.all(
      ['A', 'B', 'C', 'D'].map(async (name) => {
        const web = await target();
        const made = await add(
          http(name, web, { restart: { kind: 'command', argv: restarter(flag) }, intervalMs: 60_000 }),
        );
        await inState(made.id, 'up');
        return { web, id: made.id };
      }),
    );
    const failing = all.slice(0, 3);
    for (const { web } of failing) await web.become('closed');
    for (let round = 0; round < 4; round++) for (const { id } of failing) await check(id);
    await until('one event stands for them', async () => (await incidents()).length === 4);
    const open = await incidents();
    const event = open.find(({ kind }) => kind === 'infrastructure');
    expect(event?.services.toSorted()).toEqual(['A', 'B', 'C']);
    const told = await Promise.all(open.map(({ id }) => rig.call('incidents.get', { id })));
    expect(told.flatMap(({ timeline }) => timeline.filter(({ kind }) => kind === 'message'))).toHaveLength(1);
    expect(await rig.call('services.restarts', {})).toEqual([]);
    for (const { web } of failing) await web.become('ok');
    for (let round = 0; round < 2; round++) for (const { id } of failing) await check(id);
    expect(await incidents()).toEqual([]);
    const closed = await rig.call('incidents.get', { id: event?.id ?? '' });
    expect(closed.timeline.filter(({ kind }) => kind === 'message')).toHaveLength(2);
  });

  test('what depends on it is silent while it is down', async () => {
    await start();
    const [router, web] = [await target(), await target()];
    const parent = await add(http('Router', router));
    const child = await add(http('Web', web, { dependsOn: ['Router'] }));
    await inState(parent.id, 'up');
    await inState(child.id, 'up');
    await router.become('closed');
    await web.become('closed');
    for (let round = 0; round < 3; round++) for (const { id } of [child, parent]) await check(id);
    expect((await incidents()).map(({ title }) => title)).toEqual(['Router']);
    expect((await service(child.id)).silencedBy).toBe('Router');
    await router.become('ok');
    for (let round = 0; round < 2; round++) await check(parent.id);
    await check(child.id);
    expect((await incidents()).map(({ title }) => title)).toEqual(['Web']);
  });
});

test('services of the configuration are watched, followed and not edited on the screen', async () => {
  const web = await target();
  await start({ config: { services: { watch: [http('Web', web)] } } });
  const [listed] = await until('it is there', async () => {
    const all = await rig.call('services.list', {});
    return all.length === 1 && all;
  });
  await expect(rig.call('services.remove', { id: listed?.id ?? '' })).rejects.toThrow(/config.jsonc/);
  // The public page is off unless it is switched on.
  expect((await fetch(`${rig.host.url}/status`)).status).toBe(404);
  mkdirSync(rig.tenureHome, { recursive: true });
  writeFileSync(join(rig.tenureHome, 'config.jsonc'), JSON.stringify({ gateway: { port: 0 } }));
  await until('it is gone', async () => (await rig.call('services.list', {})).length === 0);
});
