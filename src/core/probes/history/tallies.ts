import type { Check } from '../../../shared/contract/check.ts';
import type { HistoryPoint, HistorySpan, Uptime } from '../../../shared/contract/services.ts';
import type { createProbeStorage, Span, Sums } from '../storage.ts';
import { openRollups } from './rebuild.ts';
import {
  addTo,
  CHECKS_SHOWN,
  emptyRollup,
  inSpans,
  KEPT,
  KEPT_STEPS,
  type KeptStep,
  pointOf,
  type Rollup,
  rawFrom,
  STEPS,
  startOf,
} from './rollups.ts';

/** Of each window: how long it is, and the roll-ups that it is summed from. */
const WINDOWS = {
  day: { step: 'hour', spans: 24 },
  week: { step: 'hour', spans: 168 },
  month: { step: 'day', spans: 30 },
  quarter: { step: 'day', spans: 90 },
} as const satisfies Record<keyof Uptime, { step: KeptStep; spans: number }>;
/** How far back the windows reach. */
const REACH: Readonly<Record<KeptStep, number>> = { hour: 170 * STEPS.hour, day: 90 * STEPS.day };
const WINDOW_NAMES = ['day', 'week', 'month', 'quarter'] as const;
const SPANS = {
  hour: { step: 'minute', spans: 60 },
  day: { step: 'hour', spans: 24 },
  week: { step: 'hour', spans: 168 },
  quarter: { step: 'day', spans: 90 },
} as const satisfies Record<HistorySpan, { step: 'minute' | KeptStep; spans: number }>;
/** Checks of one service that wait to be written; while nothing can be written the oldest go. */
const MOST_UNSAVED = 1_000;

type Closed = Record<keyof Uptime, Sums>;

interface Tally {
  intervalMs: number;
  /** The newest checks, oldest first; at most `CHECKS_SHOWN`. */
  checks: Check[];
  /** The spans that still grow. They are not stored: a start counts them anew from what is. */
  open: Record<KeptStep, Rollup | null>;
  /** What ended before, oldest first; read when it is asked for the first time. */
  past: Record<KeptStep, Span[]> | null;
  /** What the spans before the present ones come to, as of that hour. */
  closed: { hour: number; sums: Closed } | null;
  /** Of the roll-ups those that have ended. */
  unsaved: { checks: Check[]; rollups: Set<Rollup> };
  trimmedHour: number;
}

type Storage = ReturnType<typeof createProbeStorage>;

/**
 * The history of each service: the newest checks and the open roll-ups in memory, written in batches. What
 * a screen asks of a thousand services is summed from a few numbers each, never from their rows.
 */
export function createTallies(storage: Storage) {
  const tallies = new Map<string, Tally>();
  const unsaved = new Set<string>();

  function load(id: string, intervalMs: number, now: number): void {
    const checks = storage.checks(id, CHECKS_SHOWN);
    const { hour, day, ended } = openRollups(storage, id, now);
    const open = { hour, day };
    const rollups = new Set(ended);
    const waiting = { checks: [], rollups };
    tallies.set(id, { intervalMs, checks, open, past: null, closed: null, unsaved: waiting, trimmedHour: 0 });
    if (ended.length > 0) unsaved.add(id);
  }

  function add(id: string, check: Check): void {
    const tally = tallies.get(id);
    if (!tally) return;
    const { checks, open, unsaved: waiting } = tally;
    checks.push(check);
    if (checks.length > CHECKS_SHOWN) checks.shift();
    waiting.checks.push(check);
    if (waiting.checks.length > MOST_UNSAVED) waiting.checks.shift();
    for (const step of KEPT_STEPS) {
      const grown = open[step];
      // A clock that was put back a little writes into the span that is open; one that was far ahead begins anew.
      if (grown !== null && check.at < grown.at + STEPS[step] && check.at >= grown.at - STEPS[step])
        addTo(grown, check);
      else {
        if (grown !== null) {
          waiting.rollups.add(grown);
          tally.past?.[step].push({ at: grown.at, up: grown.up, down: grown.down });
        }
        const fresh = emptyRollup(step, check.at);
        addTo(fresh, check);
        open[step] = fresh;
      }
    }
    unsaved.add(id);
    // Counted with the first check of each hour, so that no screen waits for a thousand services at once.
    closedSums(id, tally, check.at);
  }

  /** Roll-ups that storage does not hold, or not as they are now. */
  const unstored = ({ open, unsaved: waiting }: Tally): Rollup[] =>
    [...waiting.rollups, open.hour, open.day].filter((rollup) => rollup !== null);

  /** Hours and days that ended, as far back as a window reaches. */
  function pastOf(id: string, tally: Tally, step: KeptStep, now: number): Span[] {
    const from = (of: KeptStep): number => startOf(of, now) - REACH[of];
    const stored = (of: KeptStep): Span[] => {
      const spans = new Map(storage.spans(id, of, from(of)).map((span) => [span.at, span]));
      for (const rollup of tally.unsaved.rollups) if (rollup.step === of) spans.set(rollup.at, rollup);
      return [...spans.values()].toSorted((a, b) => a.at - b.at);
    };
    tally.past ??= { hour: stored('hour'), day: stored('day') };
    const spans = tally.past[step];
    const gone = spans.findIndex(({ at }) => at >= from(step));
    if (gone > 0) spans.splice(0, gone);
    return spans;
  }

  function sumOf(id: string, tally: Tally, name: keyof Uptime, now: number): Sums {
    const { step, spans } = WINDOWS[name];
    const to = startOf(step, now);
    const from = to - (spans - 1) * STEPS[step];
    const open = tally.open[step];
    const sums = { up: 0, down: 0 };
    const count = ({ at, up, down }: Span): void => {
      if (at < from || at >= to) return;
      sums.up += up;
      sums.down += down;
    };
    for (const span of pastOf(id, tally, step, now)) if (span.at !== open?.at) count(span);
    // Nothing was checked since: it ended without being closed.
    if (open) count(open);
    return sums;
  }

  /** Sums of the closed spans; counted once an hour, when the first is asked for. */
  function closedSums(id: string, tally: Tally, now: number): Closed {
    const hour = startOf('hour', now);
    if (tally.closed?.hour === hour) return tally.closed.sums;
    const sum = (name: keyof Uptime): Sums => sumOf(id, tally, name, now);
    const sums: Closed = { day: sum('day'), week: sum('week'), month: sum('month'), quarter: sum('quarter') };
    tally.closed = { hour, sums };
    return sums;
  }

  return {
    load,
    add,
    drop(id: string): void {
      tallies.delete(id);
      unsaved.delete(id);
    },
    /** Another interval: single checks are kept for as long as it takes to show 60 of them. */
    retime(id: string, intervalMs: number): void {
      const tally = tallies.get(id);
      if (tally) tally.intervalMs = intervalMs;
    },
    /** Reads and counts what ended before of so many services that nobody asked about yet. False: of all. */
    warm(most: number, now: number): boolean {
      let left = most;
      for (const [id, tally] of tallies) {
        if (tally.closed !== null) continue;
        if (left-- === 0) return true;
        closedSums(id, tally, now);
      }
      return false;
    },
    checks: (id: string): Check[] => [...(tallies.get(id)?.checks ?? [])],

    uptime(id: string, now: number): Uptime {
      const uptime: Uptime = { day: null, week: null, month: null, quarter: null };
      const tally = tallies.get(id);
      if (!tally) return uptime;
      const closed = closedSums(id, tally, now);
      for (const name of WINDOW_NAMES) {
        const { step } = WINDOWS[name];
        const rollup = tally.open[step];
        const live = rollup && rollup.at === startOf(step, now) ? rollup : null;
        const up = closed[name].up + (live?.up ?? 0);
        const known = up + closed[name].down + (live?.down ?? 0);
        uptime[name] = known === 0 ? null : up / known;
      }
      return uptime;
    },

    /** Known checks of the hours that began in that time; at most a week back. */
    between(id: string, from: number, to: number, now: number): Sums {
      const tally = tallies.get(id);
      const sums = { up: 0, down: 0 };
      if (!tally) return sums;
      const { hour } = tally.open;
      const ended = pastOf(id, tally, 'hour', now).filter(({ at }) => at !== hour?.at);
      for (const span of hour ? [...ended, hour] : ended) {
        if (span.at < startOf('hour', from) || span.at >= to) continue;
        sums.up += span.up;
        sums.down += span.down;
      }
      return sums;
    },

    history(id: string, span: HistorySpan, now: number): { stepMs: number; from: number; points: HistoryPoint[] } {
      const { step, spans } = SPANS[span];
      const from = startOf(step, now) - (spans - 1) * STEPS[step];
      const tally = tallies.get(id);
      if (step === 'minute') {
        const fresh = (tally?.unsaved.checks ?? []).filter(({ at }) => at >= from);
        const minutes = inSpans('minute', [...storage.checksSince(id, from, now), ...fresh], addTo);
        return { stepMs: STEPS[step], from, points: minutes.map(pointOf) };
      }
      const rollups = new Map(storage.rollups(id, step, from).map((rollup) => [rollup.at, rollup]));
      for (const rollup of tally ? unstored(tally) : []) {
        if (rollup.step === step && rollup.at >= from) rollups.set(rollup.at, rollup);
      }
      const points = [...rollups.values()].toSorted((a, b) => a.at - b.at).map(pointOf);
      return { stepMs: STEPS[step], from, points };
    },

    hasUnsaved: (): boolean => unsaved.size > 0,

    /**
     * Inside a commit: writes up to about `most` checks, and trims what is too old once an hour. `each` is
     * called with every service written, to write the rest of it.
     * @returns to be called once it is committed; till then everything counts as unwritten.
     */
    save(most: number, now: number, each: (id: string) => void): () => void {
      const written: { id: string; checks: readonly Check[]; rollups: Rollup[] }[] = [];
      let count = 0;
      for (const id of unsaved) {
        const tally = tallies.get(id);
        if (!tally) continue;
        if (count >= most) break;
        const { checks, rollups } = tally.unsaved;
        count += checks.length + rollups.size;
        each(id);
        for (const check of checks) storage.addCheck(id, check);
        for (const rollup of rollups) storage.saveRollup(id, rollup);
        if (tally.trimmedHour !== startOf('hour', now)) {
          storage.trimChecks(id, rawFrom(now, tally.intervalMs));
          for (const step of KEPT_STEPS) storage.trimRollups(id, step, now - KEPT[step]);
        }
        written.push({ id, checks: [...checks], rollups: [...rollups] });
      }
      return () => {
        for (const { id, checks, rollups } of written) {
          const tally = tallies.get(id);
          unsaved.delete(id);
          if (!tally) continue;
          tally.trimmedHour = startOf('hour', now);
          const saved = new Set(checks);
          tally.unsaved.checks = tally.unsaved.checks.filter((check) => !saved.has(check));
          for (const rollup of rollups) tally.unsaved.rollups.delete(rollup);
          if (tally.unsaved.checks.length > 0 || tally.unsaved.rollups.size > 0) unsaved.add(id);
        }
      };
    },
  };
}

export type Tallies = ReturnType<typeof createTallies>;
