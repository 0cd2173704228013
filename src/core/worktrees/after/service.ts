import type { InputOf } from '../../../shared/contract/index.ts';
import type { Fate, Loss, MergeReport, SessionWork, WorkPreview } from '../../../shared/contract/worktrees.ts';
import { TenureError } from '../../../shared/errors.ts';
import { lossWords } from '../../../shared/work-words.ts';
import type { WorkRow } from '../storage.ts';
import { fateOf } from './fate.ts';
import type { Standing } from './look.ts';
import { carryOut } from './merge.ts';
import { isConfirmed } from './rules.ts';
import type { AfterDeps, Work } from './work.ts';

const SHOWN_FILES = 100;
/** So many unsettled sessions are looked at for a merge that was made without Tenure. */
const LOOKED_AT = 100;

/** What a person does with the work of a session once it has ended. */
export function createAfter(deps: AfterDeps, work: Work) {
  const { git, storage, clock, settle } = deps;
  const { row, look, noteOf, occupantOf, obstacles, lossOf, planFor, recognise, removeAndSettle, inRepository } = work;

  async function discard(session: WorkRow, confirm: Loss | undefined, by: string): Promise<Standing> {
    if (session.state !== 'ended') {
      throw new TenureError('refused', `Session ${session.id} has not ended yet. Stop it first.`);
    }
    const occupant = session.worktree === null ? null : occupantOf(session.worktree);
    if (occupant !== null) throw new TenureError('refused', `Session ${occupant} works in the same tree now.`);
    const at = await look(session);
    const loss = await lossOf(at);
    if (!isConfirmed(loss, confirm)) {
      throw new TenureError(
        'conflict',
        `Discarding the work of session ${session.id} loses ${lossWords(loss)}. That has to be confirmed in so many words.`,
      );
    }
    await removeAndSettle(at, loss, by);
    return at;
  }

  return {
    /** @throws TenureError not_found, refused (there is nothing to be decided about). */
    async preview({ sessionId, into }: InputOf<'worktrees.preview'>): Promise<WorkPreview> {
      const session = row(sessionId);
      const at = await look(session, into);
      const plan = await planFor(at);
      const { repository, target, targetCommit, tip } = at;
      const [ahead, behind] =
        targetCommit === null
          ? [null, null]
          : await Promise.all([
              git.countCommits(repository, targetCommit, tip),
              git.countCommits(repository, tip, targetCommit),
            ]);
      return {
        sessionId,
        tree: at.tree,
        branch: at.branch,
        tip,
        target,
        ahead,
        behind,
        how: plan?.how ?? null,
        conflicts: plan?.conflicts ?? [],
        uncommitted: at.uncommitted.slice(0, SHOWN_FILES),
        obstacles: await obstacles(at, plan),
        loss: await lossOf(at),
        remotes: await git.remotes(repository),
        fate: await fateOf(git, session, noteOf(session)),
      };
    },

    /** @throws TenureError `conflict` (with the files), `refused`; then nothing has changed. */
    async merge({ sessionId, into, leaveUncommitted }: InputOf<'worktrees.merge'>, by: string): Promise<MergeReport> {
      const session = row(sessionId);
      return inRepository(session, async () => {
        const at = await look(session, into);
        const { target, targetCommit } = at;
        const plan = await planFor(at);
        const [first] = await obstacles(at, plan);
        if (first !== undefined) throw new TenureError(plan?.conflicts.length ? 'conflict' : 'refused', first);
        if (at.uncommitted.length > 0 && !leaveUncommitted) {
          throw new TenureError(
            'conflict',
            `The tree of session ${sessionId} has ${lossWords({ uncommittedFiles: at.uncommitted.length, commits: 0 })}, which a merge would leave behind. Say that they are to be left, or have them committed first.`,
          );
        }
        if (plan?.how == null || target === null || targetCommit === null)
          throw new Error('an obstacle has no sentence');
        if (plan.how === 'nothing' && at.tip === at.baseCommit) {
          throw new TenureError('refused', `Session ${sessionId} has made no commit: there is nothing to merge.`);
        }
        const book = { begin: storage.beginMerge, end: storage.endMerge };
        const mark = { by, nonce: deps.ids.uuid(), at: clock.now() };
        const report = await carryOut(git, book, { ...at, target, targetCommit }, plan, mark);
        settle(sessionId, { state: 'merged', by, tip: at.tip, target, mergedAs: report.commit }, () =>
          storage.endMerge(sessionId),
        );
        return report;
      });
    },

    keep({ sessionId }: InputOf<'worktrees.keep'>, by: string): SessionWork {
      const session = row(sessionId);
      const { state } = deps.workOf(session);
      if (session.state !== 'ended') throw new TenureError('refused', `Session ${sessionId} has not ended yet.`);
      if (state !== 'open' && state !== 'kept') {
        throw new TenureError('refused', `There is nothing to keep: the work of session ${sessionId} is ${state}.`);
      }
      settle(sessionId, { state: 'kept', by, tip: null });
      return deps.workOf(session);
    },

    /** @throws TenureError `conflict` naming what would be lost when that is not what was confirmed. */
    async discard({ sessionId, confirm }: InputOf<'worktrees.discard'>, by: string): Promise<SessionWork> {
      const session = row(sessionId);
      return inRepository(session, async () => {
        const at = await discard(session, confirm, by);
        // Merged work stays merged; only its tree has gone.
        const { state } = deps.workOf(session);
        if (state !== 'merged' && state !== 'discarded') settle(sessionId, { state: 'discarded', by, tip: at.tip });
        return deps.workOf(session);
      });
    },

    /** Whether the work of a session is part of its project, from git alone. */
    async fate(sessionId: string): Promise<Fate> {
      const session = row(sessionId);
      return fateOf(git, session, noteOf(session));
    },

    /** Notices merges that were made without Tenure. What cannot be looked at waits for the next time. */
    async recogniseAll(signal: AbortSignal): Promise<void> {
      for (const session of storage.unsettled(LOOKED_AT)) {
        if (signal.aborted) return;
        await recognise(session).catch(() => false);
      }
    },
  };
}
