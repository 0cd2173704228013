import { beforeEach, expect, test } from 'vitest';
import { testDatabase } from '../../../test/builders.ts';
import { createFakeClock } from '../../../test/fakes/clock.ts';
import { incident } from '../../../test/fakes/services/views.ts';
import { Config } from '../../shared/config.ts';
import { createIds } from '../adapters/ids.ts';
import { createJournal, type Journal } from '../kernel/journal.ts';
import type { Ports } from '../kernel/ports.ts';
import { createLedger } from '../ledger/service.ts';
import type { Resources } from '../resources/service.ts';
import { createTrust, type TrustService } from '../trust/service.ts';
import { createTrustChapter } from './trust.ts';
import type { Watch } from './watch.ts';

const MINUTE = 60_000;
let journal: Journal;
let trust: TrustService;
let clock: ReturnType<typeof createFakeClock>;
/** Restarts as the incidents keep them, newest first. */
let restarts: {
  id: string;
  serviceId: string;
  service: string;
  by: string;
  state: string;
  at: number;
  finishedAt: number;
}[];

const fails = (over: Parameters<typeof incident>[0] = {}): void =>
  journal.commit((emit) =>
    emit({
      type: 'incident.changed',
      body: {
        incident: incident({ serviceId: 'svc_web', partOf: null, closedAt: null, failingSince: clock.now(), ...over }),
      },
    }),
  );

beforeEach(() => {
  const { db } = testDatabase();
  clock = createFakeClock();
  journal = createJournal(db, clock, (error) => {
    throw error;
  });
  const ledger = createLedger({ db, journal, clock, seal: null });
  const config = () => Config.parse({}).trust;
  trust = createTrust({ db, journal, clock, ids: createIds(), ledger: { ...ledger, whyNotRaise: () => null }, config });
  const at = clock.now();
  restarts = [
    {
      id: 'rst_1',
      serviceId: 'svc_db',
      service: 'Database',
      by: 'Tenure',
      state: 'succeeded',
      at,
      finishedAt: at + 5_000,
    },
  ];
  // The web needs the database; nothing else is asked of what watches.
  const watch = {
    probes: {
      find: (id: string) => ({ id }),
      parents: ({ id }: { id: string }) => (id === 'svc_web' ? [{ id: 'svc_db' }] : []),
    },
    incidents: { restarts: () => restarts, verdict: () => undefined },
  } as unknown as Watch;
  const ports = { clock } as unknown as Ports;
  createTrustChapter({ db, ports, journal, ledger, trust, watch, resources: {} as Resources });
  trust.setLevel({ level: 'cautious', by: 'me' });
  trust.setLevel({ level: 'moderate', by: 'me', override: { confirm: 'moderate' } });
});

test('a service that goes down as Tenure restarts what it needs is an outage of ours: down to Observe, once', () => {
  clock.advance(MINUTE);
  fails({ title: 'Web is down' });
  expect(trust.level()).toBe('observe');
  const { severe, intervals } = trust.history();
  expect(severe).toMatchObject([{ kind: 'outage', source: { kind: 'incident' }, by: 'tenure' }]);
  expect(severe[0]?.text).toContain('as Tenure restarted Database, which it needs');
  expect(intervals[0]).toMatchObject({ level: 'observe', cause: 'fall' });
  trust.setLevel({ level: 'cautious', by: 'me' });
  fails({ title: 'Web is down' });
  expect([trust.level(), trust.history().severe.length]).toEqual(['cautious', 1]);
});

test.each<[string, () => void]>([
  ['a person restarted it', () => void (restarts = restarts.map((one) => ({ ...one, by: 'owner' })))],
  ['the restart was only proposed', () => void (restarts = restarts.map((one) => ({ ...one, state: 'proposed' })))],
  ['it was only a shadow', () => void (restarts = restarts.map((one) => ({ ...one, state: 'shadow' })))],
  ['the restarted one is not needed', () => void (restarts = restarts.map((one) => ({ ...one, serviceId: 'svc_x' })))],
  ['it was long ago', () => clock.advance(10 * MINUTE)],
])('it is none of ours when %s', (_when, change) => {
  change();
  clock.advance(MINUTE);
  fails();
  expect([trust.level(), trust.history().severe]).toEqual(['moderate', []]);
});
