import { join } from 'node:path';
import type { Database } from 'better-sqlite3';
import type {
  ChoiceSource,
  ModelPerformance,
  RoutingStats,
  Spawn,
  SpawnOutcome,
  TelemetryExport,
  TelemetrySummary,
} from '../../shared/contract/telemetry.ts';
import { TenureError } from '../../shared/errors.ts';
import type { Journal } from '../kernel/journal.ts';
import type { Log } from '../kernel/log.ts';
import type { Clock, Ids } from '../kernel/ports.ts';
import { redact } from '../kernel/redact.ts';
import { countsOf, exportOf, groupedBy, KEPT_DECISIONS, performanceOf } from './figures.ts';
import { writeAtomically } from './file.ts';
import { casteName, failedByScore, mayCorrect, modelName, taskClassOf, taskLine } from './rules.ts';
import { type CountFilter, createTelemetryStorage, type NewSpawn, type SpawnEnd, type SpawnUsage } from './storage.ts';

const DAY_MS = 86_400_000;
const RECENT = 10;

/** What is known of a spawn before it runs. */
export interface SpawnFacts {
  /** Who asked for it: `person`, `schedule`, `evaluation`, `brain`, … */
  askedBy: string;
  /** The role: `session`, `judge`, `validator`, `brain`, … */
  caste: string;
  /** What it is to do; its first line is kept, redacted. */
  task: string;
  /** The kind of work; left out: read from the task. */
  taskClass?: string;
  /** What was asked for; null: the agent chooses. */
  model: string | null;
  source: ChoiceSource;
  sessionId?: string | null;
  /** Left out: that of the session. */
  projectId?: string | null;
}

/** How a spawn ended. What is left out is not known. */
export interface SpawnEnding {
  outcome: Exclude<SpawnOutcome, 'unknown'>;
  detail?: string | null;
  /** The model that really ran. */
  model?: string | null;
  /** What this spawn alone used. */
  usage?: Partial<SpawnUsage & { costLeastUsd: number | null }>;
}

export interface TelemetryDeps {
  db: Database;
  journal: Journal;
  clock: Clock;
  ids: Ids;
  log: Log;
  dataDir: string;
  /** The record has another row, or one has its end. Must not throw. */
  changed?(): void;
}

export type Telemetry = ReturnType<typeof createTelemetry>;

/**
 * The record of every spawn. `began`, `ended`, `measured` and `reconcile` never throw: a record that
 * cannot be written is counted as lost and logged, and the launch goes on (S4-14).
 */
export function createTelemetry(deps: TelemetryDeps) {
  const { journal, clock, ids, log } = deps;
  const storage = createTelemetryStorage(deps.db);
  /** What runs in this process: its monotonic start, and its row as long as that could not be written. */
  const running = new Map<string, { began: number; unwritten: NewSpawn | null }>();
  const lost: TelemetrySummary['lost'] = { count: 0, problem: null };

  function attempt(what: string, work: () => void): boolean {
    try {
      journal.commit(work);
      return true;
    } catch (error) {
      lost.count += 1;
      lost.problem = `${what}: ${error instanceof Error ? error.message : String(error)}`;
      log.error({ err: error }, `${what}; telemetry only, nothing else is kept from going on`);
      return false;
    }
  }

  const filterOf = (range: { days?: number | undefined; caste?: string | undefined }): CountFilter => ({
    from: range.days === undefined ? 0 : clock.now() - range.days * DAY_MS,
    caste: range.caste ?? null,
  });

  function endOf(id: string, ending: SpawnEnding): SpawnEnd {
    const began = running.get(id)?.began;
    const { usage = {} } = ending;
    return {
      id,
      outcome: ending.outcome,
      detail: ending.detail ? redact(ending.detail).slice(0, 500) : null,
      ranModel: ending.model?.trim() || null,
      finishedAt: clock.now(),
      durationMs: began === undefined ? null : Math.round(clock.monotonic() - began),
      inputTokens: usage.inputTokens ?? null,
      outputTokens: usage.outputTokens ?? null,
      cacheReadTokens: usage.cacheReadTokens ?? null,
      cacheWriteTokens: usage.cacheWriteTokens ?? null,
      costUsd: usage.costUsd ?? null,
      costLeastUsd: usage.costLeastUsd ?? null,
    };
  }

  function must(id: string): Spawn {
    const spawn = storage.get(id);
    if (!spawn) throw new TenureError('not_found', `There is no spawn "${id}".`);
    return spawn;
  }

  const whole = (): TelemetryExport => {
    const all = { from: 0, caste: null };
    return exportOf(storage.counts(all), storage.recent(all, KEPT_DECISIONS), clock.now());
  };

  return {
    /** A spawn begins. @returns its id, whether or not it could be written. */
    began(facts: SpawnFacts): string {
      const id = ids.next('spn');
      const row: NewSpawn = {
        id,
        askedBy: facts.askedBy,
        caste: casteName(facts.caste),
        taskClass: facts.taskClass ?? taskClassOf(facts.task),
        task: taskLine(redact(facts.task)),
        model: modelName(facts.model),
        source: facts.source,
        sessionId: facts.sessionId ?? null,
        projectId: facts.projectId ?? null,
        startedAt: clock.now(),
      };
      const written = attempt('A spawn could not be recorded', () => storage.insert(row));
      running.set(id, { began: clock.monotonic(), unwritten: written ? null : row });
      deps.changed?.();
      return id;
    },

    /** Its outcome, once: a second one changes nothing; one that had been given up is corrected as late. */
    ended(id: string, ending: SpawnEnding): void {
      const end = endOf(id, ending);
      const unwritten = running.get(id)?.unwritten ?? null;
      running.delete(id);
      const written = attempt('The end of a spawn could not be recorded', () => {
        // A store that failed at its start may have come back.
        if (unwritten) storage.insert(unwritten);
        if (storage.end(end)) return;
        const { outcome } = must(id);
        if (!mayCorrect('late', outcome, end.outcome)) return;
        storage.fill(end);
        storage.correct(
          id,
          end.outcome,
          'late',
          'tenure',
          'Its end was heard of after it had been given up.',
          clock.now(),
        );
      });
      // The row is there after all: one is not lost.
      if (written && unwritten) lost.count -= 1;
      deps.changed?.();
    },

    /** The measured score of a session: a low one makes a failure of what the agent reported as done. */
    measured(sessionId: string, score: number | null): void {
      if (!failedByScore(score)) return;
      attempt('A measured score could not be recorded with its spawn', () => {
        const spawn = storage.lastOf(sessionId);
        if (!spawn || !mayCorrect('measured', spawn.outcome, 'failed')) return;
        storage.correct(
          spawn.id,
          'failed',
          'measured',
          'evaluation',
          `It was measured and scored ${score}.`,
          clock.now(),
        );
      });
    },

    /** At the start, before anything runs: what a kill left open has an unknown end. */
    reconcile(): void {
      attempt('Spawns that a cut-off left open could not be closed', () => {
        storage.giveUp('Tenure was cut off while it ran; nobody saw its end.');
      });
    },

    /** @throws TenureError not_found, or `conflict` for what may not be corrected. */
    correct(input: { id: string; outcome: Exclude<SpawnOutcome, 'unknown'>; reason: string; by: string }): Spawn {
      return journal.commit(() => {
        const { outcome } = must(input.id);
        if (!mayCorrect('person', outcome, input.outcome)) {
          const now = outcome ?? 'still running';
          throw new TenureError('conflict', `Spawn ${input.id} is ${now}; it cannot be corrected to ${input.outcome}.`);
        }
        storage.correct(input.id, input.outcome, 'person', input.by, input.reason, clock.now());
        return must(input.id);
      });
    },

    summary(range: { days?: number | undefined; caste?: string | undefined }): TelemetrySummary {
      const filter = filterOf(range);
      const rows = storage.counts(filter);
      return {
        ...countsOf(rows),
        since: rows.length === 0 ? null : Math.min(...rows.map((row) => row.first)),
        models: performanceOf(rows),
        recent: storage.recent(filter, RECENT),
        lost: { ...lost },
      };
    },

    model(input: { model: string; days?: number | undefined; caste?: string | undefined }): ModelPerformance | null {
      const name = modelName(input.model);
      return performanceOf(storage.counts(filterOf(input))).find((one) => one.model === name) ?? null;
    },

    routing(range: { days?: number | undefined; caste?: string | undefined }): RoutingStats {
      const rows = storage.counts(filterOf(range));
      const none = rows.length === 0;
      return {
        decisions: countsOf(rows).spawns,
        from: none ? null : Math.min(...rows.map((row) => row.first)),
        to: none ? null : Math.max(...rows.map((row) => row.last)),
        bySource: groupedBy(rows, 'source'),
        byModel: groupedBy(rows, 'model'),
      };
    },

    /** Rows that could not be written since the start, and why the last one could not. */
    lost: (): TelemetrySummary['lost'] => ({ ...lost }),

    export: whole,

    /** Writes the export beside the database. @throws TenureError `unavailable` when it cannot be written. */
    write(): { path: string; decisions: number; of: number } {
      const path = join(deps.dataDir, 'telemetry.json');
      const document = whole();
      try {
        writeAtomically(path, `${JSON.stringify(document, null, 2)}\n`, ids.uuid());
      } catch (error) {
        throw new TenureError('unavailable', `${path} could not be written: ${String(error)}.`, { cause: error });
      }
      const of = countsOf(storage.counts({ from: 0, caste: null })).spawns;
      return { path, decisions: document.routing_decisions.length, of };
    },
  };
}
