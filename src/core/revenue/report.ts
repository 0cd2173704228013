import type { Figure, ProjectLine, RevenueSummary, SourceWeek, Week } from '../../shared/contract/revenue.ts';
import { amountWords } from '../../shared/money.ts';
import { figureWords, totalWords } from '../../shared/revenue-words.ts';
import { earns, intervalOf } from './look.ts';
import type { ProjectFigures } from './projects/storage.ts';
import { asFigure, changeOf, isStable, isStale, looked, STABLE_DAYS, stableDays, told, totalOf } from './rules.ts';
import type { RevenueStorage, Source, Sum } from './storage.ts';
import { dayStart, daysBefore, weeksUpTo } from './weeks.ts';

interface ReportDeps {
  storage: RevenueStorage;
  now(): number;
  timezone(): string;
  /** Every source, removed ones too: what they earned stays. */
  sources(): readonly Source[];
  projects(): readonly { id: string; name: string }[];
  figuresOf(projectId: string, from: number, to: number): ProjectFigures;
  /** Share of the time (0–1) in which a project's services were up; null: not known. */
  uptime(projectId: string, from: number, to: number): number | null;
}

interface Seen {
  source: Source;
  sum: Sum;
  figure: Figure;
}

/** What was earned in a period, said honestly: of each source, in all, and beside what each project cost. */
export function createReport({ storage, now, timezone, sources, projects, figuresOf, uptime }: ReportDeps) {
  /** Null for a source that was not there yet, or no more: it is not missing then. */
  function seen(source: Source, from: number, to: number): Seen | null {
    const sum = storage.sum(source.id, from, to);
    const gone = source.removedAt !== null;
    if (sum.firstAt === null && (gone || source.createdAt >= to)) return null;
    const dollars = { microUsd: sum.microUsd, unknownParts: sum.unknownParts };
    if (intervalOf(source) === null) return { source, sum, figure: told({ ...dollars, ...sum, beforeAt: null }) };
    const looks = storage.looks(source.id, from, to);
    const end = Math.min(to, now(), source.removedAt ?? Number.POSITIVE_INFINITY);
    return { source, sum, figure: looked({ ...dollars, ...looks }, from, end) };
  }

  const seenIn = (from: number, to: number): Seen[] =>
    sources()
      .filter(({ settings }) => earns(settings.kind))
      .flatMap((source) => seen(source, from, to) ?? []);

  const UNSEEN: Figure = { microUsd: null, complete: false, why: 'It was not there yet.' };

  function figures(to = now()): Omit<Week, 'stable'> {
    const zone = timezone();
    const from = daysBefore(to, zone, 7);
    const previousFrom = daysBefore(to, zone, 14);
    // What happens in this very millisecond belongs to the week that ends with it.
    const current = seenIn(from, to + 1);
    const before = seenIn(previousFrom, from);
    const figureBefore = (id: string): Figure => before.find(({ source }) => source.id === id)?.figure ?? UNSEEN;
    const [total, previous] = [current, before].map((list) => totalOf(list.map(({ figure }) => figure)));
    if (!total || !previous) throw new Error('two weeks have two totals');
    return {
      from,
      to,
      previousFrom,
      timezone: zone,
      total,
      previous,
      change: changeOf(asFigure(total), asFigure(previous)),
      sources: current.map(({ source, sum, figure }): SourceWeek => {
        const earlier = figureBefore(source.id);
        return {
          sourceId: source.id,
          name: source.name,
          kind: source.settings.kind,
          projectId: source.projectId,
          figure,
          previous: earlier,
          change: changeOf(figure, earlier),
          asset: sum.asset,
          amount: sum.amount?.toString() ?? null,
          requests: sum.requests,
          tokens: sum.tokens,
        };
      }),
    };
  }

  /** Days of the last fourteen whole ones on which the source is known. */
  function stableDaysOf(source: Source): number | null {
    if (!earns(source.settings.kind)) return null;
    const zone = timezone();
    const starts = Array.from({ length: STABLE_DAYS + 1 }, (_, n) => dayStart(now(), zone, n - STABLE_DAYS));
    const days = starts.slice(0, -1).map((from, n) => ({ from, to: starts[n + 1] ?? from }));
    const first = starts[0] ?? 0;
    const looks = intervalOf(source) === null ? null : storage.looksSince(source.id, first);
    return stableDays(
      days.map(({ from, to }) => {
        const sum = storage.sum(source.id, from, to);
        if (sum.unknownParts > 0) return false;
        // What is told is known from its first entry to its last.
        if (!looks)
          return (
            storage.sum(source.id, 0, to).firstAt !== null && storage.sum(source.id, from, now() + 1).firstAt !== null
          );
        return looks.some((at) => at >= from && at < to);
      }),
    );
  }

  function contextOf(weeks: readonly SourceWeek[]): string | null {
    if (weeks.length === 0) return null;
    const total = totalOf(weeks.map(({ figure }) => figure));
    const lines = weeks.map(({ sourceId, name, figure, amount, asset }) => {
      const source = sources().find(({ id }) => id === sourceId);
      const interval = source ? intervalOf(source) : null;
      const age = source?.lastGoodAt ? Math.round((now() - source.lastGoodAt) / 60_000) : null;
      const old =
        interval === null
          ? ''
          : age === null
            ? ' (never seen)'
            : ` (${age} min ago${isStale(source?.lastGoodAt ?? null, interval, now()) ? ', STALE' : ''})`;
      const units =
        amount !== null && asset !== null && asset !== 'USD' ? `, ${amountWords(BigInt(amount), asset)}` : '';
      return `- ${name}: ${figureWords(figure)} in 7 days${units}${old}`;
    });
    return ['Revenue:', ...lines, `- In all: ${totalWords(total)}`].join('\n');
  }

  return {
    week: (): Week => {
      const open = sources().filter(({ removedAt }) => removedAt === null);
      const days = open.map((source) => ({ stableDays: stableDaysOf(source), flagged: source.flag !== null }));
      return { ...figures(), stable: isStable(days) };
    },
    /** The seven days that end then against the seven before. */
    weekTo: figures,
    stableDaysOf,
    weeks: (count: number) =>
      weeksUpTo(now(), timezone(), count).map(({ from, to }) => ({
        from,
        to,
        total: totalOf(seenIn(from, to).map(({ figure }) => figure)),
      })),

    projects(): ProjectLine[] {
      const { from, to, sources: weeks } = figures();
      return projects().map(({ id, name }) => {
        const own = weeks.filter(({ projectId }) => projectId === id);
        const revenue = totalOf(own.map(({ figure }) => figure));
        const { costMicroUsd, ...rest } = figuresOf(id, from, to + 1);
        // Less an unknown cost nothing is known; with an unknown part of the revenue it is at least that.
        const known = revenue.microUsd !== null && costMicroUsd !== null && rest.costUnknown === 0;
        return {
          projectId: id,
          name,
          revenue,
          sources: own.length,
          costMicroUsd,
          ...rest,
          netMicroUsd: known ? (revenue.microUsd ?? 0) - (costMicroUsd ?? 0) : null,
          uptime: uptime(id, from, to),
        };
      });
    },

    /** What the screens mirror; null while there is no source. */
    summary(): RevenueSummary | null {
      const open = sources().filter(({ removedAt }) => removedAt === null);
      if (open.length === 0) return null;
      const { total, change, to } = figures();
      const failing = open.filter(({ lastError, paused }) => lastError !== null && !paused).length;
      return { at: to, sources: open.length, failing, week: total, change };
    },

    /** Per source what was earned this week, and how old that is (S1-51). */
    context: (): string => contextOf(figures().sources) ?? 'Revenue: no sources.',
    /** The same of the sources of a project; null: it has none. */
    contextOf: (projectId: string): string | null =>
      // A look at two weeks is spared every launch of a project that has none.
      sources().some((source) => source.projectId === projectId)
        ? contextOf(figures().sources.filter((week) => week.projectId === projectId))
        : null,
  };
}
