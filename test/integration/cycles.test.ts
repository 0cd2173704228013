import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, readlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { afterEach, expect, test } from 'vitest';
import { createSpawner } from '../../src/core/adapters/spawner.ts';
import { NONCE_VARIABLE, type ProcessIdentity } from '../../src/core/kernel/ports.ts';
import { type Client, createClient } from '../../src/shared/client.ts';
import { tempDir, testRepository } from '../builders.ts';
import { FAKE, type Step } from '../fakes/scripted-claude.ts';
import { OWNER_TOKEN, until } from '../rig.ts';

/*
 * Tenure killed and started again and again while agents run and leave processes behind, and with strangers that
 * have got the numbers of their processes. TENURE_CYCLES=200 plays 200 cycles.
 */
const CYCLES = Number(process.env.TENURE_CYCLES ?? 8);
const HEADLESS = join(import.meta.dirname, '..', '..', 'src', 'headless', 'index.ts');
const spawner = createSpawner();

let engine: ChildProcess | null = null;
const strangers: ChildProcess[] = [];
afterEach(() => {
  for (const one of [engine, ...strangers]) one?.kill('SIGKILL');
});

async function boot(home: string): Promise<Client> {
  const child = spawn(process.execPath, [HEADLESS], {
    env: { PATH: process.env.PATH, HOME: join(home, '..', 'home'), TENURE_HOME: home, TENURE_OWNER_TOKEN: OWNER_TOKEN },
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

const end = (signal: 'SIGKILL' | 'SIGTERM'): Promise<unknown> =>
  new Promise((resolve) => {
    engine?.once('exit', resolve);
    engine?.kill(signal);
  });

/** Processes that work below that folder, by what they are: the engine itself works elsewhere. */
function processesIn(dir: string): string[] {
  return readdirSync('/proc').flatMap((pid) => {
    try {
      if (!/^\d+$/.test(pid) || !readlinkSync(`/proc/${pid}/cwd`).startsWith(dir)) return [];
      return [`${pid} ${readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').slice(0, 80)}`];
    } catch {
      return [];
    }
  });
}

/** A bystander who has nothing to do with it. */
function stranger(): ProcessIdentity {
  const child = spawn('sleep', ['3600'], { stdio: 'ignore', detached: true });
  strangers.push(child);
  const found = spawner.identify(child.pid ?? 0);
  if (!found?.startedAt) throw new Error('the stranger could not be seen');
  return found;
}

/** What an agent leaves behind: children, sessions of their own, deaf ones that hold its output. */
const LEFT: Step[] = [
  { leave: { command: 'sleep 3600' } },
  { leave: { command: 'sleep 3600 & sleep 3600', ownSession: true } },
  { leave: { command: "trap '' TERM INT; while :; do sleep 1; done", ownSession: true, holdStdout: true } },
];
const DONE: Step[] = [{ init: {} }, { result: {} }];

test.skipIf(process.platform !== 'linux')(
  'killed and started again: nobody is orphaned, no stranger is touched, every session ends as it should',
  async () => {
    const dir = tempDir('cycles');
    const home = join(dir, 'tenure');
    for (const made of [home, join(dir, 'home')]) mkdirSync(made);
    const scenario = join(dir, 'scenario.json');
    const marks = join(dir, 'marks');
    writeFileSync(marks, '');
    const play = (steps: Step[]): void => writeFileSync(scenario, JSON.stringify({ version: '2.1.328', marks, steps }));
    const config = {
      gateway: { port: 0 },
      sessions: { concurrency: 3, memoryMb: 0, retry: { crashes: 1 } },
      claude: { command: FAKE, env: { FAKE_CLAUDE: scenario } },
    };
    writeFileSync(join(home, 'config.jsonc'), JSON.stringify(config));
    const file = join(home, 'data', 'tenure.db');
    const repository = testRepository();

    let seed = 4711;
    const random = (below: number): number => {
      seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
      return Math.floor(seed / 65_536) % below;
    };
    const bystanders: ProcessIdentity[] = [];
    const launched: string[] = [];
    let reused = 0;
    play([{ init: {} }, ...LEFT, { hang: true }]);
    let client = await boot(home);
    const project = await client.call('projects.add', { path: repository.path });

    for (let cycle = 0; cycle < CYCLES; cycle++) {
      play(random(4) === 0 ? [...LEFT, { hang: true }] : [{ init: {} }, ...LEFT, { hang: true }]);
      for (let more = random(2); more >= 0; more--) {
        launched.push((await client.call('sessions.launch', { projectId: project.id, prompt: 'Go.' })).id);
      }
      // At any moment from the claim on: before the process is there, while it is noted, after it has spoken.
      const moment = random(400);
      const late = performance.now() + moment;
      await until('the moment has come', () => performance.now() >= late);
      await end('SIGKILL');

      // Some processes have ended meanwhile, and their numbers were given to others.
      const db = new Sqlite(file);
      const rows = db
        .prepare<[], { id: string; nonce: string }>(
          "SELECT id, nonce FROM sessions WHERE state IN ('starting', 'working')",
        )
        .all();
      for (const { id } of rows) {
        if (random(2) === 0) continue;
        const other = stranger();
        bystanders.push(other);
        reused += 1;
        // The same number, another process: only the start time tells.
        const before = `${other.startedAt?.split(':')[0]}:1`;
        const tree = JSON.stringify([{ pid: other.pid, startedAt: before }]);
        db.prepare('UPDATE sessions SET pid = ?, pid_started_at = ?, tree = ? WHERE id = ?').run(
          other.pid,
          before,
          tree,
          id,
        );
      }
      db.close();

      play(DONE);
      client = await boot(home);
      const sessions = await client.call('sessions.list', { limit: 1_000 });
      expect(sessions.map(({ id }) => id).toSorted()).toEqual(launched.toSorted());
      const lost = rows.filter(({ id }) => sessions.find((one) => one.id === id)?.stillAlive.length);
      expect(lost).toEqual([]);
      for (const { nonce } of rows) {
        const left = await spawner.treeOf({ pid: 0, startedAt: null }, { name: NONCE_VARIABLE, value: nonce });
        expect(left, `cycle ${cycle}`).toEqual([]);
      }
      for (const one of bystanders) expect(spawner.probe(one), `cycle ${cycle}`).toBe('alive');
      await until('all have come to their end', async () => {
        const all = await client.call('sessions.list', { limit: 1_000 });
        for (const { id, held } of all) if (held) await client.call('sessions.goOn', { id }).catch(() => null);
        return all.every(({ state }) => state === 'ended');
      });
    }

    const sessions = await client.call('sessions.list', { limit: 1_000 });
    for (const session of sessions)
      expect(session).toMatchObject({ outcome: expect.stringMatching(/completed|nothing/) });
    await end('SIGTERM');
    expect(processesIn(join(home, 'data'))).toEqual([]);
    for (const one of bystanders) expect(spawner.probe(one)).toBe('alive');
    const db = new Sqlite(file, { readonly: true });
    expect(db.prepare('SELECT count(*) FROM evaluations').pluck().get()).toBe(launched.length);
    expect(db.pragma('integrity_check', { simple: true })).toBe('ok');
    db.close();
    expect(reused).toBeGreaterThan(0);
    const told = `${CYCLES} cycles, ${launched.length} sessions, ${reused} reused pids: 0 orphans, 0 wrong kills`;
    writeFileSync(join(dir, 'told'), told);
    if (process.env.TENURE_CYCLES) process.stdout.write(`${told}\n`);
  },
  60_000 + CYCLES * 30_000,
);
