import { expect, test } from 'vitest';
import { testDatabase } from '../../../test/builders.ts';
import { createFakeClock } from '../../../test/fakes/clock.ts';
import { ServiceSettings } from '../../shared/contract/services.ts';
import { createIds } from '../adapters/ids.ts';
import { createJournal } from '../kernel/journal.ts';
import type { Log } from '../kernel/log.ts';
import { createProbes } from './service.ts';

const silent = { error: () => undefined, warn: () => undefined } as unknown as Log;

function rig() {
  const { db } = testDatabase();
  const clock = createFakeClock();
  const facts: string[] = [];
  const journal = createJournal(db, clock, () => undefined);
  journal.subscribe((fact) => facts.push(fact.type));
  const commits = { count: 0 };
  const probes = createProbes({
    db,
    journal: {
      ...journal,
      commit(work) {
        if (!db.inTransaction) commits.count += 1;
        return journal.commit(work);
      },
    },
    clock,
    ids: createIds(),
    log: silent,
    concurrency: () => 10,
    look: () => new Promise(() => undefined),
    judge: () => undefined,
    isOfInterest: () => false,
    about: () => ({ inMaintenance: false, silencedBy: null, incidentId: null, restarting: null }),
    isProject: () => false,
    checkCron: () => undefined,
    pushUrl: () => '',
  });
  return { db, facts, probes, commits, names: () => probes.list().map(({ name }) => name) };
}

const service = (name: string, more: object = {}) =>
  ServiceSettings.parse({ name, target: { kind: 'tcp', host: '127.0.0.1', port: 1 }, ...more });

test('five hundred are taken in, followed and given up in one transaction each', () => {
  const { probes, facts, commits, names } = rig();
  const listed = Array.from({ length: 500 }, (_, n) => service(`Service ${n}`));
  expect(probes.adopt(listed)).toEqual([]);
  expect(names()).toHaveLength(500);
  expect(commits.count).toBe(1);
  expect(facts).toHaveLength(500);
  probes.adopt(listed);
  expect(facts).toHaveLength(500);
  probes.adopt(listed.slice(0, 10).map((one) => ({ ...one, intervalMs: 90_000 })));
  expect(names()).toHaveLength(10);
  expect(commits.count).toBe(3);
  probes.stop();
});

test('one may depend on another that is listed below it; what cannot be is told and holds up nothing', () => {
  const { probes, names } = rig();
  const told = probes.adopt([
    service('Web', { dependsOn: ['Proxy'] }),
    service('Proxy', { dependsOn: ['Router'] }),
    service('Router'),
    service('Lost', { dependsOn: ['Nowhere'] }),
    service('Bad', { conditions: ['[STATUS] = 200'] }),
  ]);
  expect(names().toSorted()).toEqual(['Proxy', 'Router', 'Web']);
  expect(told).toHaveLength(2);
  expect(told[0]).toContain('"Lost" depends on "Nowhere"');
  expect(told[1]).toContain('position');
  probes.stop();
});

test('when nothing can be written all is as it was, in memory too', () => {
  const { db, probes, names } = rig();
  const web = service('Web');
  const added = service('By hand');
  probes.add(added);
  probes.adopt([web, service('Old')]);
  db.exec(
    "CREATE TRIGGER full BEFORE INSERT ON services WHEN NEW.name = 'New 3' BEGIN SELECT RAISE(ABORT, 'no room'); END",
  );
  const told = probes.adopt([
    { ...web, intervalMs: 5_000, timeoutMs: 1_000 },
    ...[1, 2, 3].map((n) => service(`New ${n}`)),
  ]);
  expect(told).toEqual(['The services of the configuration could not be taken in: no room']);
  expect(names().toSorted()).toEqual(['By hand', 'Old', 'Web']);
  expect(probes.list().find(({ name }) => name === 'Web')?.intervalMs).toBe(60_000);
  db.exec('DROP TRIGGER full');
  expect(probes.adopt([web])).toEqual([]);
  expect(names().toSorted()).toEqual(['By hand', 'Web']);
  probes.stop();
});
