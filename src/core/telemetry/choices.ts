import type { Database } from 'better-sqlite3';
import type { ModelChoice, Suggestion } from '../../shared/contract/telemetry.ts';
import { TenureError } from '../../shared/errors.ts';
import type { Journal } from '../kernel/journal.ts';
import type { Clock } from '../kernel/ports.ts';
import { countsOf } from './figures.ts';
import { choiceSentence, modelName, suggestionFor, type Tally, taskClassOf } from './rules.ts';
import { type CountRow, createTelemetryStorage, type StoredChoice } from './storage.ts';

export interface ChoiceDeps {
  db: Database;
  journal: Journal;
  clock: Clock;
  /** The model that the config names for a role; null: none. */
  configured(caste: string): string | null;
  /** @throws TenureError not_found. */
  project(id: string): { model: string | null };
  /** Makes a model the default of a project, and tells about it. */
  setDefault(projectId: string, model: string): void;
}

export type ModelChoices = ReturnType<typeof createModelChoices>;

/** Which model a spawn gets: what was set, by whom. The record only suggests; nothing changes by itself. */
export function createModelChoices(deps: ChoiceDeps) {
  const { journal, clock } = deps;
  const storage = createTelemetryStorage(deps.db);

  const talliesOf = (rows: readonly CountRow[]): Tally[] =>
    [...Map.groupBy(rows, (row) => row.model)].map(([model, group]) => {
      const { completed, failed, meanCostUsd } = countsOf(group);
      return { model, completed, failed, meanCostUsd };
    });

  function suggestionsFor(caste: string, current: string): Suggestion[] {
    const rows = storage.counts({ from: 0, caste });
    return [...Map.groupBy(rows, (row) => row.taskClass)].flatMap(
      ([taskClass, group]) => suggestionFor({ caste, taskClass }, current, talliesOf(group)) ?? [],
    );
  }

  const defaultOf = (projectId: string): string | null => deps.project(projectId).model ?? deps.configured('session');

  function suggestionsOf(projectId: string): Suggestion[] {
    // The record knows models by what ran, settings may name them by an alias.
    return suggestionsFor('session', storage.ranAs(modelName(defaultOf(projectId))));
  }

  return {
    /** For a spawn that belongs to no project: what the config says of its role. */
    forRole(caste: string): Pick<StoredChoice, 'model' | 'source'> {
      const model = deps.configured(caste);
      return { model, source: model === null ? 'fallback' : 'caste-default' };
    },

    /** For a session: the person's override, else the project's setting, else the role's. */
    forSession(projectId: string, override: string | null, prompt: string): StoredChoice {
      const taskClass = taskClassOf(prompt);
      const { model } = deps.project(projectId);
      if (override !== null) return { model: override, source: 'user-override', taskClass, suggestion: null };
      if (model !== null) {
        const followed = storage.followed(projectId);
        return followed?.model === model
          ? { model, source: 'suggestion', taskClass, suggestion: followed }
          : { model, source: 'project-default', taskClass, suggestion: null };
      }
      const configured = deps.configured('session');
      const source = configured === null ? 'fallback' : 'caste-default';
      return { model: configured, source, taskClass, suggestion: null };
    },

    /** Inside the commit that makes the session. */
    remember: storage.remember,
    /** As it was chosen at the launch; null: from before this was recorded. */
    stored: storage.choice,

    /** For the screen of a session. `projectId`: where a suggestion could be followed. */
    shown(sessionId: string, projectId: string): ModelChoice | null {
      const choice = storage.choice(sessionId);
      if (!choice) return null;
      const suggestion = suggestionsOf(projectId).find((one) => one.taskClass === choice.taskClass) ?? null;
      return {
        model: choice.model,
        source: choice.source,
        taskClass: choice.taskClass,
        sentence: choiceSentence(choice.model, choice.source, choice.suggestion),
        suggestion: suggestion?.model === choice.model ? null : suggestion,
      };
    },

    suggestions: suggestionsOf,

    /** @throws TenureError `stale` when the record no longer suggests that. */
    follow({ projectId, taskClass, model }: { projectId: string; taskClass: string; model: string }): Suggestion {
      const suggestion = suggestionsOf(projectId).find((one) => one.taskClass === taskClass && one.model === model);
      if (!suggestion) {
        throw new TenureError(
          'stale',
          `The record does not suggest ${model} for "${taskClass}" (any more). Look again.`,
        );
      }
      journal.commit(() => {
        storage.follow(projectId, suggestion, clock.now());
        deps.setDefault(projectId, model);
      });
      return suggestion;
    },
  };
}
