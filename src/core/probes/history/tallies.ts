import type { Check, HistoryPoint, HistorySpan, Uptime } from '../../../shared/contract/services.ts';
import type { createProbeStorage, Sums } from '../storage.ts';
import {
  addTo,
  CHECKS_SHOWN,
  emptyRollup,
  KEPT,
  pointOf,
  type Rollup,
  rawFrom,
  STEP_NAMES,
  STEPS,
  type Step,
  startOf,
} from './rollups.ts';

/** Of each window: how long it is, and the roll-ups that it is summed from. */
const WINDOWS = {
  day: { step: 'hour', spans: 24 },
  week: { step: 'hour', spans: 168 },
  month: { step: 'day', spans: 30 },
  quarter: { step: 'day', spans: 90 },
} as const satisfies Record<keyof Uptime, { step: Step; spans: number }>;
const WINDOW_NAMES = ['day', 'week', 'month', 'quarter'] as const;
const SPANS = {
  hour: { step: 'minute', spans: 60 },
  day: { step: 'hour', spans: 24 },
  week: { step: 'hour', spans: 168 },
  quarter: { step: 'day', spans: 90 },
} as const satisfies Record<HistorySpan, { step: Step; spans: number }>;

type Closed = Record<keyof Uptime, Sums>;

interface Tally {
  intervalMs: number;
  /** The newest checks, oldest first; at most `CHECKS_SHOWN`. */
  checks: Check[];
  /** The roll-ups that still grow. */
  open: Map<Step, Rollup>;
  /** What the roll-ups before the open ones come to, as of that hour. */
  closed: { hour: number; sums: Closed } | null;
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

  function tallyOf(id: string): Tally | null {
    return tallies.get(id) ?? null;
  }

  function load(id: string, intervalMs: number, now: number): void {
    const open = new Map<Step, Rollup>();
    for (const step of STEP_NAMES) {
      const [rollup] = storage.rollups(id, step, startOf(step, now));
      if (rollup) open.set(step, rollup);
    }
    const checks = storage.checks(id, CHECKS_SHOWN);
    const nothing = { checks: [], rollups: new Set<Rollup>() };
    tallies.set(id, { intervalMs, checks, open, closed: null, unsaved: nothing, trimmedHour: 0 });
  }

  function add(id: string, check: Check): void {
    const tally = tallies.get(id);
    if (!tally) return;
    tally.checks.push(check);
    if (tally.checks.length > CHECKS_SHOWN) tally.checks.shift();
    tally.unsaved.checks.push(check);
    for (const step of STEP_NAMES) {
      let rollup = tally.open.get(step);
      // A clock that was put back writes into the span that is open.
      if (!rollup || startOf(step, check.at) > rollup.at) {
        rollup = emptyRollup(step, check.at);
        tally.open.set(step, rollup);
      }
      addTo(rollup, check);
      tally.unsaved.rollups.add(rollup);
    }
    unsaved.add(id);
  }

  /** Sums of the closed spans; read once an hour, when the first is asked for. */
  function closedSums(id: string, tally: Tally, now: number): Closed {
    const hour = startOf('hour', now);
    if (tally.closed?.hour === hour) return tally.closed.sums;
    const sum = (name: keyof Uptime): Sums => {
      const { step, spans } = WINDOWS[name];
      const open = startOf(step, now);
      return storage.sums(id, step, open - (spans - 1) * STEPS[step], open);
    };
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
    checks: (id: string): Check[] => [...(tallyOf(id)?.checks ?? [])],

    uptime(id: string, now: number): Uptime {
      const uptime: Uptime = { day: null, week: null, month: null, quarter: null };
      const tally = tallies.get(id);
      if (!tally) return uptime;
      const closed = closedSums(id, tally, now);
      for (const name of WINDOW_NAMES) {
        const { step } = WINDOWS[name];
        const rollup = tally.open.get(step);
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
      const rollups = new Map(storage.rollups(id, step, from).map((rollup) => [rollup.at, rollup]));
      const tally = tallies.get(id);
      for (const rollup of [...(tally?.unsaved.rollups ?? []), ...(tally?.open.values() ?? [])]) {
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
      const written: { id: string; checks: number; rollups: Rollup[] }[] = [];
      let count = 0;
      for (const id of unsaved) {
        const tally = tallies.get(id);
        if (!tally) continue;
        if (count >= most) break;
        count += tally.unsaved.checks.length;
        each(id);
        for (const check of tally.unsaved.checks) storage.addCheck(id, check);
        for (const rollup of tally.unsaved.rollups) storage.saveRollup(id, rollup);
        if (tally.trimmedHour !== startOf('hour', now)) {
          storage.trimChecks(id, rawFrom(now, tally.intervalMs));
          for (const step of STEP_NAMES) storage.trimRollups(id, step, now - KEPT[step]);
        }
        written.push({ id, checks: tally.unsaved.checks.length, rollups: [...tally.unsaved.rollups] });
      }
      return () => {
        for (const { id, checks, rollups } of written) {
          const tally = tallies.get(id);
          unsaved.delete(id);
          if (!tally) continue;
          tally.trimmedHour = startOf('hour', now);
          tally.unsaved.checks.splice(0, checks);
          for (const rollup of rollups) tally.unsaved.rollups.delete(rollup);
          if (tally.unsaved.checks.length > 0) unsaved.add(id);
        }
      };
    },
  };
}

export type Tallies = ReturnType<typeof createTallies>;
