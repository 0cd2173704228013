import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
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

  const bare = async (): Promise<number> => {
    const asked = performance.now();
    const child = spawn(CLI, STREAM, { cwd: repository, env: { PATH: process.env.PATH, ...api.env(home) } });
    child.stdin.write(`${PROMPT}\n`);
    const spoke = await new Promise<number>((resolve) => {
      child.stdout.on('data', (chunk: Buffer) => chunk.includes('"init"') && resolve(performance.now() - asked));
    });
    child.stdin.end();
    await new Promise((resolve) => child.once('close', resolve));
    return spoke;
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
      });
    });
    await host.engine.call('sessions.launch', { projectId: project.id, prompt: 'Go' }, OWNER);
    const took = await spoke;
    while ((await host.engine.call('sessions.get', { id: ofThis }, OWNER)).state !== 'ended') await delay(5);
    // As between two clicks of a person: what is made ready for the next one has its time.
    await delay(300);
    return took;
  };

  for (const warm of [bare, launched]) await warm();
  const { subject, reference, ratio } = await ratioOf(PAIRS, launched, bare);
  await host.stop();
  await api.close();
  rmSync(dir, { recursive: true, force: true });
  return [
    `the CLI alone → its first event   p50 ${fixed(reference, 0)} ms`,
    `launch → its first event          p50 ${fixed(subject, 0)} ms, ${shown(ratio)}, a work tree of 200 files with it`,
  ];
}
