import { afterEach, describe, expect, test } from 'vitest';
import { type ApiRequest, bash, say, type Turn, use } from '../fakes/messages-api.ts';
import { type Rig, startRig, until } from '../rig.ts';

let rig: Rig;
afterEach(() => rig.stop());

const FORM = /StructuredOutput/;
const COMMIT = bash('git commit --allow-empty -m "Mark the spot"');

/**
 * The real CLI as agent and as validators, each with its own model. The agent commits, and then it is done.
 * @param vote what a validator answers when it is asked that question (1 or 2).
 * @param commits how often it commits.
 */
async function start(
  vote: (question: 1 | 2) => 'yes' | 'no' | null,
  models = ['sonnet', 'haiku'],
  usage: Record<string, unknown> = {},
  commits = 1,
): Promise<string[]> {
  const prompts: string[] = [];
  const script = (request: ApiRequest): Turn | null => {
    const form = request.tools.find((name) => FORM.test(name));
    if (form === undefined) return request.toolResults.length >= commits ? say('Done.') : COMMIT;
    const question = request.lastUserText.includes('do harm') ? 1 : 2;
    if (request.toolResults.length > 0) return say('Voted.');
    prompts.push(request.lastUserText);
    const said = vote(question);
    return said === null
      ? { status: 400, errorType: 'invalid_request_error', message: 'No.' }
      : use([form, { vote: said, confidence: 0.9, reasoning: `A ${said} to question ${question}.` }]);
  };
  rig = await startRig({
    script,
    config: { tribunal: { models, timeoutMs: 20_000 }, judge: { enabled: false }, usage },
  });
  return prompts;
}

async function launch() {
  const { project } = await rig.addProject({ model: 'opus' });
  await rig.raiseTo('moderate');
  return await rig.call('sessions.launch', { projectId: project.id, prompt: 'Mark the spot.' });
}

describe('a tribunal, with the real CLI', () => {
  test('agrees in the place of the person: the action runs, and every vote is on record', async () => {
    const prompts = await start(() => 'yes');
    const { id } = await launch();
    const session = await rig.ended(id);
    expect(session).toMatchObject({ outcome: 'completed', commits: 1 });
    const [decision] = session.decisions;
    expect(decision).toMatchObject({ risk: 'medium', state: 'approved', answeredBy: 'tribunal', outcome: 'ran' });
    const found = await rig.call('tribunal.get', { decisionId: decision?.id ?? '' });
    expect(found).toMatchObject({ finding: 'unanimous', need: 'majority', seats: 5 });
    expect(found?.votes.map(({ validator, vote }) => [validator, vote])).toEqual(
      expect.arrayContaining([
        ['policy', 'yes'],
        ['paths', 'yes'],
        // The agent's first: it has no record yet.
        ['history', 'abstain'],
        ['sonnet, question 1', 'yes'],
        ['haiku, question 2', 'yes'],
      ]),
    );
    expect(prompts).toHaveLength(2);
    for (const prompt of prompts) expect(prompt).toContain('git commit --allow-empty');
    // What the validators cost is the session's, and counts against every budget that it is under.
    const { byCaste, sessions } = await rig.call('usage.summary', { days: 1 });
    const validators = byCaste.find(({ caste }) => caste === 'validator');
    expect(validators).toMatchObject({ runs: 2, costUsd: expect.any(Number) });
    const of = sessions.find(({ sessionId }) => sessionId === id);
    expect(of?.runs).toBe(3);
    expect(of?.costUsd ?? 0).toBeGreaterThan(validators?.costUsd ?? 0);
  }, 60_000);

  test('that is split, or of which a model does not answer, leaves it to the person', async () => {
    await start((question) => (question === 1 ? 'no' : null));
    const { id } = await launch();
    const decision = await until('it is left to the person', async () =>
      (await rig.call('decisions.list', {})).find(({ tribunal }) => tribunal === 'not_agreed'),
    );
    expect(decision).toMatchObject({ state: 'pending', quietUntil: null });
    const found = await rig.call('tribunal.get', { decisionId: decision.id });
    expect(
      found?.votes
        .filter(({ kind }) => kind === 'model')
        .map(({ vote }) => vote)
        .toSorted(),
    ).toEqual(['failed', 'no']);
    await rig.call('decisions.approve', { id: decision.id, acknowledge: true });
    expect((await rig.ended(id)).decisions[0]).toMatchObject({ state: 'approved', answeredBy: 'owner (token)' });
  }, 60_000);

  // An answer of a model is 120 tokens here: a vote takes one, the session three. Two commits with two votes each are too much.
  test('whose votes use up the budget of the session ends it as its own work would', async () => {
    const prompts = await start(() => 'yes', undefined, { budgets: { session: { tokens: 400 } } }, 2);
    const { id } = await launch();
    const session = await rig.ended(id);
    expect(session).toMatchObject({ outcome: 'budget', commits: 1 });
    expect(session.problem).toMatch(/400/);
    expect(session.decisions[0]).toMatchObject({ answeredBy: 'tribunal', outcome: 'ran' });
    expect(prompts).toHaveLength(2);
  }, 60_000);

  test('asks no model any more when the budget of the day is spent: the person is asked', async () => {
    const usage = { budgets: { day: { tokens: 400 } }, whenSpent: 'go_on' };
    const prompts = await start(() => 'yes', undefined, usage, 2);
    const { id } = await launch();
    const decision = await until('it is left to the person', async () =>
      (await rig.call('decisions.list', {})).find(({ tribunal }) => tribunal === 'not_agreed'),
    );
    expect(prompts).toHaveLength(2);
    const found = await rig.call('tribunal.get', { decisionId: decision.id });
    const reasons = found?.votes.flatMap(({ kind, vote, reasoning }) => (kind === 'model' ? [[vote, reasoning]] : []));
    expect(reasons).toEqual([
      ['failed', expect.stringMatching(/budget.*400/)],
      ['failed', expect.stringMatching(/budget.*400/)],
    ]);
    expect(decision).toMatchObject({ state: 'pending', sessionId: id });
    await rig.call('sessions.stop', { id });
  }, 60_000);

  test('there is none without a model that votes: the person is asked at once', async () => {
    await start(() => 'yes', []);
    const { id } = await launch();
    expect(await rig.pending()).toMatchObject({ tribunal: null, quietUntil: null });
    await rig.call('sessions.stop', { id });
  });
});
