import type { TrustScore } from '../../src/shared/contract/trust.ts';
import type { Answers } from './pretend-answers.ts';
import { trustAt } from './pretend-scenes.ts';

const DAY = 86_400_000;

/** Scores over the last weeks; nothing while nothing was scored. */
function scores(evaluations: number, since: number): TrustScore[] {
  const all = evaluations === 0 ? 0 : evaluations + 40;
  return Array.from({ length: all }, (_, n) => {
    const before = n < 40;
    const at = before ? since - (12 - (n / 40) * 12) * DAY : since + ((n - 40) / evaluations) * (Date.now() - since);
    return {
      at,
      sessionId: `ses_${n}`,
      project: n % 3 === 0 ? 'mailroom' : 'tenure-site',
      level: before ? 'observe' : 'cautious',
      score: [4, 3, 5, 4, 2, 4, 4, 5, 3, 4, 1, 4][(n * 7) % 12] ?? 4,
    };
  });
}

/** What the pretend engine answers about trust. */
export const TRUST_ANSWERS: Answers = {
  'trust.scores': (world) => scores(world.state().trust.evaluations, world.state().trust.since),
  'trust.history': (world) => ({
    intervals: [
      {
        level: world.state().trust.level,
        enteredAt: world.state().trust.since,
        leftAt: null,
        by: 'you',
        reason: 'Seen enough for now.',
      },
      {
        level: 'observe',
        enteredAt: world.state().trust.since - 12 * 86_400_000,
        leftAt: world.state().trust.since,
        by: 'tenure',
        reason: 'First start.',
      },
    ],
    promotions: world.state().trust.promotion ? [world.state().trust.promotion] : [],
  }),
  'trust.setLevel': (world, { level }) => {
    const from = world.state().trust.level;
    const trust = trustAt({
      level,
      since: Date.now(),
      sessions: 0,
      evaluations: 0,
      unscored: 0,
      avgScore: null,
      days: 0,
    });
    world.tell({ type: 'level.changed', body: { from, to: level, by: 'you', reason: '', trust } });
    return trust;
  },
  'trust.approvePromotion': (world) => {
    const trust = trustAt({
      level: 'moderate',
      since: Date.now(),
      sessions: 0,
      evaluations: 0,
      avgScore: null,
      days: 0,
    });
    world.tell({ type: 'trust.changed', body: { trust } });
    return trust;
  },
  'trust.declinePromotion': (world) => {
    const trust = { ...world.state().trust, promotion: null };
    world.tell({ type: 'trust.changed', body: { trust } });
    return trust;
  },
};
