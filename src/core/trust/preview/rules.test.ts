import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { insertProject, insertSession, testDatabase, testLedger } from '../../../../test/builders.ts';
import { createFakeClock, START } from '../../../../test/fakes/clock.ts';
import { Config } from '../../../shared/config.ts';
import { LEVELS } from '../../../shared/policy.ts';
import { createIds } from '../../adapters/ids.ts';
import { createJournal } from '../../kernel/journal.ts';
import { createTrust } from '../service.ts';

const DAY = 86_400_000;
const person = { by: 'owner (test)' };
type Rules = Config['trust'];

const rulesOf = (minSessions: number, minAvgScore: number, minDaysAtLevel: number, window: number, days = 14): Rules =>
  Config.parse({
    trust: {
      thresholds: { cautious_to_moderate: { minSessions, minAvgScore, minDaysAtLevel } },
      window: { sessions: window, days },
    },
  }).trust;

function stage(rules: Rules) {
  const { db } = testDatabase();
  const clock = createFakeClock();
  const journal = createJournal(db, clock, (error) => {
    throw error;
  });
  let settings = rules;
  const ledger = testLedger(db, journal, clock);
  const trust = createTrust({ db, journal, clock, ids: createIds(), ledger, config: () => settings });
  const projectId = insertProject(db);
  let made = 0;
  return {
    db,
    clock,
    trust,
    set: (next: Rules): void => void (settings = next),
    session(score: number | null, outcome = 'completed', model = 'sonnet'): string {
      made += 1;
      const id = insertSession(db, { projectId });
      const { level } = trust.get();
      db.prepare('UPDATE sessions SET outcome = ?, model = ? WHERE id = ?').run(outcome, model, id);
      journal.commit((emit) => {
        trust.creditSession(emit, id, level);
        trust.creditEvaluation(emit, { sessionId: id, evaluationId: `evl_${made}`, level, score });
      });
      return id;
    },
    rate: (sessionId: string, score: number | null): void =>
      journal.commit((emit) =>
        trust.overrideEvaluation(emit, { sessionId, level: trust.level(), score, by: person.by }),
      ),
    /** Days in which the machine ran the whole day. */
    live(days: number): void {
      const stay = db.prepare('SELECT id FROM level_intervals WHERE left_at IS NULL').pluck().get();
      const put = db.prepare(
        'INSERT INTO stay_time (interval_id, day, ms, in_ledger) VALUES (?, ?, ?, 1) ON CONFLICT DO NOTHING',
      );
      for (let n = 0; n < days; n += 1) {
        put.run(stay, Math.floor(clock.now() / DAY), DAY);
        clock.advance(DAY);
      }
    },
  };
}

it('says of any record what the record itself says, by the rules in force and by the draft once it is set', () => {
  const step = fc.oneof(
    {
      weight: 6,
      arbitrary: fc.record({
        score: fc.option(fc.integer({ min: 1, max: 5 })),
        ended: fc.constantFrom('completed', 'stopped', 'nothing_to_do', 'crashed'),
        model: fc.constantFrom('sonnet', 'opus'),
      }),
    },
    { weight: 2, arbitrary: fc.record({ days: fc.integer({ min: 1, max: 9 }) }) },
    { weight: 1, arbitrary: fc.record({ to: fc.constantFrom(...LEVELS) }) },
    { weight: 1, arbitrary: fc.record({ rating: fc.option(fc.integer({ min: 1, max: 5 })) }) },
    {
      weight: 1,
      arbitrary: fc.record({ severe: fc.constantFrom('secret' as const, 'lost_work' as const), of: fc.boolean() }),
    },
  );
  const rules = fc.tuple(
    fc.nat(8),
    fc.constantFrom(0, 2.5, 3.5, 5),
    fc.nat(12),
    fc.integer({ min: 1, max: 6 }),
    fc.constantFrom(1, 5, 14),
  );
  const shape = ({
    sessions,
    evaluations,
    days,
    coverage,
    window,
    lack,
  }: ReturnType<ReturnType<typeof stage>['trust']['get']>) => ({
    sessions,
    evaluations,
    days,
    coverage: coverage.ratio,
    window: window.scored,
    probation: window.probation.length,
    lack: lack ?? [],
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 20 }), rules, rules, (steps, inForce, draft) => {
      const s = stage(rulesOf(...inForce));
      let last = '';
      s.trust.setLevel({ level: 'cautious', ...person });
      for (const one of steps) {
        if ('model' in one) last = s.session(one.score, one.ended, one.model);
        else if ('days' in one) s.live(one.days);
        else if ('to' in one) s.trust.setLevel({ level: one.to, ...person, override: { confirm: one.to } });
        else if ('severe' in one)
          s.trust.report({ kind: one.severe, text: 'x', sessionId: one.of && last ? last : null, ...person });
        else if (last) s.rate(last, one.rating);
      }
      const preview = s.trust.preview(rulesOf(...draft));
      const seen = (side: 'before' | 'after') => {
        const by = Object.fromEntries(preview.conditions.map((one) => [one.name, one[side]]));
        expect(preview.conditions.filter((one) => !one[side].holds).length === 0).toBe(preview.lack[side].length === 0);
        return {
          sessions: by['sessions']?.have,
          evaluations: by['evaluations']?.have,
          days: Math.floor((by['days']?.have ?? 0) * 10 + 1e-9) / 10,
          coverage: by['coverage']?.have,
          window: by['window']?.have,
          probation: by['probation']?.have,
          lack: preview.lack[side],
        };
      };
      if (preview.to !== null) expect(seen('before')).toEqual(shape(s.trust.get()));
      s.set(rulesOf(...draft));
      if (preview.to !== null) expect(seen('after')).toEqual(shape(s.trust.get()));
      const proposes = s.trust.check() !== null;
      expect(['proposed', 'stays'].includes(preview.effect.after)).toBe(proposes);
      s.db.close();
    }),
    { numRuns: 12 },
  );
});

it('tells since when each condition holds, what was proposed all the same, and what would have been earlier', () => {
  const s = stage(rulesOf(6, 3.5, 0, 2));
  s.trust.setLevel({ level: 'cautious', ...person });
  for (let n = 0; n < 6; n += 1) {
    s.live(1);
    s.session(4);
  }
  const id = s.trust.check()?.id;
  s.live(2);

  const same = s.trust.preview(rulesOf(6, 3.5, 0, 2));
  expect(same).toMatchObject({
    level: 'cautious',
    to: 'moderate',
    looks: 9,
    effect: { before: 'stays', after: 'stays' },
  });
  expect(same.conditions.find(({ name }) => name === 'sessions')?.after).toEqual({
    have: 6,
    need: 6,
    holds: true,
    since: START + 6 * DAY,
  });
  expect([same.proposals, same.newly]).toEqual([[expect.objectContaining({ id, state: 'open', lack: [] })], []]);

  const stricter = s.trust.preview(rulesOf(8, 4.5, 0, 2));
  expect(stricter.effect).toEqual({ before: 'stays', after: 'withdrawn' });
  expect(stricter.proposals).toMatchObject([
    {
      id,
      from: 'cautious',
      to: 'moderate',
      lack: [
        '6 of 8 sessions',
        'an average score of 4 where 4.5 is needed',
        'an average of 4 over the last 2 scored sessions where 4.5 is needed',
      ],
    },
  ]);
  expect(stricter.conditions.find(({ name }) => name === 'score')?.after).toEqual({
    have: 4,
    need: 4.5,
    holds: false,
    since: null,
  });

  const looser = s.trust.preview(rulesOf(3, 3.5, 0, 2));
  expect(looser.newly).toEqual([{ at: START + 3 * DAY, from: 'cautious', to: 'moderate' }]);
  expect(looser.effect.after).toBe('stays');
});

it('knows where nothing is proposed: at Observe, switched off, and after a no', () => {
  const s = stage(rulesOf(1, 3, 0, 1));
  expect(s.trust.preview(rulesOf(1, 3, 0, 1))).toMatchObject({ to: null, conditions: [], effect: { after: 'none' } });
  s.trust.setLevel({ level: 'cautious', ...person });
  s.session(4);
  expect(s.trust.preview(rulesOf(1, 3, 0, 1)).effect.after).toBe('proposed');
  expect(s.trust.preview({ ...rulesOf(1, 3, 0, 1), enabled: false }).effect).toEqual({
    before: 'proposed',
    after: 'off',
  });
  expect(s.trust.preview(rulesOf(2, 3, 0, 1)).effect.after).toBe('lacks');
  s.trust.check();
  s.trust.declinePromotion(person);
  expect(s.trust.preview(rulesOf(1, 3, 0, 1)).effect.after).toBe('answered');
});
