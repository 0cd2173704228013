import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Hono } from 'hono';
import { listen } from '../../src/core/gateway/listen.ts';
import { startHost } from '../../src/core/host.ts';
import { fixed, latency, ratioOf, type Spread, shown } from './measure.ts';

const CALLS = 400;
const PAIRS = 7;
const OWNER = { name: 'bench', owner: true };

/** Hook request in → answer out, for a read that the gate allows and records, beside a bare Hono handler. */
export async function gateBench(): Promise<string[]> {
  const dir = mkdtempSync(join(tmpdir(), 'tenure-bench-'));
  const repository = join(dir, 'repository');
  mkdirSync(repository);
  const git = (...args: string[]) => execFileSync('git', args, { cwd: repository, stdio: 'ignore' });
  git('init', '-q');
  git('-c', 'user.name=b', '-c', 'user.email=b@example.com', 'commit', '-q', '--allow-empty', '-m', 'first');
  const gateFile = join(dir, 'gate.json');
  const home = join(dir, 'tenure');
  mkdirSync(home);
  const command = join(import.meta.dirname, 'bin', 'idle-claude');
  const config = { gateway: { port: 0 }, claude: { command, env: { BENCH_GATE_FILE: gateFile } } };
  writeFileSync(join(home, 'config.jsonc'), JSON.stringify(config));
  const env = { ...process.env, TENURE_HOME: home };
  const host = await startHost({ host: 'headless', env, rendererDir: dir, version: 'bench', demo: false });
  const project = await host.engine.call('projects.add', { path: repository }, OWNER);
  await host.engine.call('sessions.launch', { projectId: project.id, prompt: 'wait' }, OWNER);
  while (!existsSync(gateFile)) await delay(20);
  await delay(100);
  const gate = JSON.parse(readFileSync(gateFile, 'utf8')) as { url: string; token: string; cwd: string };

  const bare = new Hono();
  bare.post('/hook', async (c) => {
    const { tool_name: tool } = await c.req.json<{ tool_name: string }>();
    return c.json({
      hookSpecificOutput: { hookEventName: 'PreToolUse', permissionDecision: 'allow', permissionDecisionReason: tool },
    });
  });
  const bareServer = await listen((request) => Promise.resolve(bare.fetch(request)), 0);

  let n = 0;
  const post = (url: string) => async (): Promise<void> => {
    n += 1;
    const response = await fetch(url, {
      method: 'POST',
      headers: { authorization: `Bearer ${gate.token}`, 'content-type': 'application/json' },
      body: JSON.stringify({
        tool_name: 'Bash',
        tool_input: { command: 'git status' },
        cwd: gate.cwd,
        tool_use_id: `b${n}`,
      }),
    });
    const text = await response.text();
    if (!text.includes('"permissionDecision":"allow"')) throw new Error(`the gate said ${response.status} ${text}`);
  };
  const ours: Spread[] = [];
  const theirs: Spread[] = [];
  const measured = (url: string, into: Spread[]) => async (): Promise<number> => {
    const spread = await latency(CALLS, post(url));
    into.push(spread);
    return spread.p50;
  };
  const bareUrl = `http://127.0.0.1:${bareServer.port}/hook`;
  await latency(100, post(gate.url));
  await latency(100, post(bareUrl));
  const { ratio } = await ratioOf(PAIRS, measured(gate.url, ours), measured(bareUrl, theirs));
  await bareServer.close();
  await host.stop();
  rmSync(dir, { recursive: true, force: true });
  const line = (name: string, spreads: Spread[]): string => {
    const middle = (pick: (s: Spread) => number) =>
      spreads.map(pick).toSorted((a, b) => a - b)[Math.floor(spreads.length / 2)] ?? Number.NaN;
    return `${name} p50 ${fixed(middle((s) => s.p50))} ms, p99 ${fixed(middle((s) => s.p99))} ms`;
  };
  return [
    line('gate, recorded, fsync each     ', ours),
    line('bare Hono handler              ', theirs),
    `ratio of p50                    ${shown(ratio)}`,
  ];
}
