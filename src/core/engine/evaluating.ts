import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Observation } from '../../shared/contract/evaluations.ts';
import type { Finding } from '../../shared/contract/system.ts';
import type { Git } from '../adapters/git.ts';
import { endAsked } from '../drivers/claude/asked.ts';
import { createQuestions } from '../drivers/claude/question.ts';
import type { AgentDriver } from '../drivers/driver.ts';
import type { EngineOptions } from '../engine.ts';
import { createJudge, type JudgeSettings } from '../evaluation/judge/judge.ts';
import { createEvaluations, type EvaluationDeps } from '../evaluation/service.ts';
import type { Journal } from '../kernel/journal.ts';
import type { AgentEnvironment } from '../kernel/ports.ts';
import { createModelCalls, type ModelState } from '../model-calls/service.ts';
import type { Telemetry } from '../telemetry/service.ts';

interface EvaluatingOptions extends Pick<EngineOptions, 'db' | 'config' | 'ports' | 'info' | 'paths'> {
  journal: Journal;
  git: Git;
  environment: AgentEnvironment;
  claude: AgentDriver;
  telemetry: Telemetry;
  trust: EvaluationDeps['trust'];
  sessions: EvaluationDeps['sessions'];
  furnish: NonNullable<EvaluationDeps['furnish']>;
}

interface JudgingDeps {
  /** Is there anything that the judge could be asked about? */
  hasWork(): boolean;
  /** Puts up sentences for the person, or takes them down (none). */
  notice(id: string, sentences: readonly string[]): void;
}

/** An alias: its family's newest model answers, so that no model of a year ago is asked for ever. */
const JUDGE_MODEL = 'sonnet';

/** What was written down of a session's work, as what was seen of it later. */
export function observationsOf(
  note: { state: string | null; at: number | null; by: string | null; target: string | null } | null,
): Observation[] {
  if (note === null || note.at === null || (note.state !== 'merged' && note.state !== 'discarded')) return [];
  const where = note.state === 'merged' && note.target !== null ? ` into ${note.target}` : '';
  return [{ kind: note.state, text: `Its work was ${note.state}${where} by ${note.by ?? 'somebody'}.`, at: note.at }];
}

/** Models that answer questions, and what a session's work is worth. */
export function createEvaluating(options: EvaluatingOptions) {
  const { db, config, ports, info, journal, git, environment, claude, telemetry, trust, sessions, furnish } = options;
  const { dataDir } = options.paths;
  const copies = join(dataDir, 'copies');
  const { clock, ids, spawner } = ports;
  const stopped = new AbortController();
  let heard: (states: readonly ModelState[]) => void = () => undefined;

  const modelCalls = createModelCalls({
    clock,
    ids,
    ask: createQuestions({ spawner, clock, environment, check: claude.check, by: dataDir }),
    record: {
      began: ({ role, model, sessionId }) =>
        telemetry.began({
          askedBy: 'evaluation',
          caste: role,
          task: `${role} a session`,
          taskClass: role,
          model,
          source: 'caste-default',
          sessionId,
        }),
      ended: (id, { completed, failure, detail, model, costUsd, tokens }) =>
        telemetry.ended(id, {
          outcome: completed ? 'completed' : failure === 'aborted' ? 'blocked' : 'failed',
          detail,
          model,
          usage: {
            costUsd,
            inputTokens: tokens?.input ?? null,
            outputTokens: tokens?.output ?? null,
            cacheReadTokens: tokens?.cacheRead ?? null,
            cacheWriteTokens: tokens?.cacheWrite ?? null,
          },
        }),
    },
    onState: (states) => heard(states),
  });

  const judgeModel = (): string => config.current().models.judge ?? JUDGE_MODEL;

  function judgeSettings({ project }: { project: { agent: string } }): JudgeSettings {
    const { enabled, ...limits } = config.current().judge;
    const off = !enabled
      ? 'The judge is switched off in the configuration.'
      : info.demo
        ? 'The demo asks no model.'
        : project.agent !== 'claude'
          ? 'Only the work of Claude Code is judged by a model.'
          : null;
    return { off, model: judgeModel(), ...limits };
  }

  const evaluations = createEvaluations({
    db,
    journal,
    clock,
    ids,
    spawner,
    git,
    env: environment.forCommands,
    shutdown: stopped.signal,
    judge: createJudge({ ids, git, call: modelCalls.call, settings: judgeSettings }),
    copies,
    furnish,
    trust,
    sessions,
  });

  return {
    evaluations,
    modelCalls,

    /** Once, before anything is dispatched: what an engine that was killed has left of its questions and copies. */
    async sweep(): Promise<void> {
      await endAsked({ spawner, clock }, dataDir);
      await rm(copies, { recursive: true, force: true }).catch(() => undefined);
    },

    /** Looks whether the judge can be relied on, and says so where it cannot. */
    watch({ hasWork, notice }: JudgingDeps) {
      let checked: string | null = null;

      const lookAtDrift = (): void => {
        const { alarm } = evaluations.agreement();
        notice('drift', alarm === null ? [] : [alarm]);
      };
      heard = () => notice('models', problems());
      const unsubscribe = journal.subscribe((fact) => fact.type === 'session.evaluated' && lookAtDrift());

      return {
        /** At a start and when the configuration has changed: the model is asked for one word. */
        look(): void {
          lookAtDrift();
          const model = judgeModel();
          const wanted = config.current().judge.enabled && !info.demo && hasWork();
          if (!wanted || model === checked) return;
          checked = model;
          void modelCalls.check('judge', model, stopped.signal);
        },
        stop(): void {
          unsubscribe();
          stopped.abort();
        },
        checks: { Judge: judgeHealth },
      };
    },
  };

  /** One sentence for each role whose model does not answer. */
  function problems(): string[] {
    return modelCalls
      .states()
      .filter(({ state }) => state === 'failing')
      .map(({ role, model, detail }) => `The ${role}'s model "${model}" does not answer: ${detail}`);
  }

  function judgeHealth(): Finding {
    const name = 'Judge';
    const finding = (state: Finding['state'], detail: string, fix: string | null = null) => ({
      name,
      state,
      detail,
      fix,
    });
    const alone = 'Sessions are scored by evidence alone.';
    if (info.demo) return finding('ok', `The demo asks no model. ${alone}`);
    if (!config.current().judge.enabled) return finding('ok', `Switched off in the configuration. ${alone}`);
    const known = modelCalls.states().find(({ role, model }) => role === 'judge' && model === judgeModel());
    if (known?.state === 'ok') return finding('ok', `The model "${known.model}" answers.`);
    if (known?.state !== 'failing') return finding('unknown', `The model "${judgeModel()}" was not asked yet.`);
    const fix =
      'Name another in "models.judge" of the configuration, or switch the judge off with "judge.enabled": false.';
    return finding('failing', `The model "${known.model}" does not answer: ${known.detail} ${alone}`, fix);
  }
}
