import { lstat } from 'node:fs/promises';
import { join } from 'node:path';
import {
  DIFF_FILES,
  type DiffFile,
  type DiffHunk,
  type DiffPart,
  type DiffTotals,
  type FileDiff,
  type WorkDiff,
} from '../../../shared/contract/diff.ts';
import type { InputOf } from '../../../shared/contract/index.ts';
import { TenureError } from '../../../shared/errors.ts';
import type { WorkRow } from '../storage.ts';
import { type WhereGit, type WorkPlace, workPlaceOf } from './place.ts';

interface Changed {
  path: string;
  from: string | null;
  status: Exclude<DiffFile['status'], 'conflicted'>;
  modeBefore: string | null;
  modeAfter: string | null;
  objectBefore: string | null;
  objectAfter: string | null;
  added: number | null;
  removed: number | null;
}

interface Range {
  from: string;
  /** Null: the files on the disk. */
  to: string | null;
}

/** What is used of git; each throws TenureError with git's own words. */
export interface DiffGit extends WhereGit {
  changedFiles(
    cwd: string,
    range: Range,
    options?: { uncounted?: boolean; paths?: readonly string[] },
  ): Promise<Changed[]>;
  filePatch(
    cwd: string,
    range: Range,
    file: Changed,
    limits: { maxLines: number; maxLength: number; context: number },
  ): Promise<{ hunks: DiffHunk[]; totalLines: number; truncated: boolean } | null>;
  objectSize(cwd: string, id: string): Promise<number | null>;
}

const MAX_LINES = 2_000;
/** Characters of a line; minified files have lines of a megabyte. */
const MAX_LENGTH = 2_000;
const SUBMODULE = '160000';
const SYMLINK = '120000';

/** The work of a session as data, for review. Looks only: nothing of the repository is run or written. */
export function createDiffs(deps: { git: DiffGit; session(id: string): WorkRow }) {
  const { git } = deps;

  const rangeOf = ({ baseCommit, headCommit, hasTree }: WorkPlace, part: DiffPart): Range => ({
    from: part === 'uncommitted' ? headCommit : baseCommit,
    to: part === 'committed' || !hasTree ? headCommit : null,
  });

  return {
    /** @throws TenureError not_found, refused (its work is gone). */
    async diff({ sessionId, part = 'all', matching = '' }: InputOf<'worktrees.diff'>): Promise<WorkDiff> {
      const place = await workPlaceOf(git, deps.session(sessionId));
      const { cwd, baseCommit, headCommit, hasTree } = place;
      const files = (of: DiffPart): Promise<Changed[]> => git.changedFiles(cwd, rangeOf(place, of));
      const [committed, uncommitted, all] = await Promise.all([
        files('committed'),
        hasTree ? files('uncommitted') : null,
        part === 'all' && hasTree ? files('all') : null,
      ]);
      const shown = part === 'uncommitted' ? (uncommitted ?? []) : (all ?? committed);
      const words = matching.toLowerCase();
      const listed = shown.filter(({ path, from }) => `${path}\n${from ?? ''}`.toLowerCase().includes(words));
      const dirty: WorkPlace['changed'] = part === 'committed' ? new Map() : place.changed;
      return {
        sessionId,
        part,
        baseCommit,
        headCommit,
        hasTree,
        files: listed.slice(0, DIFF_FILES).map((file) => viewOf(file, dirty)),
        truncated: listed.length > DIFF_FILES,
        total: totalsOf(shown),
        committed: totalsOf(committed),
        uncommitted: uncommitted && totalsOf(uncommitted),
      };
    },

    /** @throws TenureError not_found (no such session, or nothing changed there), refused (its work is gone). */
    async fileDiff(input: InputOf<'worktrees.fileDiff'>): Promise<FileDiff> {
      const { sessionId, path, part = 'all', maxLines = MAX_LINES, context = 3 } = input;
      const place = await workPlaceOf(git, deps.session(sessionId));
      const range = rangeOf(place, part);
      // All of them first: only beside the others is a renamed file known as one.
      const listed = await git.changedFiles(place.cwd, range, { uncounted: true });
      const found = listed.find((file) => file.path === path);
      if (!found) throw new TenureError('not_found', `Session ${sessionId} changed nothing at "${path}".`);
      const paths = found.from === null ? [path] : [path, found.from];
      const counted = await git.changedFiles(place.cwd, range, { paths });
      const changed = counted.find((file) => file.path === path) ?? found;
      const file = viewOf(changed, part === 'committed' ? new Map() : place.changed);
      const patch = file.binary
        ? { hunks: [], totalLines: 0, truncated: false }
        : await git.filePatch(place.cwd, range, changed, { maxLines, maxLength: MAX_LENGTH, context });
      const isSubmodule = file.kind === 'submodule';
      const [sizeBefore, sizeAfter] = isSubmodule
        ? [null, null]
        : await Promise.all([
            changed.objectBefore === null ? null : git.objectSize(place.cwd, changed.objectBefore),
            changed.status === 'deleted' ? null : sizeOnSide(place.cwd, range, changed),
          ]);
      return {
        file,
        sizeBefore,
        sizeAfter,
        submodule: isSubmodule ? pointersOf(patch?.hunks ?? []) : null,
        hunks: isSubmodule ? [] : (patch?.hunks ?? []),
        totalLines: isSubmodule ? 0 : (patch?.totalLines ?? null),
        truncated: patch?.truncated ?? true,
      };
    },
  };

  async function sizeOnSide(cwd: string, range: Range, changed: Changed): Promise<number | null> {
    if (range.to !== null) return changed.objectAfter === null ? null : git.objectSize(cwd, changed.objectAfter);
    return lstat(join(cwd, changed.path)).then(
      ({ size }) => size,
      () => null,
    );
  }
}

function viewOf(file: Changed, dirty: WorkPlace['changed']): DiffFile {
  const { path, from, status, modeBefore, modeAfter, added, removed } = file;
  const modes = [modeBefore, modeAfter];
  return {
    path,
    from,
    // Compared with the files on the disk, git tells an unresolved conflict as any other change.
    status: dirty.get(path) === 'conflicted' ? 'conflicted' : status,
    kind: modes.includes(SUBMODULE) ? 'submodule' : modes.includes(SYMLINK) ? 'symlink' : 'file',
    modeBefore,
    modeAfter,
    binary: added === null,
    added,
    removed,
    uncommitted: dirty.has(path) || (from !== null && dirty.has(from)),
  };
}

function totalsOf(files: readonly Changed[]): DiffTotals {
  const total: DiffTotals = { files: files.length, added: 0, removed: 0 };
  for (const { added, removed } of files) {
    total.added += added ?? 0;
    total.removed += removed ?? 0;
  }
  return total;
}

/** The commits of a submodule, out of the patch that git writes for it. */
function pointersOf(hunks: readonly DiffHunk[]): FileDiff['submodule'] {
  const lines = hunks.flatMap((hunk) => hunk.lines);
  const commit = (kind: 'added' | 'removed'): string | null => {
    const line = lines.find((one) => one.kind === kind)?.text;
    return /^Subproject commit ([0-9a-f]+)/.exec(line ?? '')?.[1] ?? null;
  };
  return { before: commit('removed'), after: commit('added') };
}
