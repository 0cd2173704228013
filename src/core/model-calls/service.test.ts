import { describe, expect, it } from 'vitest';
import { failure, lab, reply, settled } from '../../../test/model-calls-rig.ts';

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
      tokens: { input: 100, output: 20, cacheRead: 60, cacheWrite: 10 },
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
        tokens: { input: 200, output: 40, cacheRead: 120, cacheWrite: 20 },
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
