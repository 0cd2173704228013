import type { Database } from 'better-sqlite3';
import type { Project } from '../../shared/contract/projects.ts';
import type { Journal } from '../kernel/journal.ts';
import type { Log } from '../kernel/log.ts';
import type { Clock, Cron } from '../kernel/ports.ts';
import { actOn } from './rules.ts';
import { createScheduleStorage, type DueSchedule } from './storage.ts';

interface ScheduleDeps {
  db: Database;
  journal: Journal;
  clock: Clock;
  cron: Cron;
  log: Log;
  project(id: string): Project;
  launch(input: { projectId: string; prompt?: string }): Promise<unknown>;
  /** The daily promotion check, as configured now; null: switched off. */
  promotionCheck(): { cron: string; timezone: string } | null;
  checkPromotion(): void;
}

/** Launches by the clock. A run is claimed, persisted, before it starts: never twice, also over a crash. */
export function createSchedules(deps: ScheduleDeps) {
  const { journal, clock, cron, log } = deps;
  const storage = createScheduleStorage(deps.db);

  function noted(projectId: string, text: string): void {
    journal.commit((emit) => {
      storage.note(projectId, text);
      emit({ type: 'project.saved', body: { project: deps.project(projectId) } });
    });
  }

  async function runOne(due: DueSchedule): Promise<void> {
    const now = clock.now();
    const act = actOn(due.nextRunAt, now, due.missed);
    const claimed = journal.commit((emit) => {
      if (!storage.claim(due.projectId, due.nextRunAt, cron.next(due.cron, due.timezone, now))) return false;
      if (act === 'run') storage.ran(due.projectId, now);
      emit({ type: 'project.saved', body: { project: deps.project(due.projectId) } });
      return true;
    });
    if (!claimed) return;
    if (act === 'skip') {
      return noted(due.projectId, `The run of ${new Date(due.nextRunAt).toISOString()} was missed and skipped.`);
    }
    try {
      await deps.launch({ projectId: due.projectId, ...(due.prompt === null ? {} : { prompt: due.prompt }) });
      noted(due.projectId, `Launched at ${new Date(now).toISOString()}.`);
    } catch (error) {
      noted(
        due.projectId,
        `Not launched at ${new Date(now).toISOString()}: ${String(error instanceof Error ? error.message : error)}`,
      );
      log.warn({ err: error, projectId: due.projectId }, 'a scheduled launch was refused');
    }
  }

  function promotionTick(): void {
    const check = deps.promotionCheck();
    if (!check) return;
    const now = clock.now();
    const plannedAt = storage.nextCheckAt();
    if (plannedAt !== null && plannedAt > now) return;
    const next = cron.next(check.cron, check.timezone, now);
    journal.commit(() => storage.setNextCheckAt(next ?? Number.MAX_SAFE_INTEGER));
    // The very first plan only sets the hour; a check missed in sleep is made up for once.
    if (plannedAt !== null) deps.checkPromotion();
  }

  return {
    /** Everything that is due now, once. */
    async tick(): Promise<void> {
      promotionTick();
      for (const due of storage.due(clock.now())) await runOne(due);
    },
    /** The configured hour has changed: plan anew. */
    replanCheck(): void {
      const check = deps.promotionCheck();
      const next = check && cron.next(check.cron, check.timezone, clock.now());
      journal.commit(() => storage.setNextCheckAt(next ?? Number.MAX_SAFE_INTEGER));
    },
  };
}
