import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { createGit } from '../../src/core/adapters/git.ts';
import { createIds } from '../../src/core/adapters/ids.ts';
import { createSpawner } from '../../src/core/adapters/spawner.ts';
import { createJudge, type JudgeDeps } from '../../src/core/evaluation/judge/judge.ts';
import { createEvaluations, type EndedSession, type Evaluations } from '../../src/core/evaluation/service.ts';
import { createJournal } from '../../src/core/kernel/journal.ts';
import type { EvaluationRecord } from '../../src/shared/contract/evaluations.ts';
import type { SessionOutcome } from '../../src/shared/contract/sessions.ts';
import type { TestDatabase } from '../builders.ts';
import { createFakeClock } from '../fakes/clock.ts';
import { gitEnv, insertSession, type TestRepository } from '../rows.ts';

/** What a model answered when the session was recorded, or how it failed. */
export type RecordedAnswer = Record<string, unknown> | { failed: string; detail: string };

/** A recorded session: how its repository was, what the agent did there, what was said of it. */
export interface Recording {
  task: string;
  verify?: string | undefined;
  verifyTimeoutMs?: number;
  /** The files of the commit from which it started. */
  before: Readonly<Record<string, string>>;
  /** Its commits, in order. `null` deletes a file. */
  commits: readonly { message: string; files: Readonly<Record<string, string | null>> }[];
  /** What it left uncommitted. */
  left?: Readonly<Record<string, string>>;
  outcome?: SessionOutcome;
  said?: string;
  refusedCritical?: number;
  /** What the judge answers, one a repetition; left out: nobody is asked. */
  judge?: readonly RecordedAnswer[];
  /** It never got a place to work. */
  nowhere?: boolean;
}

const home = '/nowhere';
const env = gitEnv(home);
const spawner = createSpawner();
const git = createGit({ spawner, env });

/** Builds the repository of a recording. @returns the commit from which the session started. */
function build(repository: TestRepository, { before, commits, left = {} }: Recording): string {
  const base = repository.commit(before, 'Before');
  for (const { message, files } of commits) {
    const written = Object.entries(files).filter((entry): entry is [string, string] => entry[1] !== null);
    for (const [file, text] of Object.entries(files)) if (text === null) rmSync(join(repository.path, file));
    repository.commit(Object.fromEntries(written), message);
  }
  for (const [file, text] of Object.entries(left)) repository.write(file, text);
  return base;
}

/** The real evaluator on that database. `call` answers in the place of a model; null: the judge is off. */
function evaluatorOn({ db }: Pick<TestDatabase, 'db'>, call: JudgeDeps['call'] | null): Evaluations {
  const clock = createFakeClock();
  const ids = createIds();
  const settings = {
    off: call === null ? 'The judge is switched off.' : null,
    model: 'recorded',
    waitMs: 1_000,
    timeoutMs: 1_000,
    maxCostUsd: 1,
  };
  const nobody: JudgeDeps['call'] = () => Promise.reject(new Error('nobody may be asked'));
  return createEvaluations({
    db,
    journal: createJournal(db, clock, (error) => {
      throw error;
    }),
    clock,
    ids,
    spawner,
    git,
    env: () => Promise.resolve({ PATH: process.env.PATH ?? '', HOME: home }),
    judge: createJudge({ ids, git, call: call ?? nobody, settings: () => settings }),
    trust: { creditEvaluation: () => undefined, overrideEvaluation: () => undefined, scoreOf: () => null },
    sessions: { facts: () => null, later: () => [], tell: () => undefined },
  });
}

/** A recorded answer as the door to models gives it: checked by the real schema. */
export function recorded(answers: readonly RecordedAnswer[] | undefined, repetition: number): JudgeDeps['call'] | null {
  if (answers === undefined || answers.length === 0) return null;
  const answer = answers[repetition % answers.length] ?? {};
  return ({ schema }) => {
    const cost = { model: 'recorded', costUsd: 0, durationMs: 0 };
    if ('failed' in answer) {
      return Promise.resolve({ answered: false, kind: String(answer.failed), detail: String(answer.detail), ...cost });
    }
    const fit = schema.safeParse(answer);
    return Promise.resolve(
      fit.success
        ? { answered: true, value: fit.data, ...cost }
        : { answered: false, kind: 'invalid', detail: 'The recorded answer does not fit.', ...cost },
    );
  };
}

/** One recording through the real evaluator: real git, the real verify command, the real score. */
export async function replay(
  recording: Recording,
  repository: TestRepository,
  database: Pick<TestDatabase, 'db'>,
  call: JudgeDeps['call'] | null,
): Promise<EvaluationRecord> {
  const baseCommit = build(repository, recording);
  const session: EndedSession = {
    sessionId: insertSession(database.db),
    project: {
      id: 'prj_1',
      name: 'app',
      path: repository.path,
      agent: 'claude',
      verifyCommand: recording.verify ?? null,
      verifyTimeoutMs: recording.verifyTimeoutMs ?? 20_000,
      setupCommand: null,
      setupTimeoutMs: 60_000,
    },
    prompt: recording.task,
    outcome: recording.outcome ?? 'completed',
    level: 'cautious',
    cwd: recording.nowhere ? null : repository.path,
    baseCommit: recording.nowhere ? null : baseCommit,
    resultText: recording.said ?? 'Done.',
    refusedCritical: recording.refusedCritical ?? 0,
    unanswered: 0,
  };
  const evaluation = await evaluatorOn(database, call).evaluate(session, () => undefined);
  if (!evaluation) throw new Error('The evaluation was called off.');
  return evaluation;
}
