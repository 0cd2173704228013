import type { Project } from '../../shared/contract/projects.ts';
import type { Clock } from '../kernel/ports.ts';
import type { Heads } from './start.ts';

/** What git says of a repository before a tree is made in it. */
export interface Look {
  /** The directory that all its trees share. */
  repository(): Promise<string>;
  head: Heads['head'];
  /** Local branches, each with its commit. */
  branches(): Promise<Heads['branches']>;
}

interface LookGit {
  commonDir(cwd: string): Promise<string>;
  heads(cwd: string): Promise<Heads>;
}

type Where = Pick<Project, 'path'>;

/** A look that was begun with a launch is believed for so long, milliseconds. */
const FORESEEN_MS = 1_000;

/** Looks at repositories, asking git no more than has to be asked. */
export function createLooks(git: LookGit, clock: Clock) {
  // Begun while the launch is still written down, and used once.
  let foreseen: { sessionId: string; at: number; look: Promise<Look> } | null = null;

  async function look({ path }: Where): Promise<Look> {
    const repository = git.commonDir(path);
    repository.catch(() => undefined); // whoever asks for it is told
    const { head, branches } = await git.heads(path);
    return { repository: () => repository, head, branches: async () => branches };
  }

  return {
    look,

    /** The same where a tree is ready, so that the repository itself will hardly be written to. */
    async glance({ path }: Where): Promise<Look> {
      const { head, branches } = await git.heads(path);
      return { repository: () => git.commonDir(path), head, branches: async () => branches };
    },

    /** The same where git need not be asked: what is checked out is known. */
    remembered: ({ path }: Where, known: { repository: string; checkedOut: Heads['head'] }): Look => ({
      repository: async () => known.repository,
      head: known.checkedOut,
      branches: async () => (await git.heads(path)).branches,
    }),

    /** Keeps a look that was begun at that time (monotonic) for the session's place. */
    foresee(sessionId: string, at: number, seen: Promise<Look>): void {
      foreseen = { sessionId, at, look: seen };
    },

    /** What was foreseen for that session as long as it is fresh, else a look now. */
    async looked(project: Where, sessionId: string): Promise<Look> {
      const known = foreseen?.sessionId === sessionId ? foreseen : null;
      if (known === null) return look(project);
      foreseen = null;
      return clock.monotonic() - known.at < FORESEEN_MS ? known.look : look(project);
    },
  };
}
