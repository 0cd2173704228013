import { type Attention, attentionOf, escalates, type Urgency } from '../../shared/attention.ts';

/** How a person has set the times of questions; milliseconds. */
export interface RoutingSettings {
  /** One time for all questions, which are then never asked louder; null: by urgency. */
  deadlineMs: number | null;
  timeouts: { immediateMs: number; highMs: number; normalMs: number; lowMs: number };
  escalations: number;
  /** Where a question of each urgency begins on the ladder, and whether it climbs. */
  paths: Readonly<Record<Urgency, { begins: Attention; louder: boolean }>>;
}

/** Of a question's time, after which little is left: 10 of 15 minutes, 45 of 60, 3 of 4 hours, 20 of 24 (S3-45). */
const WARN_AT: Readonly<Record<Urgency, number>> = { immediate: 10 / 15, high: 45 / 60, normal: 3 / 4, low: 20 / 24 };

export interface Route {
  deadline: number;
  warnAt: number;
  /** Epoch ms until which it stays at the badge; null: quiet hours do not hold it. */
  quietUntil: number | null;
}

/**
 * When a question that is asked now runs out and when to warn of it. What can wait is kept quiet until
 * the quiet hours end, and its time runs from there: nobody is denied because the person slept.
 */
export function routeOf(urgency: Urgency, now: number, quietEnds: number | null, settings: RoutingSettings): Route {
  const { timeouts } = settings;
  const life = settings.deadlineMs ?? timeouts[`${urgency}Ms`];
  const quietUntil = quietEnds !== null && !escalates(urgency) ? quietEnds : null;
  const from = quietUntil ?? now;
  return { deadline: from + life, warnAt: from + life * WARN_AT[urgency], quietUntil };
}

/** What becomes of a question whose time has run out: asked louder with a time of its own (T-092), or denied. */
export function afterDeadline(
  urgency: Urgency,
  escalations: number,
  now: number,
  settings: RoutingSettings,
  begins: Attention = settings.paths[urgency].begins,
): { step: 'deny' } | ({ step: 'raise' } & Route) {
  const isLast = escalations >= settings.escalations || attentionOf(urgency, escalations, begins) === 'other';
  if (settings.deadlineMs !== null || !settings.paths[urgency].louder || isLast) return { step: 'deny' };
  return { step: 'raise', ...routeOf(urgency, now, null, settings) };
}
