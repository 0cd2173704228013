import type { Database } from 'better-sqlite3';
import type { InputOf, OutputOf } from '../../shared/contract/index.ts';
import {
  METRICS,
  type Metric,
  type Range,
  type ResourceAlert,
  type ResourcePoint,
  type ResourceState,
  type ResourceThresholds,
} from '../../shared/contract/resources.ts';
import type { SystemSample } from '../../shared/contract/system.ts';
import { TenureError } from '../../shared/errors.ts';
import type { Journal } from '../kernel/journal.ts';
import type { Log } from '../kernel/log.ts';
import type { Clock, Ids } from '../kernel/ports.ts';
import {
  alertSentence,
  type Flows,
  type Looks,
  minuteOf,
  NO_FLOWS,
  pointOf,
  QUIET,
  resourceLine,
  stepThreshold,
  valuesOf,
  type Watched,
} from './rules.ts';
import { createResourceStorage } from './storage.ts';

export interface Machine {
  /** Degrees Celsius of the hottest sensor; null: there is none that can be read. Cheap: no process is started. */
  temperature(): Promise<number | null>;
  /** What goes through network and disk, now and then; null: nothing to tell yet. Cheap: no process is started. */
  flows(): Promise<Flows | null>;
  /** As the system itself judges it; asked only when somebody looks. */
  pressure(): Promise<'normal' | 'warning' | 'critical' | null>;
}

interface ResourcesDeps {
  db: Database;
  journal: Journal;
  clock: Clock;
  ids: Ids;
  log: Log;
  machine: Machine;
  thresholds(): ResourceThresholds;
  /** The level in force: an alert is credited to it. */
  level(): string;
  /** What stands now, in sentences; nothing takes them down. */
  notice(sentences: readonly string[]): void;
  newest(): SystemSample | undefined;
}

export type Resources = ReturnType<typeof createResources>;

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const KEEP_MINUTES = 2 * DAY;
const KEEP_HOURS = 400 * DAY;
const HEAT_EVERY_MS = 10_000;
const STEPS: Readonly<Record<Range, { length: number; step: number }>> = {
  '1h': { length: HOUR, step: MINUTE },
  '24h': { length: DAY, step: 10 * MINUTE },
  '7d': { length: 7 * DAY, step: HOUR },
};

const NOTHING: Omit<ResourcePoint, 'at'> = {
  cpu: null,
  cpuMax: null,
  memory: null,
  memoryMax: null,
  disk: null,
  temperature: null,
  ...NO_FLOWS,
};

/** Thresholds as probes of ourselves, and the history: looks become minutes, minutes hours. */
export function createResources(deps: ResourcesDeps) {
  const { db, journal, clock, ids, log, machine } = deps;
  const storage = createResourceStorage(db);
  const watched = new Map<Metric, Watched>();
  const firing = new Map<Metric, ResourceAlert>();
  let minute: (Looks & { samples: SystemSample[]; heat: (number | null)[]; flows: Flows[] }) | null = null;
  let heat: { at: number; temperature: number | null } = { at: Number.NEGATIVE_INFINITY, temperature: null };
  let thermal: number | null = null;
  /** The hour in which hours were last made of minutes. */
  let rolledAt: number | null = null;

  // What was told before a restart is not told again.
  for (const alert of storage.openAlerts()) {
    firing.set(alert.metric, alert);
    watched.set(alert.metric, { state: 'firing', since: alert.at, belowSince: null, lastAt: null, peak: alert.peak });
  }

  const say = (): void => deps.notice([...firing.values()].map(({ sentence }) => sentence));

  function keepMinute(): void {
    if (!minute) return;
    const row = minuteOf(minute);
    minute = null;
    journal.commit(() => {
      storage.keep(row);
      const hour = Math.floor(row.at / HOUR);
      if (hour !== rolledAt) storage.rollUp(row.at, KEEP_MINUTES, KEEP_HOURS);
      rolledAt = hour;
    });
  }

  function raise(metric: Metric, value: number, at: number, forMs: number): void {
    const alert: ResourceAlert = {
      id: ids.next('alr'),
      at,
      metric,
      sentence: alertSentence(metric, value, forMs),
      peak: value,
      clearedAt: null,
      verdict: null,
    };
    journal.commit((emit) => {
      storage.addAlert(alert, deps.level());
      emit({ type: 'resource.alerted', body: { alert } });
    });
    firing.set(metric, alert);
  }

  function lower(metric: Metric, at: number, peak: number): void {
    const alert = firing.get(metric);
    if (!alert) return;
    journal.commit((emit) => {
      storage.clearAlert(alert.id, at, peak);
      const now = storage.alert(alert.id);
      if (now) emit({ type: 'resource.cleared', body: { alert: now } });
    });
    firing.delete(metric);
  }

  function judgeThresholds(sample: SystemSample): void {
    const values = valuesOf(sample, { temperature: heat.temperature, thermal });
    const specs = deps.thresholds();
    for (const metric of METRICS) {
      const spec = specs[metric];
      const before = watched.get(metric) ?? QUIET;
      if (spec === null) {
        // Switched off while it stood: then it is over.
        if (before.state === 'firing') lower(metric, sample.at, before.peak);
        watched.delete(metric);
        continue;
      }
      const { watched: next, event } = stepThreshold(before, values[metric], sample.at, spec);
      // Only after it was written: a disk that is full is told again at the next look.
      if (event === 'fired') raise(metric, values[metric] ?? 0, sample.at, spec.forMs);
      if (event === 'cleared') lower(metric, sample.at, before.peak);
      watched.set(metric, next);
      if (event !== null) say();
    }
  }

  function feel(at: number): void {
    if (at - heat.at < HEAT_EVERY_MS && at >= heat.at) return;
    heat = { ...heat, at };
    machine.temperature().then(
      (temperature) => {
        heat = { at, temperature };
      },
      () => {
        heat = { at, temperature: null };
      },
    );
  }

  /** What was seen of network and disk, here or while somebody looked at the load. */
  function flow(seen: Flows | null): void {
    if (seen) minute?.flows.push(seen);
  }

  /** The steps of a range, each with what was measured, or with nulls. */
  function history({ range }: InputOf<'resources.history'>): OutputOf<'resources.history'> {
    const { length, step } = STEPS[range];
    const now = clock.now();
    const to = Math.floor(now / step) * step + step;
    const from = to - length;
    const thisHour = Math.floor(now / HOUR) * HOUR;
    // The minute that runs is a step of its own only where steps are minutes.
    const running = minute && range === '1h' ? [pointOf(minuteOf(minute))] : [];
    // The hour that has just ended may still lie in minutes; where there is a whole hour, it counts.
    const known =
      range === '7d'
        ? [...storage.minutes(thisHour - HOUR, to, step), ...storage.hours(from, thisHour, step)]
        : [...running, ...storage.minutes(from, to, step)];
    const byTime = new Map(known.map((point) => [point.at, point]));
    const points = Array.from({ length: length / step }, (_, n): ResourcePoint => {
      const at = from + n * step;
      return byTime.get(at) ?? { at, ...NOTHING };
    });
    return { from, to, stepMs: step, points };
  }

  return {
    /** One more look at the machine. Never throws: a look that cannot be kept spoils no other. */
    take(sample: SystemSample): void {
      try {
        feel(sample.at);
        machine.flows().then(flow, () => undefined);
        const at = Math.floor(sample.at / MINUTE) * MINUTE;
        if (minute && minute.at !== at) keepMinute();
        minute ??= { at, samples: [], heat: [], flows: [] };
        minute.samples.push(sample);
        minute.heat.push(heat.temperature);
        judgeThresholds(sample);
      } catch (error) {
        log.warn({ err: error }, 'a look at the machine could not be kept');
      }
    },

    flow,

    /** As last measured: °C, and the shell's word for heat, 0 nominal to 3 critical. */
    heat: (): { temperature: number | null; thermal: number | null } => ({ temperature: heat.temperature, thermal }),
    /** The shell's word for heat: 0 nominal to 3 critical; null: it has none. */
    setThermal: (level: number | null): void => {
      thermal = level;
    },

    start(): void {
      storage.rollUp(clock.now(), KEEP_MINUTES, KEEP_HOURS);
      say();
    },

    /** Keeps what the current minute holds. */
    stop(): void {
      try {
        keepMinute();
      } catch (error) {
        log.warn({ err: error }, 'the last minute of the machine could not be kept');
      }
    },

    /** The thresholds as probes of ourselves. */
    probes(): ResourceState[] {
      const specs = deps.thresholds();
      const newest = deps.newest();
      const values = newest && valuesOf(newest, { temperature: heat.temperature, thermal });
      return METRICS.map((metric) => {
        const spec = specs[metric];
        const value = values?.[metric] ?? null;
        const { state, since } = watched.get(metric) ?? QUIET;
        return {
          metric,
          state: spec === null ? 'off' : value === null && state === 'ok' ? 'unknown' : state,
          value,
          above: spec?.above ?? null,
          forMs: spec?.forMs ?? null,
          since,
        };
      });
    },

    pressure: machine.pressure,
    /** The machine in one line, for an agent's context. */
    line: (): string => resourceLine(deps.newest()),
    history,
    alerts: ({ limit }: InputOf<'resources.alerts'>): ResourceAlert[] => storage.alerts(limit),

    /** @throws TenureError not_found */
    judge({ id, verdict }: InputOf<'resources.judge'>): ResourceAlert {
      journal.commit(() => storage.judge(id, verdict));
      const alert = storage.alert(id);
      if (!alert) throw new TenureError('not_found', `There is no alert ${id} about the machine.`);
      return alert;
    },
  };
}
