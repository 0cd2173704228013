import { accessSync, constants } from 'node:fs';
import { statfs } from 'node:fs/promises';
import type { HealthCheck } from '../../shared/contract/system.ts';
import type { AgentCheck } from '../drivers/driver.ts';
import type { NamedCheck } from './service.ts';

/** Free bytes under which the person is told. */
export const LOW_DISK_BYTES = 500 * 1024 * 1024;

const MIB = 1024 * 1024;

interface DoctorDeps {
  dataDir: string;
  configFile: string;
  configProblems(): readonly string[];
  /** Every row of `PRAGMA quick_check`; `ok` alone means sound. */
  checkStore(): string;
  gitVersion(): Promise<string | null>;
  agent(): Promise<AgentCheck>;
  demo: boolean;
  lastTickAgeMs(): number | null;
  address(): string;
}

const finding = (
  name: string,
  state: HealthCheck['state'],
  detail: string,
  fix: string | null = null,
): HealthCheck => ({
  name,
  state,
  detail,
  fix,
});

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
        ? finding(
            'Data directory',
            'warning',
            `Only ${Math.floor(free / MIB)} MiB are free on its disk.`,
            'Free some space.',
          )
        : finding('Data directory', 'ok', `${deps.dataDir}, ${Math.floor(free / MIB)} MiB free.`);
    },
    Settings: () => {
      const problems = deps.configProblems();
      return problems.length === 0
        ? finding('Settings', 'ok', `${deps.configFile} is in force.`)
        : finding('Settings', 'warning', problems.join(' '), `Correct ${deps.configFile}.`);
    },
    Git: async () => {
      const version = await deps.gitVersion();
      return version === null
        ? finding('Git', 'failing', 'git could not be run.', 'Install git, or put it on the PATH.')
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
      );
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
