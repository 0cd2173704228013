import type { Database } from 'better-sqlite3';
import type { Config } from '../../shared/config.ts';
import type { Budget, BudgetLimit, ProjectBudgets, Usage } from '../../shared/contract/usage.ts';
import { TenureError } from '../../shared/errors.ts';
import type { Journal } from '../kernel/journal.ts';
import type { Log } from '../kernel/log.ts';
import type { Clock } from '../kernel/ports.ts';
import { type Days, daysIn, timeIn } from './days.ts';
import {
  budgetOf,
  dearestSessions,
  grouped,
  isLimited,
  type RunUsage,
  type Spent,
  shareOf,
  spentOf,
  spentWithVotes,
  stateOf,
  sumOf,
  type Totals,
} from './rules.ts';
import { createUsageStorage, type StoredRun } from './storage.ts';

const DAYS = 30;

export interface UsageDeps {
  db: Database;
  journal: Journal;
  clock: Clock;
  log: Log;
  config(): Config['usage'];
  /** IANA zone in which days begin. */
  timezone(): string;
  /** @throws TenureError not_found. */
  project(id: string): { name: string };
  /** Every project of now. */
  projects(): readonly { id: string; name: string }[];
}

export type UsageService = ReturnType<typeof createUsage>;

type KnownRun = Omit<StoredRun, 'running' | 'costIsLeast'> & RunUsage;

interface LiveRun {
  sessionId: string;
  projectId: string;
  usage: Omit<RunUsage, 'running'>;
}

/** What was used, from the record of spawns and what runs now; and what may still be. */
export function createUsage(deps: UsageDeps) {
  const { journal, clock, log } = deps;
  const storage = createUsageStorage(deps.db);
  /** By the id of the spawn. */
  const live = new Map<string, LiveRun>();
  let zone: { name: string; days: Days } | null = null;
  /** Today's runs as they are recorded, until the record changes or the day is over. */
  let finished: { day: string; runs: StoredRun[] } | null = null;

  function days(): Days {
    const name = deps.timezone();
    if (zone?.name !== name) zone = { name, days: daysIn(name) };
    return zone.days;
  }

  const today = (): string => days().of(clock.now());
  const midnight = (): number => days().start(days().next(today()));

  /** A run with what is known of it now. */
  function known(run: StoredRun): KnownRun {
    const now = live.get(run.id);
    return { ...run, costIsLeast: run.costIsLeast === 1, ...now?.usage, running: run.running === 1 };
  }

  /** Finished today, and all that runs: cheap, for it is asked at every event of a run. */
  function ofToday(): KnownRun[] {
    const day = today();
    if (finished?.day !== day) finished = { day, runs: storage.runs(days().start(day)) };
    return finished.runs.map(known);
  }

  const limitsOf = (projectId: string): { session: BudgetLimit; day: BudgetLimit } => {
    const own = storage.budgets(projectId);
    const { budgets } = deps.config();
    return { session: own.session ?? budgets.session, day: own.day ?? budgets.project };
  };

  const words = (resetsAt: number | null) => ({
    warnShare: deps.config().warnShare,
    resetWords: resetsAt === null ? null : `at ${timeIn(deps.timezone(), resetsAt, null)}`,
  });

  function projectBudget(projectId: string, runs: readonly KnownRun[]): Budget | null {
    const { day } = limitsOf(projectId);
    if (!isLimited(day)) return null;
    const { name } = deps.project(projectId);
    const resetsAt = midnight();
    const spent = spentOf(sumOf(runs.filter((run) => run.projectId === projectId)));
    return budgetOf({ scope: 'project', subject: projectId, name, limit: day, resetsAt }, spent, words(resetsAt));
  }

  function dayBudget(runs: readonly RunUsage[]): Budget | null {
    const limit = deps.config().budgets.day;
    if (!isLimited(limit)) return null;
    const resetsAt = midnight();
    return budgetOf(
      { scope: 'day', subject: null, name: 'today', limit, resetsAt },
      spentOf(sumOf(runs)),
      words(resetsAt),
    );
  }

  /** What stands against a session's budget: its conversation, and what validators voted on its questions. */
  const spentBy = (sessionId: string, totals: Totals): Spent =>
    spentWithVotes(totals, storage.runsOf(sessionId).map(known));

  function sessionBudget(sessionId: string, projectId: string, totals: Totals): Budget {
    const spent = spentBy(sessionId, totals);
    const limit = limitsOf(projectId).session;
    return budgetOf(
      { scope: 'session', subject: sessionId, name: sessionId, limit, resetsAt: null },
      spent,
      words(null),
    );
  }

  /** Why a session may not go on: its own budget is spent. */
  function sessionSpent(sessionId: string, projectId: string, totals: Totals): string | null {
    const { session } = limitsOf(projectId);
    if (!isLimited(session)) return null;
    const { sentence, spent } = sessionBudget(sessionId, projectId, totals);
    return stateOf(shareOf(session, spent), 1) === 'over' ? sentence : null;
  }

  /** Tells of a budget once for each state that it comes to. Never throws. */
  function warn(budget: Budget | null): void {
    if (budget === null || budget.state === 'ok') return;
    try {
      journal.commit((emit) => {
        const period = budget.scope === 'session' ? '' : today();
        if (storage.warn(budget, period, clock.now())) emit({ type: 'budget.warned', body: { budget } });
      });
    } catch (error) {
      log.error({ err: error, scope: budget.scope }, 'a budget could not be warned of');
    }
  }

  function warnOfToday(projectId: string): void {
    if (!isLimited(limitsOf(projectId).day) && !isLimited(deps.config().budgets.day)) return;
    const runs = ofToday();
    warn(projectBudget(projectId, runs));
    warn(dayBudget(runs));
  }

  /** Why nothing new may start on a project now, or null: names the budget, what is spent, when it begins anew. */
  function mayNotStart(projectId: string): { sentence: string; resetsAt: number | null } | null {
    if (!isLimited(limitsOf(projectId).day) && !isLimited(deps.config().budgets.day)) return null;
    const runs = ofToday();
    const over = [projectBudget(projectId, runs), dayBudget(runs)].find((budget) => budget?.state === 'over');
    return over ? { sentence: over.sentence, resetsAt: over.resetsAt } : null;
  }

  return {
    /** Another run is in the record, of a session, a judge or whoever; or one has its end. */
    recordChanged(): void {
      finished = null;
    },

    /** A run begins: from now on its figures count. `used`: what the run alone has used. */
    began(spawnId: string, sessionId: string, projectId: string): void {
      finished = null;
      const usage = {
        inputTokens: null,
        outputTokens: null,
        cacheReadTokens: null,
        cacheWriteTokens: null,
        costUsd: null,
      };
      live.set(spawnId, { sessionId, projectId, usage });
    },

    /**
     * The newest figures of a run. @returns the sentence for which it has to end, or null.
     * @param totals of the whole conversation, against which the session's budget stands.
     */
    noted(spawnId: string, used: Omit<RunUsage, 'running'>, totals: Totals): string | null {
      const run = live.get(spawnId);
      if (!run) return null;
      run.usage = used;
      warnOfToday(run.projectId);
      if (!isLimited(limitsOf(run.projectId).session)) return null;
      const budget = sessionBudget(run.sessionId, run.projectId, totals);
      warn(budget);
      return budget.state === 'over' ? budget.sentence : null;
    },

    ended(spawnId: string): void {
      const run = live.get(spawnId);
      live.delete(spawnId);
      finished = null;
      if (run) warnOfToday(run.projectId);
    },

    /** Dollars that a session may still spend; null: no limit. 0 or less: nothing. */
    leftUsd(sessionId: string, projectId: string, totals: Totals): number | null {
      const { usd } = limitsOf(projectId).session;
      return usd === null ? null : usd - (spentBy(sessionId, totals).usd ?? 0);
    },

    sessionSpent,

    /** Why no model is asked anything more for a session: a budget that it is under is spent. Null: it may be. */
    spentFor(sessionId: string): string | null {
      const runs = storage.runsOf(sessionId).map(known);
      const projectId = runs.find((run) => run.projectId !== null)?.projectId ?? null;
      if (projectId === null) return null;
      const own = sumOf(runs.filter(({ caste }) => caste === 'session'));
      return sessionSpent(sessionId, projectId, own) ?? mayNotStart(projectId)?.sentence ?? null;
    },

    mayNotStart,

    /** Why what works on a project is to be paused, or null: the same, unless the person wants such work to go on. */
    mustPause: (projectId: string): string | null =>
      deps.config().whenSpent === 'pause' ? (mayNotStart(projectId)?.sentence ?? null) : null,

    /** Sentences of the budgets of today that are spent or nearly so. */
    notices(): string[] {
      const runs = ofToday();
      const budgets = [dayBudget(runs), ...deps.projects().map(({ id }) => projectBudget(id, runs))];
      return budgets.flatMap((budget) => (budget && budget.state !== 'ok' ? [budget.sentence] : []));
    },

    today() {
      const runs = ofToday();
      return { day: today(), ...sumOf(runs), budget: dayBudget(runs) };
    },

    summary({ days: wanted = DAYS, projectId }: { days?: number | undefined; projectId?: string | undefined }): Usage {
      const zoneDays = days();
      const range = zoneDays.last(wanted, today());
      const runs = storage
        .runs(zoneDays.start(range[0] ?? today()))
        .map(known)
        .filter((run) => projectId === undefined || run.projectId === projectId);
      // What runs now belongs to today, whenever it began.
      const byDay = Map.groupBy(runs, (run) => (run.running ? today() : zoneDays.of(run.at)));
      const todays = byDay.get(today()) ?? [];
      const shown = projectId === undefined ? deps.projects() : deps.projects().filter(({ id }) => id === projectId);
      return {
        timezone: deps.timezone(),
        today: today(),
        days: wanted,
        total: sumOf(runs),
        byDay: range.map((day) => ({ day, ...sumOf(byDay.get(day) ?? []) })),
        byProject: grouped(runs, 'projectId').map(({ name, group, sum }) => ({
          projectId: name,
          name: group[0]?.project ?? 'Tenure itself',
          ...sum,
        })),
        byModel: grouped(runs, 'model').map(({ name, sum }) => ({ model: name, ...sum })),
        byCaste: grouped(runs, 'caste').map(({ name, sum }) => ({ caste: name, ...sum })),
        sessions: dearestSessions(runs),
        budgets: [
          projectId === undefined ? dayBudget(todays) : null,
          ...shown.map(({ id }) => projectBudget(id, ofToday())),
        ].filter((budget) => budget !== null),
      };
    },

    budgets: storage.budgets,

    /** @throws TenureError not_found. */
    setBudgets(input: ProjectBudgets): ProjectBudgets {
      deps.project(input.projectId);
      for (const [what, limit] of Object.entries({ session: input.session, day: input.day })) {
        if (limit && !isLimited(limit)) {
          throw new TenureError(
            'invalid',
            `The budget for a ${what} needs dollars or tokens; take it away to have none.`,
          );
        }
      }
      return journal.commit(() => {
        storage.setBudgets(input);
        return storage.budgets(input.projectId);
      });
    },
  };
}
