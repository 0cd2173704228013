import type { Risk } from './policy.ts';

/** How soon an answer is needed. Ours to decide, never the asker's (T-087). */
export const URGENCIES = ['immediate', 'high', 'normal', 'low'] as const;
export type Urgency = (typeof URGENCIES)[number];

/** How loudly a question asks; each rung includes those before it. */
export const ATTENTION = ['badge', 'notification', 'repeated', 'other'] as const;
export type Attention = (typeof ATTENTION)[number];

/** By the risk of the action, where the person launched the session and so is likely about. */
const URGENCY: Readonly<Record<Risk, Urgency>> = {
  read: 'low',
  low: 'normal',
  medium: 'normal',
  high: 'high',
  critical: 'immediate',
};

/** One step less where nobody launched it by hand: a session of the night can wait for the morning. Total over both. */
export function urgencyOf(risk: Risk, byHand: boolean): Urgency {
  const urgency = URGENCY[risk];
  return byHand ? urgency : (URGENCIES[URGENCIES.indexOf(urgency) + 1] ?? 'low');
}

/** Where a question of each urgency begins on the ladder, unless a person has set it otherwise. */
export const BEGINS: Readonly<Record<Urgency, Attention>> = {
  immediate: 'repeated',
  high: 'notification',
  normal: 'notification',
  low: 'badge',
};

/** The two that are too grave to wait: quiet hours do not hold them, and nobody lets them run out unheard unless told to. */
export const escalates = (urgency: Urgency): boolean => urgency === 'immediate' || urgency === 'high';

/**
 * How loudly a question asks: from where it began, one rung louder for each time that it was not answered
 * (S3-43, S3-45). Total: the last rung is the loudest there is.
 */
export function attentionOf(urgency: Urgency, escalations: number, begins: Attention = BEGINS[urgency]): Attention {
  return ATTENTION[Math.min(ATTENTION.indexOf(begins) + escalations, ATTENTION.length - 1)] ?? 'other';
}
