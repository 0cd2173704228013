import { accessSync, constants } from 'node:fs';
import { statfs } from 'node:fs/promises';
import type { Finding } from '../../shared/contract/system.ts';
import { bytes, count } from '../../shared/format.ts';
import type { AgentCheck } from '../drivers/driver.ts';
import type { NamedCheck } from './service.ts';

/** Free bytes under which the person is told. */
export const LOW_DISK_BYTES = 500 * 1024 * 1024;

/** `loggedIn` null: nobody can say. */
export interface LoginState {
  loggedIn: boolean | null;
  /** A sentence for the person. */
  detail: string;
}

const INSTALL_CLAUDE = 'curl -fsSL https://claude.ai/install.sh | bash';

interface DoctorDeps {
  dataDir: string;
  configFile: string;
  configProblems(): readonly string[];
  /** Every row of `PRAGMA quick_check`; `ok` alone means sound. */
  checkStore(): string;
  gitVersion(): Promise<string | null>;
  agent(): Promise<AgentCheck>;
  /** Whether the agent may speak to its model. */
  login(): Promise<LoginState>;
  projects(): readonly { name: string; problem: string | null }[];
  loginItem(): { state: 'on' | 'off' | 'approval' | 'unsupported'; sentence: string };
  /** How the command line is started here. */
  cli: string;
  demo: boolean;
  platform: NodeJS.Platform;
  lastTickAgeMs(): number | null;
  address(): string;
}

type More = Pick<Finding, 'command' | 'act'>;

const finding = (
  name: string,
  state: Finding['state'],
  detail: string,
  fix: string | null = null,
  more: More = {},
): Finding => ({ name, state, detail, fix, ...more });

/** Everything Tenure needs, each looked at now. */
export function doctorChecks(deps: DoctorDeps): Record<string, NamedCheck> {
  return {
    Store: () => {
      const said = deps.checkStore();
      return said === 'ok'
        ? finding('Store', 'ok', 'The database is sound.')
        : finding(
            'Store',
            'failing',
            `The database is damaged: ${said}.`,
            'Stop Tenure and restore the newest backup.',
          );
    },
    'Data directory': async () => {
      try {
        accessSync(deps.dataDir, constants.R_OK | constants.W_OK);
      } catch {
        return finding(
          'Data directory',
          'failing',
          `${deps.dataDir} cannot be written.`,
          `Give yourself the right to write ${deps.dataDir}.`,
        );
      }
      const { bavail, bsize } = await statfs(deps.dataDir);
      const free = bavail * bsize;
      return free < LOW_DISK_BYTES
        ? finding('Data directory', 'warning', `Only ${bytes(free)} are free on its disk.`, 'Free some space.')
        : finding('Data directory', 'ok', `${deps.dataDir}, ${bytes(free)} free.`);
    },
    Settings: () => {
      const problems = deps.configProblems();
      return problems.length === 0
        ? finding('Settings', 'ok', `${deps.configFile} is in force.`)
        : finding('Settings', 'warning', problems.join(' '), `Correct ${deps.configFile}.`, {
            act: { kind: 'settings', label: 'Open the settings', target: null },
          });
    },
    Git: async () => {
      const version = await deps.gitVersion();
      return version === null
        ? finding('Git', 'failing', 'git could not be run.', 'Install git, or put it on the PATH.', {
            command: deps.platform === 'darwin' ? 'xcode-select --install' : 'sudo apt install git',
          })
        : finding('Git', 'ok', `git ${version}.`);
    },
    Agent: async () => {
      const { ok, version, path, problem } = await deps.agent();
      if (ok)
        return finding(
          'Agent',
          'ok',
          deps.demo ? 'The demo agent is part of the program.' : `Claude Code ${version} at ${path}.`,
        );
      return finding(
        'Agent',
        'failing',
        problem ?? 'No agent was found.',
        'Install or update Claude Code, then look again.',
        {
          command: path === null ? INSTALL_CLAUDE : 'claude update',
          act: { kind: 'settings', label: 'Name its path', target: 'claude.command' },
        },
      );
    },
    Login: async () => {
      if (deps.demo) return finding('Login', 'ok', 'The demo agent needs none.');
      const { loggedIn, detail } = await deps.login();
      if (loggedIn === null) return finding('Login', 'unknown', detail);
      return loggedIn
        ? finding('Login', 'ok', detail)
        : finding('Login', 'failing', detail, 'Log in to Claude Code in a terminal, then look again.', {
            command: 'claude auth login',
          });
    },
    Projects: () => {
      const projects = deps.projects();
      const bad = projects.filter(({ problem }) => problem !== null);
      const add = { act: { kind: 'add-project', label: 'Add a project…', target: null } } as const;
      if (projects.length === 0)
        return finding('Projects', 'warning', 'No project yet.', 'Add the folder of a git repository.', add);
      if (bad.length === 0) return finding('Projects', 'ok', `${count(projects.length, 'project')} can be used.`);
      const told = bad.map(({ name, problem }) => `${name}: ${problem}`).join(' ');
      return finding('Projects', 'warning', told, 'Put the folder back, or remove the project.', {
        act: { kind: 'open', label: 'Open the projects', target: '#/window/projects' },
      });
    },
    'Start at login': () => {
      const { state, sentence } = deps.loginItem();
      if (state === 'on') return finding('Start at login', 'ok', sentence);
      const act = { kind: 'start-at-login', label: 'Start at login', target: null } as const;
      if (state === 'off') return finding('Start at login', 'warning', sentence, 'Let Tenure start at login.', { act });
      if (state === 'approval') {
        return finding('Start at login', 'warning', sentence, 'Allow Tenure in System Settings, General, Login Items.');
      }
      return finding('Start at login', 'unknown', sentence, null, { command: `${deps.cli} service install` });
    },
    Scheduler: () => {
      const age = deps.lastTickAgeMs();
      if (age === null) return finding('Scheduler', 'unknown', 'It has not ticked yet.');
      return age < 60_000
        ? finding('Scheduler', 'ok', `Last tick ${Math.round(age / 1000)} s ago.`)
        : finding(
            'Scheduler',
            'failing',
            `Its last tick without an error was ${Math.round(age / 1000)} s ago.`,
            'See the log.',
          );
    },
    Gateway: () => finding('Gateway', 'ok', `Listening on ${deps.address()}, this machine only.`),
  };
}
