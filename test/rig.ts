import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { vi } from 'vitest';
import { type Host, startHost } from '../src/core/host.ts';
import { type Client, createClient } from '../src/shared/client.ts';
import type { Decision } from '../src/shared/contract/decisions.ts';
import type { Project, ProjectSettings } from '../src/shared/contract/projects.ts';
import type { Session, SessionDetail } from '../src/shared/contract/sessions.ts';
import { LEVELS, type Level } from '../src/shared/policy.ts';
import { type TestRepository, tempDir, testRepository } from './builders.ts';
import { type MessagesApi, type Script, startMessagesApi } from './fakes/messages-api.ts';

export const OWNER_TOKEN = 'tnr_owner_of_the_rig';
const ROOT = join(import.meta.dirname, '..');
/** The real CLI from npm. */
export const REAL_CLAUDE = join(ROOT, 'node_modules', '.bin', 'claude');
const PATIENCE = { timeout: 45_000, interval: 20 };

/** Waits until `look` returns something, and returns it. */
export function until<T>(
  what: string,
  look: () => T | null | undefined | false | Promise<T | null | undefined | false>,
): Promise<T> {
  return vi.waitFor(async () => {
    const seen = await look();
    if (seen === null || seen === undefined || seen === false) throw new Error(`still waiting: ${what}`);
    return seen;
  }, PATIENCE);
}

export interface RigOptions {
  script?: Script;
  /** Merged over the rig's own config file. */
  config?: Record<string, Record<string, unknown>>;
  command?: string;
  agentEnv?: Record<string, string>;
  demo?: boolean;
  /** More of Tenure's own environment. */
  env?: Record<string, string>;
  /** Where Tenure's own folder is; a fresh one unless given. */
  home?: string;
}

/** Tenure itself, in this process, on a data directory of its own, with a real repository and the real CLI. */
export async function startRig(options: RigOptions = {}) {
  const dir = tempDir('rig');
  const home = join(dir, 'home');
  mkdirSync(home);
  const api: MessagesApi = await startMessagesApi(options.script ?? []);
  const tenureHome = options.home ?? join(dir, 'tenure');
  mkdirSync(tenureHome);
  const { claude, decisions, ...rest } = options.config ?? {};
  writeFileSync(
    join(tenureHome, 'config.jsonc'),
    JSON.stringify({
      gateway: { port: 0 },
      // A script of answers is for the session alone; tests of the judge switch it on.
      judge: { enabled: false },
      ...rest,
      decisions: { holdMs: 20_000, undoMs: 0, ...decisions },
      claude: {
        command: options.command ?? REAL_CLAUDE,
        env: { ...api.env(home), ...options.agentEnv },
        ...claude,
      },
    }),
  );
  const env = {
    PATH: process.env.PATH,
    HOME: home,
    TENURE_HOME: tenureHome,
    TENURE_OWNER_TOKEN: OWNER_TOKEN,
    TENURE_DEMO_PACE_MS: '60',
    ...options.env,
  };
  let host: Host = await boot();

  function boot(): Promise<Host> {
    return startHost({
      host: 'headless',
      env,
      rendererDir: join(ROOT, 'out', 'renderer'),
      version: '0.0.0-test',
      demo: options.demo ?? false,
      ...(options.demo ? { port: 0 } : {}),
    });
  }

  const client = (): Client =>
    createClient({ base: host.url, fetch, headers: { authorization: `Bearer ${OWNER_TOKEN}` } });
  const call: Client['call'] = (method, input) => client().call(method, input);

  const rig = {
    dir,
    env,
    api,
    tenureHome,
    demo: options.demo ?? false,
    dataDir: join(tenureHome, options.demo ? 'demo/data' : 'data'),
    get host() {
      return host;
    },
    call,

    async addProject(settings: ProjectSettings = {}, repository: TestRepository = testRepository()) {
      repository.git('config', 'user.name', 'Test Person');
      repository.git('config', 'user.email', 'test@example.com');
      const project: Project = await call('projects.add', { path: repository.path, ...settings });
      return { project, repository };
    },

    /** One step at a time; without a record each step is an override. */
    async raiseTo(level: Level): Promise<void> {
      for (const next of LEVELS.slice(1, LEVELS.indexOf(level) + 1)) {
        await call('trust.setLevel', { level: next, override: { confirm: next } });
      }
    },

    session: (id: string): Promise<SessionDetail> => call('sessions.get', { id }),
    ended: (id: string): Promise<SessionDetail> =>
      until('the session has ended', async () => {
        const session = await call('sessions.get', { id });
        return session.state === 'ended' && session;
      }),
    inState: (id: string, state: Session['state']): Promise<SessionDetail> =>
      until(`the session is ${state}`, async () => {
        const session = await call('sessions.get', { id });
        if (session.state === 'ended' && state !== 'ended')
          throw new Error(`it has ended: ${session.outcome} ${session.problem}`);
        return session.state === state && session;
      }),
    pending: (): Promise<Decision> =>
      until('a decision is pending', async () => (await call('decisions.list', {})).at(0)),

    /** As a restart of the program: everything is closed and opened again. */
    async restart(): Promise<void> {
      await host.stop();
      host = await boot();
    },
    /** Everything of the log, for when a test fails. */
    log(): string {
      const file = join(tenureHome, 'logs', 'tenure.1.log');
      return existsSync(file) ? readFileSync(file, 'utf8') : '';
    },
    async stop(): Promise<void> {
      await host.stop();
      await api.close();
    },
  };
  return rig;
}

export type Rig = Awaited<ReturnType<typeof startRig>>;
