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

/** The two that are too grave to run out unheard are asked again, louder; the others are denied. */
export const escalates = (urgency: Urgency): boolean => urgency === 'immediate' || urgency === 'high';

/**
 * How loudly a question asks: by its urgency, one rung louder for each time that it was not answered
 * (S3-43, S3-45). Total: the last rung is the loudest there is.
 */
export function attentionOf(urgency: Urgency, escalations: number): Attention {
  const first = urgency === 'low' ? 0 : urgency === 'immediate' ? 2 : 1;
  return ATTENTION[Math.min(first + escalations, ATTENTION.length - 1)] ?? 'other';
}
