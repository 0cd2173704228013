import type { Project } from '../../shared/contract/projects.ts';
import { TenureError } from '../../shared/errors.ts';
import type { Look } from './look.ts';
import { behindNote, noCommit } from './rules.ts';

interface Upstream {
  remote: string;
  branch: string;
  tracking: string;
}

/** Local branches with their commits, and the one that is checked out; null: HEAD is detached, or there is no commit. */
export interface Heads {
  branches: ReadonlyMap<string, string>;
  head: { name: string; commit: string; upstream: Upstream | null } | null;
}

/** What is used of git to find where a session starts. */
export interface StartGit {
  commitAt(cwd: string, name: string): Promise<string | null>;
  isAncestor(cwd: string, ancestor: string, descendant: string): Promise<boolean>;
  countCommits(cwd: string, from: string, to: string): Promise<number>;
  remotes(cwd: string): Promise<string[]>;
  remoteDefault(cwd: string, remote: string): Promise<string | null>;
  fetchBranch(cwd: string, from: Upstream): Promise<string | null>;
}

export interface Start {
  commit: string;
  /** The project's branch that the work is meant for; null: HEAD is detached. */
  target: string | null;
  /** Sentences that a person should know. */
  notes: string[];
}

type Where = Pick<Project, 'name' | 'path' | 'base'>;

/**
 * Where a new session starts. What is elsewhere is fetched first; that it could not be is a note, never an
 * error: a machine without a network works on.
 */
export function createStart(git: StartGit) {
  // Launches of one moment fetch once.
  const fetching = new Map<string, Promise<string | null>>();

  async function fetchOnce(cwd: string, from: Upstream): Promise<string[]> {
    if (from.remote === '.') return [];
    const key = `${cwd}\0${from.remote}\0${from.branch}`;
    const work = fetching.get(key) ?? git.fetchBranch(cwd, from).finally(() => fetching.delete(key));
    fetching.set(key, work);
    const why = await work;
    return why === null ? [] : [`"${from.remote}" could not be fetched (${why}), so what is new there is not in it.`];
  }

  async function current({ path }: Where, head: string, checkedOut: Heads['head']): Promise<Start> {
    const { name: target, upstream } = checkedOut ?? { name: null, upstream: null };
    if (target === null || upstream === null) return { commit: head, target, notes: [] };
    const notes = await fetchOnce(path, upstream);
    const theirs = await git.commitAt(path, upstream.tracking);
    if (theirs === null || theirs === head) return { commit: head, target, notes };
    const [behind, ahead] = await Promise.all([
      git.countCommits(path, head, theirs),
      git.countCommits(path, theirs, head),
    ]);
    const name = upstream.tracking.replace(/^refs\/(remotes|heads)\//, '');
    const note = behindNote({ branch: target, upstream: name, behind, ahead });
    return { commit: ahead === 0 ? theirs : head, target, notes: note === null ? notes : [...notes, note] };
  }

  async function remote({ path, name }: Where, head: string, checkedOut: Heads['head']): Promise<Start> {
    const { name: here, upstream } = checkedOut ?? { name: null, upstream: null };
    const all = await git.remotes(path);
    const chosen = [upstream?.remote, 'origin', all.length === 1 ? all[0] : undefined].find(
      (one) => one !== undefined && all.includes(one),
    );
    const branch = chosen === undefined ? null : await git.remoteDefault(path, chosen);
    if (chosen === undefined || branch === null) {
      const why = chosen === undefined ? `"${name}" has no remote` : `"${chosen}" names no default branch`;
      return { commit: head, target: here, notes: [`${why}, so it starts from what is checked out.`] };
    }
    const tracking = `refs/remotes/${chosen}/${branch}`;
    const notes = await fetchOnce(path, { remote: chosen, branch: `refs/heads/${branch}`, tracking });
    const commit = await git.commitAt(path, tracking);
    if (commit !== null) return { commit, target: branch, notes };
    const note = `"${chosen}/${branch}" is not known here, so it starts from what is checked out.`;
    return { commit: head, target: here, notes: [...notes, note] };
  }

  /**
   * @param found what git says of the project's branches.
   * @param startAt the branch at whose tip it begins instead of the base.
   * @throws TenureError `refused` when the repository has no commit yet, or that branch is gone.
   */
  return async (project: Where, found: Pick<Look, 'head' | 'branches'>, startAt?: string): Promise<Start> => {
    if (startAt !== undefined) {
      const commit = (await found.branches()).get(startAt);
      if (commit !== undefined) return { commit, target: null, notes: [] };
      throw new TenureError('refused', `The branch ${startAt} of "${project.name}" is gone.`);
    }
    const head = found.head?.commit ?? (await git.commitAt(project.path, 'HEAD'));
    if (head === null) throw new TenureError('refused', noCommit(project.name));
    return project.base === 'remote' ? remote(project, head, found.head) : current(project, head, found.head);
  };
}
