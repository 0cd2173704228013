import { expect, test } from 'vitest';
import { testDatabase } from '../../../../test/builders.ts';
import { createFakeClock } from '../../../../test/fakes/clock.ts';
import { ServiceSettings } from '../../../shared/contract/services.ts';
import { createIds } from '../../adapters/ids.ts';
import { createJournal } from '../../kernel/journal.ts';
import type { Log } from '../../kernel/log.ts';
import { createProbes } from '../service.ts';
import type { Looked } from './loop.ts';

const silent = { error: () => undefined, warn: () => undefined } as unknown as Log;
const good: Looked = {
  ok: true,
  ms: 3,
  detail: 'fine',
  certificateExpiresAt: null,
  stopped: false,
  values: () => ({}),
};
const soon = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

function rig() {
  const { db } = testDatabase();
  const clock = createFakeClock();
  const facts: string[] = [];
  const pending: ((looked: Looked) => void)[] = [];
  const journal = createJournal(db, clock, () => undefined);
  journal.subscribe((fact) => facts.push(fact.type));
  const probes = createProbes({
    db,
    journal,
    clock,
    ids: createIds(),
    log: silent,
    concurrency: () => 10,
    look: () => new Promise((resolve) => pending.push(resolve)),
    judge: () => undefined,
    isOfInterest: () => false,
    about: () => ({ inMaintenance: false, silencedBy: null, incidentId: null, restarting: null }),
    isProject: () => false,
    checkCron: () => undefined,
    pushUrl: () => '',
  });
  const settings = ServiceSettings.parse({ name: 'Web', target: { kind: 'tcp', host: '127.0.0.1', port: 1 } });
  /** Lets the look that is under way end so. */
  const answer = async (looked: Partial<Looked> = {}): Promise<void> => {
    pending.shift()?.({ ...good, ...looked });
    await soon();
    await soon();
  };
  return { clock, facts, pending, probes, settings, answer };
}

test('good checks of what is well write no fact; a change writes one', async () => {
  const { clock, facts, probes, settings, answer } = rig();
  probes.start();
  probes.add(settings);
  clock.advance(0);
  await answer();
  facts.length = 0;
  for (let n = 0; n < 5; n++) {
    clock.advance(60_000);
    await answer();
  }
  expect(facts).toEqual([]);
  clock.advance(60_000);
  await answer({ ok: false });
  expect(facts).toEqual(['service.changed']);
  expect(probes.list()[0]?.pending).toEqual({ toward: 'down', n: 1, of: 3 });
  probes.stop();
});

test('what was seen of a service that was paused or changed meanwhile speaks for nothing', async () => {
  const { clock, probes, settings, answer } = rig();
  probes.start();
  const { service } = probes.add(settings);
  clock.advance(0);
  probes.setPaused(service.id, true);
  await answer({ ok: false });
  expect(probes.get(service.id)).toMatchObject({ state: 'paused', last: null });
  probes.stop();
});

test('a look that ends after the end leaves nothing behind that keeps the program alive', async () => {
  const { clock, probes, settings, answer } = rig();
  probes.start();
  const { service } = probes.add(settings);
  clock.advance(0);
  const waiting = probes.checkNow(service.id);
  probes.stop();
  await answer();
  expect((await waiting).ok).toBe(null);
  expect(clock.pending()).toBe(0);
});

test('a thousand checks a second are written as fast as they come, in small transactions', async () => {
  const { db } = testDatabase();
  const clock = createFakeClock();
  const journal = createJournal(db, clock, () => undefined);
  const probes = createProbes({
    db,
    journal,
    clock,
    ids: createIds(),
    log: silent,
    concurrency: () => 1_000,
    look: () => Promise.resolve(good),
    judge: () => undefined,
    isOfInterest: () => false,
    about: () => ({ inMaintenance: false, silencedBy: null, incidentId: null, restarting: null }),
    isProject: () => false,
    checkCron: () => undefined,
    pushUrl: () => '',
  });
  const target = { kind: 'tcp', host: '127.0.0.1', port: 1 };
  for (let n = 0; n < 200; n++)
    probes.add(ServiceSettings.parse({ name: `s${n}`, target, intervalMs: 1_000, timeoutMs: 900 }));
  probes.start();
  for (let passed = 0; passed < 31_000; passed += 50) {
    clock.advance(50);
    await soon();
  }
  const written = db.prepare<[], { n: number }>('SELECT count(*) AS n FROM service_checks').get()?.n ?? 0;
  // All but those of the last ten seconds.
  expect(written).toBeGreaterThanOrEqual(200 * 20);
  probes.stop();
  const all = db.prepare<[], { n: number }>('SELECT count(*) AS n FROM service_checks').get()?.n ?? 0;
  expect(all).toBeGreaterThanOrEqual(200 * 30);
});

test('killed while all is well, it knows after the start what its checks say', async () => {
  const { db } = testDatabase();
  const clock = createFakeClock();
  const open = () =>
    createProbes({
      db,
      journal: createJournal(db, clock, () => undefined),
      clock,
      ids: createIds(),
      log: silent,
      concurrency: () => 10,
      look: () => Promise.resolve({ ...good, ok: clock.now() % 2 === 0 }),
      judge: () => undefined,
      isOfInterest: () => false,
      about: () => ({ inMaintenance: false, silencedBy: null, incidentId: null, restarting: null }),
      isProject: () => false,
      checkCron: () => undefined,
      pushUrl: () => '',
    });
  const probes = open();
  probes.start();
  probes.add(
    ServiceSettings.parse({ name: 'Web', target: { kind: 'tcp', host: '127.0.0.1', port: 1 }, timeoutMs: 1_000 }),
  );
  for (let passed = 0; passed < 30 * 60_000; passed += 5_000) {
    clock.advance(5_000);
    await soon();
  }
  clock.advance(15_000);
  await soon();
  // No end: nothing more is written.
  expect(open().list()[0]).toMatchObject({ state: 'up', last: probes.list()[0]?.last });
  probes.stop();
});
