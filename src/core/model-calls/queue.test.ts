import { describe, expect, it } from 'vitest';
import { lab, settled } from '../../../test/model-calls-rig.ts';

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
