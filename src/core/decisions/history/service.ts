import type { Database } from 'better-sqlite3';
import type { InputOf, OutputOf } from '../../../shared/contract/index.ts';
import type { Stage } from '../../../shared/decision-stage.ts';
import type { Clock } from '../../kernel/ports.ts';
import { viewOf } from '../row.ts';
import { metricsOf, seriesOf } from './rules.ts';
import { createHistoryStorage } from './storage.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const PAGE = 50;
const DAYS = 30;
/** More points than a chart has room for. */
const MOST_BUCKETS = 2_000;

export type History = ReturnType<typeof createHistory>;

/** Looking back on the decisions: pages, figures, figures over time. Changes nothing. */
export function createHistory({ db, clock }: { db: Database; clock: Clock }) {
  const storage = createHistoryStorage(db);
  return {
    page({ offset, limit, ...filter }: InputOf<'decisions.page'>): OutputOf<'decisions.page'> {
      const { total, decisions } = storage.page(filter, offset ?? 0, limit ?? PAGE);
      return { total, decisions: decisions.map(viewOf), agents: storage.agents(), tools: storage.tools() };
    },

    metrics({ days, projectId }: InputOf<'analytics.metrics'>): OutputOf<'analytics.metrics'> {
      const since = clock.now() - (days ?? DAYS) * DAY_MS;
      return metricsOf(storage.since(since, projectId), since);
    },

    /** What waits and runs now, and the figures of a day and of a week. */
    now(): Omit<OutputOf<'analytics.summary'>, 'alerts'> {
      const at = clock.now();
      const of = (ms: number) => metricsOf(storage.since(at - ms, undefined), at - ms);
      const count = (stage: Stage, since?: number): number =>
        storage.page({ stages: [stage], ...(since !== undefined && { since }) }, 0, 1).total;
      return {
        pending: count('pending'),
        executing: count('executing'),
        failedLastHour: count('failed', at - HOUR_MS),
        day: of(DAY_MS),
        week: of(7 * DAY_MS),
      };
    },

    /** A bucket is widened where there would be more of them than a chart can show. */
    series({ metric, days, bucketMs, projectId }: InputOf<'analytics.series'>): OutputOf<'analytics.series'> {
      const until = clock.now();
      const since = until - (days ?? DAYS) * DAY_MS;
      const least = Math.ceil((until - since) / MOST_BUCKETS);
      const range = { since, until, bucketMs: Math.max(bucketMs ?? DAY_MS, least) };
      return seriesOf(metric, storage.since(since, projectId), range);
    },
  };
}
