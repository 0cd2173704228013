import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createClock } from '../../src/core/adapters/clock.ts';
import { createAgentEnvironment } from '../../src/core/adapters/shell-env.ts';
import { createSpawner } from '../../src/core/adapters/spawner.ts';
import { createClaudeDriver } from '../../src/core/drivers/claude/driver.ts';
import type { AgentDriver, LaunchSpec } from '../../src/core/drivers/driver.ts';
import { Config } from '../../src/shared/config.ts';
import { type TestRepository, tempDir, testRepository } from '../builders.ts';
import { launchSpec, reap, startGate, type TestGate, type Watched, watch } from './gate.ts';
import { type ApiRequest, bash, type MessagesApi, type Script, startMessagesApi } from './messages-api.ts';

/** The version whose behaviour the tests of the real CLI have written down. */
export const SEEN_WITH = '2.1.328';
/** The CLI of this checkout's devDependencies. */
export const CLI = join(import.meta.dirname, '../../node_modules/.bin/claude');

export const spawner = createSpawner();
export const clock = createClock();

export interface StartedRun extends Watched {
  api: MessagesApi;
  spec: LaunchSpec;
}

/** One test's world: a gate, a repository, a home, and the real CLI in it. */
export interface ClaudeLab {
  gate: TestGate;
  repository: TestRepository;
  /** The driver for the real CLI, talking to `api`. Undefined in `extra` removes a variable. */
  driverFor(api: MessagesApi, extra?: Record<string, string | undefined>): AgentDriver;
  startApi(script?: Script): Promise<MessagesApi>;
  start(script: Script, given?: Parameters<typeof launchSpec>[2]): Promise<StartedRun>;
  /** Goes on with an earlier run's conversation, on an API with a script of its own. */
  resume(before: StartedRun, script: Script, prompt?: string | null): Promise<StartedRun>;
  /** The CLI's own record of a conversation, without which it cannot go on; written with some delay. */
  recordOf(spec: LaunchSpec): string;
  /** The subject of the newest commit. */
  subject(): string;
  close(): Promise<void>;
}

export async function openLab(): Promise<ClaudeLab> {
  const gate = await startGate();
  const apis: MessagesApi[] = [];
  const nonces: string[] = [];
  const home = tempDir('claude-home');
  const repository = testRepository();
  repository.git('config', 'user.name', 'An Agent');
  repository.git('config', 'user.email', 'agent@example.com');

  const lab: ClaudeLab = {
    gate,
    repository,
    driverFor(api, extra = {}) {
      const wanted = Object.entries({ ...api.env(home), ...extra });
      const env = Object.fromEntries(wanted.filter((pair): pair is [string, string] => pair[1] !== undefined));
      const environment = createAgentEnvironment({
        spawner,
        env: { PATH: process.env.PATH, HOME: home },
        platform: process.platform,
        config: () => Config.parse({ claude: { command: CLI, env } }).claude,
      });
      return createClaudeDriver({ spawner, clock, environment });
    },
    async startApi(script = []) {
      const api = await startMessagesApi(script);
      apis.push(api);
      return api;
    },
    async start(script, given = {}) {
      const api = await lab.startApi(script);
      const spec = launchSpec(gate, repository.path, given);
      nonces.push(spec.nonce);
      return { api, spec, ...(await watch(lab.driverFor(api), spec)) };
    },
    async resume(before, script, prompt = null) {
      const api = await lab.startApi(script);
      const spec = { ...before.spec, resume: true, prompt };
      return { api, spec, ...(await watch(lab.driverFor(api), spec)) };
    },
    recordOf({ agentSessionId }) {
      const projects = join(home, '.claude/projects');
      const [project = ''] = existsSync(projects) ? readdirSync(projects) : [];
      const path = join(projects, project, `${agentSessionId}.jsonl`);
      return existsSync(path) ? readFileSync(path, 'utf8') : '';
    },
    subject: () => repository.git('log', '-1', '--format=%s'),
    async close() {
      await reap(spawner, nonces);
      await Promise.all([gate, ...apis].map((one) => one.close()));
    },
  };
  return lab;
}

export const COMMITTED = 'By the agent';
export const commitTurn = bash(`git commit --quiet --allow-empty -m "${COMMITTED}"`);

/** What the tools' results said to the model in that request. */
export const told = (request: ApiRequest | undefined): string =>
  (request?.toolResults ?? []).map(({ text }) => text).join('\n');
