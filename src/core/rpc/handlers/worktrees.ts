import type { WorkTrees } from '../../engine/worktrees.ts';
import type { Handlers } from '../dispatch.ts';

/** The work of sessions: to be looked at, and to be decided about. */
export function worktreeHandlers({ diffs, after, use, outside }: WorkTrees) {
  return {
    'worktrees.diff': (input) => diffs.diff(input),
    'worktrees.fileDiff': (input) => diffs.fileDiff(input),
    'worktrees.preview': (input) => after.preview(input),
    'worktrees.merge': (input, caller) => after.merge(input, caller.name),
    'worktrees.keep': (input, caller) => after.keep(input, caller.name),
    'worktrees.discard': (input, caller) => after.discard(input, caller.name),
    'worktrees.open': (input) => outside.open(input),
    'worktrees.push': (input, caller) => outside.push(input, caller.name),
    'worktrees.openPullRequest': (input, caller) => outside.openPullRequest(input, caller.name),
    'worktrees.list': (input) => use.list(input),
    'worktrees.remove': (input, caller) => use.remove(input, caller.name),
    'worktrees.clean': (input, caller) => use.clean(input, caller.name),
  } satisfies Partial<Handlers>;
}
