import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { startHost } from '../../src/core/host.ts';
import { say, startMessagesApi } from '../fakes/messages-api.ts';
import { fixed, quantile } from './measure.ts';

const TIMES = 9;
const OWNER = { name: 'bench', owner: true };
const CLI = join(import.meta.dirname, '..', '..', 'node_modules', '.bin', 'claude');

/** From the button to the agent's first word, with the real CLI and a work tree: how much of it is ours? */
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
  const begun = join(dir, 'begun');
  // Writes down when the agent's program begins, and becomes it.
  const command = join(dir, 'claude');
  writeFileSync(command, `#!/bin/sh\ndate +%s%N > '${begun}'\nexec '${CLI}' "$@"\n`);
  chmodSync(command, 0o755);
  const config = { gateway: { port: 0 }, judge: { enabled: false }, claude: { command, env: api.env(home) } };
  writeFileSync(join(tenureHome, 'config.jsonc'), JSON.stringify(config));
  const env = { ...process.env, HOME: home, TENURE_HOME: tenureHome };
  const host = await startHost({ host: 'headless', env, rendererDir: dir, version: 'bench', demo: false });
  const project = await host.engine.call('projects.add', { path: repository }, OWNER);
  const until = async (id: string, states: readonly string[]): Promise<void> => {
    while (!states.includes((await host.engine.call('sessions.get', { id }, OWNER)).state)) await delay(2);
  };
  const ours: number[] = [];
  const shares: number[] = [];
  for (let n = 0; n < TIMES; n++) {
    const asked = performance.timeOrigin + performance.now();
    const { id } = await host.engine.call('sessions.launch', { projectId: project.id, prompt: 'Go' }, OWNER);
    await until(id, ['working', 'evaluating', 'ended']);
    const spoke = performance.timeOrigin + performance.now();
    const started = Number(readFileSync(begun, 'utf8')) / 1e6;
    ours.push(started - asked);
    shares.push((started - asked) / (spoke - asked));
    await until(id, ['ended']);
  }
  await host.stop();
  await api.close();
  rmSync(dir, { recursive: true, force: true });
  const middle = (values: number[]): number =>
    quantile(
      values.toSorted((a, b) => a - b),
      0.5,
    );
  return [
    `launch → the agent's program begins  p50 ${fixed(middle(ours), 0)} ms, a work tree of 200 files with it`,
    `of launch → its first event          ${fixed(100 * middle(shares), 1)} %`,
  ];
}
