import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createSpawner } from '../../src/core/adapters/spawner.ts';
import { createSystemd } from '../../src/core/adapters/systemd.ts';
import { ServiceSettings } from '../../src/shared/contract/services.ts';
import { startRig, until } from '../rig.ts';

const runtime = process.env.XDG_RUNTIME_DIR ?? `/run/user/${process.getuid?.() ?? 0}`;
const env = { ...process.env, XDG_RUNTIME_DIR: runtime };
const systemctl = (...args: string[]): string =>
  execFileSync('systemctl', ['--user', ...args], { env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });

/** Is there a manager of the person's own? */
function canAsk(): boolean {
  try {
    return systemctl('show', '--property=ActiveState', 'basic.target').includes('active');
  } catch {
    return false;
  }
}

const prefix = `tenure-test-${randomUUID().slice(0, 8)}`;
const folder = join(runtime, 'systemd', 'user');
const units: string[] = [];

/** A unit of the manager's runtime folder: gone with the next boot, and taken away at the end. */
function unit(lines: string): string {
  const name = `${prefix}-${units.length}.service`;
  units.push(name);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, name), `[Service]\n${lines}\n`);
  systemctl('daemon-reload');
  return name;
}

const systemd = createSystemd({
  spawner: createSpawner(),
  environment: { forCommands: () => Promise.resolve(process.env) } as never,
});

describe.skipIf(!canAsk())('a real systemd', () => {
  const look = (name: string) => systemd.look(name, 'user', 5_000);
  const becomes = (name: string, what: object) =>
    until(`${name} is ${JSON.stringify(what)}`, async () => {
      const seen = await look(name);
      return Object.entries(what).every(([key, value]) => seen[key as keyof typeof seen] === value) && seen;
    });

  beforeAll(() => mkdirSync(folder, { recursive: true }));
  afterAll(() => {
    if (units.length > 0) systemctl('stop', ...units);
    for (const name of units) rmSync(join(folder, name), { force: true });
    systemctl('daemon-reload');
    systemctl('reset-failed', `${prefix}-*`);
  });

  test('a unit that runs, is killed, restarted and stopped on purpose is told as such', async () => {
    const name = unit('ExecStart=sleep 1000');
    expect(await look(name)).toMatchObject({ running: false, stopped: true });
    systemctl('start', name);
    await becomes(name, { running: true, detail: 'active (running)' });
    systemctl('kill', '--signal=KILL', name);
    expect(await becomes(name, { running: false, stopped: false })).toMatchObject({ detail: 'failed, signal 9' });
    expect(await systemd.restart(name, 'user', 10_000)).toMatchObject({ ok: true });
    await becomes(name, { running: true });
    systemctl('stop', name);
    await becomes(name, { running: false, stopped: true });
    expect(await look(`${prefix}-none.service`)).toMatchObject({ running: false, state: 'not-found' });
    expect(await systemd.restart(`${prefix}-none.service`, 'user', 5_000)).toMatchObject({ ok: false });
  }, 30_000);

  test('one that fails is told with its exit code; one that systemd restarts for ever is down; one that starts is unknown', async () => {
    const failing = unit('ExecStart=sh -c "exit 3"');
    systemctl('start', failing);
    expect(await becomes(failing, { running: false, stopped: false })).toMatchObject({ detail: 'failed, exit-code 3' });
    const looping = unit('ExecStart=sh -c "exit 4"\nRestart=always\nRestartSec=60');
    systemctl('start', looping);
    expect(await becomes(looping, { running: false, stopped: false })).toMatchObject({
      detail: 'activating (auto-restart), exit-code 4',
    });
    const slow = unit('ExecStartPre=sleep 1000\nExecStart=sleep 1000');
    systemctl('start', '--no-block', slow);
    await becomes(slow, { running: null, detail: `${slow} is starting (start-pre)` });
  }, 30_000);

  test('watched: killed, seen to be down, brought back within the budget', async () => {
    const name = unit('ExecStart=sleep 1000');
    systemctl('start', name);
    const rig = await startRig({ config: { services: { settleMs: 0, backoffMs: 0 } } });
    try {
      await rig.raiseTo('moderate');
      const at = { kind: 'systemd', unit: name, scope: 'user' } as const;
      const quick = { intervalMs: 1_000, timeoutMs: 900, downAfter: 2, startupMs: 200 };
      const { service } = await rig.call(
        'services.add',
        ServiceSettings.parse({ name: 'Unit', target: at, restart: at, ...quick }),
      );
      await until('it is up', async () => (await rig.call('services.list', {}))[0]?.state === 'up');
      systemctl('kill', '--signal=KILL', name);
      await until('it was restarted', async () => {
        const [newest] = await rig.call('services.restarts', { id: service.id });
        return newest?.state === 'healthy' && newest.action === `systemctl --user restart ${name}`;
      });
    } finally {
      await rig.stop();
    }
  }, 30_000);
});
