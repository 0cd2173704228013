import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createClock } from '../../src/core/adapters/clock.ts';
import { createDocker } from '../../src/core/adapters/docker.ts';
import { createSockets } from '../../src/core/adapters/sockets.ts';
import { ServiceSettings } from '../../src/shared/contract/services.ts';
import { openRealDocker, realDockerSocket } from '../fakes/services/real-docker.ts';
import { startRig, until } from '../rig.ts';

const SOCKET = await realDockerSocket();
const FOREVER = 'while :; do sleep 1; done';

let real: Awaited<ReturnType<typeof openRealDocker>>;
const sockets = createSockets();
const docker = createDocker({ sockets, clock: createClock(), home: '/nowhere', dockerHost: undefined });

beforeAll(async () => {
  if (SOCKET !== null) real = await openRealDocker(SOCKET);
}, 60_000);
afterAll(async () => {
  docker.close();
  sockets.close();
  await real?.close();
}, 60_000);

describe.skipIf(SOCKET === null)('a real Docker', () => {
  const look = (name: string) => docker.look(name, real.socket, 5_000);
  /** By its events: what is known of it is dropped when one names it. */
  const becomes = (name: string, what: object) =>
    until(`${name} is ${JSON.stringify(what)}`, async () => {
      const seen = await look(name);
      return Object.entries(what).every(([key, value]) => seen[key as keyof typeof seen] === value) && seen;
    });

  test('a container that dies, is restarted, suspended and stopped on purpose is told as such', async () => {
    const name = await real.run(FOREVER);
    await becomes(name, { running: true, state: 'running' });
    await real.kill(name);
    const dead = await becomes(name, { running: false, state: 'exited', stopped: false });
    expect(dead.detail).toBe('exited, exit code 137');
    expect(await docker.restart(name, real.socket, 20_000)).toEqual({ ok: true, detail: `Docker restarted ${name}` });
    await becomes(name, { running: true });
    await real.pause(name);
    await becomes(name, { running: false, state: 'paused', stopped: true });
    await real.unpause(name);
    await becomes(name, { running: true, stopped: false });
    await real.stop(name);
    await becomes(name, { running: false, state: 'exited', stopped: true });
    await real.start(name);
    await becomes(name, { running: true });
    expect(await look(`${name}-none`)).toMatchObject({ running: false, state: 'missing' });
    expect(await docker.restart(`${name}-none`, real.socket, 5_000)).toMatchObject({ ok: false });
  }, 60_000);

  test('a container that ends by itself tells its exit code', async () => {
    const name = await real.run('exit 3');
    expect(await becomes(name, { running: false, state: 'exited' })).toMatchObject({
      stopped: false,
      detail: 'exited, exit code 3',
    });
  }, 60_000);

  test('its health check is honoured: not known, then good, then bad with what it said', async () => {
    const name = await real.run(
      `sleep 2; echo ok > /state; sleep 3; echo the queue is full > /state; ${FOREVER}`,
      'read -r said < /state; echo $said; [ "$said" = ok ]',
    );
    await becomes(name, { running: true, healthy: true });
    const ill = await becomes(name, { running: true, healthy: false, state: 'unhealthy' });
    expect(ill.detail).toBe('running, unhealthy: the queue is full');
  }, 60_000);

  test('watched: killed, seen to be down, brought back within the budget, the right one of two', async () => {
    const [name, other] = [await real.run(FOREVER), await real.run(FOREVER)];
    const rig = await startRig({ config: { services: { settleMs: 0, backoffMs: 0 } } });
    try {
      await rig.raiseTo('moderate');
      const at = { kind: 'docker', container: name, socket: real.socket } as const;
      const { service } = await rig.call(
        'services.add',
        ServiceSettings.parse({
          name: 'Container',
          target: at,
          restart: at,
          intervalMs: 1_000,
          timeoutMs: 900,
          downAfter: 2,
          startupMs: 500,
        }),
      );
      const now = async () => (await rig.call('services.list', {}))[0];
      await until('it is up', async () => (await now())?.state === 'up');
      await real.stop(other);
      await real.kill(name);
      const restart = await until('it was restarted', async () => {
        const [newest] = await rig.call('services.restarts', { id: service.id });
        return newest?.state === 'healthy' && newest;
      });
      expect(restart).toMatchObject({ by: 'Tenure', action: `docker restart ${name}`, budget: { service: 1, all: 1 } });
      await until('it is up again', async () => (await now())?.state === 'up');
      expect(await look(other)).toMatchObject({ running: false });
    } finally {
      await rig.stop();
    }
  }, 60_000);
});
