import type { Database } from 'better-sqlite3';
import type { InputOf } from '../../shared/contract/index.ts';
import type { RevenueSource, RevenueSummary, TestResult } from '../../shared/contract/revenue.ts';
import { TenureError } from '../../shared/errors.ts';
import { MICRO, USD } from '../../shared/money.ts';
import { KIND_WORDS, readingWords } from '../../shared/revenue-words.ts';
import type { Emit, Journal } from '../kernel/journal.ts';
import type { Log } from '../kernel/log.ts';
import type { Clock, Cron, Fetcher, Ids } from '../kernel/ports.ts';
import { redact } from '../kernel/redact.ts';
import { createAdmin } from './admin.ts';
import { count } from './count.ts';
import { createEntries } from './entries.ts';
import { type Look, lookAt, type Secrets } from './look.ts';
import { createPolling } from './polling.ts';
import { createProjectFigures } from './projects/storage.ts';
import { createReport } from './report.ts';
import { createRevenueStorage, type Source } from './storage.ts';
import { createWeekly } from './weekly.ts';

export interface RevenueDeps {
  db: Database;
  journal: Journal;
  clock: Clock;
  ids: Ids;
  fetcher: Fetcher;
  log: Log;
  timezone(): string;
  /** The first moment after that one which the expression names. */
  nextRun: Cron['next'];
  /** When the week's figures are told; null: never. */
  weekly(): string | null;
  secrets: Secrets;
  projects(): readonly { id: string; name: string }[];
  uptime(projectId: string, from: number, to: number): number | null;
}

export type Revenue = ReturnType<typeof createRevenue>;

const DAY = 86_400_000;
/** A price that is older than this says nothing about now. */
const PRICE_FRESH_MS = 6 * 3_600_000;
/** Snapshots older than that are thinned to one a day. */
const WHOLE_DAYS = 30;

/** What a project earns: sources that are looked at or told, kept as snapshots and as a ledger of gains. */
export function createRevenue(deps: RevenueDeps) {
  const { db, journal, clock, ids, log, timezone, secrets } = deps;
  const storage = createRevenueStorage(db);
  const ended = new AbortController();
  const http = { fetcher: deps.fetcher, clock, ended: ended.signal };
  let known: Source[] | null = null;
  let summary: RevenueSummary | null | undefined;

  const sources = (): Source[] => (known ??= storage.sources());
  const report = createReport({
    storage,
    now: clock.now,
    timezone,
    sources,
    projects: deps.projects,
    figuresOf: createProjectFigures(db),
    uptime: deps.uptime,
  });

  const tellWeek = createWeekly({
    journal,
    clock,
    storage,
    timezone,
    next: deps.nextRun,
    cron: deps.weekly,
    week: report.weekTo,
  });

  /** Figures are told only when they have changed: most looks change nothing. */
  function tell(emit: Emit): void {
    const next = report.summary();
    if (JSON.stringify({ ...next, at: 0 }) === JSON.stringify({ ...summary, at: 0 }) && summary !== undefined) return;
    summary = next;
    emit({ type: 'revenue.changed', body: { revenue: next } });
  }

  function changed<T>(work: () => T): T {
    try {
      return journal.commit((emit) => {
        const result = work();
        known = null;
        tell(emit);
        return result;
      });
    } catch (error) {
      known = null;
      summary = undefined;
      throw error;
    }
  }

  function find(id: string): Source {
    const source = sources().find((one) => one.id === id);
    if (source && source.removedAt === null) return source;
    throw new TenureError('not_found', `There is no revenue source ${id}.`);
  }

  function priceOf(asset: string, at: number): number | null {
    if (asset === USD) return MICRO;
    for (const { id, settings } of sources()) {
      if (settings.kind !== 'price' || settings.asset !== asset) continue;
      const price = storage.price(id, at - PRICE_FRESH_MS, at);
      if (price !== null) return price;
    }
    return null;
  }

  const entries = createEntries({ storage, journal, clock, ids, timezone, source: find, priceOf, changed });

  /** Everything that one good or bad look changes, in one transaction: nothing is counted twice. */
  function keep(before: Source, look: Look): boolean {
    const source = storage.source(before.id);
    if (!source || source.removedAt !== null || JSON.stringify(source.settings) !== JSON.stringify(before.settings))
      return false;
    const at = clock.now();
    if (!look.ok) {
      const error = redact(look.error).slice(0, 500);
      changed(() => storage.update({ ...source, lastTryAt: at, lastError: error, failures: source.failures + 1 }));
      return false;
    }
    const { reading } = look.said;
    const counted = count(source.settings, source.cursor, look.said, at, priceOf(reading.asset ?? USD, at));
    const flag = counted.flag ?? look.flag ?? source.flag;
    changed(() => {
      storage.addSnapshot(source.id, { at, ...reading });
      for (const gain of counted.gains) storage.addGain(source.id, gain);
      const good = { lastTryAt: at, lastGoodAt: at, lastError: null, failures: 0 };
      storage.update({ ...source, ...good, cursor: counted.cursor, flag });
    });
    return look.more;
  }

  async function lookOnce(id: string): Promise<boolean> {
    const source = storage.source(id);
    if (!source) return false;
    const look = await lookAt(source.settings, source.cursor, http, secrets);
    // What was given up is no failure of the source.
    if (ended.signal.aborted) return false;
    try {
      return keep(source, look);
    } catch (error) {
      log.warn({ err: error, source: id }, 'a look at a revenue source could not be kept');
      return false;
    }
  }
  /** One look at a source at a time: two at once would count the same gain twice. */
  const looking = new Map<string, Promise<boolean>>();
  function lookSafely(id: string): Promise<boolean> {
    const running = looking.get(id);
    if (running) return running;
    const work = lookOnce(id).finally(() => looking.delete(id));
    looking.set(id, work);
    return work;
  }

  const polling = createPolling({ clock, sources, look: lookSafely });

  const admin = createAdmin({
    storage,
    clock,
    ids,
    sources,
    find,
    changed,
    projects: deps.projects,
    stableDaysOf: report.stableDaysOf,
    mintToken: entries.mintToken,
    moved: polling.forget,
  });

  return {
    ...report,
    priceOf,
    enter: entries.enter,
    entries: entries.list,
    removeEntry: entries.remove,
    previewImport: entries.preview,
    import: entries.import,
    post: entries.post,

    list: (): RevenueSource[] =>
      sources()
        .filter(({ removedAt }) => removedAt === null)
        .map(admin.view),

    add: admin.add,
    update: admin.update,
    remove: admin.remove,
    newToken: admin.newToken,

    /** Looks and counts nothing. @throws TenureError not_found */
    async test(input: InputOf<'revenue.test'>): Promise<TestResult> {
      const settings = 'id' in input ? find(input.id).settings : input.settings;
      const fromStart = settings.kind === 'access-log' ? { ...settings, from: 'start' as const } : settings;
      const look = await lookAt(fromStart, null, http, secrets);
      if (!look.ok) return { ok: false, text: redact(look.error), reading: null };
      const reading = { at: clock.now(), ...look.said.reading };
      const { name, what } = KIND_WORDS[settings.kind];
      const words = readingWords(settings.kind, reading);
      return { ok: true, text: words === null ? what : `${name}: ${words}.`, reading };
    },

    /** Looks now, counts, and says how the source stands. @throws TenureError not_found */
    async look(id: string): Promise<RevenueSource> {
      find(id);
      await lookSafely(id);
      return admin.view(find(id));
    },

    /** Called by the heartbeat and after a sleep: whatever is due is begun, and the week's figures are told. */
    tick(): void {
      polling.tick();
      tellWeek();
    },
    /** Once in a while: old snapshots are thinned. */
    thin: (): void => {
      if (sources().length > 0) journal.commit(() => storage.thin(clock.now() - WHOLE_DAYS * DAY));
    },
    /** Gives up what is under way and waits until it has ended. */
    close(): Promise<void> {
      ended.abort();
      return polling.close();
    },
  };
}
