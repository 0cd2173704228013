import { z } from 'zod';
import { LEVELS } from '../policy.ts';
import { command, query } from './define.ts';

export const Level = z.enum(LEVELS);

export const MissedRunPolicy = z.enum(['skip', 'run_once']);
export type MissedRunPolicy = z.infer<typeof MissedRunPolicy>;

/** A cron expression of a project with its computed next run (epoch ms). */
export const Schedule = z.object({
  cron: z.string(),
  timezone: z.string(),
  prompt: z.string().nullable(),
  missed: MissedRunPolicy,
  nextRunAt: z.number().nullable(),
  lastRunAt: z.number().nullable(),
  lastNote: z.string().nullable(),
});
export type Schedule = z.infer<typeof Schedule>;

export const AgentKind = z.enum(['claude', 'demo']);
export type AgentKind = z.infer<typeof AgentKind>;

/**
 * Where a session with a work tree of its own starts: `current`, what is checked out in the project's folder
 * (its upstream, when the branch is only behind that); `remote`, the default branch of the remote.
 */
export const Base = z.enum(['current', 'remote']);
export type Base = z.infer<typeof Base>;

export const Project = z.object({
  id: z.string(),
  name: z.string(),
  /** Absolute path of the git work tree's top level, symlinks resolved. */
  path: z.string(),
  agent: AgentKind,
  defaultPrompt: z.string().nullable(),
  model: z.string().nullable(),
  verifyCommand: z.string().nullable(),
  verifyTimeoutMs: z.number(),
  worktree: z.boolean(),
  base: Base,
  /** Patterns, relative to the project's folder, of untracked files that a new work tree gets a copy of. */
  include: z.array(z.string()),
  /** Run in each new work tree before the agent starts. */
  setupCommand: z.string().nullable(),
  setupTimeoutMs: z.number(),
  ceiling: Level,
  protected: z.boolean(),
  timeBoxMs: z.number(),
  schedule: Schedule.nullable(),
  createdAt: z.number(),
  /** A sentence when the project cannot be used now (moved, deleted, no longer a repository), else null. */
  problem: z.string().nullable(),
});
export type Project = z.infer<typeof Project>;

/** As git's `:(glob)` pathspecs: `*` stays in a folder, `**` does not, a folder stands for all that is in it. */
const IncludePattern = z
  .string()
  .trim()
  .min(1)
  .max(300)
  .refine((text) => !/^(\/|~|:|!)|(^|\/)\.\.(\/|$)|\0/.test(text) && !/^\.git(\/|$)/.test(text), {
    error: 'a pattern is relative to the project’s folder and stays in it, as in "config/*.local.json"',
  });

const settings = {
  name: z.string().trim().min(1).max(80),
  defaultPrompt: z.string().max(100_000).nullable(),
  model: z.string().trim().min(1).max(100).nullable(),
  verifyCommand: z.string().trim().min(1).max(4_000).nullable(),
  verifyTimeoutMs: z.number().int().min(1_000).max(7_200_000),
  worktree: z.boolean(),
  base: Base,
  include: z.array(IncludePattern).max(50),
  setupCommand: z.string().trim().min(1).max(4_000).nullable(),
  setupTimeoutMs: z.number().int().min(1_000).max(7_200_000),
  ceiling: Level,
  protected: z.boolean(),
  timeBoxMs: z.number().int().min(1_000).max(86_400_000),
};

export const ProjectSettings = z.object(settings).partial();
export type ProjectSettings = z.infer<typeof ProjectSettings>;

export const ScheduleInput = z.object({
  cron: z.string().trim().min(1).max(200),
  timezone: z.string().optional(),
  prompt: z.string().max(100_000).nullable().optional(),
  missed: MissedRunPolicy.optional(),
});
export type ScheduleInput = z.infer<typeof ScheduleInput>;

export const projectMethods = {
  'projects.list': query({
    summary: 'Every registered project.',
    input: z.object({}),
    output: z.array(Project),
  }),
  'projects.find': {
    // It tells names of folders of the person's that Tenure was never shown: for the owner alone.
    ...query({
      summary: 'Git repositories below a folder, or where people keep code, with those that are projects already.',
      input: z.object({ folder: z.string().min(1).max(4_096).optional() }),
      output: z.object({
        repositories: z.array(z.object({ path: z.string(), name: z.string(), registered: z.boolean() })),
        /** There may be more. */
        cut: z.boolean(),
      }),
    }),
    access: 'owner' as const,
  },
  'projects.add': command({
    summary: 'Register a git work tree as a project.',
    input: z.object({ path: z.string().min(1).max(4_096), ...ProjectSettings.shape }),
    output: Project,
  }),
  'projects.update': command({
    summary: 'Change settings of a project.',
    input: z.object({ id: z.string(), ...ProjectSettings.shape }),
    output: Project,
  }),
  'projects.remove': command({
    summary: 'Forget a project. Its repository, work trees and history stay.',
    input: z.object({ id: z.string() }),
    output: z.object({ id: z.string() }),
  }),
  'projects.schedule': command({
    summary: 'Set or clear (null) the schedule of a project.',
    input: z.object({ id: z.string(), schedule: ScheduleInput.nullable() }),
    output: Project,
  }),
};

export const projectFacts = {
  'project.saved': z.object({ project: Project }),
  /** `name`: for the log; facts of older versions have none. */
  'project.removed': z.object({ id: z.string(), name: z.string().optional() }),
};
