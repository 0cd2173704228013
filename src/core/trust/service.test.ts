import { beforeEach, describe, expect, it } from 'vitest';
import { testDatabase, testLedger } from '../../../test/builders.ts';
import { START } from '../../../test/fakes/clock.ts';
import { DAY, person, type TrustRig, trustRig } from '../../../test/trust-rig.ts';
import { createIds } from '../adapters/ids.ts';
import { createJournal } from '../kernel/journal.ts';
import { createTrust } from './service.ts';

let rig: TrustRig;
beforeEach(() => {
  rig = trustRig();
});

describe('the first start', () => {
  it('begins a stay at observe, once', () => {
    rig.restart();
    rig.restart();
    expect(rig.trust.level()).toBe('observe');
    expect(rig.trust.history().intervals).toEqual([
      {
        level: 'observe',
        enteredAt: START,
        leftAt: null,
        by: 'tenure',
        reason: 'First start.',
        cause: 'start',
        source: null,
        days: 0,
      },
    ]);
    expect(rig.trust.get()).toEqual({
      noEvidence: 0,
      window: { needed: 10, scored: 0, avgScore: null, days: 14, reset: null, probation: [] },
      coverage: { scored: 0, of: 0, ratio: null },
      severe: 0,
      poorInRow: 0,
      alerts: { useful: 0, false: 0, unjudged: 0, falseRate: null },
      lack: null,
      level: 'observe',
      since: START,
      sessions: 0,
      evaluations: 0,
      unscored: 0,
      avgScore: null,
      days: 0,
      thresholds: null,
      promotionProgress: null,
      promotion: null,
    });
  });
});

describe('the level', () => {
  it('4: days are those of the stays, over restarts (T-004)', () => {
    rig.trust.setLevel({ level: 'cautious', ...person });
    rig.live(3);
    rig.raise('moderate');
    rig.live(5);
    rig.restart();
    expect(rig.trust.get().days).toBe(5);
    rig.trust.setLevel({ level: 'cautious', ...person, reason: '  too soon  ' });
    rig.live(1);
    rig.restart();
    expect(rig.trust.get()).toMatchObject({ level: 'cautious', days: 4, since: START + 8 * DAY });
    expect(rig.trust.history().intervals.map(({ level, by, reason }) => [level, by, reason])).toEqual([
      ['cautious', 'owner (test)', 'too soon'],
      ['moderate', 'owner (test)', expect.stringMatching(/^Set by hand\. \(Override: The record has not earned/)],
      ['cautious', 'owner (test)', 'Set by hand.'],
      ['observe', 'tenure', 'First start.'],
    ]);
  });

  it('rises one step at a time, falls to any, and is told with who and why (T-012)', () => {
    for (const level of ['moderate', 'full'] as const) {
      expect(() => rig.trust.setLevel({ level, ...person })).toThrow(
        expect.objectContaining({
          kind: 'not_allowed',
          message: expect.stringMatching(/one step at a time\. The owner can override that/),
        }),
      );
    }
    for (const level of ['cautious', 'moderate', 'full'] as const) expect(rig.raise(level).level).toBe(level);
    expect(rig.trust.setLevel({ level: 'observe', ...person, reason: 'enough' }).level).toBe('observe');
    expect(rig.facts.at(-1)).toMatchObject({
      type: 'level.changed',
      body: { from: 'full', to: 'observe', by: 'owner (test)', reason: 'enough', trust: rig.trust.get() },
    });
    const told = rig.facts.length;
    rig.trust.setLevel({ level: 'observe', ...person });
    expect(rig.facts).toHaveLength(told);
    expect(rig.trust.history().intervals).toHaveLength(5);
  });

  it('8: survives another writer that saves what it read before (T-013)', () => {
    const id = rig.session('observe');
    rig.journal.commit((emit) => {
      // Somebody in the middle of a change of his own, with the old level in his hands …
      const before = rig.trust.get();
      rig.trust.setLevel({ level: 'cautious', ...person });
      rig.trust.creditEvaluation(emit, { sessionId: id, evaluationId: 'evl_8', level: before.level, score: 3 });
    });
    // … and a second program with the same file open.
    const other = testDatabase(rig.database.dir);
    const otherJournal = createJournal(other.db, rig.clock, () => undefined);
    const ledger = testLedger(other.db, otherJournal, rig.clock);
    const config = () => rig.settings;
    const stale = createTrust({
      db: other.db,
      journal: otherJournal,
      clock: rig.clock,
      ids: createIds(),
      ledger,
      config,
    });
    rig.raise('moderate');
    otherJournal.commit((emit) => stale.creditSession(emit, 'ses_other', 'observe'));
    rig.restart();
    expect(rig.trust.level()).toBe('moderate');
    expect(stale.level()).toBe('moderate');
  });

  it('gives no days for a clock that is set, nor for sleep (T-018)', () => {
    rig.trust.setLevel({ level: 'cautious', ...person });
    rig.live(2);
    for (const days of [-10, 10, 300, -300]) {
      rig.clock.jump(days * DAY);
      rig.trust.beat();
      expect(rig.trust.get().days).toBe(2);
    }
    // A night: the machine slept, and one beat is all that it counts.
    rig.clock.advance(DAY / 2);
    rig.trust.beat();
    rig.trust.beat();
    expect(rig.trust.get().days).toBe(2);
    for (let minute = 0; minute < 180; minute += 1) {
      rig.clock.advance(60_000);
      rig.trust.beat();
    }
    rig.restart();
    expect(rig.trust.get().days).toBe(2.1);
  });

  it('counts what ran up to the moment at which the level changes, for the stay that ends', () => {
    rig.trust.setLevel({ level: 'cautious', ...person });
    for (let n = 0; n < 3; n += 1) {
      rig.clock.advance(60_000);
      rig.trust.beat();
    }
    rig.clock.advance(30_000);
    rig.trust.setLevel({ level: 'observe', ...person });
    const ran = rig.database.db.prepare('SELECT interval_id, ms FROM stay_time').all();
    expect(ran).toEqual([{ interval_id: 2, ms: 210_000 }]);
  });
});

it('reads as the metrics and the text of the original tracker', () => {
  rig.earned();
  expect(rig.trust.getMetrics()).toEqual({
    level: 'cautious',
    sessions: 30,
    evaluations: 30,
    avgScore: 4,
    days: 7,
    promotionProgress: {
      nextLevel: 'moderate',
      sessionPct: 100,
      scoreMet: true,
      daysPct: 100,
      evaluationsMet: true,
      coverageMet: true,
      windowMet: true,
    },
  });
  expect(rig.trust.context()).toMatch(/^Trust Metrics:\n- Current level: cautious \(7 days\)/);
});
