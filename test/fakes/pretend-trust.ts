import type { Alert } from '../../src/shared/contract/alerts.ts';
import type { TrustScore } from '../../src/shared/contract/trust-record.ts';
import { TenureError } from '../../src/shared/errors.ts';
import { LEVELS } from '../../src/shared/policy.ts';
import type { Answers } from './pretend-answers.ts';
import { trustAt } from './pretend-scenes.ts';

const DAY = 86_400_000;
const HOUR = 3_600_000;

let ALERTS: Omit<Alert, 'at' | 'level'>[] = [
  {
    id: 'score:ses_9',
    kind: 'evaluation',
    subject: 'mailroom: scored 2 of 5: The tests fail.',
    place: '#/window/trust',
    verdict: null,
  },
  { id: 'inc_1', kind: 'service', subject: 'shop-api is down', place: '#/window/services', verdict: null },
  { id: 'alr_1', kind: 'resource', subject: 'The disk is 93 % full.', place: '#/window/health', verdict: 'false' },
];

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
  'trust.events': (world) => {
    const at = Date.now();
    const { level } = world.state().trust;
    const session = { kind: 'session', id: 'ses_done' } as const;
    return [
      { at: at - HOUR, kind: 'score', level, text: 'A session was scored 4 of 5.', source: session },
      { at: at - 2 * HOUR, kind: 'session', level, text: 'A session began to work.', source: session },
      { at: at - 30 * HOUR, kind: 'verdict', level, text: 'A false alarm: shop-api is down', source: null },
      {
        at: at - 6 * DAY,
        kind: 'level',
        level,
        text: 'Cautious from here on, by you: Seen enough for now.',
        source: null,
      },
    ];
  },
  'trust.shadows': (world) => {
    const isObserve = world.state().trust.level === 'observe' && world.state().sessions.length > 0;
    const shadow = (n: number, would: 'allow' | 'ask' | 'deny') => ({
      decisionId: `dec_shadow${n}`,
      sessionId: 'ses_1',
      project: 'mailroom',
      summary: ['npm test', 'git commit -m "Retry"', 'Edit src/outbox.ts'][n % 3] ?? '',
      risk: 'low',
      asLevel: 'cautious',
      would,
      reason: 'At Cautious low-risk actions wait for a person until the agent is certified for them.',
      at: Date.now() - n * HOUR,
      answered: 'approved',
      agrees: n === 1 ? true : null,
    });
    return {
      figures: {
        recorded: isObserve ? 14 : 0,
        allow: 9,
        ask: 4,
        deny: 1,
        agreed: 5,
        disagreed: 1,
        allowedAsYou: 8,
        allowedUnlikeYou: 1,
      },
      shadows: isObserve ? [shadow(1, 'allow'), shadow(2, 'ask'), shadow(3, 'deny')] : [],
    };
  },
  'alerts.list': (world, { unjudged }) => ({
    // Where nothing has run yet nothing was told.
    alerts: (world.state().projects.length === 0 ? [] : ALERTS)
      .filter(({ verdict }) => !unjudged || verdict === null)
      .map((alert) => ({
        ...alert,
        at: Date.now() - 3 * HOUR,
        level: world.state().trust.level,
      })),
    levels: Object.fromEntries(LEVELS.map((level) => [level, world.state().trust.alerts])),
  }),
  'alerts.judge': (world, { id, verdict }) => {
    const { trust } = world.state();
    const found = ALERTS.find((one) => one.id === id);
    if (!found) throw new TenureError('not_found', `There is no alert "${id}".`);
    const alert = { ...found, verdict, at: Date.now(), level: trust.level };
    ALERTS = ALERTS.map((one) => (one.id === id ? { ...one, verdict } : one));
    const alerts = { ...trust.alerts, unjudged: ALERTS.filter((one) => one.verdict === null).length };
    world.tell({ type: 'alert.judged', body: { alert, trust: { ...trust, alerts } } });
    return alert;
  },
  'trust.scores': (world) => scores(world.state().trust.evaluations, world.state().trust.since),
  'trust.history': (world) => ({
    intervals: [
      {
        level: world.state().trust.level,
        enteredAt: world.state().trust.since,
        leftAt: null,
        by: 'you',
        reason: 'Seen enough for now.',
        cause: 'person',
        source: null,
        days: 6.2,
      },
      {
        level: 'observe',
        enteredAt: world.state().trust.since - 12 * 86_400_000,
        leftAt: world.state().trust.since,
        by: 'tenure',
        reason: 'First start.',
        cause: 'start',
        source: null,
        days: 11.6,
      },
    ],
    promotions: world.state().trust.promotion ? [world.state().trust.promotion] : [],
    severe: [],
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
