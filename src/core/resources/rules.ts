import type { Metric, ResourcePoint, ResourceThresholds } from '../../shared/contract/resources.ts';
import type { SystemSample } from '../../shared/contract/system.ts';
import { bytes, percent, span } from '../../shared/format.ts';

/** What went through network and disk, bytes a second. null: not measured. */
export interface Flows {
  received: number | null;
  sent: number | null;
  read: number | null;
  written: number | null;
}

export const NO_FLOWS: Flows = { received: null, sent: null, read: null, written: null };

/** Beyond its threshold for long enough, or below it again: told once each. */
export interface Watched {
  state: 'ok' | 'pending' | 'firing';
  /** Since when it is beyond its threshold. Epoch ms. */
  since: number | null;
  /** Since when a firing one lies below what clears it. */
  belowSince: number | null;
  lastAt: number | null;
  peak: number;
}

export const QUIET: Watched = { state: 'ok', since: null, belowSince: null, lastAt: null, peak: 0 };

/** So long a firing one must lie below what clears it: one quiet look clears nothing. */
export const CLEAR_MS = 60_000;
/** Longer between two looks and nobody knows what was in between: the machine slept. */
export const GAP_MS = 90_000;

type Spec = NonNullable<ResourceThresholds[Metric]>;

/** One more look. `value` null: not measured; that fires nothing and clears nothing. */
export function stepThreshold(
  watched: Watched,
  value: number | null,
  at: number,
  spec: Spec,
): { watched: Watched; event: 'fired' | 'cleared' | null } {
  const gap = watched.lastAt !== null && (at - watched.lastAt > GAP_MS || at < watched.lastAt);
  if (value === null) return { watched: gap && watched.state === 'pending' ? QUIET : watched, event: null };
  const seen = { ...watched, lastAt: at };
  if (watched.state === 'firing') {
    const peak = Math.max(watched.peak, value);
    if (value >= spec.clearBelow) return { watched: { ...seen, peak, belowSince: null }, event: null };
    const belowSince = watched.belowSince === null || gap ? at : watched.belowSince;
    if (at - belowSince < CLEAR_MS) return { watched: { ...seen, belowSince }, event: null };
    return { watched: { ...QUIET, lastAt: at }, event: 'cleared' };
  }
  if (value < spec.above) return { watched: { ...QUIET, lastAt: at }, event: null };
  const since = watched.since === null || gap ? at : watched.since;
  const peak = watched.since === null || gap ? value : Math.max(watched.peak, value);
  const fired = at - since >= spec.forMs;
  return {
    watched: { ...seen, state: fired ? 'firing' : 'pending', since, peak },
    event: fired ? 'fired' : null,
  };
}

const part = (used: number | null, total: number | null): number | null =>
  used === null || total === null || total <= 0 ? null : Math.min(1, used / total);

/** The measured figures of a look, as what the thresholds are about. */
export function valuesOf(
  sample: SystemSample,
  heat: { temperature: number | null; thermal: number | null },
): Record<Metric, number | null> {
  return {
    cpu: sample.cpu,
    memory: part(sample.memoryUsedBytes, sample.memoryTotalBytes),
    disk: part(sample.diskUsedBytes, sample.diskTotalBytes),
    ...heat,
  };
}

const NAMES: Readonly<Record<Metric, string>> = {
  cpu: 'The CPU',
  memory: 'The memory',
  disk: 'The disk',
  temperature: 'The machine',
  thermal: 'The machine',
};
const THERMAL = ['nominal', 'fair', 'serious', 'critical'];

/** A value of a metric in words: `93 %`, `95 °C`, `serious`. */
export function valueWords(metric: Metric, value: number): string {
  if (metric === 'temperature') return `${Math.round(value)} °C`;
  if (metric === 'thermal') return THERMAL[value] ?? 'unknown';
  return percent(value);
}

/** What is told when a threshold was passed for long enough. */
export function alertSentence(metric: Metric, value: number, forMs: number): string {
  const held = forMs < 60_000 ? '' : ` for ${span(forMs)}`;
  const what =
    metric === 'temperature'
      ? `is at ${valueWords(metric, value)}`
      : metric === 'thermal'
        ? `is hot (${valueWords(metric, value)})`
        : `is ${valueWords(metric, value)} in use`;
  const advice = metric === 'disk' ? ' Free some space before sessions fail.' : '';
  return `${NAMES[metric]} ${what}${held === '' ? '' : `, high${held}`}.${advice}`;
}

/** The machine in one line for an agent's context (S1-34): what could not be measured says so. */
export function resourceLine(sample: SystemSample | undefined): string {
  if (!sample) return 'CPU unknown, memory unknown, disk unknown';
  const { memoryUsedBytes: used, memoryTotalBytes: total } = sample;
  const free = used === null || total === null ? 'memory unknown' : `${bytes(Math.max(0, total - used))} free`;
  return `CPU ${percent(sample.cpu)}, ${free}, disk ${percent(part(sample.diskUsedBytes, sample.diskTotalBytes))}`;
}

/** The mean of what was measured; null when nothing was. */
function mean(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? null : known.reduce((a, b) => a + b, 0) / known.length;
}

/** The means of several looks at network and disk. */
function flowsOf(seen: readonly Flows[]): Flows {
  return {
    received: mean(seen.map(({ received }) => received)),
    sent: mean(seen.map(({ sent }) => sent)),
    read: mean(seen.map(({ read }) => read)),
    written: mean(seen.map(({ written }) => written)),
  };
}

function highest(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? null : Math.max(...known);
}

/** A minute as it is kept. Bytes are whole numbers, means are rounded to them. */
export interface Minute {
  at: number;
  looks: number;
  cpu: number | null;
  cpuMax: number | null;
  memoryUsed: number | null;
  memoryMax: number | null;
  memoryTotal: number | null;
  diskUsed: number | null;
  diskTotal: number | null;
  temperature: number | null;
  /** Bytes a second. */
  received: number | null;
  sent: number | null;
  read: number | null;
  written: number | null;
}

/** What was seen within a minute, epoch ms of its beginning. */
export interface Looks {
  at: number;
  samples: readonly SystemSample[];
  /** °C. */
  heat: readonly (number | null)[];
  flows: readonly Flows[];
}

/** A minute of looks as one row. */
export function minuteOf({ at, samples, heat, flows }: Looks): Minute {
  const of = (key: Exclude<keyof SystemSample, 'at'>): (number | null)[] => samples.map((sample) => sample[key]);
  const whole = (value: number | null): number | null => (value === null ? null : Math.round(value));
  return {
    at,
    looks: samples.length,
    cpu: mean(of('cpu')),
    cpuMax: highest(of('cpu')),
    memoryUsed: whole(mean(of('memoryUsedBytes'))),
    memoryMax: highest(of('memoryUsedBytes')),
    memoryTotal: highest(of('memoryTotalBytes')),
    diskUsed: whole(mean(of('diskUsedBytes'))),
    diskTotal: highest(of('diskTotalBytes')),
    temperature: mean(heat),
    ...flowsOf(flows),
  };
}

/** A minute as a step of the history. */
export function pointOf(minute: Minute): ResourcePoint {
  const { at, cpu, cpuMax, memoryUsed, memoryMax, memoryTotal, diskUsed, diskTotal, temperature } = minute;
  const { received, sent, read, written } = minute;
  return {
    at,
    cpu,
    cpuMax,
    memory: part(memoryUsed, memoryTotal),
    memoryMax: part(memoryMax, memoryTotal),
    disk: part(diskUsed, diskTotal),
    temperature,
    received,
    sent,
    read,
    written,
  };
}
