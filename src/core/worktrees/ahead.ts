import { existsSync } from 'node:fs';
import { readdir, readFile, unlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Clock, Ids } from '../kernel/ports.ts';
import { freeOn } from './room.ts';
import { treeOf } from './rules.ts';
import type { Made, TreeState, Where } from './service.ts';
import { stampOfHead, stampOfTree } from './stamp.ts';
import type { Heads } from './start.ts';

/** A checkout that took longer than this is too large to be made on suspicion, milliseconds. */
const LARGE_MS = 2_000;
/** A look at a tree that is no older than this is believed, milliseconds. */
const JUST_NOW_MS = 1_000;
/** With less free than this, bytes, the disk is left to the work that is really wanted. */
const ROOM_BYTES = 2 * 1_024 ** 3;
/** What lies beside a tree that was made ahead, for as long as no session has it. */
export const MARK = '.ahead';

const written = ({ name, path, worktree, base, include }: Where): string =>
  JSON.stringify({ name, path, worktree, base, include });

/** What `written` wrote of a project; null: it is not whole, so there is no tree yet. */
function projectIn(text: string): Omit<Where, 'id'> | null {
  try {
    const found = JSON.parse(text) as Omit<Where, 'id'> | null;
    return typeof found?.path === 'string' ? found : null;
  } catch {
    return null;
  }
}

/** A tree that waits for the next session of a project, under the id which that session will get. */
export interface Ahead {
  id: string;
  project: Where;
  path: string;
  branch: string;
  commit: string;
  known: Known;
}

/** What git said when a tree was made, and stamps by which to see whether that still holds. */
export interface Known {
  /** The directory that all trees of the repository share. */
  repository: string;
  checkedOut: Heads['head'];
  /** Of the project's own tree, from before git was asked. */
  head: string | null;
  /** Of the tree that was made. */
  tree: string | null;
}

interface AheadDeps {
  git: {
    state(cwd: string): Promise<TreeState>;
    untrackedMatching(cwd: string, patterns: readonly string[]): Promise<string[]>;
    differ(cwd: string, from: string, to: string, patterns: readonly string[]): Promise<boolean>;
    resetTree(cwd: string, to: string): Promise<void>;
  };
  clock: Clock;
  ids: Ids;
  dataDir: string;
  /** Bytes that are free on the disk that holds a folder. */
  freeBytes?: (path: string) => Promise<number>;
  treeOfSession(sessionId: string): string | null;
  /** Makes branch and tree at what is checked out now. */
  make(
    project: Where,
    id: string,
  ): Promise<Pick<Ahead, 'path' | 'commit'> & { branch: string | null; known: Omit<Known, 'tree'> }>;
  /** Removes both unless work would be lost; the sentence why they stay, or null. */
  discard(project: Where, id: string): Promise<string | null>;
}

/**
 * Trees made while nobody waits for them, one for each project at most. Each is made fresh and used once: a
 * tree in which a session was is never handed out again. It has an id of its own from the beginning, so that
 * nothing has to be moved or renamed when a session takes it. Until then it is no session's, and its mark says so.
 */
export function createAhead(deps: AheadDeps) {
  const { git, clock, ids, dataDir, treeOfSession, make, discard, freeBytes = freeOn } = deps;
  const waiting = new Map<string, Ahead>();
  const taken = new Map<string, Ahead & { at: number }>();
  const making = new Map<string, Promise<void>>();
  const dropping = new Set<Promise<void>>();
  const large = new Set<string>();
  let closed = false;

  const markOf = (projectId: string, id: string): string => `${treeOf(dataDir, projectId, id)}${MARK}`;

  /** From then on it is a tree like others, as far as there is one. */
  const unmark = (projectId: string, id: string): Promise<void> => unlink(markOf(projectId, id)).catch(() => undefined);

  /** What somebody has left something in stays; what cannot be removed now keeps its mark for the next start. */
  async function drop(project: Where, id: string): Promise<void> {
    const isOver = await discard(project, id).then(
      () => true,
      () => !existsSync(project.path),
    );
    if (isOver) await unmark(project.id, id);
  }

  function dropSoon({ project, id }: Ahead): void {
    const work = drop(project, id).finally(() => dropping.delete(work));
    dropping.add(work);
  }

  /** Nothing was done in it; not even a file lies there that git ignores and whose session would run or read it. */
  async function isUntouched({ path, branch, commit, known }: Ahead): Promise<boolean> {
    if (known.tree !== null && known.tree === stampOfTree(path, known.repository)) return true;
    const [state, more] = await Promise.all([git.state(path), git.untrackedMatching(path, ['**'])]).catch(() => []);
    return (
      state?.head.branch === branch && state.head.commit === commit && state.changes.length === 0 && more?.length === 0
    );
  }

  /** Whether the disk has room for a tree that nobody asked for; one that cannot be asked is not filled. */
  const hasRoom = (): Promise<boolean> =>
    freeBytes(dataDir).then(
      (free) => free >= ROOM_BYTES,
      () => false,
    );

  async function begin(project: Where): Promise<void> {
    const id = ids.next('ses');
    try {
      if (!(await hasRoom())) return;
      const mark = markOf(project.id, id);
      // Not before a session was there: the folder is made with the first tree.
      if (!existsSync(dirname(mark))) return;
      await writeFile(mark, written(project), { mode: 0o600 });
      const { path, branch, commit, known } = await make(project, id);
      if (branch === null || closed) return await drop(project, id);
      const tree = stampOfTree(path, known.repository);
      waiting.set(project.id, { id, project, path, branch, commit, known: { ...known, tree } });
    } catch {
      await drop(project, id);
    }
  }

  return {
    async make(project: Where): Promise<void> {
      const busy = making.has(project.id) || waiting.has(project.id);
      if (busy || closed || !project.worktree || large.has(project.path)) return;
      const work = begin(project).finally(() => making.delete(project.id));
      making.set(project.id, work);
      await work;
    },

    /** A tree of that project took so long to be made, milliseconds, whatever came of it. */
    took({ path }: Where, ms: number): void {
      if (ms > LARGE_MS) large.add(path);
    },

    /** No session of that project will come: it was removed, or works in its own tree from now on. Never rejects. */
    async forget(projectId: string): Promise<void> {
      await making.get(projectId);
      const one = waiting.get(projectId);
      waiting.delete(projectId);
      if (one) await drop(one.project, one.id);
    },

    isReady: (project: Where): boolean => waiting.has(project.id),

    /** What git said of the project when its tree was made, while that still holds; else it has to be asked. */
    said({ id, path }: Where): Known | null {
      const one = waiting.get(id);
      if (!one || one.project.path !== path || one.known.head === null) return null;
      return one.known.head === stampOfHead(path, one.known.repository) ? one.known : null;
    },

    /** The id of the tree that waits for that project's next session, as long as nobody has touched it; else null. */
    async take(project: Where): Promise<string | null> {
      const one = waiting.get(project.id);
      if (!one) return null;
      waiting.delete(project.id);
      if (!(await isUntouched(one)) || one.project.path !== project.path || closed) {
        dropSoon(one);
        return null;
      }
      taken.set(one.id, { ...one, at: clock.monotonic() });
      return one.id;
    },

    giveBack(id: string): void {
      const one = taken.get(id);
      taken.delete(id);
      if (one && waiting.has(one.project.id)) dropSoon(one);
      else if (one) waiting.set(one.project.id, one);
    },

    /** That session has ended. Where it never came to use its tree, nobody will: the id is spent. */
    ended(id: string): void {
      const one = taken.get(id);
      taken.delete(id);
      if (one) dropSoon(one);
    },

    /** That session's tree, at that commit; null: there is none, and one has to be made. */
    async use(id: string, commit: string): Promise<(Made & { branch: string; worktree: string }) | null> {
      const one = taken.get(id);
      if (!one) return null;
      taken.delete(id);
      // It was queued for a while: whoever put something there since must not find it gone.
      const isOld = clock.monotonic() - one.at > JUST_NOW_MS;
      if (!existsSync(join(one.path, '.git')) || (isOld && !(await isUntouched(one)))) {
        // What is made there instead, or stays there, is a tree like others.
        await unmark(one.project.id, id);
        return null;
      }
      try {
        // The base has gone on since: the tree, in which nobody has been, goes along. Where it says anew how files
        // are written (line ends, LFS), git would leave those as they are whose content is the same.
        if (commit !== one.commit) {
          if (await git.differ(one.path, one.commit, commit, ['**/.gitattributes'])) {
            await drop(one.project, id);
            return null;
          }
          await git.resetTree(one.path, commit);
        }
        await unlink(markOf(one.project.id, id));
        return { cwd: one.path, branch: one.branch, worktree: one.path };
      } catch {
        await drop(one.project, id);
        return null;
      }
    },

    async sweep(): Promise<void> {
      const root = join(dataDir, 'worktrees');
      for (const projectId of await readdir(root).catch(() => [])) {
        for (const name of await readdir(join(root, projectId)).catch(() => [])) {
          if (!name.endsWith(MARK)) continue;
          const id = name.slice(0, -MARK.length);
          const text = await readFile(join(root, projectId, name), 'utf8').catch(() => '');
          const project = treeOfSession(id) === null ? projectIn(text) : null;
          if (project === null) await unmark(projectId, id);
          else await drop({ ...project, id: projectId }, id);
        }
      }
    },

    async close(): Promise<void> {
      closed = true;
      await Promise.all([...making.values(), ...dropping]);
      const left = [...waiting.values(), ...taken.values()];
      waiting.clear();
      const unused = left.filter(({ id }) => treeOfSession(id) === null);
      await Promise.all(unused.map(({ project, id }) => drop(project, id)));
    },
  };
}
