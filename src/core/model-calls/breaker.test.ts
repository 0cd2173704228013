import { describe, expect, it } from 'vitest';
import { failure, lab, settled } from '../../../test/model-calls-rig.ts';
import { FAILURES, OPEN_MS } from './breaker.ts';

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
