import { beforeEach, expect, test } from 'vitest';
import type { Waiting } from '../shared/contract/notifications.ts';
import { type AwayPorts, watchAway } from './away.ts';

const ask = (id: string, loud = 0): Waiting => ({ id, title: `${id} asks`, body: 'git push', place: `#/${id}`, loud });

let world: {
  hidden: boolean;
  allowed: boolean;
  waiting: Waiting[] | Error;
  log: string[];
  streams: Map<string, (event: MessageEvent<string>) => void>[];
  turn(hidden: boolean): Promise<void>;
  hear(type: string, data?: unknown): Promise<void>;
};
const settle = async (): Promise<void> => {
  for (let turn = 0; turn < 5; turn++) await Promise.resolve();
};

beforeEach(() => {
  let follow: () => void = () => undefined;
  world = {
    hidden: false,
    allowed: true,
    waiting: [],
    log: [],
    streams: [],
    async turn(hidden) {
      world.hidden = hidden;
      follow();
      if (hidden) await world.hear('open');
    },
    async hear(type, data = {}) {
      world.streams.at(-1)?.get(type)?.({ data: JSON.stringify(data) } as MessageEvent<string>);
      await settle();
    },
  };
  const ports: AwayPorts = {
    hidden: () => world.hidden,
    onVisibility: (run) => {
      follow = run;
    },
    allowed: () => world.allowed,
    waiting: async () => {
      if (world.waiting instanceof Error) throw world.waiting;
      return world.waiting;
    },
    stream() {
      const listeners = new Map<string, (event: MessageEvent<string>) => void>();
      world.streams.push(listeners);
      return {
        addEventListener: (type, listener) => void listeners.set(type, listener),
        close: () => {
          world.log.push('closed');
          listeners.clear();
        },
      };
    },
    show: ({ id, title }) => void world.log.push(`show ${id}: ${title}`),
    withdraw: (id) => void world.log.push(`withdraw ${id}`),
  };
  watchAway(ports);
});

test('a page that is seen, or may not notify, listens to nothing', async () => {
  expect(world.streams).toEqual([]);
  world.allowed = false;
  await world.turn(true);
  expect(world.streams).toEqual([]);
});

test('what waits is shown once, louder once more, and withdrawn when it is answered elsewhere', async () => {
  world.waiting = [ask('dec_1')];
  await world.turn(true);
  await world.hear('fact', { type: 'session.changed' });
  expect(world.log).toEqual(['show dec_1: dec_1 asks']);
  world.waiting = [ask('dec_1', 2), ask('dec_2')];
  await world.hear('fact', { type: 'decision.raised' });
  expect(world.log.slice(1)).toEqual(['show dec_1: dec_1 asks', 'show dec_2: dec_2 asks']);
  world.waiting = [ask('dec_2')];
  await world.hear('fact', { type: 'decision.answered' });
  expect(world.log.at(-1)).toBe('withdraw dec_1');
});

test('facts that ask nothing are not looked at', async () => {
  await world.turn(true);
  world.waiting = [ask('dec_1')];
  await world.hear('fact', { type: 'service.changed' });
  expect(world.log).toEqual([]);
});

test('what happens is told and withdrawn as the engine says', async () => {
  await world.turn(true);
  await world.hear('signal', { type: 'notification.told', body: { telling: ask('news:1') } });
  await world.hear('signal', { type: 'notification.withdrawn', body: { id: 'news:1' } });
  await world.hear('signal', { type: 'system.sampled', body: {} });
  expect(world.log).toEqual(['show news:1: news:1 asks', 'withdraw news:1']);
});

test('back on the page everything is withdrawn and nothing more is heard', async () => {
  world.waiting = [ask('dec_1')];
  await world.turn(true);
  await world.turn(false);
  expect(world.log.slice(1)).toEqual(['closed', 'withdraw dec_1']);
  await world.turn(true);
  expect(world.log.at(-1)).toBe('show dec_1: dec_1 asks');
});

test('an engine that does not answer settles nothing', async () => {
  world.waiting = [ask('dec_1')];
  await world.turn(true);
  world.waiting = new Error('offline');
  await world.hear('fact', { type: 'decision.answered' });
  expect(world.log).toEqual(['show dec_1: dec_1 asks']);
});
