import type { WorkTrees } from '../../engine/worktrees.ts';
import type { Handlers } from '../dispatch.ts';

/** The work of sessions: to be looked at. */
export function worktreeHandlers({ diffs }: WorkTrees) {
  return {
    'worktrees.diff': (input) => diffs.diff(input),
    'worktrees.fileDiff': (input) => diffs.fileDiff(input),
  } satisfies Partial<Handlers>;
}
