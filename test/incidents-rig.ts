import type { Database } from 'better-sqlite3';
import { createIds } from '../src/core/adapters/ids.ts';
import type { Near, Subject } from '../src/core/incidents/ports.ts';
import { createIncidents } from '../src/core/incidents/service.ts';
import { createIncidentStorage } from '../src/core/incidents/storage.ts';
import { createJournal } from '../src/core/kernel/journal.ts';
import type { Log } from '../src/core/kernel/log.ts';
import type { ProcessIdentity } from '../src/core/kernel/ports.ts';
import { Config } from '../src/shared/config.ts';
import type { IncidentMessage } from '../src/shared/contract/incidents.ts';
import { ServiceSettings } from '../src/shared/contract/services.ts';
import type { Level } from '../src/shared/policy.ts';
import { testDatabase } from './builders.ts';
import { createFakeClock, type FakeClock } from './fakes/clock.ts';

export const HOUR = 3_600_000;
export const MINUTE = 60_000;
export const PROGRAM: ProcessIdentity = { pid: 4_711, startedAt: 'then' };
const silent = { error: () => undefined, warn: () => undefined } as unknown as Log;

const subject = (id: string, over: Partial<Subject['progress']> = {}, settings: object = {}): Subject => ({
  id,
  settings: ServiceSettings.parse({
    name: id,
    target: { kind: 'tcp', host: '127.0.0.1', port: 1 },
    restart: { kind: 'command', argv: ['true'] },
    startupMs: 1_000,
    ...settings,
  }),
  progress: {
    confirmed: 'up',
    since: 0,
    streak: 0,
    failingSince: null,
    flapping: false,
    wasUp: true,
    last: null,
    stopped: false,
    ...over,
  },
});

/** Incidents on a real database and a clock that is moved, with services whose state is said by the test. */
export function world(options: { level?: Level; config?: object } = {}) {
  const database = testDatabase();
  const clock: FakeClock = createFakeClock();
  const subjects = new Map<string, Subject>();
  const performed: { id: string; at: number }[] = [];
  const ended: ProcessIdentity[] = [];
  const told: IncidentMessage[] = [];
  const state: { level: Level; works: boolean; hangs: boolean; maintenance: boolean } = {
    level: options.level ?? 'moderate',
    works: true,
    hangs: false,
    maintenance: false,
  };
  const config = Config.parse({ services: { settleMs: 0, backoffMs: 0, ...options.config } }).services;

  function open(db: Database) {
    const journal = createJournal(db, clock, (error) => {
      throw error;
    });
    journal.subscribe((fact) => {
      if (fact.type === 'incident.told') told.push(fact.body.message);
    });
    const near: Near = {
      find: (id) => subjects.get(id) ?? null,
      failing: () =>
        [...subjects.values()].filter(
          ({ progress }) => progress.failingSince !== null || progress.confirmed === 'down',
        ),
      parents: (of) => of.settings.dependsOn.flatMap((id) => subjects.get(id) ?? []),
      notSeenSince: () => [],
      soon: () => undefined,
      checkNow: (id) => {
        const ok = state.works && subjects.get(id)?.progress.confirmed === 'up';
        return Promise.resolve({ at: clock.now(), ok, ms: 1, detail: 'looked' });
      },
      checksSince: () => [],
      redraw: () => undefined,
      isFailing: ({ progress }) => progress.confirmed === 'down' || progress.streak >= 2,
      isOwn: () => false,
      inMaintenance: () => state.maintenance,
      perform: (spec, { started }) => {
        performed.push({ id: spec.kind, at: clock.now() });
        started(PROGRAM);
        if (state.hangs) return new Promise(() => undefined);
        return Promise.resolve({ ok: state.works, detail: 'done' });
      },
      left: (_nonce, program) => Promise.resolve(state.hangs ? program : null),
      end: (program) => {
        ended.push(program);
        state.hangs = false;
      },
      level: () => state.level,
      isPaused: () => false,
    };
    const made = createIncidents({
      journal,
      clock,
      ids: createIds(),
      log: silent,
      storage: createIncidentStorage(db),
      config: () => config,
      near,
    });
    made.start();
    return made;
  }

  let incidents = open(database.db);
  const settle = async (): Promise<void> => {
    for (let n = 0; n < 6; n++) await new Promise((resolve) => setImmediate(resolve));
  };
  return {
    clock,
    state,
    told,
    performed,
    ended,
    get incidents() {
      return incidents;
    },
    titles: (): string[] => told.map(({ kind }) => kind),
    /** A service fails, confirmed. */
    down(id: string, over: Partial<Subject['progress']> = {}, settings: object = {}): void {
      const at = clock.now();
      const last = { at, ok: false, ms: null, detail: 'refused' };
      const since = subjects.get(id)?.progress.failingSince ?? at;
      subjects.set(id, subject(id, { confirmed: 'down', since: at, failingSince: since, last, ...over }, settings));
    },
    up(id: string, over: Partial<Subject['progress']> = {}): void {
      const at = clock.now();
      subjects.set(id, subject(id, { since: at, last: { at, ok: true, ms: 1, detail: 'good' }, ...over }));
    },
    forget: (id: string): boolean => subjects.delete(id),
    async pass(ms: number, step = ms): Promise<void> {
      for (let passed = 0; passed < ms; passed += step) {
        clock.advance(step);
        incidents.tick();
        clock.advance(1);
        await settle();
      }
    },
    async tick(): Promise<void> {
      incidents.tick();
      clock.advance(1);
      await settle();
    },
    restartTenure(): void {
      incidents.stop();
      incidents = open(database.reopen());
    },
  };
}
