import type { Loss, MergeHow, SessionWork, WorkState } from './contract/worktrees.ts';
import { count } from './format.ts';

/** What became of the work of a session, on screen and in the CLI. */
export const WORK_WORDS: Readonly<Record<WorkState, string>> = {
  open: 'not decided',
  merged: 'merged',
  kept: 'kept',
  discarded: 'discarded',
  none: 'nothing to merge',
};

export const HOW_WORDS: Readonly<Record<MergeHow, string>> = {
  nothing: 'nothing to do, it has all of it',
  fast_forward: 'a fast-forward',
  merge_commit: 'a merge commit',
};

/** What a person would lose, in words; null: nothing. */
export function lossWords({ uncommittedFiles, commits }: Loss): string | null {
  const parts = [
    uncommittedFiles > 0 ? count(uncommittedFiles, 'uncommitted file') : null,
    commits > 0 ? `${count(commits, 'commit')} that no other branch has` : null,
  ].filter((part) => part !== null);
  return parts.length === 0 ? null : parts.join(' and ');
}

/** A few words for a row; null while nobody has decided, and for a session that left nothing. */
export function workWords({ state, target, by }: SessionWork): string | null {
  if (state === 'open' || state === 'none') return null;
  if (state !== 'merged') return WORK_WORDS[state];
  const into = target === null ? 'merged' : `merged into ${target}`;
  return by === 'outside' ? `${into} by hand` : into;
}
