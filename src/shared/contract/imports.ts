import { z } from 'zod';
import { query } from './define.ts';

/**
 * What a session in a terminal does, as far as Claude Code tells: `ended` where its own listing no longer has
 * it, `unknown` where that listing could not be had.
 */
export const TerminalStatus = z.enum(['working', 'waiting', 'idle', 'ended', 'unknown']);
export type TerminalStatus = z.infer<typeof TerminalStatus>;

/** A session that the person started outside Tenure: shown, never measured, never counted, not to be stopped here. */
export const TerminalSession = z.object({
  /** Claude Code's own id of the conversation. */
  id: z.string(),
  projectId: z.string(),
  project: z.string(),
  cwd: z.string(),
  status: TerminalStatus,
  /** What the person said first, in one line, or the name that the listing gives; null: not known. */
  title: z.string().nullable(),
  /** What it waits for, in the listing's words. */
  waitingFor: z.string().nullable(),
  model: z.string().nullable(),
  version: z.string().nullable(),
  branch: z.string().nullable(),
  startedAt: z.number().nullable(),
  lastActivityAt: z.number().nullable(),
  /** Null: not all of its record has been read (yet), so nobody knows. */
  inputTokens: z.number().nullable(),
  outputTokens: z.number().nullable(),
  pid: z.number().nullable(),
});
export type TerminalSession = z.infer<typeof TerminalSession>;

export const TerminalList = z.object({
  sessions: z.array(TerminalSession),
  /** Sessions that run in folders of no registered project: counted, not shown. Null: not known. */
  elsewhere: z.number().nullable(),
  /** Why Claude Code's own listing could not be had; then only its records were read. */
  problem: z.string().nullable(),
});
export type TerminalList = z.infer<typeof TerminalList>;

export const importMethods = {
  'imports.list': query({
    summary: 'Claude Code sessions that the person started in a terminal, on registered projects; read-only.',
    input: z.object({}),
    output: TerminalList,
  }),
  'imports.transcript': query({
    summary: 'The end of the transcript of a session in a terminal.',
    input: z.object({ id: z.string(), limit: z.number().int().min(1).max(1_000).optional() }),
    output: z.object({
      entries: z.array(
        z.object({ at: z.number(), kind: z.string(), title: z.string(), text: z.string(), failed: z.boolean() }),
      ),
      /** There is more before these. */
      cut: z.boolean(),
      path: z.string(),
    }),
  }),
};
