import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, readlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { afterEach, expect, test } from 'vitest';
import { type Client, createClient } from '../../src/shared/client.ts';
import { ServiceSettings } from '../../src/shared/contract/services.ts';
import { tempDir, testRepository } from '../builders.ts';
import { bash, type MessagesApi, say, startMessagesApi, use } from '../fakes/messages-api.ts';
import { OWNER_TOKEN, REAL_CLAUDE, until } from '../rig.ts';

const ROUNDS = 5;
const HEADLESS = join(import.meta.dirname, '..', '..', 'src', 'headless', 'index.ts');

let engine: ChildProcess | null = null;
let api: MessagesApi;

afterEach(async () => {
  engine?.kill('SIGKILL');
  await api.close();
});

/** The engine in a process of its own, so that it can be killed like one. */
async function boot(dir: string): Promise<Client> {
  const home = join(dir, 'tenure');
  const child = spawn(process.execPath, [HEADLESS], {
    env: { PATH: process.env.PATH, HOME: join(dir, 'home'), TENURE_HOME: home, TENURE_OWNER_TOKEN: OWNER_TOKEN },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  engine = child;
  let out = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (out += chunk.toString()));
  await until('the engine listens', () => {
    if (child.exitCode !== null) throw new Error(`it ended with ${child.exitCode}: ${out}`);
    return out.includes('Open http');
  });
  const { url } = JSON.parse(readFileSync(join(home, 'run', 'gateway.json'), 'utf8')) as { url: string };
  return createClient({ base: url, fetch, headers: { authorization: `Bearer ${OWNER_TOKEN}` } });
}

const end = (signal: 'SIGKILL' | 'SIGTERM'): Promise<number | null> =>
  new Promise((resolve) => {
    engine?.once('exit', (code) => resolve(code));
    engine?.kill(signal);
  });

/** Processes that work somewhere below that folder. */
function processesIn(dir: string): string[] {
  return readdirSync('/proc').filter((pid) => {
    try {
      return /^\d+$/.test(pid) && readlinkSync(`/proc/${pid}/cwd`).startsWith(dir);
    } catch {
      return false;
    }
  });
}

test.skipIf(process.platform !== 'linux')(
  'killed at random moments: no acknowledged fact is lost, nothing runs twice, nobody is orphaned',
  async () => {
    const dir = tempDir('kill');
    const home = join(dir, 'home');
    mkdirSync(home);
    mkdirSync(join(dir, 'tenure'));
    api = await startMessagesApi((request) => {
      if (request.toolResults.length === 0 || request.lastUserText.includes('The person has answered')) {
        return bash(`echo ${request.at} > work.txt && git add work.txt && git commit -m work`);
      }
      return say('Done.');
    });
    const config = {
      gateway: { port: 0 },
      decisions: { holdMs: 400 },
      claude: { command: REAL_CLAUDE, env: api.env(home) },
    };
    writeFileSync(join(dir, 'tenure', 'config.jsonc'), JSON.stringify({ ...config, judge: { enabled: false } }));
    const repository = testRepository();
    repository.git('config', 'user.name', 'Test Person');
    repository.git('config', 'user.email', 'test@example.com');

    let client = await boot(dir);
    const project = await client.call('projects.add', { path: repository.path });
    await client.call('trust.setLevel', { level: 'cautious' });
    const launched: string[] = [];
    const answered = new Set<string>();
    const approveAll = async (): Promise<void> => {
      for (const { id } of await client.call('decisions.list', {})) {
        const done = await client.call('decisions.approve', { id, acknowledge: true }).catch(() => null);
        if (done?.state === 'approved') answered.add(id);
      }
    };

    // A fixed sequence that looks random: a failure can be played again.
    let seed = 20_261_120;
    const random = (below: number): number => {
      seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
      return seed % below;
    };
    for (let round = 0; round < ROUNDS; round++) {
      launched.push((await client.call('sessions.launch', { projectId: project.id, prompt: `Round ${round}.` })).id);
      for (let steps = random(60); steps > 0; steps--) {
        if (random(3) === 0) await approveAll();
        await client.call('sessions.list', {});
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
      await end('SIGKILL');
      client = await boot(dir);
      const known = (await client.call('sessions.list', {})).map((session) => session.id);
      expect(known.toSorted()).toEqual(launched.toSorted());
    }

    const sessions = await until('all sessions have ended', async () => {
      await approveAll();
      const all = await client.call('sessions.list', {});
      // Cut off more often than it goes on by itself: a person is asked.
      for (const { id, held } of all) if (held) await client.call('sessions.goOn', { id });
      return all.every((session) => session.state === 'ended') && all;
    });
    expect(sessions).toHaveLength(ROUNDS);
    for (const session of sessions) expect(session).toMatchObject({ outcome: 'completed', stillAlive: [] });
    const decisions = await client.call('decisions.list', { all: true });
    for (const id of answered) expect(decisions.find((decision) => decision.id === id)?.state).not.toBe('pending');

    const began = performance.now();
    expect(await end('SIGTERM')).toBe(0);
    expect(performance.now() - began).toBeLessThan(10_000);
    expect(processesIn(dir)).toEqual([]);

    const db = new Sqlite(join(dir, 'tenure', 'data', 'tenure.db'), { readonly: true });
    const count = (sql: string): unknown => db.prepare(sql).pluck().get();
    expect(db.pragma('integrity_check', { simple: true })).toBe('ok');
    expect(count('SELECT count(*) FROM evaluations')).toBe(ROUNDS);
    expect(count("SELECT count(*) FROM trust_ledger WHERE kind = 'evaluation'")).toBe(ROUNDS);
    expect(count("SELECT count(*) FROM trust_ledger WHERE kind = 'session'")).toBeLessThanOrEqual(ROUNDS);
    expect(
      count("SELECT count(*) FROM decisions WHERE outcome IS NULL AND state = 'approved' AND delivered_at IS NOT NULL"),
    ).toBe(0);
    expect(count("SELECT count(*) FROM decisions WHERE state = 'pending'")).toBe(0);
    db.close();
  },
  120_000,
);

test.skipIf(process.platform !== 'linux')(
  'killed while a verify command runs, then while the judge thinks: each start ends what was left, and there is one evaluation',
  async () => {
    const dir = tempDir('kill-verify');
    const home = join(dir, 'home');
    mkdirSync(home);
    mkdirSync(join(dir, 'tenure'));
    const work = [bash('echo 1 > a.txt && git add a.txt && git commit -m work'), say('Done.')];
    const four = { fulfilment: 90, soundness: 90, restraint: 90, safety: 90 };
    const opinion = { reasoning: 'Read.', accomplishments: [], failures: [], openQuestions: [], ...four };
    let judged = 0;
    api = await startMessagesApi(({ tools }) => {
      const tool = tools.find((name) => name.includes('StructuredOutput'));
      if (tool === undefined) return work.shift() ?? say('Done.');
      judged += 1;
      // The first time it thinks until nobody waits any more.
      return judged === 1 ? { ...say('Hm.'), waitMs: 120_000 } : use([tool, opinion]);
    });
    const claude = { command: REAL_CLAUDE, env: api.env(home) };
    writeFileSync(join(dir, 'tenure', 'config.jsonc'), JSON.stringify({ gateway: { port: 0 }, claude }));
    const repository = testRepository();
    repository.git('config', 'user.name', 'Test Person');
    repository.git('config', 'user.email', 'test@example.com');
    let client = await boot(dir);
    // The first time it hangs, with a child in a session of its own; then it passes.
    const seen = join(dir, 'verified');
    const verifyCommand = `if [ -e ${seen} ]; then exit 0; fi; touch ${seen}; setsid sleep 600 & sleep 600`;
    const { id: projectId } = await client.call('projects.add', { path: repository.path, verifyCommand });
    for (const level of ['cautious', 'moderate'] as const) {
      await client.call('trust.setLevel', { level, override: { confirm: level } });
    }
    const { id } = await client.call('sessions.launch', { projectId, prompt: 'Work.' });
    await until('the verify command runs', async () => {
      for (const pending of await client.call('decisions.list', {}))
        await client.call('decisions.approve', { id: pending.id, acknowledge: true }).catch(() => null);
      return (await client.call('sessions.get', { id })).state === 'evaluating' && existsSync(seen);
    });
    await end('SIGKILL');
    expect(processesIn(dir)).not.toEqual([]);
    client = await boot(dir);
    await until('nothing of it is left', () => processesIn(join(dir, 'tenure')).length === 0);
    await until('the judge thinks', () => judged === 1);
    await end('SIGKILL');
    client = await boot(dir);
    const session = await until('it is evaluated', async () => {
      const now = await client.call('sessions.get', { id });
      return now.state === 'ended' && now;
    });
    expect(session).toMatchObject({ evidence: { verify: { exitCode: 0 } }, evaluation: { score: 5 } });
    expect(judged).toBe(2);
    const { recent } = await client.call('telemetry.summary', {});
    const judges = recent.filter(({ caste }) => caste === 'judge').map(({ outcome }) => outcome);
    // Newest first.
    expect(judges).toEqual(['completed', 'unknown']);
    await end('SIGTERM');
    const db = new Sqlite(join(dir, 'tenure', 'data', 'tenure.db'), { readonly: true });
    for (const table of ['evaluations', "trust_ledger WHERE kind = 'evaluation'"])
      expect(db.prepare(`SELECT count(*) FROM ${table}`).pluck().get()).toBe(1);
    db.close();
  },
  90_000,
);

test.skipIf(process.platform !== 'linux')(
  'killed while services are restarted: what restarts them is found, followed, and ended when its time is over',
  async () => {
    const dir = tempDir('kill-restart');
    for (const name of ['home', 'tenure', 'patient', 'hanging']) mkdirSync(join(dir, name));
    api = await startMessagesApi([]);
    writeFileSync(join(dir, 'tenure', 'config.jsonc'), JSON.stringify({ gateway: { port: 0 } }));
    let client = await boot(dir);
    const begin = async (name: string, work: string): Promise<string> => {
      const argv = ['sh', '-c', `cd ${dir}/${name} && touch begun && ${work}`];
      const target = { kind: 'tcp', host: '127.0.0.1', port: 1 } as const;
      const settings = ServiceSettings.parse({ name, target, restart: { kind: 'command', argv } });
      const { id } = (await client.call('services.add', settings)).service;
      await client.call('services.restart', { id });
      await until('its command runs', () => existsSync(join(dir, name, 'begun')));
      return id;
    };
    const restartOf = async (id: string) => (await client.call('services.restarts', { id }))[0];
    const patient = await begin('patient', 'until [ -e enough ]; do sleep 0.1; done');
    const hanging = await begin('hanging', '{ sleep 600 & wait; }');
    await end('SIGKILL');
    for (const name of ['patient', 'hanging']) expect(processesIn(join(dir, name))).not.toEqual([]);

    const db = new Sqlite(join(dir, 'tenure', 'data', 'tenure.db'));
    db.prepare('UPDATE restarts SET started_at = started_at - 200000 WHERE service_id = ?').run(hanging);
    db.close();
    client = await boot(dir);
    await until('what hangs is ended', async () => (await restartOf(hanging))?.state === 'unknown');
    await until('nothing of it is left', () => processesIn(join(dir, 'hanging')).length === 0);
    expect((await restartOf(hanging))?.detail).toMatch(/took too long and was ended/);

    expect(processesIn(join(dir, 'patient'))).not.toEqual([]);
    await expect(client.call('services.restart', { id: patient })).rejects.toThrow(/being restarted already/);
    writeFileSync(join(dir, 'patient', 'enough'), '');
    await until('it has ended by itself', async () => (await restartOf(patient))?.state === 'unknown');
    expect((await restartOf(patient))?.detail).toMatch(/does not run any more; what came of it is not known/);
    await end('SIGTERM');
  },
  60_000,
);

test.skipIf(process.platform !== 'linux')(
  'killed while a set-up command runs: the next start sets the same tree up before an agent works in it',
  async () => {
    const dir = tempDir('kill-set-up');
    const home = join(dir, 'home');
    mkdirSync(home);
    mkdirSync(join(dir, 'tenure'));
    api = await startMessagesApi([say('Done.')]);
    const claude = { command: REAL_CLAUDE, env: api.env(home) };
    writeFileSync(
      join(dir, 'tenure', 'config.jsonc'),
      JSON.stringify({ gateway: { port: 0 }, claude, judge: { enabled: false } }),
    );
    let client = await boot(dir);
    const begun = join(dir, 'begun');
    const setupCommand = `if [ -e ${begun} ]; then touch made; exit; fi; touch ${begun}; setsid sleep 600 & sleep 600`;
    const { id: projectId } = await client.call('projects.add', { path: testRepository().path, setupCommand });
    const { id } = await client.call('sessions.launch', { projectId, prompt: 'Work.' });
    await until('the set-up runs', () => existsSync(begun));
    const { worktree } = await client.call('sessions.get', { id });
    await end('SIGKILL');
    client = await boot(dir);
    const session = await until('it has ended', async () => {
      const now = await client.call('sessions.get', { id });
      return now.state === 'ended' && now;
    });
    expect(session.problem).toBeNull();
    expect(session.worktree).toBe(worktree);
    expect(existsSync(join(worktree ?? '', 'made'))).toBe(true);
    expect(api.requests[0]?.lastUserText).not.toContain('You began this before');
    await until('nothing of it is left', () => processesIn(join(dir, 'tenure')).length === 0);
    await end('SIGTERM');
  },
  90_000,
);
