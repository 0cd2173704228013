import type { RunResult } from '../kernel/ports.ts';

/** `commit` is null before the first commit, `branch` when HEAD is detached. */
interface Head {
  commit: string | null;
  branch: string | null;
}

/** A file that differs from HEAD. `entry` is git's whole record of it: states, modes, object ids, path. */
interface Change {
  path: string;
  entry: string;
}

export interface TreeState {
  head: Head;
  changes: Change[];
}

export interface DiffSize {
  files: number;
  insertions: number;
  deletions: number;
}

export interface LinkedTree {
  path: string;
  /** Without `refs/heads/`; null when HEAD is detached. */
  branch: string | null;
  /** Its folder is not where it was. */
  missing: boolean;
  /** Why it is locked; null when it is not. `initializing`: git was ended while it made it. */
  locked: string | null;
}

/** Lines of git's that say nothing of why it failed. */
const ASIDE = /^(warning|hint):|^(Preparing|Updating|From|To) |^remote:\s*$/;

/** Git's own complaint, on one line without `fatal:`; with what a program that it ran said just before. */
export function wordsOf(result: RunResult): string {
  const lines = result.stderr.split('\n').filter((line) => line.trim() !== '');
  const at = lines.findIndex((text) => /^(fatal|error):/.test(text));
  const plain = (line: string | undefined): string =>
    (line ?? '')
      .replace(/^(fatal|error|remote): /, '')
      .trim()
      .replace(/[.:]$/, '');
  const line = plain(lines[at] ?? lines.at(-1) ?? `exit code ${result.exitCode}`);
  const before = lines.slice(0, Math.max(at, 0)).findLast((text) => !ASIDE.test(text));
  // A list of files follows with a tab before each.
  const rest = at === -1 ? [] : lines.slice(at + 1);
  const end = rest.findIndex((text) => !text.startsWith('\t'));
  const files = rest.slice(0, end === -1 ? rest.length : end).map((text) => text.trim());
  const whole = files.length === 0 ? line : `${line}: ${files.join(', ')}`;
  return (before === undefined ? whole : `${plain(before)}; ${whole}`).slice(0, 300);
}

/** One answer; a path may itself end in a line break, so only the last one goes. */
export const lineOf = (stdout: string): string => stdout.replace(/\n$/, '');

/** How many fields stand before the path, by the kind of a record of `status --porcelain=v2`. */
const FIELDS: Readonly<Record<string, number>> = { '1': 8, u: 10, '?': 1 };

/**
 * Reads `git status --porcelain=v2 --branch -z --no-renames`.
 * @throws Error when the head is not in it: then it is no such output, or the beginning was lost.
 */
export function parseState(output: string): TreeState {
  const records = output.split('\0').filter((record) => record !== '');
  const header = (name: string): string => {
    const start = `# branch.${name} `;
    const found = records.find((record) => record.startsWith(start));
    if (found === undefined) throw new Error(`git status told no branch.${name}`);
    return found.slice(start.length);
  };
  const oid = header('oid');
  const branch = header('head');
  const changes = records.flatMap((entry) => {
    const fields = FIELDS[entry.charAt(0)];
    if (fields === undefined || entry.charAt(1) !== ' ') return [];
    return [{ entry, path: entry.split(' ').slice(fields).join(' ') }];
  });
  return {
    head: { commit: oid === '(initial)' ? null : oid, branch: branch === '(detached)' ? null : branch },
    changes,
  };
}

/** Reads `git worktree list --porcelain -z`. */
export function parseTrees(output: string): LinkedTree[] {
  return output.split('\0\0').flatMap((block) => {
    const lines = block.split('\0').filter((line) => line !== '');
    const path = lines.find((line) => line.startsWith('worktree '))?.slice('worktree '.length);
    if (path === undefined) return [];
    const lock = lines.find((line) => /^locked( |$)/.test(line));
    return [
      {
        path,
        branch: lines.find((line) => line.startsWith('branch '))?.slice('branch refs/heads/'.length) ?? null,
        missing: lines.some((line) => /^prunable( |$)/.test(line)),
        locked: lock === undefined ? null : lock.slice('locked '.length),
      },
    ];
  });
}
