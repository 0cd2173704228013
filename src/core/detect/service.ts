import type { OutputOf } from '../../shared/contract/index.ts';
import type { Target } from '../../shared/contract/services.ts';
import {
  candidatesOf,
  type Listening,
  parseContainers,
  parseLaunchctl,
  parseLsof,
  parseProcNet,
  parseUnits,
} from './rules.ts';

interface Asked {
  text: string | null;
  problem: string | null;
}

/** The places to ask, as the adapter offers them. */
interface Places {
  isMac: boolean;
  procNet(): Promise<string>;
  socketOwners(): Promise<ReadonlyMap<string, { pid: number; program: string }>>;
  lsof(): Promise<Asked>;
  launchctl(): Promise<Asked>;
  systemctl(scope: 'user' | 'system'): Promise<Asked>;
  containers(): Promise<Asked>;
}

interface DetectDeps {
  places: Places;
  /** What is watched already. */
  targets(): readonly Target[];
  ownPort(): number;
}

export type Detect = ReturnType<typeof createDetect>;

/** Looks around, on demand only, and offers what it finds as drafts of services. */
export function createDetect({ places, targets, ownPort }: DetectDeps) {
  async function ports(): Promise<{ found: Listening[]; problem: string | null }> {
    if (places.isMac) {
      const { text, problem } = await places.lsof();
      return { found: parseLsof(text ?? ''), problem };
    }
    const [text, owners] = await Promise.all([places.procNet(), places.socketOwners()]);
    const found = parseProcNet(text).map(({ port, loopback, inode }) => {
      const owner = owners.get(inode);
      return { port, loopback, program: owner?.program || null, pid: owner?.pid ?? null };
    });
    return { found, problem: null };
  }

  return {
    async candidates(): Promise<OutputOf<'detect.candidates'>> {
      const [listening, containers, jobs, user, system] = await Promise.all([
        ports(),
        places.containers(),
        places.launchctl(),
        places.systemctl('user'),
        places.systemctl('system'),
      ]);
      const parsed = containers.text === null ? [] : parseContainers(containers.text);
      const candidates = candidatesOf(
        {
          ports: listening.found,
          containers: parsed ?? [],
          jobs: parseLaunchctl(jobs.text ?? ''),
          units: [
            ...parseUnits(user.text ?? '').map((unit) => ({ unit, scope: 'user' as const })),
            ...parseUnits(system.text ?? '').map((unit) => ({ unit, scope: 'system' as const })),
          ],
        },
        targets(),
        ownPort(),
      );
      const docker = parsed === null ? 'Docker answered, but with no list of containers.' : containers.problem;
      const notes = [listening.problem, docker, jobs.problem, user.problem, system.problem];
      return { candidates, notes: notes.filter((note) => note !== null) };
    },
  };
}
