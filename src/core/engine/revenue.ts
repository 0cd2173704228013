import { localZone } from '../adapters/cron.ts';
import type { EngineOptions } from '../engine.ts';
import type { Journal } from '../kernel/journal.ts';
import { createRevenue } from '../revenue/service.ts';

interface RevenueChapterOptions extends Pick<EngineOptions, 'db' | 'config' | 'ports' | 'log' | 'env'> {
  journal: Journal;
  projects: { list(): readonly { id: string; name: string }[] };
  /** Share of the time (0–1) in which the services of a project were up; null: not known. */
  uptime(projectId: string, from: number, to: number): number | null;
}

/** A secret by its reference: it stays where it is and is read when it is needed. */
function secretOf(reference: string, env: NodeJS.ProcessEnv, named: Readonly<Record<string, string>>): string {
  const [where, name = ''] = reference.split(/:(.*)/s);
  const secret = where === 'env' ? env[name] : named[name];
  if (secret) return secret;
  throw new Error(
    where === 'env'
      ? `The environment of Tenure has no variable ${name}.`
      : `config.jsonc has no "revenue.secrets.${name}".`,
  );
}

/** What is earned beside what it costs. */
export function createRevenueChapter({
  db,
  config,
  ports,
  log,
  env,
  journal,
  projects,
  uptime,
}: RevenueChapterOptions) {
  const settings = config.current;
  return createRevenue({
    db,
    journal,
    clock: ports.clock,
    ids: ports.ids,
    fetcher: ports.fetcher,
    log,
    timezone: () => settings().timezone ?? localZone(),
    nextRun: ports.cron.next,
    weekly: () => settings().revenue.weekly,
    secrets: (reference) => secretOf(reference, env, settings().revenue.secrets),
    projects: projects.list,
    uptime,
  });
}
