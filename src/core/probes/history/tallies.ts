import type { Check, HistoryPoint, HistorySpan, Uptime } from '../../../shared/contract/services.ts';
import type { createProbeStorage, Sums } from '../storage.ts';
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
  /** What the roll-ups before the open ones come to, as of that hour. */
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

  function load(id: string, intervalMs: number): void {
    const checks = storage.checks(id, CHECKS_SHOWN);
    const { hour, day, ended } = openRollups(storage, id);
    const open = { hour, day };
    const rollups = new Set(ended);
    tallies.set(id, { intervalMs, checks, open, closed: null, unsaved: { checks: [], rollups }, trimmedHour: 0 });
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
      // A clock that was put back writes into the span that is open.
      if (grown !== null && check.at < grown.at + STEPS[step]) addTo(grown, check);
      else {
        if (grown !== null) waiting.rollups.add(grown);
        const fresh = emptyRollup(step, check.at);
        addTo(fresh, check);
        open[step] = fresh;
      }
    }
    unsaved.add(id);
  }

  /** Roll-ups that storage does not hold, or not as they are now. */
  const unstored = ({ open, unsaved: waiting }: Tally): Rollup[] =>
    [...waiting.rollups, open.hour, open.day].filter((rollup) => rollup !== null);

  function sumOf(id: string, tally: Tally, name: keyof Uptime, now: number): Sums {
    const { step, spans } = WINDOWS[name];
    const to = startOf(step, now);
    const from = to - (spans - 1) * STEPS[step];
    const sums = { ...storage.sums(id, step, from, to) };
    for (const rollup of unstored(tally)) {
      if (rollup.step !== step || rollup.at < from || rollup.at >= to) continue;
      const stored = storage.rollup(id, step, rollup.at);
      sums.up += rollup.up - (stored?.up ?? 0);
      sums.down += rollup.down - (stored?.down ?? 0);
    }
    return sums;
  }

  /** Sums of the closed spans; read once an hour, when the first is asked for. */
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

    history(id: string, span: HistorySpan, now: number): { stepMs: number; from: number; points: HistoryPoint[] } {
      const { step, spans } = SPANS[span];
      const from = startOf(step, now) - (spans - 1) * STEPS[step];
      const tally = tallies.get(id);
      if (step === 'minute') {
        const fresh = (tally?.unsaved.checks ?? []).filter(({ at }) => at >= from);
        const minutes = inSpans('minute', [...storage.checksSince(id, from), ...fresh], addTo);
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
