import type { IncidentMessage } from '../../shared/contract/incidents.ts';
import { count, span } from '../../shared/format.ts';
import { cellOf, LEVEL_WORDS, type Level } from '../../shared/policy.ts';

/** An incident that comes back this soon after its end is the same one. */
export const SAME_MS = 10 * 60_000;
/** Reminders come ever more seldom, at last once a day. */
const SELDOM_MS = 24 * 60 * 60_000;

interface Beginning {
  failingSince: number;
  openedAt: number;
}

/** When what fails now began, and was confirmed: an incident that is opened anew keeps its first times. */
export const begunNow = (
  incident: Beginning,
  progress?: { failingSince: number | null; since: number | null },
): { failing: number; confirmed: number } => ({
  failing: Math.max(incident.failingSince, progress?.failingSince ?? 0),
  confirmed: Math.max(incident.openedAt, progress?.since ?? 0),
});

/**
 * The services that fail together with `anchor`: those whose failures began within `windowMs` of its own.
 * Compared is when they began, not when each was confirmed: intervals differ (T-032).
 */
export function failingTogether<T extends { failingSince: number }>(
  anchor: number,
  failing: readonly T[],
  windowMs: number,
): T[] {
  return failing.filter(({ failingSince }) => Math.abs(failingSince - anchor) <= windowMs);
}

/** When to remind again, after so many reminders; each wait is twice the one before. */
export function nextReminder(now: number, reminders: number, firstMs: number): number {
  return now + Math.min(SELDOM_MS, firstMs * 2 ** Math.min(20, reminders));
}

/** `A`, `A and B`, `A, B and 3 more`. */
export function namesOf(names: readonly string[], most = 3): string {
  if (names.length <= 1) return names[0] ?? 'nothing';
  const shown = names.slice(0, names.length > most ? most - 1 : names.length);
  const rest = names.length - shown.length;
  const last = rest > 0 ? `${rest} more` : (shown.pop() ?? '');
  return `${shown.join(', ')} and ${last}`;
}

export const downMessage = (name: string, cause: string): IncidentMessage => ({
  kind: 'down',
  title: `${name} is down`,
  body: cause,
});

export const flappingMessage = (name: string, cause: string): IncidentMessage => ({
  kind: 'down',
  title: `${name} goes up and down`,
  body: `${cause}. Nothing more is said until it has settled.`,
});

export const infrastructureMessage = (names: readonly string[]): IncidentMessage => ({
  kind: 'infrastructure',
  title: `${names.length} services fail at once`,
  body: `${namesOf(names)}. This looks like one cause; nothing is restarted.`,
});

export const reminderMessage = (title: string, downMs: number): IncidentMessage => ({
  kind: 'reminder',
  title: `Still: ${title}`,
  body: `For ${span(downMs)} now.`,
});

export const personMessage = (name: string, why: string): IncidentMessage => ({
  kind: 'person',
  title: `${name} is down and needs you`,
  body: why,
});

export const recoveredMessage = (name: string, downMs: number): IncidentMessage => ({
  kind: 'recovered',
  title: `${name} recovered`,
  body: `It was down for ${span(downMs)}.`,
});

/** Restarts left within the hour. */
export interface Budget {
  service: number;
  all: number;
}

export interface RecoveryFacts {
  now: number;
  level: Level;
  /** Everything is paused by the person. */
  isPaused: boolean;
  hasRestart: boolean;
  /** Tenure itself, by its process, its port or its name. */
  isOwn: boolean;
  /** Confirmed down now, and the newest look could say something. */
  isDown: boolean;
  /** It was seen up since it is watched. */
  wasUp: boolean;
  /** Somebody stopped it on purpose. */
  isStopped: boolean;
  inMaintenance: boolean;
  /** Several fail at once, or may: not all have been looked at since. */
  isCorrelated: boolean;
  isSilenced: boolean;
  openedAt: number;
  settleMs: number;
  /** Restarts of this incident that are over, oldest first; among them what was only shown, declined or withdrawn. */
  tried: readonly { state: string; finishedAt: number | null }[];
  /** One is under way: half-open admits exactly one. */
  isBusy: boolean;
  /** Ms between a restart that did not help and the next. */
  backoffMs: number;
  budget: Budget;
}

export type RecoveryStep =
  | { act: 'wait'; why: string }
  | { act: 'restart' | 'propose' | 'shadow' | 'person'; why: string };

/**
 * What to do about a service that is down. A restart is an action of risk *medium*: the table decides, and
 * where it would ask the tribunal, the budget stands in for it.
 */
export function recoveryStep(facts: RecoveryFacts): RecoveryStep {
  const wait = (why: string): RecoveryStep => ({ act: 'wait', why });
  if (!facts.hasRestart) return wait('no restart is set up');
  if (facts.isOwn) return wait('Tenure never restarts itself');
  if (!facts.isDown) return wait('it is not known to be down');
  if (facts.isBusy) return wait('a restart is under way');
  if (facts.inMaintenance) return wait('maintenance');
  if (facts.isSilenced) return wait('what it depends on is down');
  if (facts.isCorrelated) return wait('several services fail at once');
  if (facts.now - facts.openedAt < facts.settleMs) return wait('it is first seen whether others fail as well');
  const { budget, level } = facts;
  // Nothing came of a proposal that was withdrawn: it is neither an answer nor a try.
  const over = facts.tried.filter(({ state }) => state !== 'withdrawn');
  if (over.some(({ state }) => state === 'declined')) return wait('a person said no');
  const words = LEVEL_WORDS[level].name;
  if (level === 'observe') {
    // Also after it was lowered in the middle of an incident: what was done says more than what would be.
    return over.length > 0
      ? wait('shown or done already')
      : { act: 'shadow', why: `At ${words} it is only shown what would be done.` };
  }
  const done = over.filter(({ state }) => state !== 'shadow');
  const since = done.at(-1)?.finishedAt ?? null;
  if (since !== null && facts.now - since < facts.backoffMs * 2 ** (done.length - 1)) {
    return wait('the last restart is given time');
  }
  if (facts.isStopped) return { act: 'propose', why: 'It looks as if somebody stopped it on purpose.' };
  if (!facts.wasUp) return { act: 'propose', why: 'It was never seen up since it is watched.' };
  if (facts.isPaused) return { act: 'propose', why: 'Everything is paused, so nothing is restarted unasked.' };
  const cell = cellOf(level, 'medium');
  if (cell !== 'allow' && cell !== 'tribunal' && cell !== 'auto-else-tribunal') {
    return { act: 'propose', why: `At ${words} a restart is asked about.` };
  }
  if (budget.service <= 0 || budget.all <= 0) {
    const whose = budget.service <= 0 ? 'its own' : 'all';
    const helped = done.some(({ state }) => state === 'still_down') ? ' Restarting did not bring it back.' : '';
    return { act: 'person', why: `The budget of restarts for this hour is spent (${whose}).${helped}` };
  }
  if (done.at(-1)?.state === 'unknown') return { act: 'propose', why: 'Nobody saw whether the last restart helped.' };
  return {
    act: 'restart',
    why: `At ${words} within the budget: ${count(budget.service - 1, 'restart')} left for it this hour.`,
  };
}
