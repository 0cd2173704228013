import { extname } from 'node:path';
import type { ChangedFile, Evidence } from '../../../shared/contract/evidence.ts';
import { briefOf } from './brief.ts';
import { flagsOf, secretsIn } from './flags.ts';
import type { Patched, PatchedLine } from './patched.ts';
import { roleOf } from './roles.ts';
import { testsIn } from './tests.ts';
import { createVerifyChange } from './verify-change.ts';

interface GitFile {
  path: string;
  from: string | null;
  status: 'added' | 'deleted' | 'modified' | 'renamed' | 'type_changed';
  modeBefore: string | null;
  modeAfter: string | null;
  objectBefore: string | null;
  objectAfter: string | null;
  added: number | null;
  removed: number | null;
}

interface GitHunk {
  before: { start: number; lines: number };
  after: { start: number; lines: number };
  heading: string;
  lines: {
    kind: 'context' | 'added' | 'removed';
    text: string;
    before: number | null;
    after: number | null;
    noNewline: boolean;
    cut: boolean;
  }[];
}

/** What is used of git; each throws TenureError with git's own words. */
export interface LookGit {
  changedFiles(
    cwd: string,
    range: { from: string; to: string | null },
    options?: { unpaired?: boolean; paths?: readonly string[] },
  ): Promise<GitFile[]>;
  filePatch(
    cwd: string,
    range: { from: string; to: string | null },
    file: GitFile,
    limits: { maxLines: number; maxLength: number; context: number },
  ): Promise<{ hunks: GitHunk[]; truncated: boolean } | null>;
  fileAt(cwd: string, commit: string, path: string): Promise<string | null>;
  pathsAt(cwd: string, commit: string): Promise<string[]>;
}

export type Looked = Pick<Evidence, 'files' | 'named' | 'outside' | 'tests' | 'secrets' | 'flags'>;

/** The most files of which the lines are read; those that tell the most come first. */
const MOST_READ = 150;
const MOST_SHOWN = 200;
const LIMITS = { maxLines: 4_000, maxLength: 1_000, context: 3 };
/** Files that say more of a session than their size: read first. */
const TELLING: Readonly<Record<ChangedFile['role'], number>> = {
  agent: 0,
  ci: 0,
  verify: 0,
  golden: 1,
  test: 1,
  source: 2,
};
const STATUS = {
  added: 'added',
  deleted: 'deleted',
  modified: 'changed',
  type_changed: 'changed',
  renamed: 'renamed',
} as const;
const size = (file: ChangedFile): number => (file.insertions ?? 0) + (file.deletions ?? 0);

/** Looks at what changed between two commits: which files, which lines, and what of it a person should see. */
export function createLook(git: LookGit) {
  const verifyChange = createVerifyChange(git);

  async function patchOf(cwd: string, from: string, to: string, found: GitFile, read: boolean): Promise<Patched> {
    const file: Patched = {
      path: found.path,
      from: found.from,
      status: STATUS[found.status],
      role: roleOf(found.path),
      insertions: found.added,
      deletions: found.removed,
      added: [],
      removed: [],
      text: '',
      cut: false,
    };
    if (found.added === null) return file;
    if (!read) return { ...file, cut: true };
    const patch = await git.filePatch(cwd, { from, to }, found, LIMITS);
    if (patch === null) return { ...file, cut: true };
    const lines = patch.hunks.flatMap((hunk) => hunk.lines);
    const side = (kind: 'added' | 'removed'): PatchedLine[] =>
      lines.flatMap((each) =>
        each.kind === kind ? [{ text: each.text, line: (kind === 'added' ? each.after : each.before) ?? 0 }] : [],
      );
    const cut = patch.truncated || lines.some((each) => each.cut);
    return { ...file, added: side('added'), removed: side('removed'), text: patch.hunks.map(unified).join('\n'), cut };
  }

  /** The changed files. One that was moved to where it is of another kind is one that went and one that came. */
  async function filesBetween(cwd: string, from: string, to: string): Promise<GitFile[]> {
    const found = await git.changedFiles(cwd, { from, to });
    const moved = found.filter((file) => file.from !== null && kindOf(file.from) !== kindOf(file.path));
    if (moved.length === 0) return found;
    const paths = moved.flatMap((file) => (file.from === null ? [] : [file.path, file.from]));
    const apart = await git.changedFiles(cwd, { from, to }, { unpaired: true, paths });
    return [...found.filter((file) => !moved.includes(file)), ...apart];
  }

  /** The changed files with their lines, the most telling first. */
  async function patches(cwd: string, from: string, to: string): Promise<Patched[]> {
    const changed = (await filesBetween(cwd, from, to))
      .map((file) => ({ file, rank: TELLING[roleOf(file.path)] }))
      .toSorted(
        (a, b) =>
          a.rank - b.rank || (b.file.added ?? 0) + (b.file.removed ?? 0) - (a.file.added ?? 0) - (a.file.removed ?? 0),
      );
    const read: Patched[] = [];
    for (const [index, { file }] of changed.entries()) {
      read.push(await patchOf(cwd, from, to, file, index < MOST_READ));
    }
    return read;
  }

  return {
    patches,

    /** What can be seen of a session's work. @throws TenureError when git cannot tell. */
    async look(
      cwd: string,
      range: { from: string; to: string },
      session: { prompt: string; verifyCommand: string | null },
    ): Promise<Looked & { patches: Patched[] }> {
      const { from, to } = range;
      const files = await patches(cwd, from, to);
      const changed = files.flatMap(({ path, from: old }) => (old === null ? [path] : [path, old]));
      const known = new Set([...(await git.pathsAt(cwd, from)), ...(await git.pathsAt(cwd, to))]);
      const brief = briefOf(session.prompt, known, changed);
      const tests = testsIn(files);
      const verify = await verifyChange(cwd, range, session.verifyCommand, [...known]);
      return {
        files: files
          .map(({ path, status, role, insertions, deletions }) => ({ path, status, role, insertions, deletions }))
          .toSorted((a, b) => size(b) - size(a))
          .slice(0, MOST_SHOWN),
        ...brief,
        tests,
        secrets: secretsIn(files).map(({ path, line }) => ({ path, line })),
        flags: flagsOf({ prompt: session.prompt, files, tests, verify, brief }),
        patches: files,
      };
    },
  };
}

/** What a program makes of a file: by its role, and by the end of its name. */
const kindOf = (path: string): string => `${roleOf(path)} ${extname(path)}`;

const MARKS = { context: ' ', added: '+', removed: '-' } as const;

const unified = ({ before, after, heading, lines }: GitHunk): string =>
  [
    `@@ -${before.start},${before.lines} +${after.start},${after.lines} @@ ${heading}`.trimEnd(),
    ...lines.map(({ kind, text }) => MARKS[kind] + text),
  ].join('\n');
