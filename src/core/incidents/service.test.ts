import type { Database } from 'better-sqlite3';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { testDatabase } from '../../../test/builders.ts';
import { createFakeClock, type FakeClock } from '../../../test/fakes/clock.ts';
import { Config } from '../../shared/config.ts';
import type { IncidentMessage } from '../../shared/contract/incidents.ts';
import { ServiceSettings } from '../../shared/contract/services.ts';
import type { Level } from '../../shared/policy.ts';
import { createIds } from '../adapters/ids.ts';
import { createJournal } from '../kernel/journal.ts';
import type { Log } from '../kernel/log.ts';
import type { ProcessIdentity } from '../kernel/ports.ts';
import { type Near, RESTART_MS, type Subject } from './ports.ts';
import { createIncidents } from './service.ts';
import { createIncidentStorage } from './storage.ts';

/** `TENURE_LIVES=1000` takes minutes and looks further. */
const LIVES = Number(process.env.TENURE_LIVES ?? 25);
const HOUR = 3_600_000;
const MINUTE = 60_000;
const PROGRAM: ProcessIdentity = { pid: 4_711, startedAt: 'then' };
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
function world(options: { level?: Level; config?: object } = {}) {
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

describe('messages', () => {
  test('told once, reminded ever more seldom, closed with "recovered"', async () => {
    const w = world({ level: 'observe' });
    w.down('Web');
    for (let n = 0; n < 5; n++) await w.tick();
    expect(w.titles()).toEqual(['down']);
    await w.pass(31 * MINUTE, MINUTE);
    expect(w.titles()).toEqual(['down', 'reminder']);
    await w.pass(55 * MINUTE, MINUTE);
    expect(w.titles()).toEqual(['down', 'reminder']);
    await w.pass(24 * HOUR, 5 * MINUTE);
    expect(w.titles().length).toBeLessThan(9);
    w.up('Web');
    await w.tick();
    await w.tick();
    expect(w.titles().at(-1)).toBe('recovered');
    expect(w.titles().filter((kind) => kind === 'recovered')).toHaveLength(1);
  });

  test('flapping: one incident, one message, none more until it has settled (T-031)', async () => {
    const w = world({ level: 'observe' });
    for (let n = 0; n < 20; n++) {
      w.down('Web', { flapping: true });
      await w.pass(10_000);
      w.up('Web', { flapping: true });
      await w.pass(10_000);
    }
    expect(w.titles()).toEqual(['down']);
    w.up('Web');
    await w.tick();
    expect(w.titles()).toEqual(['down', 'recovered']);
    expect(w.incidents.list({ all: true })).toHaveLength(1);
  });

  test('down and up every half minute: at most one alert in ten minutes', async () => {
    const w = world({ level: 'observe' });
    for (let n = 0; n < 40; n++) {
      w.down('Web');
      await w.pass(30_000, 15_000);
      w.up('Web');
      await w.pass(30_000, 15_000);
    }
    expect(w.titles().filter((kind) => kind === 'down').length).toBeLessThanOrEqual(5);
  });

  test('in maintenance nothing is told; a failure that outlasts it is', async () => {
    const w = world({ level: 'observe' });
    w.state.maintenance = true;
    w.down('Web');
    await w.pass(20 * MINUTE, MINUTE);
    expect(w.titles()).toEqual([]);
    w.state.maintenance = false;
    await w.tick();
    expect(w.titles()).toEqual(['down']);
  });

  test('a service that is not watched any more ends its incident without a word', async () => {
    const w = world({ level: 'cautious' });
    w.down('Web');
    await w.tick();
    w.forget('Web');
    await w.tick();
    expect(w.titles()).toEqual(['down']);
    expect(w.incidents.list({})).toEqual([]);
    expect(w.incidents.restarts(undefined, 9).map(({ state }) => state)).toEqual(['withdrawn']);
  });

  test('verdicts count in the trust record, once each', async () => {
    const w = world({ level: 'cautious' });
    w.down('Web');
    await w.tick();
    const [incident] = w.incidents.list({});
    expect(w.incidents.verdict(incident?.id ?? '', 'false').verdict).toBe('false');
    expect(w.incidents.verdict(incident?.id ?? '', 'useful').verdict).toBe('useful');
    expect(w.incidents.get(incident?.id ?? '').verdict).toBe('useful');
  });
});

describe('restarts', () => {
  test('a person who says no is not asked again in this incident', async () => {
    const w = world({ level: 'cautious' });
    w.down('Web');
    await w.tick();
    w.incidents.declineRestart('Web', 'owner (token)');
    await w.pass(2 * HOUR, 5 * MINUTE);
    expect(w.incidents.restarts(undefined, 9).map(({ state }) => state)).toEqual(['declined']);
    expect(w.performed).toEqual([]);
  });

  test('what was proposed is done unasked once the level allows it, and once', async () => {
    const w = world({ level: 'cautious' });
    w.down('Web');
    await w.pass(MINUTE, 10_000);
    expect(w.performed).toEqual([]);
    w.state.level = 'moderate';
    w.state.maintenance = true;
    await w.tick();
    expect(w.incidents.restarts(undefined, 9).map(({ state }) => state)).toEqual(['proposed']);
    w.state.maintenance = false;
    await w.tick();
    await w.tick();
    expect(w.performed).toHaveLength(1);
    const [done, proposed] = w.incidents.restarts(undefined, 9);
    expect(proposed).toMatchObject({ state: 'withdrawn', detail: 'it may be done unasked by now' });
    expect(done).toMatchObject({ by: 'Tenure', level: 'moderate' });
  });

  test('what was under way when Tenure ended is not known, and stays counted', async () => {
    const w = world({ config: { restartsPerHour: 1 } });
    w.down('Web');
    w.incidents.tick();
    w.restartTenure();
    await w.tick();
    expect(w.incidents.restarts(undefined, 9).map(({ state }) => state)).toEqual(['unknown']);
    await w.pass(10 * MINUTE, MINUTE);
    expect(w.performed).toEqual([]);
    expect(w.incidents.list({})[0]?.needsPerson).toMatch(/budget/);
  });

  test.each(['ends by itself', 'hangs'])(
    'its program outlives Tenure and %s: it is waited for, then asked about',
    async (how) => {
      const w = world();
      w.down('Web');
      w.state.hangs = true;
      await w.tick();
      expect(w.performed).toHaveLength(1);
      w.restartTenure();
      await w.pass(MINUTE, 1_000);
      expect(w.incidents.restarts(undefined, 9).map(({ state }) => state)).toEqual(['running']);
      expect(() => w.incidents.restart('Web', 'owner (token)')).toThrow(/being restarted already/);
      if (how === 'hangs') await w.pass(RESTART_MS, 1_000);
      else w.state.hangs = false;
      await w.pass(2_000, 1_000);
      expect(w.ended).toEqual(how === 'hangs' ? [PROGRAM] : []);
      const [asked, unknown] = w.incidents.restarts(undefined, 9);
      const end = how === 'hangs' ? /took too long and was ended/ : /does not run any more/;
      expect(unknown).toMatchObject({ state: 'unknown', detail: expect.stringMatching(end) });
      expect(asked).toMatchObject({ state: 'proposed', reason: 'Nobody saw whether the last restart helped.' });
      expect(w.performed).toHaveLength(1);
    },
  );

  test('down again within ten minutes: it is first seen again whether others fail as well (T-032)', async () => {
    const w = world({ config: { settleMs: 30_000, restartsPerHour: 9 } });
    w.down('A');
    await w.pass(35_000, 5_000);
    w.up('A');
    await w.tick();
    expect(w.performed).toHaveLength(1);
    await w.pass(5 * MINUTE);
    w.down('A');
    await w.pass(20_000, 10_000);
    expect(w.incidents.list({ all: true })).toHaveLength(1);
    expect(w.performed).toHaveLength(1);
    w.down('B');
    w.down('C');
    await w.pass(MINUTE, 10_000);
    expect(w.performed).toHaveLength(1);
    expect(w.incidents.list({}).some(({ kind }) => kind === 'infrastructure')).toBe(true);
  });

  test('down again alone, it is restarted once that time has passed', async () => {
    const w = world({ config: { settleMs: 30_000, restartsPerHour: 9 } });
    w.down('A');
    await w.pass(35_000, 5_000);
    w.up('A');
    await w.pass(5 * MINUTE);
    w.down('A');
    await w.pass(20_000);
    expect(w.performed).toHaveLength(1);
    await w.pass(20_000);
    expect(w.performed).toHaveLength(2);
  });

  test('half-open: a hundred passes in the same moment begin exactly one', async () => {
    const w = world();
    w.down('Web');
    for (let n = 0; n < 100; n++) w.incidents.tick();
    await w.tick();
    expect(w.performed).toHaveLength(1);
  });
});

test('random lives with restarts of Tenure: budgets hold, nothing is told twice, nothing is recovered that was not told', async () => {
  const act = fc.record({
    wait: fc.constantFrom(0, 5_000, MINUTE, 20 * MINUTE),
    id: fc.constantFrom('A', 'B', 'C', 'D'),
    what: fc.constantFrom('down', 'up', 'flap', 'tenure', 'break', 'mend', 'level'),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(act, { minLength: 10, maxLength: 40 }), async (acts) => {
      const w = world();
      for (const id of ['A', 'B', 'C', 'D']) w.up(id);
      for (const { wait, id, what } of acts) {
        if (what === 'down') w.down(id);
        if (what === 'up') w.up(id);
        if (what === 'flap') w.up(id, { flapping: true });
        if (what === 'tenure') w.restartTenure();
        if (what === 'break') w.state.works = false;
        if (what === 'mend') w.state.works = true;
        if (what === 'level') w.state.level = w.state.level === 'moderate' ? 'cautious' : 'moderate';
        await w.pass(wait, Math.max(1, wait / 2));
        await w.tick();
      }
      const own = w.incidents
        .restarts(undefined, 500)
        .filter(({ by, state }) => by === 'Tenure' && !['proposed', 'withdrawn', 'declined', 'shadow'].includes(state));
      for (const { at } of own)
        expect(own.filter((one) => one.at >= at && one.at < at + HOUR).length).toBeLessThanOrEqual(2);
      for (const incident of w.incidents.list({ all: true })) {
        const kinds = w.incidents
          .get(incident.id)
          .timeline.filter(({ kind }) => kind === 'message')
          .map(({ text }) => text);
        let isTold = false;
        for (const text of kinds) {
          if (/recovered/.test(text)) {
            expect(isTold).toBe(true);
            isTold = false;
          } else if (/ is down and needs you\./.test(text)) {
            // Says that it is down, also where the first message still waits for others to show.
            isTold = true;
          } else if (/ is down\.| goes up and down\.| fail at once/.test(text) && !text.startsWith('Still')) {
            expect(isTold).toBe(false);
            isTold = true;
          }
        }
      }
      expect(w.incidents.list({}).filter(({ kind }) => kind === 'infrastructure').length).toBeLessThanOrEqual(1);
    }),
    { numRuns: LIVES },
  );
}, 600_000);
