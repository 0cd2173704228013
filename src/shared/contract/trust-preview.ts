import { z } from 'zod';
import { LEVELS } from '../policy.ts';
import { query } from './define.ts';
import { SettingChange } from './settings.ts';

const Level = z.enum(LEVELS);

/** What a promotion takes, one condition each. `probation`: agents that are too new; none may be. */
export const TRUST_CONDITIONS = [
  'sessions',
  'evaluations',
  'score',
  'coverage',
  'days',
  'window',
  'windowScore',
  'probation',
] as const;

/** One condition as a set of rules sees it. */
const ConditionState = z.object({
  /** Null: nothing was measured. Coverage is 0–1, scores are 1–5. */
  have: z.number().nullable(),
  need: z.number(),
  holds: z.boolean(),
  /** Epoch ms of the first daily look since which that is so; null: it was so at all of them. */
  since: z.number().nullable(),
});

/**
 * What becomes of a promotion: `proposed` at the next check, `stays` open, `withdrawn`, `answered` (it was
 * declined or ran out, and is not asked again yet), `lacks` something, `none` leads on from here, `off`.
 */
const PromotionEffect = z.enum(['proposed', 'stays', 'withdrawn', 'answered', 'lacks', 'none', 'off']);
export type PromotionEffect = z.infer<typeof PromotionEffect>;

/** What other rules of the level would make of the record: now, and at each day's look of the last 30 days. */
export const TrustPreview = z.object({
  days: z.number(),
  /** Daily looks that there were: fewer than the days where Tenure is younger. */
  looks: z.number(),
  level: Level,
  /** Null: nothing is proposed from here. */
  to: Level.nullable(),
  effect: z.object({ before: PromotionEffect, after: PromotionEffect }),
  conditions: z.array(z.object({ name: z.enum(TRUST_CONDITIONS), before: ConditionState, after: ConditionState })),
  /** What the next level lacks, in words. */
  lack: z.object({ before: z.array(z.string()), after: z.array(z.string()) }),
  /** What was proposed in these days, newest first, with what it would have lacked; empty: proposed all the same. */
  proposals: z.array(
    z.object({
      id: z.string(),
      at: z.number(),
      from: Level,
      to: Level,
      state: z.enum(['open', 'approved', 'declined', 'expired', 'withdrawn']),
      lack: z.array(z.string()),
    }),
  ),
  /** The first daily look of each stay at which a promotion would newly have been earned, newest first. */
  newly: z.array(z.object({ at: z.number(), from: Level, to: Level })),
});
export type TrustPreview = z.infer<typeof TrustPreview>;

export const trustPreviewMethods = {
  'trust.preview': query({
    summary: 'What other rules of the level would make of the record, and of the last 30 days; nothing is changed.',
    input: z.object({ changes: z.array(SettingChange).min(1).max(100) }),
    output: TrustPreview,
  }),
};
