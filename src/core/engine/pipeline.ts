import { POLICY } from '../../shared/policy.ts';
import { localZone } from '../adapters/cron.ts';
import { createAlerts } from '../decisions/alerts/service.ts';
import { createPreview } from '../decisions/preview/service.ts';
import { quietEnds } from '../decisions/quiet.ts';
import type { EngineOptions } from '../engine.ts';
import type { Journal } from '../kernel/journal.ts';

interface PipelineOptions extends Pick<EngineOptions, 'db' | 'config' | 'ports'> {
  journal: Journal;
  scoreOf(agent: string): number | null;
}

export type Pipeline = ReturnType<typeof createPipeline>;

/** What watches the decisions rather than making them: alerts, and what other settings would have done. */
export function createPipeline({ db, config, ports, journal, scoreOf }: PipelineOptions) {
  const { clock, cron, ids } = ports;
  return {
    /** As they hold, as they would without a word of the person's, and the table. */
    settings: () => ({ settings: config.current().decisions, defaults: config.defaults().decisions, table: POLICY }),
    alerts: createAlerts({ db, journal, clock, ids }),
    preview: createPreview({
      db,
      clock,
      settings: () => config.current().decisions,
      scoreOf,
      quietEnds: (hours, at) => quietEnds(hours, cron.next, config.current().timezone ?? localZone(), at),
    }),
  };
}
