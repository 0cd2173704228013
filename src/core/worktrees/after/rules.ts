import type { Loss } from '../../../shared/contract/worktrees.ts';
import { lossWords } from '../../../shared/work-words.ts';
import { counted } from '../rules.ts';

export interface LoggedCommit {
  id: string;
  /** Epoch ms; 0: only its id matters. */
  at: number;
  parents: readonly string[];
  message: string;
}

/** A commit of which only its id matters. */
export const alone = (id: string): LoggedCommit => ({ id, at: 0, parents: [], message: '' });

const REVERTS = /^This reverts commit ([0-9a-f]{7,64})/gm;

/**
 * How many commits of a work were taken back by later ones, as git's own message of a revert says it. The
 * revert of a revert brings it back; the revert of the merge takes back all of it.
 * @param since everything on the target since the work began.
 */
export function revertedIn(work: readonly LoggedCommit[], since: readonly LoggedCommit[], tip: string): number {
  const reverts = since.map(({ id, message }) => ({ id, of: [...message.matchAll(REVERTS)].map((m) => m[1] ?? '') }));
  const isReverted = (id: string, depth = 0): boolean =>
    depth < 50 && reverts.some((one) => one.of.some((short) => id.startsWith(short)) && !isReverted(one.id, depth + 1));
  const broughtBy = since.filter(({ parents }) => parents.slice(1).includes(tip));
  if (broughtBy.some(({ id }) => isReverted(id))) return work.length;
  return work.filter(({ id }) => isReverted(id)).length;
}

/** When the newest commit was made that names one of the work as taken back, or its merge; null: none does. */
export function lastRevertOf(
  work: readonly LoggedCommit[],
  since: readonly LoggedCommit[],
  tip: string,
): number | null {
  const merges = since.filter(({ parents }) => parents.slice(1).includes(tip));
  const ids = [...work, ...merges].map(({ id }) => id);
  const reverts = since.filter(({ message }) =>
    [...message.matchAll(REVERTS)].some(([, short = '']) => ids.some((id) => id.startsWith(short))),
  );
  return reverts.length === 0 ? null : Math.max(...reverts.map(({ at }) => at));
}

/** Is that exactly what the person confirmed? Nothing to lose needs no confirmation. */
export const isConfirmed = (loss: Loss, confirm: Loss | undefined): boolean =>
  lossWords(loss) === null || (confirm?.uncommittedFiles === loss.uncommittedFiles && confirm.commits === loss.commits);

/** What is asked before a merge. */
export interface MergeFacts {
  sessionId: string;
  ended: boolean;
  /** A session that goes on in the session's own tree; null: nobody. */
  follower: string | null;
  branch: string | null;
  target: string | null;
  targetExists: boolean;
  /** Where the target is checked out; null: nowhere. */
  targetTree: string | null;
  /** Tracked files that differ from HEAD there. */
  dirty: readonly string[];
  /** Nothing but submodules, at other commits than the tree names. */
  onlySubmodules: boolean;
  /** A half-done merge, rebase and the like there. */
  underWay: string | null;
  /** A session that works in that tree now. */
  occupant: string | null;
}

/**
 * Why the work of a session is not finished, or null: what is in its tree may be half-done.
 * @param facts `follower`: a session that goes on in the session's own tree.
 */
export function whyUnfinished(facts: { sessionId: string; ended: boolean; follower: string | null }): string | null {
  const { sessionId, ended, follower } = facts;
  if (!ended) return `Session ${sessionId} has not ended yet.`;
  if (follower === null) return null;
  return `Session ${follower} goes on in the work tree of session ${sessionId}. Wait until it has ended, or stop it.`;
}

/** Why the work cannot be merged now, each as a sentence. */
export function obstaclesTo(facts: MergeFacts): string[] {
  const { target, targetTree: tree } = facts;
  const unfinished = whyUnfinished(facts);
  if (unfinished !== null) return [unfinished];
  if (target === null) return ['The project has no branch checked out; name the branch to merge into.'];
  if (!facts.targetExists) return [`There is no local branch "${target}" to merge into.`];
  if (target === facts.branch) return [`"${target}" is the branch of the session itself.`];
  const found: string[] = [];
  if (facts.occupant !== null) found.push(`Session ${facts.occupant} works in "${tree}" now.`);
  if (facts.underWay !== null) found.push(`A ${facts.underWay} is under way in "${tree}". Finish or abort it first.`);
  if (facts.dirty.length > 0) {
    const names = facts.dirty.slice(0, 3).join(', ');
    const more = facts.dirty.length > 3 ? ', …' : '';
    const hint = facts.onlySubmodules
      ? 'Only the commit of a submodule differs: run "git submodule update" there, or commit it first.'
      : 'Commit or stash first.';
    found.push(`"${tree}" has ${counted(facts.dirty.length, 'uncommitted file')} (${names}${more}). ${hint}`);
  }
  return found;
}

/** The page of a forge on which a pull request is opened; null: no forge that we know. */
export function compareUrl(remoteUrl: string, target: string, branch: string): string | null {
  const found =
    /^(?:https?:\/\/(?:[^@/]*@)?|ssh:\/\/(?:[^@/]*@)?|[^@/:]+@)([\w.-]+)(?::\d+)?[:/]+(.+?)(?:\.git)?\/?$/.exec(
      remoteUrl,
    );
  if (!found) return null;
  const [, host = '', path = ''] = found;
  const [from, to] = [branch, target].map((name) => name.split('/').map(encodeURIComponent).join('/'));
  if (/(^|\.)github\./.test(host)) return `https://${host}/${path}/compare/${to}...${from}?expand=1`;
  if (/(^|\.)gitlab\./.test(host)) {
    const query = new URLSearchParams({
      'merge_request[source_branch]': branch,
      'merge_request[target_branch]': target,
    });
    return `https://${host}/${path}/-/merge_requests/new?${query}`;
  }
  if (/(^|\.)(gitea|codeberg|forgejo)\./.test(host)) return `https://${host}/${path}/compare/${to}...${from}`;
  return null;
}

/** A remote's address without the name and password that may be in it. */
export const withoutCredentials = (url: string): string => url.replace(/^(\w+:\/\/)[^@/]*@/, '$1');
