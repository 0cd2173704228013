import { join } from 'node:path';
import type { Finding } from '../../shared/contract/system.ts';
import { count } from '../../shared/format.ts';
import { localZone } from '../adapters/cron.ts';
import type { EngineOptions } from '../engine.ts';
import type { Journal } from '../kernel/journal.ts';
import { createMcp } from '../mcp/service.ts';
import type { Projects } from '../projects/service.ts';
import { createModelChoices } from '../telemetry/choices.ts';
import { createTelemetry } from '../telemetry/service.ts';
import { createLimits } from '../usage/limits.ts';
import { createUsage } from '../usage/service.ts';

interface RecordOptions extends Pick<EngineOptions, 'db' | 'config' | 'ports' | 'log' | 'paths' | 'env'> {
  journal: Journal;
  projects: Projects;
}

/** What is kept of every spawn, and what follows from it: models, usage, limits. */
export function createRecord({ db, config, ports, log, paths, env, journal, projects }: RecordOptions) {
  const { clock, ids } = ports;
  const telemetry = createTelemetry({
    db,
    journal,
    clock,
    ids,
    log,
    dataDir: paths.dataDir,
    changed: () => usage.recordChanged(),
  });
  const models = createModelChoices({
    db,
    journal,
    clock,
    configured: (caste) => config.current().models[caste] ?? null,
    project: projects.settings,
    setDefault: (id, model) => void projects.update({ id, model }),
  });
  const timezone = (): string => config.current().timezone ?? localZone();
  const limits = createLimits({ db, journal, clock, log, timezone });
  const usage = createUsage({
    db,
    journal,
    clock,
    log,
    config: () => config.current().usage,
    timezone,
    project: projects.settings,
    projects: projects.list,
  });
  const mcp = createMcp({
    db,
    journal,
    clock,
    log,
    env,
    dir: join(paths.runDir, 'mcp'),
    project: projects.settings,
    projects: projects.list,
  });

  /** A record that fails keeps nothing from running, so it has to be seen here (T-10B). */
  function recordHealth(): Finding {
    const name = 'Record of runs';
    const { count: missing, problem } = telemetry.lost();
    if (missing === 0) return { name, state: 'ok', detail: 'Every run since the start was recorded.', fix: null };
    const detail =
      `${count(missing, 'entry', 'entries')} could not be written since the start. ${problem ?? ''}`.trim();
    const fix = 'Usage, budgets and figures of models lack them. Look at Store and Data directory.';
    return { name, state: 'warning', detail, fix };
  }

  return {
    telemetry,
    models,
    usage,
    limits,
    mcp,
    /** Before anything runs: what a cut-off left open or lying about. */
    reconcile(): void {
      telemetry.reconcile();
      mcp.sweep();
    },
    /** Asks a model for a session; over a budget that the session is under, nobody is asked. */
    whileAffordable<C extends { sessionId: string | null }, A>(call: C, ask: (call: C) => Promise<A>) {
      const spent = call.sessionId === null ? null : usage.spentFor(call.sessionId);
      return spent === null ? ask(call) : Promise.resolve({ answered: false as const, kind: 'budget', detail: spent });
    },
    /** Sentences for the person: budgets that are spent or nearly so, servers that ask to be looked at again. */
    notices: (): string[] => [...usage.notices(), ...mcp.notices()],
    checks: { 'Record of runs': recordHealth },
  };
}
