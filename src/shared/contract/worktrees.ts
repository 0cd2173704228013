import { z } from 'zod';
import { command, query } from './define.ts';

/**
 * What became of the work of a session. `open`: nobody has decided yet, or it still works; `none`: it has no
 * branch of its own, or made nothing.
 */
export const WorkState = z.enum(['open', 'merged', 'kept', 'discarded', 'none']);
export type WorkState = z.infer<typeof WorkState>;

export const SessionWork = z.object({
  state: WorkState,
  /** When that was decided, epoch ms; null while it is open or none. */
  at: z.number().nullable(),
  /** Who decided: how the owner was proved, or `outside` for a merge that was made without Tenure. */
  by: z.string().nullable(),
  /** The project's branch that it is meant for; null: unknown. */
  target: z.string().nullable(),
  /** Something about its place that a person should know. */
  note: z.string().nullable(),
});
export type SessionWork = z.infer<typeof SessionWork>;

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

/** How a merge would go, or went. */
export const MergeHow = z.enum(['nothing', 'fast_forward', 'merge_commit']);
export type MergeHow = z.infer<typeof MergeHow>;

/** Whether the work of a session is part of the project, from git alone. */
export const Fate = z.object({
  /** `none`: it has no commits; `reverted`: it was merged, and all of it was taken back since. */
  fate: z.enum(['none', 'open', 'merged', 'reverted']),
  target: z.string().nullable(),
  /** Commits of the session. */
  commits: z.number(),
  /** How many of them were taken back on the target. */
  reverted: z.number(),
});
export type Fate = z.infer<typeof Fate>;

/** What would be lost with a tree and a branch: the sentence of a confirmation. */
export const Loss = z.object({
  uncommittedFiles: z.number().int().min(0),
  /** Commits on no other branch, tag or remote. */
  commits: z.number().int().min(0),
});
export type Loss = z.infer<typeof Loss>;

export const WorkPreview = z.object({
  sessionId: z.string(),
  /** Null: gone. */
  tree: z.string().nullable(),
  branch: z.string().nullable(),
  /** The newest commit of the work. */
  tip: z.string(),
  /** The branch that it would be merged into. */
  target: z.string().nullable(),
  /** Commits of the work that the target has not, and the other way round; null: there is no target. */
  ahead: z.number().nullable(),
  behind: z.number().nullable(),
  /** Null when it cannot be said, or when there are conflicts. */
  how: MergeHow.nullable(),
  /** Files in which both sides changed the same. */
  conflicts: z.array(z.string()),
  /** Uncommitted files of its tree; a merge takes commits only. The first 100. */
  uncommitted: z.array(z.string()),
  /** Why it cannot be merged now, as sentences; empty: it can. */
  obstacles: z.array(z.string()),
  /** What a discard would lose. */
  loss: Loss,
  /** Names of the remotes that it can be pushed to. */
  remotes: z.array(z.string()),
  fate: Fate,
});
export type WorkPreview = z.infer<typeof WorkPreview>;

export const MergeReport = z.object({
  sessionId: z.string(),
  target: z.string(),
  how: MergeHow,
  /** Where the target is now. */
  commit: z.string(),
});
export type MergeReport = z.infer<typeof MergeReport>;

export const TreeUse = z.object({
  path: z.string(),
  projectId: z.string(),
  project: z.string(),
  /** Null: no session knows it. */
  sessionId: z.string().nullable(),
  /** Bytes on the disk; null: not measured yet. */
  bytes: z.number().nullable(),
  work: WorkState.nullable(),
  /** Null: it can be cleaned, nothing is lost with it. Else why it stays. */
  keeps: z.string().nullable(),
});
export type TreeUse = z.infer<typeof TreeUse>;

export const TreeUses = z.object({
  trees: z.array(TreeUse),
  /** Of what is measured. */
  totalBytes: z.number(),
  /** Of what can be cleaned and is measured. */
  cleanableBytes: z.number(),
  projects: z.array(z.object({ projectId: z.string(), project: z.string(), bytes: z.number(), trees: z.number() })),
  /** False while some trees are still measured. */
  complete: z.boolean(),
});
export type TreeUses = z.infer<typeof TreeUses>;

const ofSession = z.object({ sessionId: z.string() });
const branchName = z.string().trim().min(1).max(200);
const confirmedPush = {
  sessionId: z.string(),
  remote: z.string().min(1).max(200),
  /** The name that the branch gets there. */
  branch: branchName,
  /** That the person has seen the remote and the branch. */
  confirm: z.literal(true),
};

export const worktreeMethods = {
  'worktrees.diff': query({
    summary: 'The files that a session changed since its base, with added and removed lines.',
    input: z.object({ sessionId: z.string(), part: DiffPart.optional() }),
    output: WorkDiff,
  }),
  'worktrees.fileDiff': query({
    summary: 'What a session changed in one file, as hunks.',
    input: z.object({
      sessionId: z.string(),
      /** A path of `worktrees.diff`. */
      path: z.string().min(1).max(4_096),
      part: DiffPart.optional(),
      /** The most lines of all hunks together; default 2,000. */
      maxLines: z.number().int().min(1).max(50_000).optional(),
      /** Unchanged lines around a change; default 3. */
      context: z.number().int().min(0).max(10_000).optional(),
    }),
    output: FileDiff,
  }),
  'worktrees.preview': query({
    summary: 'What merging or discarding the work of a session would do. Touches nothing.',
    input: ofSession.extend({ into: branchName.optional() }),
    output: WorkPreview,
  }),
  'worktrees.merge': command({
    summary:
      "Merge the work of a session into the project's branch: a fast-forward where it can be, else a merge commit.",
    input: ofSession.extend({
      into: branchName.optional(),
      /** Merge the commits although its tree has uncommitted files, which stay where they are. */
      leaveUncommitted: z.boolean().optional(),
    }),
    output: MergeReport,
  }),
  'worktrees.keep': command({
    summary: 'Keep the branch and the work tree of a session as they are.',
    input: ofSession,
    output: SessionWork,
  }),
  'worktrees.discard': command({
    summary: 'Remove the work tree and the branch of a session. What would be lost has to be confirmed by its numbers.',
    input: ofSession.extend({ confirm: Loss.optional() }),
    output: SessionWork,
  }),
  'worktrees.open': command({
    summary: 'Open the work tree of a session in the editor or in a terminal.',
    input: ofSession.extend({ with: z.enum(['editor', 'terminal']) }),
    output: z.object({ path: z.string(), command: z.array(z.string()) }),
  }),
  'worktrees.push': command({
    summary: 'Push the work of a session as a branch of a remote, never by force.',
    input: z.object(confirmedPush),
    output: z.object({ remote: z.string(), branch: z.string(), commit: z.string(), url: z.string().nullable() }),
  }),
  'worktrees.openPullRequest': command({
    summary: 'Push the work of a session and open a pull request for it, or say where one can be opened.',
    input: z.object({ ...confirmedPush, title: z.string().trim().min(1).max(200).optional() }),
    output: z.object({ url: z.string(), created: z.boolean(), note: z.string().nullable() }),
  }),
  'worktrees.list': query({
    summary: 'Every work tree with its size and whether it can go.',
    input: z.object({ projectId: z.string().optional(), fresh: z.boolean().optional() }),
    output: TreeUses,
  }),
  'worktrees.clean': command({
    summary: 'Remove work trees with which nothing is lost: those named, or all of them.',
    input: z.object({ paths: z.array(z.string()).max(1_000).optional(), projectId: z.string().optional() }),
    output: z.object({
      removed: z.array(z.object({ path: z.string(), bytes: z.number().nullable() })),
      kept: z.array(z.object({ path: z.string(), why: z.string() })),
    }),
  }),
};

export const worktreeFacts = {
  /** Work of a session has left this machine. */
  'work.pushed': z.object({
    sessionId: z.string(),
    remote: z.string(),
    branch: z.string(),
    commit: z.string(),
    by: z.string(),
  }),
};
