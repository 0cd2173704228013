import { z } from 'zod';
import { query } from './define.ts';

export const TranscriptKind = z.enum([
  'prompt',
  'text',
  'thinking',
  'tool',
  /** A result whose call is not in the transcript; others stand with their call. */
  'tool_result',
  'result',
  'system',
  /** A line of an unknown type, or no JSON at all: as it is. */
  'raw',
]);
export type TranscriptKind = z.infer<typeof TranscriptKind>;

/** What of a transcript is wanted: what was said, what was done, what went wrong. */
export const TranscriptFilter = z.enum(['text', 'tools', 'errors']);
export type TranscriptFilter = z.infer<typeof TranscriptFilter>;

/** One entry of a transcript, made readable. A tool call and what came back are one entry. */
export const TranscriptEntry = z.object({
  /** Its number in the whole transcript, from 0; stays the same while the transcript grows. */
  n: z.number(),
  /** Epoch ms; 0 where the line does not tell. */
  at: z.number(),
  kind: TranscriptKind,
  /** Who or what: `assistant`, the tool's name, the type of a raw line. */
  title: z.string(),
  /** One line for when it is folded; empty where the text says it. */
  summary: z.string(),
  text: z.string(),
  /** Characters of the whole text; more than `text` has: it is cut here, and `sessions.transcriptEntry` has it whole. */
  chars: z.number(),
  /** It failed, or tells of a failure. */
  failed: z.boolean(),
  /** Of a tool call: what came back. */
  tool: z
    .object({
      id: z.string(),
      /** Null: nothing came back yet. */
      ok: z.boolean().nullable(),
      /** From the call to its result, milliseconds. */
      durationMs: z.number().nullable(),
      output: z.string(),
      outputChars: z.number(),
    })
    .nullable(),
  /** 0: the agent itself; 1 and more: a subagent, and its subagents. */
  depth: z.number(),
  /** The call that started the subagent which says this; null for the agent itself, or when it is not known. */
  parent: z.number().nullable(),
});
export type TranscriptEntry = z.infer<typeof TranscriptEntry>;

export const TranscriptPage = z.object({
  entries: z.array(TranscriptEntry),
  /** The place of the first of them among those that the filter leaves. */
  from: z.number(),
  /** How many the filter leaves, and how many there are. */
  total: z.number(),
  all: z.number(),
  /** Bytes of the transcript that were read so far: give it as `after` to ask whether there is more. */
  bytes: z.number(),
});
export type TranscriptPage = z.infer<typeof TranscriptPage>;

export const TranscriptHit = z.object({
  n: z.number(),
  /** Its place among those that the filter leaves. */
  place: z.number(),
});
export type TranscriptHit = z.infer<typeof TranscriptHit>;

export const transcriptMethods = {
  'sessions.transcript': query({
    summary: 'A page of a transcript; from -1 means the last page.',
    input: z.object({
      id: z.string(),
      from: z.number().int().min(-1),
      limit: z.number().int().min(1).max(1_000).optional(),
      only: TranscriptFilter.optional(),
      /** Bytes that the caller knows of: without anything newer the answer has no entries. */
      after: z.number().int().min(0).optional(),
    }),
    output: TranscriptPage,
  }),
  'sessions.transcriptEntry': query({
    summary: 'One entry of a transcript with the whole of its texts.',
    input: z.object({ id: z.string(), n: z.number().int().min(0) }),
    output: TranscriptEntry,
  }),
  'sessions.transcriptSearch': query({
    summary: 'Looks for a text in the next stretch of a transcript; call again from `next` until that is null.',
    input: z.object({
      id: z.string(),
      text: z.string().min(1).max(500),
      only: TranscriptFilter.optional(),
      /** Byte at which to begin: 0, or the `next` of the answer before. */
      from: z.number().int().min(0),
    }),
    output: z.object({
      hits: z.array(TranscriptHit),
      next: z.number().nullable(),
      /** Bytes of the whole transcript, to tell how far the search has come. */
      bytes: z.number(),
    }),
  }),
};
