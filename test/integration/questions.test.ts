import { afterEach, describe, expect, test } from 'vitest';
import { say, use } from '../fakes/messages-api.ts';
import { told } from '../fakes/real-claude.ts';
import { type Rig, type RigOptions, startRig } from '../rig.ts';

/*
 * How the real CLI asks a person: its tool AskUserQuestion is offered when the host answers prompts, passes
 * the hook, and takes its answers from the hook's `updatedInput`. Seen with 2.1.328.
 */
let rig: Rig;
afterEach(() => rig.stop());

const COLOUR = {
  question: 'Which colour?',
  header: 'Colour',
  multiSelect: false,
  options: [
    { label: 'Red', description: 'Warm' },
    { label: 'Blue', description: 'Cold' },
  ],
};
const PARTS = {
  question: 'Which parts?',
  header: 'Parts',
  multiSelect: true,
  options: [
    { label: 'All', description: '' },
    { label: 'None', description: '' },
  ],
};
const ask = (...questions: object[]) => use(['AskUserQuestion', { questions }]);

async function launched(options: RigOptions): Promise<string> {
  rig = await startRig(options);
  const { project } = await rig.addProject();
  return (await rig.call('sessions.launch', { projectId: project.id, prompt: 'Paint.' })).id;
}

describe("the agent's questions", () => {
  test('are offered, wait for the person at every level, and get their answers', async () => {
    const id = await launched({ script: [ask(COLOUR, PARTS), say('Painted.')] });
    const asked = await rig.pending();
    expect(rig.api.requests[0]?.tools).toContain('AskUserQuestion');
    expect(asked).toMatchObject({
      verdict: 'ask',
      risk: 'read',
      steps: 1,
      action: {
        summary: 'Which colour?',
        questions: [
          { ...COLOUR, answer: null },
          { ...PARTS, answer: null },
        ],
      },
    });
    await expect(rig.call('decisions.approve', { id: asked.id, acknowledge: true })).rejects.toThrow('takes an answer');
    await expect(rig.call('decisions.answer', { id: asked.id, answers: ['Blue'] })).rejects.toThrow(
      'asked 2 questions, but 1 answer was',
    );
    await rig.call('decisions.answer', { id: asked.id, answers: ['Green, like grass', 'All, None'] });
    expect(await rig.ended(id)).toMatchObject({ outcome: 'completed', resultText: 'Painted.' });
    expect(told(rig.api.requests[1])).toContain('"Which colour?"="Green, like grass"');
    expect(told(rig.api.requests[1])).toContain('"Which parts?"="All, None"');
    const [decision] = (await rig.session(id)).decisions;
    expect(decision).toMatchObject({
      state: 'approved',
      outcome: 'ran',
      action: { questions: [{ answer: 'Green, like grass' }, { answer: 'All, None' }] },
    });
    await expect(rig.call('decisions.answer', { id: asked.id, answers: ['Red', 'All'] })).rejects.toMatchObject({
      kind: 'conflict',
    });
  });

  test('park the session and get the answer with the resume, over a restart', async () => {
    const id = await launched({ script: [ask(COLOUR), say('Painted.')], config: { decisions: { holdMs: 100 } } });
    await rig.inState(id, 'parked');
    await rig.restart();
    await rig.raiseTo('cautious');
    await rig.call('decisions.answer', { id: (await rig.pending()).id, answers: ['Blue'] });
    expect(await rig.ended(id)).toMatchObject({ outcome: 'completed', resultText: 'Painted.' });
    expect(told(rig.api.requests[1])).toContain('"Which colour?"="Blue"');
  });

  test('of which one turn has two are told in words with the resume', async () => {
    const twice = use(['AskUserQuestion', { questions: [COLOUR] }], ['AskUserQuestion', { questions: [PARTS] }]);
    const id = await launched({
      script: [twice, say('I wait.'), say('Painted.')],
      config: { decisions: { holdMs: 100 } },
    });
    await rig.inState(id, 'parked');
    const pending = await rig.call('decisions.list', {});
    expect(pending).toHaveLength(2);
    for (const { id: asked, action } of pending) {
      await rig.call('decisions.answer', { id: asked, answers: [action.summary === 'Which colour?' ? 'Red' : 'None'] });
    }
    const ended = await rig.ended(id);
    expect(ended).toMatchObject({ outcome: 'completed', resultText: 'Painted.' });
    expect(rig.api.requests.at(-1)?.lastUserText).toContain('You asked "Which colour?". The answer: Red');
    expect(ended.decisions.map(({ state }) => state)).toEqual(['approved', 'approved']);
  });

  test('that a person does not answer are told with the reason', async () => {
    const id = await launched({
      script: [ask(COLOUR), ask(PARTS), say('Assumed red.')],
    });
    const asked = await rig.pending();
    await rig.call('decisions.deny', { id: asked.id, reason: 'Find out yourself.' });
    const second = await rig.pending();
    expect(second.id).not.toBe(asked.id);
    await rig.call('decisions.deny', { id: second.id });
    expect(await rig.ended(id)).toMatchObject({ outcome: 'completed' });
    expect(told(rig.api.requests[1])).toContain('The person does not answer this: Find out yourself.');
    expect(told(rig.api.requests[2])).toContain('no reason was given');
  });
});
