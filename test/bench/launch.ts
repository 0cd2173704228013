import { execFileSync, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { startHost } from '../../src/core/host.ts';
import { say, startMessagesApi } from '../fakes/messages-api.ts';
import { fixed, ratioOf, shown } from './measure.ts';

const PAIRS = 11;
const OWNER = { name: 'bench', owner: true };
const CLI = join(import.meta.dirname, '..', '..', 'node_modules', '.bin', 'claude');
const STREAM = '-p --input-format stream-json --output-format stream-json --verbose'.split(' ');
const PROMPT = JSON.stringify({ type: 'user', message: { role: 'user', content: [{ type: 'text', text: 'Go' }] } });

interface Call {
  args: string[];
  env: NodeJS.ProcessEnv;
}

/** How the agent that runs below this process was started; Linux. */
function callOfAgent(): Call {
  const read = (pid: string, file: string): string[] => {
    try {
      return readFileSync(`/proc/${pid}/${file}`, 'utf8').split('\0').slice(0, -1);
    } catch {
      return [];
    }
  };
  const isOurs = (pid: string): boolean => {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 4).startsWith(`${process.pid} `);
  };
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/u.test(name))) {
    const [, ...args] = read(pid, 'cmdline');
    if (!args.includes('stream-json') || !isOurs(pid)) continue;
    const env = Object.fromEntries(read(pid, 'environ').map((pair) => pair.split(/=(.*)/su, 2)));
    return { args, env };
  }
  throw new Error('the agent runs below this process');
}

/** From the button to the agent's first event, with the real CLI and a work tree, beside the CLI alone in the project's folder. */
export async function launchBench(): Promise<string[]> {
  const dir = mkdtempSync(join(tmpdir(), 'tenure-bench-'));
  const [repository, home, tenureHome] = ['repository', 'home', 'tenure'].map((name) => join(dir, name));
  if (!repository || !home || !tenureHome) throw new Error('three folders are made');
  for (const one of [repository, home, tenureHome]) mkdirSync(one);
  const git = (...args: string[]) => execFileSync('git', args, { cwd: repository, stdio: 'ignore' });
  git('init', '-q');
  for (let n = 0; n < 200; n++) writeFileSync(join(repository, `file-${n}.txt`), `${n}\n`.repeat(100));
  git('add', '.');
  git('-c', 'user.name=b', '-c', 'user.email=b@example.com', 'commit', '-q', '-m', 'first');
  const api = await startMessagesApi(() => say('Done.'));
  const config = { gateway: { port: 0 }, judge: { enabled: false }, claude: { command: CLI, env: api.env(home) } };
  writeFileSync(join(tenureHome, 'config.jsonc'), JSON.stringify(config));
  const env = { ...process.env, HOME: home, TENURE_HOME: tenureHome };
  const host = await startHost({ host: 'headless', env, rendererDir: dir, version: 'bench', demo: false });
  const project = await host.engine.call('projects.add', { path: repository }, OWNER);

  const alone = async (cwd: string, { args, env }: Call): Promise<number> => {
    const asked = performance.now();
    const child = spawn(CLI, args, { cwd, env });
    child.stdin.write(`${PROMPT}\n`);
    const spoke = await new Promise<number>((resolve) => {
      child.stdout.on('data', (chunk: Buffer) => chunk.includes('"init"') && resolve(performance.now() - asked));
    });
    child.stdin.end();
    await new Promise((resolve) => child.once('close', resolve));
    return spoke;
  };
  const bare = () => alone(repository, { args: STREAM, env: { PATH: process.env.PATH, ...api.env(home) } });

  let call: Call | null = null;
  let trees = 0;
  /** The very call of a session, in a tree of its own: what is over that is Tenure's. */
  const same = async (): Promise<number> => {
    if (call === null) throw new Error('a session has been launched');
    const tree = join(dir, `tree-${++trees}`);
    git('worktree', 'add', '-q', '--detach', tree);
    const args = call.args.map((arg, at, all) => (all[at - 1] === '--session-id' ? randomUUID() : arg));
    return alone(tree, { args, env: call.env });
  };

  const launched = async (): Promise<number> => {
    const asked = performance.now();
    let ofThis = '';
    const spoke = new Promise<number>((resolve) => {
      const stop = host.engine.journal.subscribe((fact) => {
        if (fact.type !== 'session.changed' || fact.body.session.state !== 'working') return;
        ofThis = fact.body.session.id;
        stop();
        resolve(performance.now() - asked);
        call ??= callOfAgent();
      });
    });
    await host.engine.call('sessions.launch', { projectId: project.id, prompt: 'Go' }, OWNER);
    const took = await spoke;
    while ((await host.engine.call('sessions.get', { id: ofThis }, OWNER)).state !== 'ended') await delay(5);
    // As between two clicks of a person: what is made ready for the next one has its time.
    await delay(300);
    return took;
  };

  for (const warm of [bare, launched, same]) await warm();
  const { subject, reference, ratio } = await ratioOf(PAIRS, launched, bare);
  const equal = await ratioOf(PAIRS, launched, same);
  await host.stop();
  await api.close();
  rmSync(dir, { recursive: true, force: true });
  return [
    `the CLI alone → its first event   p50 ${fixed(reference, 0)} ms`,
    `launch → its first event          p50 ${fixed(subject, 0)} ms, ${shown(ratio)}, a work tree of 200 files with it`,
    `beside the very call of a session  p50 ${fixed(equal.subject, 0)} to ${fixed(equal.reference, 0)} ms, ${shown(equal.ratio)}`,
  ];
}
