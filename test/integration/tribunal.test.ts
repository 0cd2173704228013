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
 */
async function start(vote: (question: 1 | 2) => 'yes' | 'no' | null, models = ['sonnet', 'haiku']): Promise<string[]> {
  const prompts: string[] = [];
  const script = (request: ApiRequest): Turn | null => {
    const form = request.tools.find((name) => FORM.test(name));
    if (form === undefined) return request.toolResults.length > 0 ? say('Done.') : COMMIT;
    const question = request.lastUserText.includes('do harm') ? 1 : 2;
    if (request.toolResults.length > 0) return say('Voted.');
    prompts.push(request.lastUserText);
    const said = vote(question);
    return said === null
      ? { status: 400, errorType: 'invalid_request_error', message: 'No.' }
      : use([form, { vote: said, confidence: 0.9, reasoning: `A ${said} to question ${question}.` }]);
  };
  rig = await startRig({ script, config: { tribunal: { models, timeoutMs: 20_000 }, judge: { enabled: false } } });
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

  test('there is none without a model that votes: the person is asked at once', async () => {
    await start(() => 'yes', []);
    const { id } = await launch();
    expect(await rig.pending()).toMatchObject({ tribunal: null, quietUntil: null });
    await rig.call('sessions.stop', { id });
  });
});
