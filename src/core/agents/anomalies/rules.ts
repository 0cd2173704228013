import type { Anomaly } from '../../../shared/contract/agents.ts';
import type { ScoreSettings } from '../../../shared/score-settings.ts';
import { TIER_RIGHTS, type Tier } from '../../../shared/tiers.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** So few changed lines are trivial. */
const TRIVIAL_LINES = 3;
/** The newest tasks that are held against the ones before, and the least failures among them. */
const NEWEST = 10;
const LEAST_FAILURES = 3;

/** What was seen of one agent at one moment. */
export interface Moment {
  at: number;
  kind: string;
  before: number;
  after: number;
  tier: Tier;
  sessionId: string | null;
  body: Readonly<Record<string, unknown>>;
}

export interface Found {
  kind: Anomaly['kind'];
  agents: string[];
  serious: boolean;
  text: string;
  /** One that began no longer ago than this is the same one, milliseconds. */
  windowMs: number;
}

export interface Lately {
  agent: string;
  /** What has just been seen; it is the last of `week`. */
  newest: Moment;
  /** What was seen in the last seven days, oldest first. */
  week: readonly Moment[];
  /** Its newest tasks, oldest first: `1`, `0` or `-`. */
  recent: string;
  /** By how much every agent's score was moved in the last hour; only those that were seen in the last day. */
  moved: readonly { agent: string; moved: number }[];
}

type Look = (
  lately: Lately,
  settings: ScoreSettings['anomalies'],
) => (Omit<Found, 'agents'> & { agents?: string[] }) | null;

const within = (week: readonly Moment[], newest: Moment, ms: number): Moment[] =>
  week.filter(({ at }) => at > newest.at - ms);
const percent = (share: number): string => `${Math.round(share * 100)} %`;
const linesOf = ({ body }: Moment): number => (typeof body.lines === 'number' ? body.lines : Number.POSITIVE_INFINITY);

const violation: Look = ({ newest }) =>
  newest.kind === 'violated'
    ? {
        kind: 'violation',
        serious: true,
        windowMs: 0,
        text: `${String(newest.body.text)} Its tier is held down until you have looked.`,
      }
    : null;

const rapidDrop: Look = ({ newest, week }, { dropPoints }) => {
  // Against the score with which the window began, so that two small falls are one great one (T-077).
  const began = within(week, newest, HOUR_MS)[0]?.before ?? newest.before;
  return began - newest.after > dropPoints
    ? {
        kind: 'rapid_drop',
        serious: true,
        windowMs: HOUR_MS,
        text: `Its score fell from ${began} to ${newest.after} within an hour.`,
      }
    : null;
};

const failureRate: Look = ({ newest, recent }, { failureTimes, failureMin }) => {
  const tasks = recent.replaceAll('-', '');
  const failedIn = (some: string): number => some.split('0').length - 1;
  const [before, now] = [tasks.slice(0, -NEWEST), tasks.slice(-NEWEST)];
  if (!['failed', 'timed_out'].includes(newest.kind) || before.length < failureMin) return null;
  // Never quite zero: of the first failures after a clean record each would be infinitely many times the usual.
  const usual = (failedIn(before) + 1) / (before.length + 2);
  const share = failedIn(now) / now.length;
  return failedIn(now) >= LEAST_FAILURES && share > failureTimes * usual
    ? {
        kind: 'failure_rate',
        serious: true,
        windowMs: DAY_MS,
        text: `${failedIn(now)} of its last ${now.length} tasks failed (${percent(share)}); before, ${failedIn(before)} of ${before.length} did.`,
      }
    : null;
};

const manipulation: Look = ({ newest, week }, { burst }) => {
  if (newest.kind !== 'completed') return null;
  const found = (text: string) => ({ kind: 'manipulation' as const, serious: true, windowMs: HOUR_MS, text });
  const eased = Array.isArray(newest.body.eased) ? newest.body.eased.map(String) : [];
  if (eased.length > 0) return found(`Its verify command passed after it had made that easier. ${eased.join(' ')}`);
  if (newest.body.selfReviewed === true)
    return found('Its score was raised by the judgement of the very model that did the work.');
  const trivial = within(week, newest, HOUR_MS).filter(
    (one) => one.kind === 'completed' && linesOf(one) <= TRIVIAL_LINES,
  );
  return linesOf(newest) <= TRIVIAL_LINES && trivial.length >= burst
    ? found(`${trivial.length} of its tasks within an hour succeeded with hardly a line changed.`)
    : null;
};

const coordinated: Look = ({ agent, moved }, { together, togetherPoints }) => {
  const own = moved.find((one) => one.agent === agent)?.moved ?? 0;
  // On a busy day several do good work at the same time: rising takes twice as much to be odd.
  const least = own > 0 ? 2 * togetherPoints : togetherPoints;
  if (Math.abs(own) < least) return null;
  const same = moved.filter((one) => Math.sign(one.moved) === Math.sign(own) && Math.abs(one.moved) >= least);
  // Some of many agents always move; most of them at once do not.
  return same.length >= together && same.length * 2 > moved.length
    ? {
        kind: 'coordinated',
        serious: true,
        windowMs: HOUR_MS,
        agents: same.map((one) => one.agent).toSorted(),
        text: `${same.length} of ${moved.length} agents ${own > 0 ? 'rose' : 'fell'} by ${least} points or more within the same hour.`,
      }
    : null;
};

const tiersIn = (moments: readonly Moment[]): Moment[] => moments.filter(({ kind }) => kind === 'tier');

const oscillation: Look = ({ newest, week }, { oscillations }) => {
  const changes = tiersIn(within(week, newest, DAY_MS));
  return newest.kind === 'tier' && changes.length >= oscillations
    ? {
        kind: 'oscillation',
        serious: false,
        windowMs: DAY_MS,
        text: `Its tier changed ${changes.length} times within a day, last to ${TIER_RIGHTS[newest.tier].name}.`,
      }
    : null;
};

const repeatedViolations: Look = ({ newest, week }, { violations }) => {
  const all = within(week, newest, HOUR_MS).filter(({ kind }) => kind === 'violated');
  return newest.kind === 'violated' && all.length >= violations
    ? {
        kind: 'repeated_violations',
        serious: true,
        windowMs: HOUR_MS,
        text: `It tried what is never allowed ${all.length} times within an hour.`,
      }
    : null;
};

const suddenRecovery: Look = ({ newest, week }, { recoveryPoints }) => {
  const lowest = Math.min(...within(week, newest, DAY_MS).map(({ before }) => before), newest.after);
  const fell = tiersIn(week).some(({ body }) => body.fell === true);
  return fell && newest.after > newest.before && newest.after - lowest > recoveryPoints
    ? {
        kind: 'sudden_recovery',
        serious: false,
        windowMs: DAY_MS,
        text: `It rose from ${lowest} to ${newest.after} within a day, in the week in which it had lost a tier.`,
      }
    : null;
};

const LOOKS: readonly Look[] = [
  violation,
  rapidDrop,
  failureRate,
  manipulation,
  coordinated,
  oscillation,
  repeatedViolations,
  suddenRecovery,
];

/** How far back the looks look, milliseconds. */
export const LOOK_BACK_MS = 7 * DAY_MS;
export const ACTIVE_MS = DAY_MS;
export const MOVED_MS = HOUR_MS;

/** What is out of the ordinary at this moment. Pure; asked once for each thing that is seen, never when read. */
export const anomaliesIn = (lately: Lately, settings: ScoreSettings): Found[] =>
  LOOKS.flatMap((look) => {
    const found = look(lately, settings.anomalies);
    return found ? [{ agents: [lately.agent], ...found }] : [];
  });
