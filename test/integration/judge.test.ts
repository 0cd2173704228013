import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ApiRequest, bash, say, type Turn, use } from '../fakes/messages-api.ts';
import { type Rig, startRig, until } from '../rig.ts';

let rig: Rig;
/** What the judge says to the prompt that it is given. */
let judge: (prompt: string) => Turn | Record<string, unknown>;
let work: Turn[];
const judged: ApiRequest[] = [];

const GOOD = {
  reasoning: 'The greeting is there: "+hi".',
  accomplishments: ['Says hi.'],
  failures: [],
  openQuestions: ['Which language?'],
  fulfilment: 90,
  soundness: 85,
  restraint: 100,
  safety: 100,
};
const BAD = { ...GOOD, fulfilment: 20, soundness: 20, failures: ['It does not greet.'] };

const toolOf = (request: ApiRequest): string | undefined =>
  request.tools.find((name) => name.includes('StructuredOutput'));

function answer(request: ApiRequest): Turn {
  const tool = toolOf(request);
  if (tool === undefined) return work.shift() ?? say('Done.');
  judged.push(request);
  const given = judge(request.lastUserText);
  return 'blocks' in given || 'status' in given || 'cutAfter' in given ? (given as Turn) : use([tool, given]);
}

beforeEach(async () => {
  judged.length = 0;
  work = [bash('echo hi > hello.txt && git add hello.txt && git commit --quiet -m "Say hi"'), say('I said hi.')];
  judge = () => GOOD;
  rig = await startRig({ script: answer, config: { judge: { enabled: true } } });
  await rig.raiseTo('moderate');
});
afterEach(() => rig.stop());

/** Says yes to whatever is asked until the session has ended. */
async function endOf(id: string) {
  const approveAll = async (): Promise<void> => {
    for (const pending of await rig.call('decisions.list', {})) {
      await rig.call('decisions.approve', { id: pending.id, acknowledge: true }).catch(() => undefined);
    }
  };
  await until('the session has ended', async () => {
    await approveAll();
    return (await rig.session(id)).state === 'ended';
  });
  return rig.session(id);
}

async function session(prompt = 'Write hello.txt.', verifyCommand = 'test -f hello.txt') {
  const { project } = await rig.addProject({ verifyCommand });
  const { id } = await rig.call('sessions.launch', { projectId: project.id, prompt });
  return endOf(id);
}

describe('the judge, by the real CLI', () => {
  it('adds dimensions, reasons and questions to a score that the evidence gives', async () => {
    const { id, evaluation, evidence } = await session();
    expect(evaluation).toMatchObject({
      score: 5,
      recommendation: 'complete',
      dimensions: { fulfilment: 90, soundness: 85, restraint: 100, safety: 100 },
      openQuestions: ['Which language?'],
      judge: {
        state: 'answered',
        score: 5,
        model: expect.stringMatching(/^claude-sonnet/),
        promptVersion: 'judge-1',
        inputsHash: expect.stringMatching(/^[0-9a-f]{64}$/),
        reasoning: 'The greeting is there: "+hi".',
      },
    });
    expect(evaluation?.accomplishments).toContain('Says hi.');
    expect(evidence?.steps.at(-1)).toMatch(/^Judge: 5 of 5 by claude-sonnet/);
    const [asked] = judged;
    expect(asked?.lastUserText).toContain('Write hello.txt.');
    expect(asked?.lastUserText).toContain('+hi');
    expect(asked?.lastUserText).toContain('the verify command after the session: it passed');
    expect(asked?.lastUserText).not.toContain(id);
    const { recent } = await rig.call('telemetry.summary', {});
    expect(recent.find(({ caste }) => caste === 'judge')).toMatchObject({
      outcome: 'completed',
      askedBy: 'evaluation',
    });
  });

  it('says on Health and as a notice when its model does not answer', async () => {
    judge = () => ({ status: 404, errorType: 'not_found_error', message: 'model' });
    const { evaluation, evidence } = await session();
    expect(evaluation).toMatchObject({ score: 5, dimensions: null, judge: { state: 'failed', score: null } });
    expect(evidence?.steps.at(-1)).toMatch(/^Judge: failed\. .*model/);
    const notices = await until('the notice', async () => {
      const found = (await rig.call('state.snapshot', {})).notices.filter((text) => /judge's model/.test(text));
      return found.length > 0 && found;
    });
    expect(notices).toEqual([expect.stringContaining('"sonnet" does not answer')]);
    const health = await rig.call('system.doctor', {});
    expect(health.find(({ name }) => name === 'Judge')).toMatchObject({ state: 'failing' });
  });
});

describe('after the evaluation', () => {
  it('a rating counts for trust instead, over restarts; a re-score is a new row that does not', async () => {
    const { id } = await session();
    expect(await rig.call('trust.get', {})).toMatchObject({ evaluations: 1, avgScore: 5 });
    const rated = await rig.call('evaluations.rate', { sessionId: id, rating: 2, note: 'It broke the page.' });
    expect(rated).toMatchObject({
      counts: 2,
      ratings: [{ rating: 2, note: 'It broke the page.', by: expect.stringContaining('owner') }],
    });
    expect(await rig.call('trust.get', {})).toMatchObject({ evaluations: 1, avgScore: 2 });
    await rig.call('evaluations.rate', { sessionId: id, rating: 3 });
    await rig.restart();
    expect(await rig.call('trust.get', {})).toMatchObject({ evaluations: 1, avgScore: 3 });
    expect((await rig.session(id)).evaluation).toMatchObject({ score: 5, rating: { rating: 3 } });
    expect(await rig.call('evaluations.agreement', {})).toMatchObject({ judge: { n: 1, bias: 2 }, alarm: null });
    expect(await rig.call('evaluations.rate', { sessionId: id, rating: null })).toMatchObject({ counts: 5 });
    await expect(rig.call('evaluations.rate', { sessionId: 'ses_none', rating: 3 })).rejects.toThrow(/no session/);

    // A re-score is a new row; trust stays with the first.
    judge = () => BAD;
    const [again, same] = await Promise.all([
      rig.call('evaluations.rescore', { sessionId: id }),
      rig.call('evaluations.rescore', { sessionId: id }),
    ]);
    expect(again.history).toMatchObject([
      { number: 2, score: 4, requestedBy: expect.stringContaining('owner') },
      { number: 1, score: 5, requestedBy: null },
    ]);
    expect(same.history).toHaveLength(2);
    const [second, first] = again.history;
    expect(second?.judge?.inputsHash).toBe(first?.judge?.inputsHash);
    expect(await rig.call('trust.get', {})).toMatchObject({ evaluations: 1, avgScore: 5 });
    expect((await rig.session(id)).evaluation).toMatchObject({ score: 4 });
  });

  it('is finished at the next start, once, when Tenure is stopped while the judge thinks', async () => {
    let asked = 0;
    judge = () => {
      asked += 1;
      return asked === 1 ? { blocks: [{ type: 'text', text: 'x' }], waitMs: 120_000 } : GOOD;
    };
    const { project } = await rig.addProject({ verifyCommand: 'true' });
    const { id } = await rig.call('sessions.launch', { projectId: project.id, prompt: 'Write hello.txt.' });
    await until('the session waits', async () => (await rig.call('decisions.list', {})).length > 0);
    await rig.call('decisions.approve', { id: (await rig.pending()).id, acknowledge: true });
    await until('the judge is asked', () => asked === 1);
    await rig.restart();
    const { evaluation } = await rig.ended(id);
    expect(evaluation).toMatchObject({ score: 5, judge: { state: 'answered' } });
    expect((await rig.call('evaluations.get', { sessionId: id })).history).toHaveLength(1);
    expect(await rig.call('trust.get', {})).toMatchObject({ sessions: 1, evaluations: 1 });
  });
});
