import { existsSync } from 'node:fs';
import { realpath } from 'node:fs/promises';
import { basename } from 'node:path';
import type { InputOf, OutputOf } from '../../../shared/contract/index.ts';
import type { Loss, TreeUse, TreeUses } from '../../../shared/contract/worktrees.ts';
import { TenureError } from '../../../shared/errors.ts';
import { lossWords } from '../../../shared/work-words.ts';
import { sessionOf } from '../rules.ts';
import type { WorkRow } from '../storage.ts';
import { createSizes, isWaiting, type TreeFolder, treesIn } from './disk.ts';
import { isConfirmed } from './rules.ts';
import { createStrays } from './stray.ts';
import type { AfterDeps, Work } from './work.ts';

/** So long a list of trees waits for their sizes, milliseconds. */
const SIZES_WITHIN_MS = 4_000;

const sentenceOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** What says so of a tree that was made ahead. */
const WAITS = 'It is ready for the next session of its project.';

/** The disk that work trees use, and its cleaning. */
export function createUse(deps: AfterDeps, work: Work) {
  const { storage } = deps;
  const { row, look, lossOf, removeAndSettle, settleGone, whyInUse, whyKept, inRepository } = work;
  const sizes = createSizes(deps);
  const strays = createStrays(deps, work);

  /** Of a folder that no session's row names: who is about to have it; null: nobody. */
  function whyAwaited(path: string): string | null {
    const session = storage.get(sessionOf(basename(path)));
    return session === null || session.state === 'ended' ? null : `Session ${session.id} is about to work in it.`;
  }

  /** Whether a tree can go: by a cleaning, by a person who agrees to what is lost, or not from here. */
  async function holdOf(
    { path, waits }: TreeFolder,
    session: WorkRow | null,
  ): Promise<Pick<TreeUse, 'keeps' | 'loss'>> {
    const stray = (): Promise<Pick<TreeUse, 'keeps' | 'loss'>> =>
      strays.look(path).then(
        ({ keeps, loss }) => ({ keeps, loss }),
        (error: unknown) => ({ keeps: sentenceOf(error), loss: null }),
      );
    if (session !== null) {
      return whyKept(session).then(
        (keeps) => ({ keeps, loss: null }),
        // The session cannot be asked: its repository is gone, or all its commits are.
        async (error: unknown) => ({ keeps: sentenceOf(error), loss: (await stray()).loss }),
      );
    }
    const awaited = whyAwaited(path);
    if (awaited !== null) return { keeps: awaited, loss: null };
    const found = await stray();
    return waits && found.keeps === null ? { keeps: WAITS, loss: null } : found;
  }

  /** @param around any session of the same project. */
  async function useOf(folder: TreeFolder, session: WorkRow | null, around: WorkRow | undefined): Promise<TreeUse> {
    return {
      path: folder.path,
      projectId: folder.projectId,
      project: around?.project ?? 'unknown',
      sessionId: session?.id ?? null,
      bytes: null,
      work: session && deps.workOf(session).state,
      ...(await holdOf(folder, session)),
    };
  }

  /** Removes a folder about which no session can be asked. @returns why it stays; null: it is gone. */
  async function removeStray({ path, sessionId }: TreeUse, confirm: Loss | undefined, by: string) {
    const session = sessionId === null ? null : row(sessionId);
    const why = await strays.remove(path, ({ loss, keeps, locked }) => {
      const used = session === null ? whyAwaited(path) : whyInUse(session);
      if (used !== null) return used;
      if (locked !== null && locked !== 'initializing') return 'Somebody has locked it.';
      if (isWaiting(path) && keeps === null) return WAITS;
      return isConfirmed(loss, confirm) ? null : (keeps ?? `It has ${lossWords(loss)}.`);
    });
    if (why !== null) return why;
    // Where the repository is there, so is the branch with its commits.
    if (session !== null && !existsSync(session.projectPath)) settleGone(session, session.measuredHead, by);
    sizes.forget(path);
    return null;
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
            ? await removeStray(tree, undefined, by).catch(sentenceOf)
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

    /**
     * Removes a folder about which no session can be asked, with what is lost confirmed by its numbers.
     * @throws TenureError not_found, refused (it is a session's, or is used), conflict (not what was confirmed).
     */
    async remove({ path, confirm }: InputOf<'worktrees.remove'>, by: string): Promise<OutputOf<'worktrees.remove'>> {
      const tree = (await list({})).trees.find((one) => one.path === path);
      if (tree === undefined) throw new TenureError('not_found', `There is no work tree "${path}".`);
      if (tree.loss === null) {
        const instead = tree.sessionId === null ? '' : ` Discard the work of session ${tree.sessionId} instead.`;
        throw new TenureError('refused', `"${path}" is not removed by its path. ${tree.keeps ?? ''}${instead}`);
      }
      const why = await removeStray(tree, confirm, by);
      if (why === null) return { path, bytes: tree.bytes };
      throw new TenureError('conflict', `"${path}" stays. ${why} What is lost has to be confirmed by its numbers.`);
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
