import { realpath, rmdir } from 'node:fs/promises';
import type { InputOf } from '../../../shared/contract/index.ts';
import type { TreeUse, TreeUses } from '../../../shared/contract/worktrees.ts';
import type { WorkRow } from '../storage.ts';
import { createSizes, type TreeFolder, treesIn } from './disk.ts';
import type { AfterDeps, Work } from './work.ts';

/** So long a list of trees waits for their sizes, milliseconds. */
const SIZES_WITHIN_MS = 4_000;

const sentenceOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** What says so of a tree that was made ahead. */
const WAITS = 'It is ready for the next session of its project.';

/** @returns why the folder, which is no session's, stays; null: it was empty, and is gone. */
async function removeEmpty({ path, keeps }: TreeUse): Promise<string | null> {
  // One that waits may just be filled.
  if (keeps === WAITS) return keeps;
  return rmdir(path).then(
    () => null,
    () => keeps ?? 'It is not empty.',
  );
}

/** The disk that work trees use, and its cleaning. */
export function createUse(deps: AfterDeps, { row, look, lossOf, removeAndSettle, whyKept, inRepository }: Work) {
  const { storage } = deps;
  const sizes = createSizes(deps);

  /** @param around any session of the same project. */
  async function useOf(folder: TreeFolder, session: WorkRow | null, around: WorkRow | undefined): Promise<TreeUse> {
    const nobodys = folder.waits ? WAITS : 'No session of Tenure knows this folder.';
    return {
      path: folder.path,
      projectId: folder.projectId,
      project: around?.project ?? 'unknown',
      sessionId: session?.id ?? null,
      bytes: null,
      work: session && deps.workOf(session).state,
      keeps: session ? await whyKept(session).catch(sentenceOf) : nobodys,
    };
  }

  /** Every tree that a session was given or will be, with its size as far as it is measured. */
  async function list({ projectId, fresh = false }: InputOf<'worktrees.list'>): Promise<TreeUses> {
    const placed = storage.placed().filter((one) => projectId === undefined || one.projectId === projectId);
    const sessions = new Map(placed.toReversed().map((one) => [one.worktree, one]));
    const known = (await treesIn(await realpath(deps.dataDir).catch(() => deps.dataDir))).filter(
      (one) => projectId === undefined || one.projectId === projectId,
    );
    const paths = known.map(({ path }) => path);
    const bytes = await sizes.of(paths, fresh, SIZES_WITHIN_MS);
    const trees: TreeUse[] = [];
    for (const folder of known) {
      const around = placed.find((one) => one.projectId === folder.projectId);
      const use = await useOf(folder, sessions.get(folder.path) ?? null, around);
      trees.push({ ...use, bytes: bytes.get(folder.path) ?? null });
    }
    return { trees, ...sumsOf(trees), complete: paths.every((path) => bytes.has(path)) };
  }

  return {
    list,

    /** Removes trees with which nothing is lost; the others are told with the reason. */
    async clean({ paths, projectId }: InputOf<'worktrees.clean'>, by: string) {
      const removed: { path: string; bytes: number | null }[] = [];
      const kept: { path: string; why: string }[] = [];
      const { trees } = await list({ projectId });
      for (const missing of paths?.filter((path) => !trees.some((tree) => tree.path === path)) ?? []) {
        kept.push({ path: missing, why: 'There is no such work tree.' });
      }
      for (const tree of trees.filter(({ path }) => paths === undefined || paths.includes(path))) {
        const { path, bytes } = tree;
        const session = tree.sessionId === null ? null : row(tree.sessionId);
        const why =
          session === null
            ? await removeEmpty(tree)
            : await inRepository(session, async () => {
                const reason = await whyKept(session);
                if (reason !== null) return reason;
                const at = await look(session);
                await removeAndSettle(at, await lossOf(at), by);
                sizes.forget(path);
                return null;
              }).catch(sentenceOf);
        if (why === null) removed.push({ path, bytes });
        else kept.push({ path, why });
      }
      return { removed, kept: paths === undefined ? [] : kept };
    },
  };
}

function sumsOf(trees: readonly TreeUse[]): Pick<TreeUses, 'totalBytes' | 'cleanableBytes' | 'projects'> {
  const projects = new Map<string, TreeUses['projects'][number]>();
  let cleanableBytes = 0;
  for (const { projectId, project, bytes, keeps } of trees) {
    const sum = projects.get(projectId) ?? { projectId, project, bytes: 0, trees: 0 };
    projects.set(projectId, { ...sum, bytes: sum.bytes + (bytes ?? 0), trees: sum.trees + 1 });
    if (keeps === null) cleanableBytes += bytes ?? 0;
  }
  const all = [...projects.values()];
  return { totalBytes: all.reduce((sum, { bytes }) => sum + bytes, 0), cleanableBytes, projects: all };
}
