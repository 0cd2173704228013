import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, test } from 'vitest';
import {
  gitEnv,
  insertSession,
  type TestRepository,
  tempDir,
  testDatabase,
  testRepository,
} from '../../../test/builders.ts';
import { createFakeClock, START } from '../../../test/fakes/clock.ts';
import { NOBODY_ASKED, PROJECT } from '../../../test/fakes/evaluations.ts';
import { createGit } from '../adapters/git.ts';
import { createIds } from '../adapters/ids.ts';
import { createSpawner } from '../adapters/spawner.ts';
import { createJournal, type Emit } from '../kernel/journal.ts';
import { createEvaluations, type EndedSession, type Evaluated, type EvaluationDeps } from './service.ts';

const env = gitEnv(tempDir('home'));
const spawner = createSpawner();
const git = createGit({ spawner, env });
let database: ReturnType<typeof testDatabase>;
let repo: TestRepository;
let overrides: Parameters<EvaluationDeps['trust']['overrideEvaluation']>[1][];
let told: string[];
let left: Map<string, EndedSession>;
let credits: Parameters<EvaluationDeps['trust']['creditEvaluation']>[1][];

function build(more: Partial<EvaluationDeps> = {}) {
  const clock = createFakeClock();
  const journal = createJournal(database.db, clock, (error) => {
    throw error;
  });
  return createEvaluations({
    db: database.db,
    journal,
    clock,
    ids: createIds(),
    git,
    spawner,
    env: async () => env,
    judge: async () => NOBODY_ASKED,
    trust: {
      creditEvaluation: (_emit, entry) => void credits.push(entry),
      overrideEvaluation: (_emit, entry) => void overrides.push(entry),
      scoreOf: () => null,
    },
    sessions: { facts: (id) => left.get(id) ?? null, later: () => [], tell: (_emit, id) => void told.push(id) },
    ...more,
  });
}

beforeEach(() => {
  database = testDatabase();
  credits = [];
  overrides = [];
  told = [];
  left = new Map();
  repo = testRepository();
});

/** A session that committed one file; its verify command leaves one line a run in `runs`. */
function ended(part: Partial<EndedSession> = {}): EndedSession & { runs: () => number } {
  const runs = join(tempDir(), 'runs');
  const baseCommit = repo.head();
  repo.commit({ 'new.txt': 'a line\n' });
  const session = {
    sessionId: insertSession(database.db),
    project: { ...PROJECT, path: repo.path, verifyCommand: `echo ran >> ${runs}; sleep 0.1` },
    prompt: 'Write new.txt.',
    outcome: 'completed' as const,
    level: 'cautious' as const,
    cwd: repo.path,
    baseCommit,
    resultText: 'Done.',
    refusedCritical: 0,
    unanswered: 0,
    ...part,
  };
  const count = (): number => {
    try {
      return readFileSync(runs, 'utf8').split('\n').length - 1;
    } catch {
      return 0;
    }
  };
  return { ...session, runs: count };
}

const rows = () => database.db.prepare('SELECT count(*) AS n FROM evaluations').get();

describe('17: a natural end is evaluated once (T-040)', () => {
  it('stores score, reason and evidence, credits trust and runs what belongs to the same commit', async () => {
    const evaluations = build();
    const session = ended();
    const seen: Evaluated[] = [];
    const evaluation = await evaluations.evaluate(session, (_emit, stored) => {
      expect(rows()).toEqual({ n: 1 });
      seen.push(stored);
    });
    expect(evaluation).toMatchObject({ score: 5, outcome: 'completed', at: START });
    expect(evaluation?.evidence).toMatchObject({ commits: 1, filesChanged: 1, insertions: 1, verify: { exitCode: 0 } });
    expect(evaluation?.evidence.steps).toContain('+1: the verify command passed.');
    expect(seen).toEqual([evaluation]);
    expect(evaluations.get(session.sessionId).history).toEqual([evaluation]);
    expect(evaluations.of(session.sessionId)).toMatchObject({
      view: { score: 5, rating: null },
      evidence: { commits: 1 },
    });
    expect(credits).toMatchObject([
      { sessionId: session.sessionId, evaluationId: evaluation?.id, level: 'cautious', score: 5 },
    ]);
  });

  it('also when asked again, at the same time, and after a restart; the first row stands', async () => {
    const evaluations = build();
    const session = ended();
    const within: string[] = [];
    const note = (_emit: Emit, { id }: Evaluated) => void within.push(id);
    const [first, second] = await Promise.all([
      evaluations.evaluate(session, note),
      evaluations.evaluate(session, note),
    ]);
    expect(second).toEqual(first);
    database.reopen();
    const third = await build().evaluate({ ...session, outcome: 'crashed', refusedCritical: 3 }, note);
    expect(third).toEqual(first);
    expect(rows()).toEqual({ n: 1 });
    expect(session.runs()).toBe(1);
    expect(credits).toHaveLength(1);
    expect(within).toEqual([first?.id, first?.id, first?.id]);
  });

  it('or not at all: when the commit fails nothing is stored, and the next try evaluates', async () => {
    const evaluations = build();
    const session = ended();
    const failing = evaluations.evaluate(session, () => {
      throw new Error('killed here');
    });
    await expect(failing).rejects.toThrow('killed here');
    expect(evaluations.of(session.sessionId)).toBeNull();
    expect(await evaluations.evaluate(session, () => undefined)).toMatchObject({ score: 5 });
    expect(session.runs()).toBe(2);
  });

  it('or later: an abort stores nothing and the next start evaluates', async () => {
    const session = ended();
    const abort = new AbortController();
    const slow = { ...session, project: { ...session.project, verifyCommand: 'sleep 300', verifyTimeoutMs: 60_000 } };
    const running = build().evaluate(slow, () => expect.fail('nothing may be committed'), abort.signal);
    abort.abort();
    expect(await running).toBeNull();
    expect(rows()).toEqual({ n: 0 });
    database.reopen();
    expect(await build().evaluate(session, () => undefined)).toMatchObject({ score: 5 });
  });
});

describe('what is stored', () => {
  it('is unscored, and the verify command not run, for an ending that says nothing about the work', async () => {
    const session = ended({ outcome: 'stopped' });
    const evaluation = await build().evaluate(session, () => undefined);
    expect(evaluation).toMatchObject({ score: null, reason: 'Not scored: a person stopped it.', outcome: 'stopped' });
    expect(evaluation?.evidence).toMatchObject({ commits: 1, verify: null });
    expect(session.runs()).toBe(0);
    expect(credits).toMatchObject([{ score: null }]);
  });

  it('is unscored for a session that never got a place', async () => {
    const session = ended({ outcome: 'launch_failed', cwd: null, baseCommit: null });
    expect(await build().evaluate(session, () => undefined)).toMatchObject({
      score: null,
      reason: 'Not scored: it could not be started.',
    });
  });

  it('is an outcome of its own for a session that rightly did nothing', async () => {
    const text = 'NOTHING TO DO: the key sk-ant-abcdefghijklmnop is rotated';
    const session = ended({ resultText: text, baseCommit: null });
    const evaluations = build();
    const evaluation = await evaluations.evaluate({ ...session, baseCommit: repo.head() }, () => undefined);
    expect(evaluation).toMatchObject({
      score: null,
      outcome: 'nothing_to_do',
      reason: 'There was nothing to do: the key [redacted] is rotated',
    });
    expect(session.runs()).toBe(1);
    expect(evaluations.get(session.sessionId).history).toMatchObject([{ outcome: 'nothing_to_do' }]);
  });
});

describe('a poor score', () => {
  const alerts = () => database.db.prepare("SELECT body FROM journal WHERE type = 'evaluation.alerted'").all();

  it('tells the person, once, over repeated calls and restarts; a good one does not', async () => {
    await build().evaluate(ended(), () => undefined);
    expect(alerts()).toEqual([]);
    repo = testRepository();
    const poor = ended();
    const broken = { ...poor, project: { ...poor.project, verifyCommand: 'test ! -f new.txt' } };
    await build().evaluate(broken, () => undefined);
    database.reopen();
    await build().evaluate(broken, () => undefined);
    expect(alerts()).toHaveLength(1);
    expect(JSON.stringify(alerts())).toContain('passed before the session');
  });
});

describe('a rating', () => {
  it('is written with trust’s entry, and refused while there is nothing to rate', async () => {
    const evaluations = build();
    const session = ended();
    const rate = (rating: number | null) =>
      evaluations.rate({ sessionId: session.sessionId, rating, note: 'key sk-ant-abcdefghijklmnop' }, 'owner');
    expect(() => rate(3)).toThrow(/not evaluated yet/);
    expect(() => evaluations.rate({ sessionId: 'ses_none', rating: 3, note: null }, 'owner')).toThrow(/no session/);
    await evaluations.evaluate(session, () => undefined);
    rate(2);
    expect(evaluations.of(session.sessionId)?.view.rating).toMatchObject({
      rating: 2,
      note: 'key [redacted]',
      by: 'owner',
    });
    rate(null);
    expect(evaluations.of(session.sessionId)?.view.rating).toBeNull();
    expect(overrides.map(({ score }) => score)).toEqual([2, null]);
    expect(told).toEqual([session.sessionId, session.sessionId]);
    expect(evaluations.get(session.sessionId).ratings.map(({ rating }) => rating)).toEqual([null, 2]);
  });
});

test('judging again is called off when Tenure stops, and leaves nothing behind', async () => {
  const shutdown = new AbortController();
  const asked = Promise.withResolvers<void>();
  const session = ended();
  left.set(session.sessionId, session);
  await build().evaluate(session, () => undefined);
  const evaluations = build({
    shutdown: shutdown.signal,
    judge: (_asked, signal) =>
      new Promise((_resolve, reject) => {
        signal?.addEventListener('abort', () => reject(new Error('aborted')));
        asked.resolve();
      }),
  });
  const again = evaluations.rescore(session.sessionId, 'owner').catch((error: unknown) => error);
  await asked.promise;
  shutdown.abort();
  expect(await again).toMatchObject({ kind: 'unavailable', message: expect.stringContaining('Tenure stops') });
  expect(evaluations.get(session.sessionId).history).toHaveLength(1);
});
