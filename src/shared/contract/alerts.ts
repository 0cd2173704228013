import { z } from 'zod';
import { LEVELS } from '../policy.ts';
import { command, query } from './define.ts';
import { Trust } from './trust.ts';
import { AlertCounts } from './trust-record.ts';

export const AlertKind = z.enum([
  'service',
  'infrastructure',
  'resource',
  'evaluation',
  'budget',
  'question',
  'session',
  'promotion',
  'trust',
  'other',
]);
export type AlertKind = z.infer<typeof AlertKind>;

const Verdict = z.enum(['useful', 'false']);

/** Something that asked for the person's attention, told once. */
export const Alert = z.object({
  id: z.string(),
  at: z.number(),
  /** In force when it was told; its verdict counts there. */
  level: z.enum(LEVELS),
  kind: AlertKind,
  subject: z.string(),
  /** A hash of the larger window; null: it leads nowhere. */
  place: z.string().nullable(),
  verdict: Verdict.nullable(),
});
export type Alert = z.infer<typeof Alert>;

export const alertMethods = {
  'alerts.list': query({
    summary: 'What asked for attention, newest first, and how each level is judged.',
    input: z.object({
      unjudged: z.boolean().default(false),
      /** Epoch ms: only newer ones. */
      since: z.number().default(0),
      limit: z.number().int().min(1).max(500).default(50),
      offset: z.number().int().min(0).default(0),
    }),
    output: z.object({ alerts: z.array(Alert), levels: z.record(z.enum(LEVELS), AlertCounts) }),
  }),
  'alerts.judge': command({
    summary: 'Say whether an alert was useful or a false alarm; null takes it back. It counts in the trust record.',
    input: z.object({ id: z.string().min(1).max(200), verdict: Verdict.nullable() }),
    output: Alert,
  }),
};

export const alertFacts = {
  'alert.told': z.object({ alert: Alert }),
  'alert.judged': z.object({ alert: Alert, trust: Trust }),
};
