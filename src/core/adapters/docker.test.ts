import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { tempDir } from '../../../test/builders.ts';
import { createFakeClock } from '../../../test/fakes/clock.ts';
import type { Docker, HttpReply, Sockets } from '../kernel/watch-ports.ts';
import { createDocker } from './docker.ts';

let tell: (action: string) => void;
let asked: number;
let status: string;
/** What happens at Docker between a question and its answer. */
let meanwhile: () => void;
let docker: Docker;
const socket = join(tempDir('docker'), 'docker.sock');
writeFileSync(socket, '');

beforeEach(() => {
  asked = 0;
  status = 'running';
  meanwhile = () => undefined;
  const sockets = {
    follow(_socket, _path, on) {
      tell = (action) =>
        on.line(
          JSON.stringify({ Type: 'container', Action: action, Actor: { ID: 'a1', Attributes: { name: 'web' } } }),
        );
      on.open();
      return { close: () => undefined };
    },
    request(): Promise<HttpReply> {
      asked += 1;
      const body = JSON.stringify({ Name: '/web', Id: 'a1', State: { Status: status, ExitCode: 1 } });
      meanwhile();
      return Promise.resolve({ status: 200, body, error: null } as HttpReply);
    },
  } as Pick<Sockets, 'follow' | 'request'> as Sockets;
  docker = createDocker({ sockets, clock: createFakeClock(), home: '/nowhere', dockerHost: undefined });
});
const look = () => docker.look('web', socket, 1_000);

test('it is asked once, and again when an event named the container', async () => {
  await look();
  await look();
  expect(asked).toBe(1);
  status = 'exited';
  tell('die');
  expect(await look()).toMatchObject({ running: false });
  expect(asked).toBe(2);
});

test('an answer that an event overtook is not kept: what died meanwhile is not up for ever', async () => {
  meanwhile = () => {
    status = 'exited';
    tell('die');
  };
  expect(await look()).toMatchObject({ running: true });
  meanwhile = () => undefined;
  expect(await look()).toMatchObject({ running: false });
});

test('its health check, each half minute, asks Docker nothing', async () => {
  await look();
  for (const action of ['exec_create: /bin/sh -c true', 'exec_start: /bin/sh -c true', 'exec_die']) tell(action);
  await look();
  expect(asked).toBe(1);
  tell('health_status: unhealthy');
  await look();
  expect(asked).toBe(2);
});
