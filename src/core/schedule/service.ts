import type { Database } from 'better-sqlite3';
import type { Project } from '../../shared/contract/projects.ts';
import { absolute } from '../../shared/format.ts';
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
  /** Has a scheduled session of that project not ended yet? Then another would only pile up. */
  isBusy(projectId: string): boolean;
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
      return noted(due.projectId, `The run of ${absolute(due.nextRunAt)} was missed and skipped.`);
    }
    if (deps.isBusy(due.projectId)) {
      return noted(due.projectId, `Not launched at ${absolute(now)}: the session before has not ended.`);
    }
    try {
      await deps.launch({ projectId: due.projectId, ...(due.prompt === null ? {} : { prompt: due.prompt }) });
      noted(due.projectId, `Launched at ${absolute(now)}.`);
    } catch (error) {
      noted(
        due.projectId,
        `Not launched at ${absolute(now)}: ${String(error instanceof Error ? error.message : error)}`,
      );
      log.warn({ err: error, projectId: due.projectId }, 'a scheduled launch was refused');
    }
  }

  /**
   * The daily check. A new plan (the first start, an edited hour or zone, switched on again) only sets its
   * time; a check that was missed in sleep is made up for once.
   */
  function promotionTick(): void {
    const check = deps.promotionCheck();
    const plan = storage.checkPlan();
    if (!check) {
      if (plan) journal.commit(() => storage.dropCheck());
      return;
    }
    const now = clock.now();
    const stands = plan !== null && plan.cron === check.cron && plan.timezone === check.timezone;
    if (stands && (plan.nextAt === null || plan.nextAt > now)) return;
    journal.commit(() => storage.planCheck({ ...check, nextAt: cron.next(check.cron, check.timezone, now) }));
    if (stands) deps.checkPromotion();
  }

  return {
    /** Everything that is due now, once. */
    async tick(): Promise<void> {
      promotionTick();
      for (const due of storage.due(clock.now())) await runOne(due);
    },
  };
}
