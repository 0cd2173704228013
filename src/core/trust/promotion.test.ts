import { beforeEach, describe, expect, it } from 'vitest';
import { START } from '../../../test/fakes/clock.ts';
import { DAY, person, type TrustRig, trustRig } from '../../../test/trust-rig.ts';
import { Config } from '../../shared/config.ts';

let rig: TrustRig;
beforeEach(() => {
  rig = trustRig();
});

describe('a promotion', () => {
  it('is never proposed at observe and at full, nor when trust is switched off', () => {
    rig.sessions(60, 'observe', 5);
    rig.clock.advance(60 * DAY);
    expect(rig.trust.check()).toBeNull();
    rig.earned();
    rig.settings = { ...rig.settings, enabled: false };
    expect(rig.trust.check()).toBeNull();
    rig.settings = { ...rig.settings, enabled: true };
    rig.raise('moderate');
    rig.raise('full');
    rig.sessions(60, 'full', 5);
    rig.clock.advance(60 * DAY);
    expect(rig.trust.check()).toBeNull();
    expect(rig.trust.history().promotions).toEqual([]);
  });

  it('is proposed once all conditions hold, once, with its evidence, over restarts', () => {
    rig.trust.setLevel({ level: 'cautious', ...person });
    rig.sessions(30, 'cautious', 4);
    rig.live(6.99);
    expect(rig.trust.check()).toBeNull();
    rig.live(0.01);
    rig.facts.length = 0;
    const promotion = rig.trust.check();
    const named = { sessionId: expect.stringMatching(/^ses_/), project: null, prompt: null, score: 4 };
    expect(promotion).toEqual({
      id: expect.stringMatching(/^pro_/),
      from: 'cautious',
      to: 'moderate',
      state: 'open',
      evidence: {
        sessions: 30,
        evaluations: 30,
        avgScore: 4,
        days: 7,
        thresholds: rig.settings.thresholds.cautious_to_moderate,
        window: { needed: 10, scored: 10, avgScore: 4, days: 14, reset: null, probation: [] },
        coverage: { scored: 30, of: 30, ratio: 1 },
        severe: 0,
        alerts: { useful: 0, false: 0, unjudged: 0, falseRate: null },
        best: [named, named, named, named, named],
        worst: [],
      },
      message: expect.stringMatching(/from Cautious to Moderate: 30 sessions, average score 4.0\/5, 7 days/),
      proposedAt: START + 7 * DAY,
      expiresAt: START + 21 * DAY,
      decidedAt: null,
      decidedBy: null,
      reason: null,
      askAgainAt: null,
    });
    expect(rig.facts.map((fact) => [fact.type, fact.body])).toEqual([
      ['promotion.proposed', { promotion, trust: rig.trust.get() }],
    ]);
    expect(rig.trust.get().promotion).toEqual(promotion);
    rig.restart();
    expect(rig.trust.check()).toEqual(promotion);
    expect(rig.trust.history().promotions).toEqual([promotion]);
    expect(rig.trust.level()).toBe('cautious');
  });

  it('is approved by a person: exactly one step, a new stay, told', () => {
    rig.earned();
    const id = rig.trust.check()?.id;
    rig.facts.length = 0;
    const after = rig.trust.approvePromotion({ id, ...person });
    expect(after).toMatchObject({ level: 'moderate', sessions: 0, days: 0, promotion: null, since: rig.clock.now() });
    expect(rig.trust.history().promotions).toMatchObject([
      { id, state: 'approved', decidedBy: 'owner (test)', decidedAt: rig.clock.now() },
    ]);
    expect(rig.facts.map((fact) => fact.type)).toEqual(['level.changed', 'promotion.closed']);
    expect(rig.facts.at(-1)?.body).toMatchObject({ promotion: { state: 'approved' }, trust: after });
    expect(() => rig.trust.approvePromotion({ id, ...person })).toThrow(
      expect.objectContaining({ kind: 'conflict', message: 'This promotion was already approved.' }),
    );
    expect(() => rig.trust.approvePromotion(person)).toThrow(expect.objectContaining({ kind: 'not_found' }));
    expect(() => rig.trust.approvePromotion({ id: 'pro_none', ...person })).toThrow(
      expect.objectContaining({ kind: 'not_found' }),
    );
    expect(rig.trust.level()).toBe('moderate');
  });

  it('10: is withdrawn as soon as the score falls, and the click says why (T-009)', () => {
    rig.earned();
    const id = rig.trust.check()?.id;
    rig.facts.length = 0;
    rig.sessions(2, 'cautious', 1);
    expect(rig.trust.get().promotion).toBeNull();
    expect(rig.facts.map(({ type }) => type)).toEqual([
      'trust.changed',
      'trust.changed',
      'trust.changed',
      'promotion.closed',
    ]);
    rig.restart();
    const refusal = {
      kind: 'stale',
      message:
        'The promotion to Moderate can no longer be approved. Its evidence no longer holds: an average of 3.4 over the last 10 scored sessions where 3.5 is needed.',
    };
    expect(() => rig.trust.approvePromotion({ id, ...person })).toThrow(expect.objectContaining(refusal));
    expect(rig.trust.level()).toBe('cautious');
    expect(rig.trust.history().promotions).toMatchObject([{ state: 'withdrawn', decidedBy: 'tenure' }]);
  });

  it('that was withdrawn is proposed anew when the evidence holds again', () => {
    rig.earned();
    rig.trust.check();
    rig.sessions(2, 'cautious', 1);
    expect(rig.trust.check()).toBeNull();
    rig.sessions(10, 'cautious', 5);
    expect(rig.trust.check()).toMatchObject({ state: 'open' });
    expect(rig.trust.history().promotions.map((promotion) => promotion.state)).toEqual(['open', 'withdrawn']);
  });

  it('that was declined until a date is asked again from then on, and not before', () => {
    rig.earned();
    rig.trust.check();
    const at = rig.clock.now() + 2 * DAY;
    expect(() => rig.trust.declinePromotion({ ...person, askAgainAt: rig.clock.now() })).toThrow(/in the future/);
    rig.trust.declinePromotion({ ...person, askAgainAt: at });
    expect(rig.trust.history().promotions).toMatchObject([{ state: 'declined', askAgainAt: at }]);
    rig.clock.advance(2 * DAY - 1);
    rig.restart();
    expect(rig.trust.check()).toBeNull();
    rig.clock.advance(1);
    expect(rig.trust.check()).toMatchObject({ state: 'open' });
  });

  it('that was declined is not asked again until the level changes, over restarts', () => {
    rig.earned();
    rig.trust.check();
    const after = rig.trust.declinePromotion({ ...person, reason: ' not yet ' });
    expect(after).toMatchObject({ level: 'cautious', promotion: null });
    expect(rig.trust.history().promotions).toMatchObject([
      { state: 'declined', reason: 'not yet', decidedBy: 'owner (test)' },
    ]);
    rig.clock.advance(30 * DAY);
    rig.restart();
    expect(rig.trust.check()).toBeNull();
    expect(() => rig.trust.declinePromotion(person)).toThrow(expect.objectContaining({ kind: 'not_found' }));
    rig.trust.setLevel({ level: 'observe', ...person });
    rig.trust.setLevel({ level: 'cautious', ...person });
    expect(rig.trust.check()).toBeNull();
    rig.sessions(10, 'cautious', 4);
    expect(rig.trust.check()).toMatchObject({ state: 'open', to: 'moderate' });
  });

  it('expires: at its moment, at the click as well as at the check, and is not asked again', () => {
    rig.earned();
    const id = rig.trust.check()?.id;
    rig.clock.advance(14 * DAY);
    expect(() => rig.trust.approvePromotion({ id, ...person })).toThrow(expect.objectContaining({ kind: 'expired' }));
    expect(rig.trust.level()).toBe('cautious');
    expect(rig.trust.history().promotions).toMatchObject([{ id, state: 'expired' }]);
    expect(rig.trust.check()).toBeNull();
  });

  it('is withdrawn when the level is set by hand', () => {
    rig.earned();
    const id = rig.trust.check()?.id;
    rig.facts.length = 0;
    rig.trust.setLevel({ level: 'observe', ...person });
    expect(rig.facts.map((fact) => fact.type)).toEqual(['promotion.closed', 'level.changed']);
    expect(() => rig.trust.approvePromotion({ id, ...person })).toThrow(
      expect.objectContaining({ kind: 'stale', message: expect.stringMatching(/The level was set to Observe/) }),
    );
    expect(rig.trust.level()).toBe('observe');
  });

  it('follows the settings of now: raised thresholds withdraw it', () => {
    rig.earned();
    const id = rig.trust.check()?.id;
    rig.settings = Config.parse({ trust: { thresholds: { cautious_to_moderate: { minSessions: 31 } } } }).trust;
    expect(() => rig.trust.approvePromotion({ id, ...person })).toThrow(/30 of 31 sessions/);
    expect(rig.trust.level()).toBe('cautious');
  });
});
