import { z } from 'zod';
import { ScoreSettings } from '../score-settings.ts';
import { TIERS } from '../tiers.ts';
import { command, query } from './define.ts';

const Tier = z.enum(TIERS);
/** 0–1000, whole. */
const Score = z.number();

/** One thing that was seen of an agent, and what it did to its score. */
export const AgentEvent = z.object({
  /** Its place in the ledger. */
  seq: z.number(),
  at: z.number(),
  agent: z.string(),
  /** `completed`, `failed`, `violated`, `reviewed`, `tier`, `configured`, … */
  kind: z.string(),
  /** The score just before and just after; the same where it moved nothing. */
  before: Score,
  after: Score,
  /** The tier in force after it. */
  tier: Tier,
  sessionId: z.string().nullable(),
  /** What was seen, in one sentence of ours. */
  text: z.string(),
});
export type AgentEvent = z.infer<typeof AgentEvent>;

export const AgentView = z.object({
  /** Product and model: `claude/opus`. */
  id: z.string(),
  score: Score,
  /** What the gate reads: the score, but never above the tier in force. */
  effective: Score,
  /** The tier in force. */
  tier: Tier,
  /** The tier that was earned, and why less than that is in force. */
  earned: Tier,
  ceilings: z.array(z.object({ tier: Tier, why: z.enum(['violation', 'probation']) })),
  /** Epoch ms since which the earned tier stands. */
  since: z.number(),
  /** Among the newest tasks of the window; what said nothing is in neither. */
  succeeded: z.number(),
  failed: z.number(),
  /** The lower end of the 95 % interval of the share that succeeds, 0–1; null while nothing was counted. */
  sure: z.number().nullable(),
  /** The most that this share allows, 0–1000. */
  rateCeiling: Score,
  /** What the next tier still takes; null at the top. */
  towards: z.object({ tier: Tier, points: z.number(), tasks: z.number(), ms: z.number() }).nullable(),
  version: z.string().nullable(),
  firstAt: z.number(),
  lastAt: z.number(),
  /** The last score of each day on which it moved, oldest first, over two weeks; the newest is now. */
  trend: z.array(z.object({ at: z.number(), score: Score })),
  /** The newest that was seen of it, newest first, at most three. */
  newest: z.array(AgentEvent),
  /** Anomalies that nobody has looked at. */
  anomalies: z.number(),
});
export type AgentView = z.infer<typeof AgentView>;

export const ANOMALIES = [
  'violation',
  'rapid_drop',
  'failure_rate',
  'manipulation',
  'coordinated',
  'oscillation',
  'repeated_violations',
  'sudden_recovery',
] as const;

export const Anomaly = z.object({
  /** The place in the ledger at which it was noted. */
  id: z.number(),
  at: z.number(),
  kind: z.enum(ANOMALIES),
  /** The agent at which it showed, and all that it is about. */
  agent: z.string(),
  agents: z.array(z.string()),
  /** A person is told of it. */
  serious: z.boolean(),
  text: z.string(),
  sessionId: z.string().nullable(),
  acknowledged: z.object({ at: z.number(), by: z.string(), note: z.string().nullable() }).nullable(),
});
export type Anomaly = z.infer<typeof Anomaly>;

const Standing = z.object({ score: Score, tier: Tier });

/** What other rules would make of the same record. */
export const ScorePreview = z.object({
  /** Every agent whose score or tier would be another one, the greatest change first. */
  moves: z.array(z.object({ agent: z.string(), now: Standing, draft: Standing })),
  agents: z.number(),
  /** Of the questions and automatic answers of the last 30 days where the table says *if eligible*. */
  decisions: z.object({
    days: z.number(),
    /** How many of them there were. */
    of: z.number(),
    /** Under the rules in force, and under the draft. */
    now: z.number(),
    draft: z.number(),
    /** Some that would newly have gone ahead unasked, the newest first. */
    newly: z.array(
      z.object({ id: z.string(), sessionId: z.string(), agent: z.string(), summary: z.string(), at: z.number() }),
    ),
  }),
});
export type ScorePreview = z.infer<typeof ScorePreview>;

const id = z.string().min(1).max(300);

export const agentMethods = {
  'agents.list': query({
    summary: 'Agents with score, tier and trend, the highest score first.',
    input: z.object({}),
    output: z.array(AgentView),
  }),
  'agents.get': query({
    summary: 'One agent: where it stands, its newest events, and its scores over time.',
    input: z.object({ id }),
    output: z.object({
      agent: AgentView,
      events: z.array(AgentEvent),
      /** Scores over time, oldest first, at most 400; the last is now. */
      chart: z.array(z.object({ at: z.number(), score: Score, tier: Tier })),
      anomalies: z.array(Anomaly),
    }),
  }),
  'agents.events': query({
    summary: 'What was seen of an agent (of all without one), newest first.',
    input: z.object({
      id: id.optional(),
      before: z.number().int().min(1).optional(),
      limit: z.number().int().min(1).max(500).optional(),
    }),
    output: z.array(AgentEvent),
  }),
  'agents.asOf': query({
    summary: "An agent's score and tier just after a past event of the ledger; null: it was not known then.",
    input: z.object({ id, seq: z.number().int().min(1) }),
    output: Standing.extend({ seq: z.number(), at: z.number() }).nullable(),
  }),
  'agents.anomalies': query({
    summary: 'Anomalies, newest first; only those that nobody has looked at unless all is set.',
    input: z.object({ all: z.boolean().optional(), limit: z.number().int().min(1).max(1_000).optional() }),
    output: z.array(Anomaly),
  }),
  'agents.acknowledge': command({
    summary: 'Say that you have looked at an anomaly. Of a violation it also lifts the ceiling that it holds down.',
    input: z.object({ id: z.number().int().min(1), note: z.string().trim().max(500).optional() }),
    output: Anomaly,
  }),
  'agents.settings': query({
    summary: 'The rules of the agent score that are in force.',
    input: z.object({}),
    output: ScoreSettings,
  }),
  'agents.preview': query({
    summary: 'What other rules would make of the record: who would move, what would have gone ahead unasked.',
    input: z.object({ settings: ScoreSettings }),
    output: ScorePreview,
  }),
  'agents.configure': command({
    summary: 'Set the rules of the agent score: written to the configuration, and all scores made anew by them.',
    input: z.object({ settings: ScoreSettings }),
    output: ScoreSettings,
  }),
};

/** How much there is to look at: for the badge, and so that screens know when to ask again. */
const Open = z.number();

export const agentFacts = {
  'agent.scored': z.object({ event: AgentEvent, open: Open }),
  'agent.anomaly': z.object({ anomaly: Anomaly, open: Open }),
  'agents.configured': z.object({ by: z.string(), open: Open }),
};
