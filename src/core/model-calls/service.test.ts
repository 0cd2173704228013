import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { createFakeClock } from '../../../test/fakes/clock.ts';
import { createIds } from '../adapters/ids.ts';
import type { ModelQuestion, ModelReply } from '../drivers/driver.ts';
import { FAILURES, OPEN_MS } from './breaker.ts';
import { type CallRecorder, createModelCalls, type ModelAnswer, type ModelCall, type ModelState } from './service.ts';

const Schema = z.object({ score: z.number().int().min(0).max(100) });
type Answer = z.infer<typeof Schema>;

const reply = (part: Partial<ModelReply> = {}): ModelReply => ({
  kind: 'answered',
  detail: '',
  value: { score: 70 },
  model: 'claude-test-1',
  costUsd: 0.01,
  inputTokens: 100,
  outputTokens: 20,
  ...part,
});
const failure = (kind: ModelReply['kind'], detail = 'It did not.'): ModelReply =>
  reply({ kind, detail, value: undefined, model: null, costUsd: null, inputTokens: null, outputTokens: null });

/** A model whose answers the test gives one by one, in any order. */
function lab(record: CallRecorder | null = null) {
  const clock = createFakeClock();
  const asked: { question: ModelQuestion; answer(reply: ModelReply): Promise<void> }[] = [];
  const states: (readonly ModelState[])[] = [];
  const calls = createModelCalls({
    clock,
    ids: createIds(),
    record,
    onState: (now) => states.push(now),
    ask: (question) =>
      new Promise((resolve) => {
        asked.push({
          question,
          async answer(given) {
            resolve(given);
            await settled();
          },
        });
      }),
  });
  const call = (part: Partial<ModelCall<Answer>> = {}): Promise<ModelAnswer<Answer>> =>
    calls.call({
      role: 'judge',
      model: 'sonnet',
      system: 'You judge.',
      prompt: 'How good is it?',
      schema: Schema,
      priority: 0,
      waitMs: 60_000,
      timeoutMs: 30_000,
      maxCostUsd: 0.1,
      sessionId: null,
      ...part,
    });
  const answer = async (index: number, given: ModelReply = reply()): Promise<void> => {
    await settled();
    const one = asked[index];
    if (!one) throw new Error(`nothing was asked as number ${index}`);
    await one.answer(given);
  };
  return { clock, asked, states, calls, call, answer };
}

/** Everything that only waits for promises has happened. */
async function settled(): Promise<void> {
  for (let turns = 0; turns < 20; turns += 1) await Promise.resolve();
}

describe('an answer', () => {
  it('is of the form that was asked for, with who gave it and what it cost', async () => {
    const { call, answer, asked } = lab();
    const answered = call();
    await answer(0);
    expect(await answered).toEqual({
      answered: true,
      value: { score: 70 },
      model: 'claude-test-1',
      repaired: false,
      costUsd: 0.01,
      tokens: { input: 100, output: 20 },
      durationMs: 0,
    });
    expect(asked[0]?.question).toMatchObject({ model: 'sonnet', maxCostUsd: 0.1, timeoutMs: 30_000 });
    expect(asked[0]?.question.maxTurns).toBeGreaterThanOrEqual(2);
    expect(asked[0]?.question.schema).toMatchObject({ type: 'object', required: ['score'] });
  });

  it.each([{ score: 'five' }, { score: 101 }, { score: Number.NaN }, {}, null, 'text'])(
    'that does not fit (%j) is mended once, and the costs of both add up',
    async (value) => {
      const { call, answer, asked, clock } = lab();
      const answered = call();
      await settled();
      clock.advance(1_000);
      await answer(0, reply({ value }));
      await answer(1, reply({ value: { score: 50 } }));
      expect(await answered).toMatchObject({
        answered: true,
        repaired: true,
        value: { score: 50 },
        costUsd: 0.02,
        tokens: { input: 200, output: 40 },
      });
      expect(asked[1]?.question.prompt).toContain('could not be used: Its answer does not fit');
      expect(asked[1]?.question.timeoutMs).toBe(29_000);
    },
  );

  it('that does not fit twice is a failure, never a value', async () => {
    const { call, answer, asked } = lab();
    const answered = call();
    await answer(0, failure('invalid'));
    await answer(1, reply({ value: { score: -1 } }));
    expect(await answered).toMatchObject({
      answered: false,
      kind: 'invalid',
      detail: expect.stringContaining('score'),
    });
    expect(asked).toHaveLength(2);
  });

  it('is not asked for a second time when the first failed for another reason', async () => {
    const { call, answer, asked } = lab();
    const answered = call();
    await answer(0, failure('quota', 'The limit was reached with key sk-ant-abcdefghijklmnop.'));
    expect(await answered).toMatchObject({
      answered: false,
      kind: 'quota',
      model: 'sonnet',
      detail: 'The limit was reached with key [redacted].',
    });
    expect(asked).toHaveLength(1);
  });
});

describe('the queue', () => {
  it('lets two run; the third waits, and the more urgent goes first (S1-21, T-04B)', async () => {
    const { call, answer, asked, calls } = lab();
    const all = ['a', 'b', 'c', 'd', 'urgent'].map((prompt) => call({ prompt, priority: prompt === 'urgent' ? 5 : 0 }));
    await settled();
    expect(asked.map(({ question }) => question.prompt)).toEqual(['a', 'b']);
    expect(calls.size()).toEqual({ running: 2, waiting: 3 });
    await answer(1);
    expect(asked.at(-1)?.question.prompt).toBe('urgent');
    await answer(0);
    expect(asked.at(-1)?.question.prompt).toBe('c');
    await answer(2);
    await answer(3);
    await answer(4);
    expect((await Promise.all(all)).every((one) => one.answered)).toBe(true);
    expect(calls.size()).toEqual({ running: 0, waiting: 0 });
  });

  it('drops who waited too long, with that reason, and nobody else', async () => {
    const { call, answer, clock, asked } = lab();
    const first = [call(), call()];
    const late = call({ waitMs: 5_000 });
    const patient = call({ waitMs: 50_000 });
    await settled();
    clock.advance(5_000);
    expect(await late).toMatchObject({ answered: false, kind: 'deadline', detail: expect.stringContaining('5 s') });
    await answer(0);
    await answer(1);
    await answer(2);
    expect(await patient).toMatchObject({ answered: true });
    await Promise.all(first);
    expect(asked).toHaveLength(3);
    expect(clock.pending()).toBe(0);
  });

  it('drops who was called off while waiting', async () => {
    const { call, answer, asked } = lab();
    const running = [call(), call()];
    const abort = new AbortController();
    const off = call({ signal: abort.signal });
    abort.abort();
    expect(await off).toMatchObject({ kind: 'aborted' });
    expect(await call({ signal: abort.signal })).toMatchObject({ kind: 'aborted' });
    await answer(0);
    await answer(1);
    await Promise.all(running);
    expect(asked).toHaveLength(2);
  });
});

describe('a model that keeps failing', () => {
  async function broken() {
    const made = lab();
    for (let n = 0; n < FAILURES; n += 1) {
      const one = made.call();
      await made.answer(n, failure('transient', 'Overloaded.'));
      await one;
    }
    return made;
  }

  it('is left alone for five minutes, and other models are not', async () => {
    const { call, answer, asked, states } = await broken();
    expect(await call()).toMatchObject({
      answered: false,
      kind: 'circuit_open',
      detail: expect.stringContaining('Overloaded'),
    });
    expect(asked).toHaveLength(FAILURES);
    const other = call({ model: 'opus' });
    await answer(FAILURES);
    expect(await other).toMatchObject({ answered: true });
    expect(states.at(0)).toMatchObject([{ role: 'judge', state: 'failing', detail: 'Overloaded.' }]);
  });

  it('gets exactly one try afterwards; the others wait for what comes of it', async () => {
    const { call, answer, asked, clock } = await broken();
    clock.advance(OPEN_MS);
    const [probe, second] = [call(), call()];
    await settled();
    expect(asked).toHaveLength(FAILURES + 1);
    expect(await second).toMatchObject({ kind: 'circuit_open' });
    await answer(FAILURES);
    expect(await probe).toMatchObject({ answered: true });
    const next = call();
    await answer(FAILURES + 1);
    expect(await next).toMatchObject({ answered: true });
  });

  it('is left alone again when the try fails, and freed by one that says nothing of it', async () => {
    const { call, answer, clock } = await broken();
    clock.advance(OPEN_MS);
    const probe = call();
    await answer(FAILURES, failure('timeout'));
    await probe;
    expect(await call()).toMatchObject({ kind: 'circuit_open' });
    clock.advance(OPEN_MS);
    const calledOff = call();
    await answer(FAILURES + 1, failure('aborted'));
    expect(await calledOff).toMatchObject({ kind: 'aborted' });
    const again = call();
    await answer(FAILURES + 2);
    expect(await again).toMatchObject({ answered: true });
  });

  it('is not blamed for waiting, calling off, wrong forms, refusals and spent budgets (T-04C)', async () => {
    const { call, answer } = lab();
    for (const [n, kind] of (['aborted', 'refused', 'budget', 'aborted', 'refused'] as const).entries()) {
      const one = call();
      await answer(n, failure(kind));
      expect(await one).toMatchObject({ kind });
    }
    const next = call();
    await answer(5);
    expect(await next).toMatchObject({ answered: true });
  });
});

describe('the record', () => {
  it('gets the beginning and the end of each call under one id', async () => {
    const told: unknown[] = [];
    const made = lab({
      began: (facts) => `${told.push(facts)}`,
      ended: (id, outcome) => void told.push([id, outcome]),
    });
    const one = made.call({ sessionId: 'ses_1' });
    await made.answer(0);
    await one;
    const two = made.call();
    await made.answer(1, failure('timeout', 'It did not answer within 30 s.'));
    await two;
    expect(told).toEqual([
      { role: 'judge', model: 'sonnet', sessionId: 'ses_1' },
      ['1', expect.objectContaining({ completed: true, model: 'claude-test-1', costUsd: 0.01 })],
      { role: 'judge', model: 'sonnet', sessionId: null },
      ['3', expect.objectContaining({ completed: false, failure: 'timeout', costUsd: null })],
    ]);
  });

  it('never breaks a call', async () => {
    const made = lab({
      began: () => {
        throw new Error('disk full');
      },
      ended: () => {
        throw new Error('disk full');
      },
    });
    const one = made.call();
    await made.answer(0);
    expect(await one).toMatchObject({ answered: true });
  });
});

describe('the check at the start', () => {
  it('asks for one word and says whether the model answers', async () => {
    const { calls, answer, asked, states } = lab();
    const checked = calls.check('judge', 'claude-nobody-1');
    await answer(0, failure('model_not_found', 'There is no such model.'));
    await checked;
    expect(asked[0]?.question).toMatchObject({ schema: null, maxTurns: 1, model: 'claude-nobody-1' });
    expect(calls.states()).toMatchObject([{ state: 'failing', detail: 'There is no such model.' }]);
    const again = calls.check('judge', 'sonnet');
    await answer(1, reply({ value: 'ok' }));
    await again;
    expect(calls.states()).toMatchObject([{ model: 'sonnet', state: 'ok' }]);
    expect(states).toHaveLength(2);
  });
});
