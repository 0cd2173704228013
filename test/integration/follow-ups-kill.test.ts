import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { type Client, createClient } from '../../src/shared/client.ts';
import { tempDir, testRepository } from '../builders.ts';
import { type ApiRequest, type MessagesApi, say, startMessagesApi, use } from '../fakes/messages-api.ts';
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

const tag = (name: string): [string, Record<string, unknown>] => [
  'Bash',
  { command: `git tag ${name}`, description: name },
];

test.each([
  ['its call waits', [tag('one')]],
  ['it was told to ask again', [tag('one'), tag('two')]],
])(
  'an answer is not lost though Tenure is killed before the agent hears it (%s); the second cut-off asks a person',
  async (_, calls) => {
    const dir = tempDir('answer-kill');
    const home = join(dir, 'home');
    for (const path of [home, join(dir, 'tenure')]) mkdirSync(path);
    api = await startMessagesApi(({ toolResults, lastUserText }) =>
      toolResults.length === 0 || lastUserText.includes('has answered') ? use(...calls) : say('Done.'),
    );
    // A program that hangs where it is to go on while that file is there.
    const [command, hang, hung] = ['claude', 'hang', 'hung'].map((name) => join(dir, name)) as [string, string, string];
    const stuck = `case "$*" in *--resume*) [ -e ${hang} ] && touch ${hung} && exec sleep 600;; esac`;
    const script = `#!/bin/sh\n${stuck}\nexec ${REAL_CLAUDE} "$@"\n`;
    writeFileSync(command, script, { mode: 0o755 });
    const config = { gateway: { port: 0 }, claude: { command, env: api.env(home) }, decisions: { holdMs: 200 } };
    writeFileSync(join(dir, 'tenure', 'config.jsonc'), JSON.stringify({ ...config, judge: { enabled: false } }));
    const repository = testRepository();
    let client = await boot(dir);
    const project = await client.call('projects.add', { path: repository.path });
    await client.call('trust.setLevel', { level: 'cautious' });
    const { id } = await client.call('sessions.launch', { projectId: project.id, prompt: 'Tag.' });
    const session = () => client.call('sessions.get', { id });
    await until('it is parked', async () => (await session()).state === 'parked');
    writeFileSync(hang, '');
    for (const { id: asked } of await client.call('decisions.list', {}))
      await client.call('decisions.approve', { id: asked, acknowledge: true });
    for (let round = 0; round < 2; round++) {
      await until('it goes on', () => existsSync(hung));
      await kill();
      rmSync(hung);
      client = await boot(dir);
    }
    const held = await until('it is held', async () => {
      const now = await session();
      return now.held && now;
    });
    expect(held).toMatchObject({
      state: 'parked',
      held: { evidence: ['It was cut off 2 times.', expect.any(String)] },
    });
    rmSync(hang);
    await client.call('sessions.goOn', { id });
    await until('it has ended', async () => (await session()).state === 'ended');
    expect(repository.git('tag').split('\n')).toEqual(calls.map(([, { description }]) => description));
    expect((await session()).decisions.map(({ state, outcome }) => [state, outcome])).toEqual(
      calls.map(() => ['approved', 'ran']),
    );
  },
  60_000,
);
