import { expect, test } from 'vitest';
import { createFakeClock } from '../../../test/fakes/clock.ts';
import type { LoadCounters } from '../kernel/ports.ts';
import { createLoad } from './load.ts';

const counters = (over: Partial<LoadCounters> = {}): LoadCounters => ({
  cores: [{ busyMs: 100, totalMs: 1_000 }],
  network: { receivedBytes: 1_000, sentBytes: 2_000 },
  disk: { readBytes: 0, writtenBytes: 4_096 },
  swap: null,
  uptimeMs: 5_000,
  load: [1, 2, 3],
  own: { cpuMs: 50, memoryBytes: 9 },
  ...over,
});
const later = counters({
  cores: [{ busyMs: 600, totalMs: 2_000 }],
  network: { receivedBytes: 3_000, sentBytes: 2_000 },
  disk: { readBytes: 8_192, writtenBytes: 4_096 },
  own: { cpuMs: 250, memoryBytes: 9 },
});

function desk(first: LoadCounters) {
  const clock = createFakeClock();
  const state = { now: first };
  const load = createLoad({
    clock,
    reader: {
      counters: () => Promise.resolve(state.now),
      flows: () => Promise.resolve(null),
      top: () => Promise.reject(new Error('no ps')),
    },
    heat: () => ({ temperature: null, thermal: 2 }),
    seen: () => undefined,
  });
  return {
    load,
    after: (ms: number, now: LoadCounters) => {
      clock.advance(ms);
      state.now = now;
      return load.now();
    },
  };
}

test('rates are of the time since the look before; the first look knows none', async () => {
  const { load, after } = desk(counters());
  expect(await load.now()).toMatchObject({ cores: [null], network: null, disk: null, own: { cpu: null } });
  expect(await after(2_000, later)).toMatchObject({
    cores: [0.5],
    network: { received: 1_000, sent: 0 },
    disk: { read: 4_096, written: 0 },
    own: { cpu: 0.1, memoryBytes: 9 },
    load: [1, 2, 3],
    thermal: 'serious',
  });
});

test('two that look at once share a span, and an old look says nothing of now', async () => {
  const { load, after } = desk(counters());
  await load.now();
  await after(2_000, later);
  expect(await after(10, later)).toMatchObject({ network: { received: 1_000 } });
  expect(await after(60_000, later)).toMatchObject({ cores: [null], network: null });
});

test('a counter that went back, a core that went away, and what cannot be read are unknown', async () => {
  const { load, after } = desk(counters());
  await load.now();
  const gone = counters({
    cores: [
      { busyMs: 1, totalMs: 1 },
      { busyMs: 1, totalMs: 9 },
    ],
    network: { receivedBytes: 5, sentBytes: 5 },
    disk: null,
  });
  expect(await after(1_000, gone)).toMatchObject({ cores: [null, null], network: null, disk: null });
});

test('processes that cannot be listed say so', async () => {
  await expect(desk(counters()).load.top()).rejects.toThrow('The processes cannot be listed: Error: no ps.');
});
