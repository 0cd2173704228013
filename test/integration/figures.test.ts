import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { afterEach, expect, test } from 'vitest';
import type { SessionDetail } from '../../src/shared/contract/sessions.ts';
import { bash, say, type Turn, type TurnUsage } from '../fakes/messages-api.ts';
import { type Rig, startRig, until } from '../rig.ts';

let rig: Rig;
afterEach(() => rig.stop());

const used = (turn: Turn, input: number, output: number, written: number, read: number): Turn => ({
  ...(turn as Extract<Turn, { blocks: unknown }>),
  usage: {
    input_tokens: input,
    output_tokens: output,
    cache_creation_input_tokens: written,
    cache_read_input_tokens: read,
  },
});
const TEST = "import test from 'node:test';\\ntest('a', () => {});\\ntest('b', () => {});\\n";
const WORK: Turn[] = [
  used(bash(`mkdir test && printf "${TEST}" > test/a.test.mjs && git add -A && git commit -qm one`), 11, 7, 1_301, 0),
  used(
    bash("printf 'x\\ny\\n' > n.txt && rm README.md && git add -A && git commit -qm two --date 2001-01-01T00:00"),
    3,
    13,
    57,
    1_301,
  ),
  used(say('Done.'), 2, 29, 0, 1_358),
];
const OPINION = {
  reasoning: 'Read.',
  accomplishments: [],
  failures: [],
  openQuestions: [],
  fulfilment: 90,
  soundness: 80,
  restraint: 70,
  safety: 90,
};
const judged = (tool: string): Turn =>
  used({ blocks: [{ type: 'tool_use', name: tool, input: OPINION }] }, 501, 97, 3, 41);

type Line = Record<string, unknown> & {
  type: string;
  message?: { id: string; usage: TurnUsage };
  total_cost_usd?: number;
};

/** What the raw lines of an agent say, added up without anything of Tenure's. */
function byHand(session: SessionDetail) {
  const lines = readFileSync(session.transcriptPath ?? '', 'utf8')
    .split('\n')
    .filter((text) => text !== '')
    .map((text) => (JSON.parse(text) as { line: Line }).line);
  const messages = new Map<string, TurnUsage>();
  for (const { type, message } of lines) if (type === 'assistant' && message) messages.set(message.id, message.usage);
  const sum = (key: keyof TurnUsage): number => [...messages.values()].reduce((all, usage) => all + usage[key], 0);
  const [read, written] = [sum('cache_read_input_tokens'), sum('cache_creation_input_tokens')];
  return {
    runs: lines.filter(({ type, subtype }) => type === 'system' && subtype === 'init').length,
    turns: messages.size,
    read,
    written,
    input: sum('input_tokens') + read + written,
    output: sum('output_tokens'),
    cost: lines.findLast(({ type }) => type === 'result')?.total_cost_usd,
  };
}

/** The ends of the interval of rates that k of n speak for: where the score test at 95 % turns, by halving. */
function interval(k: number, n: number): { low: number; high: number } {
  const p = k / n;
  const within = (rate: number): boolean => Math.abs(p - rate) <= 1.959964 * Math.sqrt((rate * (1 - rate)) / n);
  const edge = (outside: number): number => {
    let [inner, outer] = [p, outside];
    for (let step = 0; step < 60; step += 1) {
      const middle = (inner + outer) / 2;
      if (within(middle)) inner = middle;
      else outer = middle;
    }
    return inner;
  };
  return { low: edge(0), high: edge(1) };
}

test('every figure of a session that waited for a person is what git and the raw lines say', async () => {
  let next = 0;
  rig = await startRig({
    script: ({ tools }) => {
      const tool = tools.find((name) => name.includes('StructuredOutput'));
      return tool === undefined ? (WORK[next++] ?? null) : judged(tool);
    },
    // Its questions outlive its processes: each answer is a run of its own.
    config: { judge: { enabled: true }, decisions: { holdMs: 300 } },
  });
  await rig.raiseTo('cautious');
  const { project, repository } = await rig.addProject({ verifyCommand: 'node --test' });
  const { id } = await rig.call('sessions.launch', { projectId: project.id, prompt: 'Fix it, with tests' });
  for (let asked = 0; asked < 2; asked += 1) {
    await rig.inState(id, 'parked');
    const decision = await rig.pending();
    await rig.call('decisions.approve', { id: decision.id, acknowledge: true });
    await until('it was answered', async () => (await rig.session(id)).state !== 'parked');
  }
  const session = await rig.ended(id);
  const told = byHand(session);
  expect(told).toMatchObject({ runs: 3, turns: 3, input: 4_033, output: 49, read: 2_659, written: 1_358 });
  expect(session).toMatchObject({
    turns: told.turns,
    inputTokens: told.input,
    outputTokens: told.output,
    costUsd: expect.closeTo(told.cost ?? Number.NaN, 10),
  });

  const git = (...args: string[]): string =>
    execFileSync('git', args, { cwd: session.worktree ?? '', encoding: 'utf8' }).trim();
  const range = `${session.baseCommit}..HEAD`;
  const rows = git('diff', '--numstat', range)
    .split('\n')
    .map((row) => row.split('\t').slice(0, 2).map(Number));
  expect(session).toMatchObject({
    commits: Number(git('rev-list', '--count', range)),
    filesChanged: rows.length,
    insertions: rows.reduce((sum, [added = 0]) => sum + added, 0),
    deletions: rows.reduce((sum, [, removed = 0]) => sum + removed, 0),
  });
  expect([session.commits, session.filesChanged, session.insertions, session.deletions]).toEqual([2, 3, 5, 1]);
  expect(session.evidence).toMatchObject({
    tests: { added: 2, removed: 0, skipped: 0, assertions: 0 },
    verify: { exitCode: 0, timedOut: false },
    attribution: 'held',
    uncommittedFiles: 0,
  });

  // (0.4·90 + 0.3·80 + 0.15·70 + 0.15·90) / 20 = 4.2, so 5 of 5; the evidence gives 5.
  expect(session.evaluation).toMatchObject({ score: 5, judge: { score: 5, state: 'answered' } });

  const { recent, ...summary } = await rig.call('telemetry.summary', {});
  const own = recent.filter(({ caste }) => caste === 'session');
  const [judge] = recent.filter(({ caste }) => caste === 'judge');
  expect(own).toHaveLength(told.runs);
  const sumOf = (key: 'inputTokens' | 'outputTokens' | 'cacheReadTokens' | 'cacheWriteTokens' | 'costUsd'): number =>
    own.reduce((sum, spawn) => sum + (spawn[key] ?? Number.NaN), 0);
  expect({ ...told, cost: 0 }).toMatchObject({
    input: sumOf('inputTokens'),
    output: sumOf('outputTokens'),
    read: sumOf('cacheReadTokens'),
    written: sumOf('cacheWriteTokens'),
  });
  expect(sumOf('costUsd')).toBeCloseTo(told.cost ?? Number.NaN, 10);
  expect(judge).toMatchObject({
    projectId: project.id,
    inputTokens: 501 + 3 + 41,
    outputTokens: 97,
    cacheReadTokens: 41,
    cacheWriteTokens: 3,
    costUsd: session.evaluation?.judge?.costUsd,
  });
  // Two runs ended at a question to a person: in no rate.
  expect(summary).toMatchObject({ spawns: 4, completed: 2, blocked: 2, failed: 0 });
  const { low, high } = interval(2, 2);
  expect(summary.success).toMatchObject({ rate: 1, n: 2, low: expect.closeTo(low, 6), high: expect.closeTo(high, 6) });
  for (const { startedAt, finishedAt, durationMs } of recent)
    expect(Math.abs((finishedAt ?? 0) - startedAt - (durationMs ?? 0))).toBeLessThan(50);

  const usage = await rig.call('usage.summary', { days: 1 });
  const all = {
    runs: 4,
    inputTokens: told.input + 545,
    outputTokens: told.output + 97,
    cacheUnknown: 0,
    costUnknown: 0,
  };
  const cost = (told.cost ?? Number.NaN) + (judge?.costUsd ?? Number.NaN);
  // The session's judge is its project's too, so that no part is more than its whole.
  for (const sum of [usage.total, usage.byDay[0], usage.byProject[0], usage.sessions[0]])
    expect(sum).toMatchObject({ ...all, costUsd: expect.closeTo(cost, 10) });
  expect(usage.byProject).toHaveLength(1);

  // What becomes of it later stands beside the evaluation, and changes no score.
  await rig.call('worktrees.merge', { sessionId: id });
  repository.git('revert', '--no-edit', 'HEAD');
  const { observations, counts } = await rig.call('evaluations.get', { sessionId: id });
  expect(observations.map(({ kind, text }) => [kind, text])).toEqual([
    ['reverted', '1 of its 2 commits was taken back on main.'],
    ['merged', expect.stringContaining('Its work was merged into main')],
  ]);
  expect(counts).toBe(5);
  const rated = await rig.call('evaluations.rate', { sessionId: id, rating: 4 });
  expect(rated.observations).toEqual(observations);
});
