import { createServer } from 'node:net';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createSockets } from '../adapters/sockets.ts';
import { createSpawner } from '../adapters/spawner.ts';
import { createSurroundings } from '../adapters/surroundings.ts';
import { candidatesOf, parseContainers, parseLaunchctl, parseLsof, parseProcNet, parseUnits } from './rules.ts';
import { createDetect } from './service.ts';

const PROC = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 11111 1 0000000000000000 100 0 0 10 0
   1: 00000000:0016 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 22222 1 0000000000000000 100 0 0 10 0
   2: 0501A8C0:0BB8 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 33333 1 0000000000000000 100 0 0 10 0
   3: 0100007F:C350 0100007F:1F90 01 00000000:00000000 00:00000000 00000000  1000        0 44444 1 0000000000000000 100 0 0 10 0
   0: 00000000000000000000000001000000:1F91 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000 1000 0 55555 1`;

test('listening sockets of /proc/net, each with whether loopback reaches it', () => {
  expect(parseProcNet(PROC)).toEqual([
    { port: 8080, loopback: true, inode: '11111' },
    { port: 22, loopback: true, inode: '22222' },
    { port: 3000, loopback: false, inode: '33333' },
    { port: 8081, loopback: true, inode: '55555' },
  ]);
});

test('the fields of lsof, process by process', () => {
  const text = 'p501\ncnode\nf22\nn127.0.0.1:3000\nf23\nn*:3001\np77\ncpostgres\nn192.168.1.5:5432\nn[::1]:5433\n';
  expect(parseLsof(text)).toEqual([
    { port: 3000, loopback: true, program: 'node', pid: 501 },
    { port: 3001, loopback: true, program: 'node', pid: 501 },
    { port: 5432, loopback: false, program: 'postgres', pid: 77 },
    { port: 5433, loopback: true, program: 'postgres', pid: 77 },
  ]);
});

test('jobs of launchd without those of the system, units of systemd, containers', () => {
  expect(
    parseLaunchctl(
      'PID\tStatus\tLabel\n501\t0\tcom.ada.web\n-\t78\torg.example.job\n88\t0\tcom.apple.Safari\n9\t0\tapplication.com.x.1.2\n',
    ),
  ).toEqual([
    { label: 'com.ada.web', pid: 501 },
    { label: 'org.example.job', pid: null },
  ]);
  expect(
    parseUnits(
      '● bad.service loaded failed failed Bad\nweb@1.service loaded active running Web server\nx.timer loaded active x\n',
    ),
  ).toEqual(['web@1']);
  expect(parseContainers('[{"Names":["/db"],"Image":"postgres:17","State":"running"},{"Names":[]},7]')).toEqual([
    { name: 'db', image: 'postgres:17', state: 'running' },
  ]);
  expect(parseContainers('{"message":"no"}')).toBe(null);
});

test('nothing throws on garbage', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 400 }), (text) => {
      for (const parse of [parseProcNet, parseLsof, parseLaunchctl, parseUnits, parseContainers]) parse(text);
    }),
  );
});

test('what is watched already is marked, Tenure itself is left out, and each thing comes once', () => {
  const port = (n: number, program: string | null) => ({ port: n, loopback: true, program, pid: null });
  const candidates = candidatesOf(
    {
      ports: [
        port(8080, null),
        port(8080, 'node'),
        port(4517, 'tenure'),
        port(5432, 'postgres'),
        { ...port(9, 'x'), loopback: false },
      ],
      containers: [{ name: 'db', image: 'postgres', state: 'running' }],
      jobs: [
        { label: 'com.ada.web', pid: 5 },
        { label: 'dev.tenure.app', pid: 1 },
      ],
      units: [{ unit: 'web', scope: 'user' }],
    },
    [
      {
        kind: 'http',
        url: 'http://localhost:8080/health',
        method: 'GET',
        headers: {},
        status: '200-299',
        redirects: 10,
      },
      { kind: 'tcp', host: '10.0.0.7', port: 5432 },
    ],
    4517,
  );
  expect(candidates.map(({ key, name, watched }) => [key, name, watched])).toEqual([
    ['container:db', 'db', false],
    ['launchd:com.ada.web', 'com.ada.web', false],
    ['systemd:web', 'web', false],
    ['port:5432', 'postgres (5432)', false],
    ['port:8080', 'node (8080)', true],
  ]);
  expect(candidates[0]?.draft).toMatchObject({
    target: { kind: 'docker' },
    restart: { kind: 'docker', container: 'db' },
  });
});

test.runIf(process.platform === 'linux')('a server that really listens is found with its program', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as { port: number };
  const detect = createDetect({
    places: createSurroundings({
      spawner: createSpawner(),
      sockets: createSockets(),
      environment: { forCommands: () => Promise.resolve({ PATH: process.env.PATH ?? '' }) },
      platform: 'linux',
      home: '/nowhere',
      dockerHost: undefined,
    }),
    targets: () => [{ kind: 'tcp', host: '127.0.0.1', port }],
    ownPort: () => 1,
  });
  const { candidates } = await detect.candidates();
  server.close();
  expect(candidates.find(({ key }) => key === `port:${port}`)).toMatchObject({
    watched: true,
    detail: `listens on port ${port}, pid ${process.pid}`,
    draft: { target: { kind: 'tcp', port } },
  });
});
