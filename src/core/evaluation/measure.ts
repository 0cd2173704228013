import { TenureError } from '../../shared/errors.ts';
import { type Measured, NOT_LOOKED_AT } from './rules.ts';
import type { Verify } from './verify.ts';

/** What is used of git; each throws TenureError with git's own words. */
export interface MeasureGit {
  place(path: string): Promise<{ kind: string; top?: string }>;
  state(cwd: string): Promise<{ head: { commit: string | null }; changes: readonly unknown[] }>;
  unseenChanges(cwd: string): Promise<readonly string[]>;
  commitAt(cwd: string, name: string): Promise<string | null>;
  isAncestor(cwd: string, ancestor: string, descendant: string): Promise<boolean>;
  ownSince(cwd: string, range: { base: string; head: string }, target: string): Promise<string>;
  countCommits(cwd: string, from: string, to: string): Promise<number>;
  diffSize(cwd: string, from: string, to: string): Promise<{ files: number; insertions: number; deletions: number }>;
}

export interface MeasureDeps {
  git: MeasureGit;
  verify: Verify;
}

export interface MeasureInput {
  /** Top level of the session's work tree; null when it never had one. */
  cwd: string | null;
  baseCommit: string | null;
  /** The branch for which its work is meant; what it took over from there is not its own. */
  target?: string | null | undefined;
  /** Null: do not verify. */
  verify: { command: string; timeoutMs: number; nonce?: string | undefined } | null;
  /** The whole environment of the verify command; `TENURE_…` names are left out of it. */
  env: Readonly<Record<string, string>>;
  /** Ends the verify command; then the measurement rejects with the signal's reason. */
  signal?: AbortSignal;
}

export type Measure = (input: MeasureInput) => Promise<Measured>;

const nothingMeasured = (baseCommit: string | null, problem: string | null): Measured => ({
  baseCommit,
  headCommit: null,
  commits: null,
  filesChanged: null,
  insertions: null,
  deletions: null,
  uncommittedFiles: null,
  historyRewritten: null,
  verify: null,
  ...NOT_LOOKED_AT,
  problem,
});

/**
 * Measures a session's work: git facts from its base to HEAD, then the project's verify command, run by
 * us. What cannot be measured is null, with the reason in `problem`; only an abort rejects.
 */
export function createMeasure({ git, verify }: MeasureDeps): Measure {
  async function facts(cwd: string, baseCommit: string, target: string | null): Promise<Measured> {
    const place = await git.place(cwd);
    if (place.kind !== 'tree' || place.top !== cwd) {
      return nothingMeasured(baseCommit, `The work tree "${cwd}" is gone, or no longer a work tree.`);
    }
    const { head, changes } = await git.state(cwd);
    const uncommittedFiles = changes.length + (await git.unseenChanges(cwd)).length;
    const before = { ...nothingMeasured(baseCommit, null), headCommit: head.commit, uncommittedFiles };
    if ((await git.commitAt(cwd, baseCommit)) === null) {
      return { ...before, problem: `The commit ${baseCommit} that it started from is no longer in the repository.` };
    }
    if (head.commit === null) {
      // HEAD is on a branch without any commit: nothing of the history is left.
      return { ...before, commits: 0, filesChanged: 0, insertions: 0, deletions: 0, historyRewritten: true };
    }
    const kept = await git.isAncestor(cwd, baseCommit, head.commit);
    const range = { base: baseCommit, head: head.commit };
    const since = kept && target !== null ? await git.ownSince(cwd, range, target) : baseCommit;
    const [commits, size] = await Promise.all([
      git.countCommits(cwd, since, head.commit),
      git.diffSize(cwd, since, head.commit),
    ]);
    const { files: filesChanged, insertions, deletions } = size;
    return { ...before, baseCommit: since, commits, filesChanged, insertions, deletions, historyRewritten: !kept };
  }

  return async ({ cwd, baseCommit, target = null, verify: wanted, env, signal }) => {
    signal?.throwIfAborted();
    if (cwd === null || baseCommit === null) {
      return nothingMeasured(baseCommit, 'It never got a place to work, so there is nothing to measure.');
    }
    const measured = await facts(cwd, baseCommit, target).catch((error: unknown) => {
      if (error instanceof TenureError) return nothingMeasured(baseCommit, error.message);
      throw error;
    });
    signal?.throwIfAborted();
    if (wanted === null || measured.commits === null) return measured;
    const result = await verify({ cwd, ...wanted, env, signal });
    return result === null
      ? { ...measured, problem: `The verify command could not be started in "${cwd}".` }
      : { ...measured, verify: result };
  };
}
