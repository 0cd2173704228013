import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { type Client, createClient } from '../../src/shared/client.ts';
import { tempDir, testRepository } from '../builders.ts';
import { type ApiRequest, type MessagesApi, say, startMessagesApi } from '../fakes/messages-api.ts';
import { OWNER_TOKEN, REAL_CLAUDE, until } from '../rig.ts';

const HEADLESS = join(import.meta.dirname, '..', '..', 'src', 'headless', 'index.ts');

let engine: ChildProcess | null = null;
let api: MessagesApi;
afterEach(async () => {
  engine?.kill('SIGTERM');
  await new Promise((resolve) => (engine?.exitCode === null ? engine.once('exit', resolve) : resolve(null)));
  await api.close();
});

/** The engine in a process of its own, so that it can be killed like one. */
async function boot(dir: string): Promise<Client> {
  const home = join(dir, 'tenure');
  const env = { PATH: process.env.PATH, HOME: join(dir, 'home'), TENURE_HOME: home, TENURE_OWNER_TOKEN: OWNER_TOKEN };
  const child = spawn(process.execPath, [HEADLESS], { env, stdio: ['ignore', 'pipe', 'ignore'] });
  engine = child;
  let out = '';
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
  await until('the engine listens', () => out.includes('Open http'));
  const { url } = JSON.parse(readFileSync(join(home, 'run', 'gateway.json'), 'utf8')) as { url: string };
  return createClient({ base: url, fetch, headers: { authorization: `Bearer ${OWNER_TOKEN}` } });
}

const kill = (): Promise<unknown> =>
  new Promise((resolve) => {
    engine?.once('exit', resolve);
    engine?.kill('SIGKILL');
  });

const times = (request: ApiRequest | undefined, word: string): number =>
  JSON.stringify(request?.messages ?? []).split(`"text":"${word}`).length - 1;

test.each([
  ['before it was sent', 'FIRST'],
  ['in the middle of its turn', 'SECOND'],
])(
  'a prompt is told exactly once though Tenure is killed %s',
  async (_, during) => {
    const dir = tempDir('prompt-kill');
    const home = join(dir, 'home');
    mkdirSync(home);
    mkdirSync(join(dir, 'tenure'));
    let hang = true;
    // The turn in which it is killed never ends by itself.
    api = await startMessagesApi((request) =>
      hang && times(request, during) > 0 ? { ...say('Late.'), waitMs: 60_000 } : say('Done.'),
    );
    const claude = { command: REAL_CLAUDE, env: api.env(home) };
    writeFileSync(join(dir, 'tenure', 'config.jsonc'), JSON.stringify({ gateway: { port: 0 }, claude }));
    let client = await boot(dir);
    const project = await client.call('projects.add', { path: testRepository().path });
    await client.call('sessions.pauseAll', { paused: true });
    const { id } = await client.call('sessions.launch', { projectId: project.id, prompt: 'FIRST' });
    await client.call('sessions.followUp', { id, prompt: 'SECOND' });
    await client.call('sessions.pauseAll', { paused: false });
    await until('the turn has begun', () => api.requests.some((request) => times(request, during) > 0));
    const state = during === 'FIRST' ? 'queued' : 'taken';
    await until('it is written down', async () =>
      (await client.call('sessions.followUps', { id })).every((one) => one.state === state),
    );
    await kill();
    hang = false;
    client = await boot(dir);
    const ended = await until('it has ended', async () => {
      const session = await client.call('sessions.get', { id });
      return session.state === 'ended' && session;
    });
    expect(ended).toMatchObject({ outcome: 'completed', waitingPrompts: 0 });
    expect(ended.followUps.map((one) => [one.prompt, one.state])).toEqual([['SECOND', 'done']]);
    // What a judge is asked afterwards is another conversation.
    const last = api.requests.findLast((request) => times(request, 'FIRST') > 0);
    expect(times(last, 'FIRST')).toBe(1);
    expect(times(last, 'SECOND')).toBe(1);
    expect(await client.call('sessions.list', {})).toHaveLength(1);
  },
  90_000,
);
