import type { Database } from 'better-sqlite3';
import type { Limits } from '../../shared/contract/usage.ts';
import type { LimitReport } from '../drivers/driver.ts';
import type { Journal } from '../kernel/journal.ts';
import type { Log } from '../kernel/log.ts';
import type { Clock } from '../kernel/ports.ts';
import { timeIn } from './days.ts';
import { proves, type SeenWindow, windowLabel, windowsAfter } from './rules.ts';
import { createUsageStorage, type StoredWindow } from './storage.ts';

export interface LimitDeps {
  db: Database;
  journal: Journal;
  clock: Clock;
  log: Log;
  /** IANA zone in which times are told. */
  timezone(): string;
}

export type LimitWatch = ReturnType<typeof createLimits>;

/** Under one percent nobody sees a difference, and nothing is told. */
const told = (limits: Limits): string =>
  JSON.stringify([
    limits.reached,
    limits.windows.map(({ name, status, utilization, resetsAt }) => [
      name,
      status,
      utilization === null ? null : Math.round(utilization * 100),
      resetsAt,
    ]),
  ]);

/**
 * The windows of a subscription, kept as they were reported, each with its time. A limit that was reached
 * stays reached until the service has let something through: the clock alone proves nothing. One login a
 * machine: the account is the kind of agent.
 */
export function createLimits({ db, journal, clock, log, timezone }: LimitDeps) {
  const storage = createUsageStorage(db);

  function view(account: string): Limits {
    const windows = storage.windows(account);
    const now = clock.now();
    // The one that keeps things from going on longest.
    const [worst] = windows
      .filter((window) => window.status === 'rejected')
      .toSorted((a, b) => (b.resetsAt ?? Number.POSITIVE_INFINITY) - (a.resetsAt ?? Number.POSITIVE_INFINITY));
    return {
      reached: worst
        ? {
            name: worst.name,
            label: windowLabel(worst.name),
            resetsAt: worst.resetsAt,
            since: worst.since,
            sentence: sentenceOf(worst, now, timezone()),
          }
        : null,
      windows: windows.map(({ since: _since, ...window }) => ({ ...window, label: windowLabel(window.name) })),
    };
  }

  function save(account: string, next: readonly SeenWindow[], seen: (name: string) => boolean): void {
    try {
      journal.commit((emit) => {
        const before = view(account);
        const had = new Map(storage.windows(account).map((window) => [window.name, window]));
        const now = clock.now();
        for (const window of next) {
          const was = had.get(window.name);
          if (was && !seen(window.name) && was.status === window.status) continue;
          const since = was?.status === window.status ? was.since : now;
          storage.saveWindow(account, { ...window, seenAt: now, since });
        }
        const limits = view(account);
        if (told(limits) !== told(before)) emit({ type: 'limits.changed', body: { limits } });
      });
    } catch (error) {
      // A run goes on without its limits being noted.
      log.error({ err: error }, 'a usage limit could not be noted');
    }
  }

  function reported(account: string, report: LimitReport, model: string | null): void {
    const named = new Set([...report.windows.map(({ name }) => name), report.name ?? 'unnamed']);
    save(account, windowsAfter(storage.windows(account), report, model), (name) => named.has(name));
  }

  return {
    current: (): Limits => view('claude'),

    /** What a CLI reported of its account's windows. Never throws. */
    reported,

    /** A run ended at a limit; `resetsAt` null: it was not told when. Never throws. */
    reached(account: string, resetsAt: number | null): void {
      const rejected = storage.windows(account).filter((window) => window.status === 'rejected');
      if (rejected.length > 0 && (resetsAt === null || rejected.some((window) => window.resetsAt === resetsAt))) return;
      const report = { status: 'rejected' as const, name: null, utilization: null, resetsAt, windows: [] };
      reported(account, report, null);
    },

    /** A run of that model came to its end: the service lets things through. Never throws. */
    proved(account: string, model: string | null): void {
      const windows = storage.windows(account);
      if (!windows.some((window) => window.status === 'rejected' && proves(window.name, model))) return;
      const next = windows.map(
        (window): StoredWindow =>
          window.status === 'rejected' && proves(window.name, model) ? { ...window, status: 'allowed' } : window,
      );
      save(account, next, () => false);
    },
  };
}

function sentenceOf({ name, resetsAt }: StoredWindow, now: number, timezone: string): string {
  const what = `${windowLabel(name)} used up`;
  if (resetsAt === null) return `${what}; when it resets was not told.`;
  if (resetsAt > now) return `${what}; resets at ${timeIn(timezone, resetsAt, now)}.`;
  return `${what}; it was to reset at ${timeIn(timezone, resetsAt, null)}, which no run has proved yet.`;
}
