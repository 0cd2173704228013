import { z } from 'zod';
import { LEVELS, RISKS } from '../policy.ts';
import { DecisionState } from './decisions.ts';

const Level = z.enum(LEVELS);

/** Where something comes from, and can be seen. */
export const TrustSource = z.object({
  kind: z.enum(['session', 'decision', 'incident', 'promotion', 'alert', 'person']),
  id: z.string(),
});
export type TrustSource = z.infer<typeof TrustSource>;

export const SevereKind = z.enum(['hostile', 'secret', 'outage', 'lost_work']);
export type SevereKind = z.infer<typeof SevereKind>;

/** Something that no good work makes up for. */
export const SevereEvent = z.object({
  id: z.string(),
  kind: SevereKind,
  source: TrustSource,
  sessionId: z.string().nullable(),
  /** In force when it was recorded. */
  level: Level,
  text: z.string(),
  by: z.string(),
  at: z.number(),
});
export type SevereEvent = z.infer<typeof SevereEvent>;

/** How the recent window is cut: so many scored sessions, none older than so many days. */
export const WindowSettings = z.strictObject({
  sessions: z.number().int().min(1).max(1_000).default(10),
  days: z.number().min(1).max(365).default(14),
});

/** The sessions that were scored last; a raise takes a full window with a mean that is high enough. */
export const TrustWindow = z.object({
  /** Scored sessions that it takes, and that it has. */
  needed: z.number(),
  scored: z.number(),
  avgScore: z.number().nullable(),
  /** How old a score in it may be, days. */
  days: z.number(),
  /** Why it began anew after the stay had begun; null: it did not. */
  reset: z.object({ at: z.number(), why: z.string() }).nullable(),
  /** Agents that are new in their version or model, with the scored sessions that each has so far. */
  probation: z.array(z.object({ agent: z.string(), scored: z.number() })),
});
export type TrustWindow = z.infer<typeof TrustWindow>;

/** How many of the sessions that count and have ended were scored; the ratio is null while none has. */
export const Coverage = z.object({ scored: z.number(), of: z.number(), ratio: z.number().nullable() });

/** What the person said of the alerts told at a level. The rate is null while none was judged. */
export const AlertCounts = z.object({
  useful: z.number(),
  false: z.number(),
  unjudged: z.number(),
  falseRate: z.number().nullable(),
});
export type AlertCounts = z.infer<typeof AlertCounts>;

/** One session of a promotion's evidence. */
export const EvidenceSession = z.object({
  sessionId: z.string(),
  project: z.string().nullable(),
  /** The beginning of what it was asked to do. */
  prompt: z.string().nullable(),
  score: z.number(),
});
export type EvidenceSession = z.infer<typeof EvidenceSession>;

/** One score that counts, at the level at which its session ran. */
export const TrustScore = z.object({
  at: z.number(),
  sessionId: z.string(),
  project: z.string().nullable(),
  level: Level,
  /** 1–5. */
  score: z.number(),
});
export type TrustScore = z.infer<typeof TrustScore>;

/** One thing that trust rests on. */
export const TrustEvent = z.object({
  at: z.number(),
  kind: z.enum(['session', 'score', 'rating', 'severe', 'level', 'promotion', 'verdict', 'shadow']),
  level: Level,
  text: z.string(),
  source: TrustSource.nullable(),
});
export type TrustEvent = z.infer<typeof TrustEvent>;

/** What the gate would have done at the next level, and what the person thinks of that. */
export const Shadow = z.object({
  decisionId: z.string(),
  sessionId: z.string(),
  project: z.string(),
  summary: z.string(),
  risk: z.enum(RISKS),
  asLevel: Level,
  would: z.enum(['allow', 'ask', 'deny']),
  reason: z.string(),
  at: z.number(),
  /** How the question itself was answered. */
  answered: DecisionState,
  agrees: z.boolean().nullable(),
});
export type Shadow = z.infer<typeof Shadow>;

export const Shadows = z.object({
  figures: z.object({
    recorded: z.number(),
    allow: z.number(),
    ask: z.number(),
    deny: z.number(),
    agreed: z.number(),
    disagreed: z.number(),
    /** Of what it would have let through: what you approved, and what you denied. */
    allowedAsYou: z.number(),
    allowedUnlikeYou: z.number(),
  }),
  shadows: z.array(Shadow),
});
export type Shadows = z.infer<typeof Shadows>;
