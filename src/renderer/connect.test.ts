import { beforeEach, expect, test } from 'vitest';
import { promoted, snapshotOf, trustAt } from '../../test/fakes/pretend-scenes.ts';
import type { Snapshot } from '../shared/contract/system.ts';
import { TenureError } from '../shared/errors.ts';
import { type ConnectPorts, createConnection, type Stream } from './connect.ts';
import { mirror, setLink } from './mirror.ts';

class FakeStream implements Stream {
  readonly after: number;
  closed = false;
  #listeners = new Map<string, (event: MessageEvent<string>) => void>();
  constructor(after: number) {
    this.after = after;
  }
  addEventListener(type: string, listener: (event: MessageEvent<string>) => void): void {
    this.#listeners.set(type, listener);
  }
  close(): void {
    this.closed = true;
  }
  emit(type: string, data: unknown = {}): void {
    this.#listeners.get(type)?.({ data: JSON.stringify(data) } as MessageEvent<string>);
  }
}

/** A page under control: time stands still, timers and frames run when told. */
function page() {
  const streams: FakeStream[] = [];
  const timers: { ms: number; run: () => void }[] = [];
  let frames: (() => void)[] = [];
  let watch: () => void = () => undefined;
  const world = {
    snapshot: snapshotOf({ seq: 7 }) as Snapshot | Error,
    hidden: false,
    streams,
    timers,
    get frames() {
      return frames.length;
    },
    last: () => streams.at(-1) as FakeStream,
    paint: () => {
      const due = frames;
      frames = [];
      for (const run of due) run();
    },
    /** Runs the one timer that is armed. */
    fire: async () => {
      timers.shift()?.run();
      await settle();
    },
    show: async (hidden: boolean) => {
      world.hidden = hidden;
      watch();
      await settle();
    },
  };
  const ports: ConnectPorts = {
    snapshot: () =>
      world.snapshot instanceof Error ? Promise.reject(world.snapshot) : Promise.resolve(world.snapshot),
    stream: (after) => {
      streams.push(new FakeStream(after));
      return world.last();
    },
    now: () => 1_000,
    random: () => 1,
    after: (ms, run) => {
      const timer = { ms, run };
      timers.push(timer);
      return () => void timers.splice(timers.indexOf(timer), 1);
    },
    frame: (run) => void frames.push(run),
    hidden: () => world.hidden,
    onVisibility: (run) => {
      watch = run;
    },
  };
  return { world, connection: createConnection(ports) };
}

const settle = () => new Promise<void>((resolve) => setImmediate(resolve));
const away = new TenureError('unavailable', 'Tenure does not answer.');

beforeEach(() => {
  mirror.setState({ snapshot: null });
  setLink({ state: 'connecting' });
});

test('takes a snapshot, listens from its sequence on, and is live once the stream is open', async () => {
  const { world, connection } = page();
  await connection.open();
  expect(world.last().after).toBe(7);
  expect(mirror.getState()).toMatchObject({ snapshot: { seq: 7 }, link: { state: 'connecting' } });
  world.last().emit('open');
  expect(mirror.getState().link).toEqual({ state: 'live' });
});

test('many events make one update of the screen, in order; what the snapshot has is not applied twice', async () => {
  const { world, connection } = page();
  await connection.open();
  let updates = 0;
  const off = mirror.subscribe(() => updates++);
  world.last().emit('fact', { seq: 7, at: 1, type: 'sessions.paused', body: { paused: true } });
  world.last().emit('fact', { seq: 8, at: 2, type: 'trust.changed', body: { trust: promoted() } });
  world.last().emit('fact', { seq: 9, at: 3, type: 'trust.changed', body: { trust: trustAt({ level: 'full' }) } });
  expect([updates, world.frames]).toEqual([0, 1]);
  world.paint();
  off();
  expect(updates).toBe(1);
  expect(mirror.getState().snapshot).toMatchObject({ seq: 9, paused: false, trust: { level: 'full' } });
});

test('a trimmed journal leads to a new snapshot', async () => {
  const { world, connection } = page();
  await connection.open();
  world.snapshot = snapshotOf({ seq: 50 });
  const first = world.last();
  first.emit('reset');
  await settle();
  expect([first.closed, world.last().after]).toEqual([true, 50]);
});

test('one quick retry in silence, then offline since the first loss, at growing intervals', async () => {
  const { world, connection } = page();
  await connection.open();
  world.last().emit('open');
  world.snapshot = away;
  world.last().emit('error');
  expect(mirror.getState().link).toEqual({ state: 'live' });
  const waits: number[] = [];
  for (let n = 0; n < 8; n++) {
    waits.push(world.timers[0]?.ms ?? 0);
    await world.fire();
  }
  expect(waits).toEqual([250, 500, 1_000, 2_000, 4_000, 8_000, 15_000, 15_000]);
  expect(mirror.getState().link).toEqual({ state: 'offline', since: 1_000 });
  expect(mirror.getState().snapshot?.seq).toBe(7);

  world.snapshot = snapshotOf({ seq: 70 });
  await world.fire();
  world.last().emit('open');
  expect(mirror.getState()).toMatchObject({ snapshot: { seq: 70 }, link: { state: 'live' } });
});

test('a lost login ends the trying; showing the page tries again', async () => {
  const { world, connection } = page();
  world.snapshot = new TenureError('unauthenticated', 'Sign in first.');
  await connection.open();
  expect(mirror.getState().link).toEqual({ state: 'signed-out' });
  expect(world.timers).toEqual([]);
  world.snapshot = snapshotOf({ seq: 7 });
  await world.show(false);
  world.last().emit('open');
  expect(mirror.getState().link).toEqual({ state: 'live' });
});

test('a hidden page has neither stream nor timer; shown, it starts afresh', async () => {
  const { world, connection } = page();
  await connection.open();
  world.last().emit('open');
  const first = world.last();
  first.emit('fact', { seq: 8, at: 2, type: 'sessions.paused', body: { paused: true } });
  await world.show(true);
  expect([first.closed, world.timers.length]).toEqual([true, 0]);
  // What had arrived is not lost, and nothing claims that the engine is away.
  expect(mirror.getState()).toMatchObject({ snapshot: { seq: 8, paused: true }, link: { state: 'live' } });
  world.snapshot = snapshotOf({ seq: 30 });
  await world.show(false);
  expect([world.last().after, world.streams.length]).toEqual([30, 2]);
});

test('a page that was never shown has its snapshot ready and does not listen', async () => {
  const { world, connection } = page();
  world.hidden = true;
  await connection.open();
  expect(mirror.getState().snapshot?.seq).toBe(7);
  expect(world.streams).toHaveLength(0);
});

test('an engine that goes away from a hidden page is noticed when it is shown', async () => {
  const { world, connection } = page();
  await connection.open();
  world.last().emit('open');
  await world.show(true);
  world.snapshot = away;
  await world.show(false);
  expect(world.timers).toHaveLength(1);
  await world.fire();
  expect(mirror.getState().link).toEqual({ state: 'offline', since: 1_000 });
});

test('hiding cancels a retry that was armed', async () => {
  const { world, connection } = page();
  world.snapshot = away;
  await connection.open();
  expect(world.timers).toHaveLength(1);
  await world.show(true);
  expect(world.timers).toEqual([]);
});

test('what an abandoned stream still says changes nothing', async () => {
  const { world, connection } = page();
  await connection.open();
  const first = world.last();
  await connection.open();
  world.last().emit('open');
  first.emit('error');
  await settle();
  expect(world.timers).toEqual([]);
  expect(mirror.getState().link).toEqual({ state: 'live' });
});
