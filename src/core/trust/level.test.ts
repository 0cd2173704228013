import * as fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { DAY, type TrustRig, trustRig } from '../../../test/trust-rig.ts';
import { Config } from '../../shared/config.ts';
import type { SevereKind } from '../../shared/contract/trust-record.ts';
import { LEVELS, type Level } from '../../shared/policy.ts';
import { causeOf, fallOf, isHostile, poorRun, severeIn } from './severe.ts';
import { agentNameOf, beatMs, probationOf, type ScoredRun, windowNeeds, windowOf } from './window.ts';

const RULES = { sessions: 3, days: 14 };
const run = (seq: number, score: number, at = 0): ScoredRun => ({
  seq,
  at,
  sessionId: `s${seq}`,
  level: 'cautious',
  score,
});

describe('the recent window', () => {
  it('holds the newest scores since it began, by their order and not by the clock', () => {
    const runs = [run(1, 5), run(2, 1), run(3, 4), run(4, 4), run(5, 2)];
    expect(windowOf(runs, { after: 0, now: DAY, rules: RULES, needed: 3 })).toEqual({
      needed: 3,
      scored: 3,
      mean: 10 / 3,
    });
    expect(windowOf(runs, { after: 4, now: DAY, rules: RULES, needed: 3 })).toEqual({ needed: 3, scored: 1, mean: 2 });
    expect(windowOf(runs, { after: 5, now: DAY, rules: RULES, needed: 3 }).mean).toBeNull();
    expect(windowOf(runs, { after: 0, now: 15 * DAY, rules: RULES, needed: 3 }).scored).toBe(0);
    // Scored while the clock ran ahead.
    expect(windowOf([run(1, 5, 900 * DAY)], { after: 0, now: DAY, rules: RULES, needed: 3 }).scored).toBe(1);
  });

  it('asks for no more than the record of all time, and for one at least after a fall', () => {
    expect([windowNeeds(10, 17, false), windowNeeds(10, 4, false), windowNeeds(10, null, false)]).toEqual([10, 4, 10]);
    expect([windowNeeds(10, 0, false), windowNeeds(10, 0, true)]).toEqual([0, 1]);
  });

  it('takes a new model or version for a new agent, and a patch for the same', () => {
    const one = { agent: 'claude', model: 'sonnet', version: '2.1.63', scored: 4, recent: true };
    expect(agentNameOf(one)).toBe('claude · sonnet · 2.1');
    expect(agentNameOf({ agent: 'demo', model: null, version: null })).toBe('demo');
    const patched = { ...one, version: '2.1.70' };
    expect(probationOf([one, patched], 8)).toEqual([]);
    expect(probationOf([one, patched, { ...one, version: '2.2.0', scored: 1 }], 8)).toEqual([
      { agent: 'claude · sonnet · 2.2', scored: 1 },
    ]);
    expect(probationOf([{ ...one, recent: false }], 8)).toEqual([]);
  });

  it('gives a beat no more than two minutes and no less than nothing', () =>
    expect([-5, 0, 60_000, 8 * 3_600_000].map(beatMs)).toEqual([0, 0, 60_000, 120_000]));
});

describe('what nothing compensates', () => {
  it('is found where it happens', () => {
    const refused = (code: string, state = 'refused') => ({ state, reasons: [{ code, text: '' }] });
    expect(['fork_bomb', 'unchecked_agent', 'acts_on_tenure'].map((code) => isHostile(refused(code)))).toEqual([
      true,
      true,
      true,
    ]);
    expect([isHostile(refused('level_denies')), isHostile(refused('fork_bomb', 'pending'))]).toEqual([false, false]);
    const flag = { code: 'secrets', text: 'It added a credential.', paths: ['a.ts'], cap: 2 };
    expect(severeIn({ flags: [flag], historyRewritten: true }, true)).toEqual([
      { kind: 'secret', text: 'It added a credential. a.ts' },
    ]);
    expect(severeIn({ flags: [], historyRewritten: true }, false).map(({ kind }) => kind)).toEqual(['lost_work']);
    expect(severeIn({ flags: [{ ...flag, code: 'secrets_maybe' }], historyRewritten: null }, false)).toEqual([]);
  });

  it('puts an outage down to a restart of ours only for what needed the restarted one and had answered', () => {
    const own = [{ id: 'r', serviceId: 'db', service: 'db', startedAt: 100, finishedAt: 200 }];
    const incident = { serviceId: 'api', partOf: null, failingSince: 150 };
    expect(causeOf(incident, ['db'], own)?.id).toBe('r');
    expect(causeOf({ ...incident, failingSince: 99 }, ['db'], own)).toBeNull();
    expect(causeOf({ ...incident, failingSince: 200 + 120_001 }, ['db'], own)).toBeNull();
    expect(causeOf(incident, ['other'], own)).toBeNull();
    expect(causeOf({ ...incident, partOf: 'inc_2' }, ['db'], own)).toBeNull();
  });

  it('lowers by a step, an outage to the lowest, and never raises', () => {
    for (const level of LEVELS) {
      expect(fallOf('outage', level)).toBe(level === 'observe' ? null : 'observe');
      for (const kind of ['hostile', 'secret', 'lost_work', 'outage'] as const) {
        const to = fallOf(kind, level);
        if (to !== null) expect(LEVELS.indexOf(to)).toBeLessThan(LEVELS.indexOf(level));
      }
    }
    expect(poorRun([run(1, 1), run(2, 3), run(3, 2), run(4, 1)])).toHaveLength(2);
  });
});

describe('the level', () => {
  let rig: TrustRig;
  const { trust: settings } = Config.parse({
    trust: {
      window: { sessions: 3 },
      thresholds: { cautious_to_moderate: { minSessions: 3, minDaysAtLevel: 0, minEvaluations: 3 } },
    },
  });
  const session = (score: number | null, level: Level = rig.trust.level()): string => rig.session(level, score);
  const report = (kind: SevereKind, sessionId: string | null = null) =>
    rig.trust.report({ kind, text: 'It happened.', sessionId, by: 'me' });

  beforeEach(() => {
    rig = trustRig(settings);
  });

  it('falls by a step after three poor scores in a row, once, and says by what', () => {
    rig.raise('full');
    for (const score of [2, 1, 5, 2, 2]) session(score);
    expect(rig.trust.level()).toBe('full');
    expect(rig.trust.get().poorInRow).toBe(2);
    const last = session(1, 'full');
    expect(rig.trust.level()).toBe('moderate');
    session(1, 'full');
    expect(rig.trust.level()).toBe('moderate');
    expect(rig.trust.history().intervals[0]).toMatchObject({
      cause: 'fall',
      by: 'tenure',
      reason: '3 scores of 2 or less in a row.',
      source: { kind: 'session', id: last },
    });
  });

  it('is lowered by what is severe, the window begins anew, and good work makes nothing up', () => {
    rig.raise('moderate');
    rig.trust.setLevel({ level: 'cautious', by: 'me' });
    for (const score of [5, 5, 5]) session(score);
    expect(rig.trust.check()).toMatchObject({ state: 'open' });
    rig.raise('moderate');
    rig.trust.setLevel({ level: 'cautious', by: 'me' });
    for (const score of [5, 5, 5]) session(score);
    expect(rig.trust.check()).toMatchObject({ state: 'open' });
    const again = report('hostile', 'ses_bad');
    expect(again).toMatchObject({ level: 'observe', promotion: null });
    rig.trust.setLevel({ level: 'cautious', by: 'me' });
    expect(rig.trust.check()).toBeNull();
    expect(rig.trust.get().window).toMatchObject({ scored: 0 });
    // Of the same session once more: recorded, and no further fall.
    expect(report('secret', 'ses_bad').level).toBe('cautious');
    expect(rig.trust.get()).toMatchObject({
      severe: 1,
      window: { reset: { why: 'A secret was leaked: It happened.' } },
    });
    for (const score of [5, 5]) session(score);
    expect(rig.trust.check()).toBeNull();
    session(5);
    expect(rig.trust.check()).toMatchObject({ state: 'open', evidence: { severe: 1 } });
  });

  it('goes to observe for an outage, wherever it stands', () => {
    rig.raise('full');
    expect(report('outage').level).toBe('observe');
    expect(rig.trust.history().severe).toMatchObject([{ kind: 'outage', level: 'full', source: { kind: 'person' } }]);
  });

  it('never rises without the person, whatever happens, however the clock jumps, over restarts', () => {
    const kinds = fc.constantFrom<SevereKind>('hostile', 'secret', 'outage', 'lost_work');
    const step = fc.oneof(
      fc.record({ what: fc.constant('score' as const), score: fc.option(fc.integer({ min: 1, max: 5 })) }),
      fc.record({ what: fc.constant('severe' as const), kind: kinds }),
      fc.record({ what: fc.constant('jump' as const), days: fc.integer({ min: -400, max: 400 }) }),
      fc.record({ what: fc.constant('check' as const) }),
      fc.record({ what: fc.constant('approve' as const) }),
      fc.record({ what: fc.constant('restart' as const) }),
    );
    fc.assert(
      fc.property(fc.constantFrom(...LEVELS), fc.array(step, { maxLength: 25 }), (from, steps) => {
        rig.database.db.close();
        rig = trustRig(settings);
        if (from !== 'observe') rig.raise(from);
        let sinceSevere = 0;
        for (const one of steps) {
          const before = rig.trust.level();
          let mayRise = false;
          if (one.what === 'score') {
            session(one.score);
            if (one.score !== null) sinceSevere += 1;
          } else if (one.what === 'severe') {
            report(one.kind);
            sinceSevere = 0;
          } else if (one.what === 'jump') {
            rig.clock.jump(one.days * DAY);
            rig.trust.beat();
          } else if (one.what === 'check') {
            // What was proposed rests on a full window of after the last severe event.
            if (rig.trust.check() !== null) expect(sinceSevere).toBeGreaterThanOrEqual(3);
          } else if (one.what === 'approve') {
            mayRise = rig.trust.get().promotion !== null;
            try {
              rig.trust.approvePromotion({ by: 'me' });
            } catch {
              mayRise = false;
            }
          } else {
            const state = rig.trust.get();
            rig.restart();
            expect(rig.trust.get()).toEqual(state);
          }
          const after = rig.trust.level();
          const rose = LEVELS.indexOf(after) - LEVELS.indexOf(before);
          expect(rose).toBeLessThanOrEqual(mayRise ? 1 : 0);
          expect(rig.trust.get().days).toBe(0);
        }
      }),
      { numRuns: 15 },
    );
  });
});
