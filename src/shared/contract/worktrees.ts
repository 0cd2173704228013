import { z } from 'zod';
import { command, query } from './define.ts';
import { DiffPart, FileDiff, WorkDiff } from './diff.ts';

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
  /** When that was done last, epoch ms, as its commit says; null: nothing was. */
  revertedAt: z.number().nullable(),
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
  /**
   * What is lost when a person has it removed by its path (`worktrees.remove`): of a folder about which no
   * session can be asked. Without its repository, all its files count. Null: it is not removed so.
   */
  loss: Loss.nullable(),
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
    input: z.object({
      sessionId: z.string(),
      part: DiffPart.optional(),
      /** Only list files with this in their path, new or old, in upper or lower case; the totals stay those of all. */
      matching: z.string().max(200).optional(),
    }),
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
  'worktrees.remove': command({
    summary:
      'Remove a folder among the work trees that is no session’s, or whose repository is gone. What would be lost has to be confirmed by its numbers.',
    input: z.object({ path: z.string().min(1).max(4_096), confirm: Loss.optional() }),
    output: z.object({ path: z.string(), bytes: z.number().nullable() }),
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
