import { expect, test } from 'vitest';
import { createFakeClock } from '../../../test/fakes/clock.ts';
import { createFlows } from './flows.ts';

type Counters = Awaited<ReturnType<Parameters<typeof createFlows>[0]['reader']['flows']>>;

function desk() {
  const clock = createFakeClock();
  const state: { now: Counters; asked: number } = { now: null, asked: 0 };
  const flows = createFlows({
    clock,
    reader: {
      flows: () => {
        state.asked += 1;
        return Promise.resolve(state.now);
      },
    },
  });
  const after = (ms: number, received: number, read: number | null = 0) => {
    clock.advance(ms);
    state.now = {
      network: { receivedBytes: received, sentBytes: 0 },
      disk: read === null ? null : { readBytes: read, writtenBytes: 0 },
    };
    return flows.look();
  };
  return { state, flows, after };
}

test('rates between two looks, not oftener than each ten seconds', async () => {
  const { state, after } = desk();
  expect(await after(0, 1_000)).toBeNull();
  expect(await after(1_000, 2_000)).toBeNull();
  expect(state.asked).toBe(1);
  expect(await after(9_000, 21_000, 5_000)).toEqual({ received: 2_000, sent: 0, read: 500, written: 0 });
});

test('a sleep, a counter that went back and what cannot be read are gaps', async () => {
  const { after } = desk();
  await after(0, 1_000);
  expect(await after(3_600_000, 9_000)).toBeNull();
  expect(await after(10_000, 10, null)).toEqual({ received: null, sent: null, read: null, written: null });
});

test('where reading starts a program nothing is told', async () => {
  const { state, flows } = desk();
  expect(await flows.look()).toBeNull();
  expect(state.asked).toBe(1);
});
