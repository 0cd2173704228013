import { afterAll, beforeAll, expect, test } from 'vitest';
import { runCli } from '../../src/cli/run.ts';
import { testRepository } from '../builders.ts';
import { type HttpTarget, startHttpTarget } from '../fakes/services/http-target.ts';
import { OWNER_TOKEN, type Rig, startRig, until } from '../rig.ts';

let rig: Rig;
let web: HttpTarget;

beforeAll(async () => {
  rig = await startRig({ config: { services: { settleMs: 0, statusPage: { enabled: true, names: true } } } });
  await rig.raiseTo('cautious');
  web = await startHttpTarget();
});
afterAll(async () => {
  await rig.stop();
  await web.close();
});

async function tenure(...argv: string[]) {
  let stdout = '';
  let stderr = '';
  const code = await runCli(argv, {
    env: { ...rig.env, TENURE_OWNER_TOKEN: OWNER_TOKEN },
    platform: process.platform,
    home: rig.dir,
    cwd: rig.dir,
    fetch,
    now: () => Date.now(),
    sleep: () => Promise.resolve(),
    browse: () => undefined,
    stdin: () => Promise.resolve(''),
    stdout: (text) => {
      stdout += text;
    },
    stderr: (text) => {
      stderr += text;
    },
  });
  return { code, stdout, stderr, json: () => JSON.parse(stdout) as never };
}

test('what runs here is detected, and watched by its key; it belongs to a project', async () => {
  const repo = testRepository();
  const project = await rig.call('projects.add', { path: repo.path, name: 'Shop' });
  const listed = await tenure('probe', 'detect');
  expect(listed).toMatchObject({ code: 0, stdout: expect.stringContaining(`found:port:${web.port}`) });
  const found = `found:port:${web.port}`;
  expect((await tenure('probe', 'test', found)).code).toBe(0);
  expect((await tenure('probe', 'add', 'Shop front', found, '--project', 'Nothing')).stderr).toContain(
    'cannot belong to the project "Nothing"',
  );
  const added = await tenure(
    'probe',
    'add',
    'Shop front',
    found,
    '--project',
    'Shop',
    '--interval',
    '1',
    '--timeout',
    '1',
  );
  expect(added).toMatchObject({ code: 0, stdout: expect.stringContaining('Shop') });
  expect((await tenure('probe', 'detect')).stdout).toContain('watched already');
  const uptime = async (): Promise<number | null | undefined> =>
    (await rig.call('revenue.projects', {})).find(({ projectId }) => projectId === project.id)?.uptime;
  await until('its uptime is known', async () => (await uptime()) === 1);
  await web.become('closed');
  await tenure('probe', 'test', 'Shop front');
  await web.become('ok');
  expect(await uptime()).toBeLessThan(1);
  expect((await tenure('probe', 'add', 'x', 'found:port:nothing')).stderr).toContain('runs here now');
  expect((await tenure('probe', 'remove', 'Shop front')).code).toBe(0);
  expect(await uptime()).toBeNull();
});

test('a target is tried out, watched, listed, seen to fail, restarted, judged, paused and removed', async () => {
  expect((await tenure('probe', 'list')).stdout).toContain('Nothing is watched yet');
  const tried = await tenure('probe', 'test', web.url, '--condition', '[BODY].status == ok');
  expect(tried).toMatchObject({ code: 0, stdout: expect.stringContaining('[STATUS]') });
  expect((await tenure('probe', 'test', 'tcp:127.0.0.1:1')).code).toBe(1);
  const refused = await tenure('probe', 'add', 'Web', web.url, '--condition', '[STATUS] = 200');
  expect(refused.code).toBe(1);
  expect(refused.stderr).toContain('position 10: expected one of ==');
  expect((await tenure('probe', 'add', 'Web', 'gopher:x')).code).toBe(2);

  const options = ['--down', '1', '--up', '1', '--startup', '0', '--restart', 'command:true', '--group', 'Media'];
  expect((await tenure('probe', 'add', 'Web', web.url, ...options)).stdout).toContain('Watched from now on');
  await until('it is up', async () => (await tenure('probe', 'list')).stdout.includes('Up'));
  const listed = (await tenure('probe', 'list', '--json')).json() as { name: string; uptime: unknown }[];
  expect(listed).toMatchObject([{ name: 'Web', group: 'Media', restart: { kind: 'command', argv: ['true'] } }]);

  await web.become('error');
  expect((await tenure('probe', 'test', 'Web')).code).toBe(1);
  expect((await tenure('probe', 'show', 'Web')).stdout).toMatch(/Waiting for you.*true/);
  const [incident] = (await tenure('incidents', '--json')).json() as { id: string; title: string }[];
  expect(incident).toMatchObject({ title: 'Web' });
  await web.become('ok');
  expect((await tenure('probe', 'restart', 'Web')).stdout).toContain('Restarting: true');
  await until('it recovered', async () => (await tenure('incidents')).stdout.includes('No incident is open'));
  const id = incident?.id ?? '';
  expect((await tenure('incidents', 'judge', id, 'useful')).code).toBe(0);
  expect((await tenure('incidents', 'judge', id, 'maybe')).code).toBe(2);
  const shown = (await tenure('incidents', 'show', id)).stdout;
  for (const word of ['Web is down', 'said yes to the restart', 'healthy', 'useful', 'recovered'])
    expect(shown).toContain(word);

  expect((await tenure('probe', 'pause', 'Web')).stdout).toContain('Paused');
  expect((await tenure('probe', 'restart', 'Web')).stderr).toMatch(/paused/);
  expect((await tenure('probe', 'resume', 'Web')).code).toBe(0);
  expect((await tenure('probe', 'remove', 'Nothing')).stderr).toContain(
    'There is no service "Nothing"; there are: "Web"',
  );
});

test('a heartbeat is pushed to its own URL, of which only the hash is kept; the status page names no target', async () => {
  const made = (await tenure('probe', 'add', 'Backup', 'heartbeat', '--interval', '3600', '--json')).json() as {
    pushUrl: string;
  };
  const one = async () =>
    ((await tenure('probe', 'list', '--json')).json() as { name: string; last: { ok: boolean | null } | null }[]).find(
      ({ name }) => name === 'Backup',
    );
  await until('it is awaited', async () => (await one())?.last?.ok === null);
  expect((await fetch(made.pushUrl, { method: 'POST', body: 'done' })).status).toBe(200);
  await until('it is well', async () => (await one())?.last?.ok === true);
  expect((await fetch(`${rig.host.url}/heartbeat/wrong`)).status).toBe(404);
  const renewed = (await tenure('probe', 'push-url', 'Backup', '--json')).json() as { pushUrl: string };
  expect((await fetch(made.pushUrl)).status).toBe(404);
  expect((await fetch(renewed.pushUrl)).status).toBe(200);
  const page = await fetch(`${rig.host.url}/status`);
  const html = await page.text();
  expect(page.status).toBe(200);
  expect(html).toContain('Backup');
  expect(html).not.toContain('127.0.0.1');
  expect(html).not.toContain('heartbeat/');
});
