import { z } from 'zod';

/** Of the work of a session: all of it, what is committed, or what is not. */
export const DiffPart = z.enum(['all', 'committed', 'uncommitted']);
export type DiffPart = z.infer<typeof DiffPart>;

export const DiffStatus = z.enum(['added', 'deleted', 'modified', 'renamed', 'type_changed', 'conflicted']);
export type DiffStatus = z.infer<typeof DiffStatus>;

/** A file that differs. Paths are relative to the top of the tree, as git stores them: with `/`, any character. */
export const DiffFile = z.object({
  path: z.string(),
  /** Where it was before; null unless it was renamed. */
  from: z.string().nullable(),
  status: DiffStatus,
  kind: z.enum(['file', 'symlink', 'submodule']),
  /** Git's modes (`100644`, `100755`, `120000`, `160000`); null on the side where it does not exist. */
  modeBefore: z.string().nullable(),
  modeAfter: z.string().nullable(),
  /** Has no lines to be shown or counted. */
  binary: z.boolean(),
  /** Lines; null for a binary file. */
  added: z.number().nullable(),
  removed: z.number().nullable(),
  /** Something of the change is not committed yet. */
  uncommitted: z.boolean(),
});
export type DiffFile = z.infer<typeof DiffFile>;

/** Counts over a whole diff; binary files have no lines. */
export const DiffTotals = z.object({ files: z.number(), added: z.number(), removed: z.number() });
export type DiffTotals = z.infer<typeof DiffTotals>;

export const WorkDiff = z.object({
  sessionId: z.string(),
  part: DiffPart,
  /** The commit from which the session started. */
  baseCommit: z.string(),
  /** The newest commit of the session. */
  headCommit: z.string(),
  /** Its files are on the disk, so that what is not committed is part of this. */
  hasTree: z.boolean(),
  /** By path. At most `DIFF_FILES` of them; `total` counts all. */
  files: z.array(DiffFile),
  truncated: z.boolean(),
  total: DiffTotals,
  committed: DiffTotals,
  /** Null when there is no tree any more. */
  uncommitted: DiffTotals.nullable(),
});
export type WorkDiff = z.infer<typeof WorkDiff>;

/** The most files that a diff lists. */
export const DIFF_FILES = 2_000;

export const DiffLine = z.object({
  kind: z.enum(['context', 'added', 'removed']),
  /** Without its line feed; a carriage return before that stays. */
  text: z.string(),
  /** The line's number before and after, from 1; null on the side where it is not. */
  before: z.number().nullable(),
  after: z.number().nullable(),
  /** The last line of the file, which has no line feed. */
  noNewline: z.boolean(),
  /** Longer than a line may be shown: the rest is left out. */
  cut: z.boolean(),
});
export type DiffLine = z.infer<typeof DiffLine>;

export const DiffHunk = z.object({
  before: z.object({ start: z.number(), lines: z.number() }),
  after: z.object({ start: z.number(), lines: z.number() }),
  /** The function or section that git found before it; '' for none. */
  heading: z.string(),
  lines: z.array(DiffLine),
});
export type DiffHunk = z.infer<typeof DiffHunk>;

export const FileDiff = z.object({
  file: DiffFile,
  /** Bytes; null on the side where it does not exist, and for a submodule. */
  sizeBefore: z.number().nullable(),
  sizeAfter: z.number().nullable(),
  /** The commits that a submodule points to; null for any other file. */
  submodule: z.object({ before: z.string().nullable(), after: z.string().nullable() }).nullable(),
  /** Empty for a binary file, and for a change of the mode or name alone. */
  hunks: z.array(DiffHunk),
  /** All lines of all hunks; more than are in `hunks` when `truncated`. Null: too large to be counted. */
  totalLines: z.number().nullable(),
  truncated: z.boolean(),
});
export type FileDiff = z.infer<typeof FileDiff>;
