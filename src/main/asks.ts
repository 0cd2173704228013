import { attentionOf } from '../shared/attention.ts';
import type { Decision } from '../shared/contract/decisions.ts';
import type { Session } from '../shared/contract/sessions.ts';
import type { Snapshot } from '../shared/contract/system.ts';
import type { Promotion } from '../shared/contract/trust.ts';
import { LEVEL_WORDS, type Risk } from '../shared/policy.ts';
import { reveal } from '../shared/reveal.ts';
import { HELD_WORDS } from '../shared/words.ts';
import type { ShellEngine } from './host.ts';

export interface Answer {
  label: string;
  /** Gives the answer as the owner; null: this one only opens the place where it can be given. */
  give: ((engine: Pick<ShellEngine, 'call'>) => Promise<unknown>) | null;
}

/** Something that waits for the person, as a notification tells it. */
export interface Ask {
  /** The decision's or the promotion's own id, or one of the session's, so that a second one replaces the first. */
  id: string;
  /** Notifications of one session stand together. */
  groupId: string;
  title: string;
  subtitle: string;
  body: string;
  /** Asked louder: shown again, with a sound. Another number is another showing. */
  loud: number;
  /** In the order of the buttons, which is all that is known of them after a restart. */
  answers: readonly Answer[];
}

/** More than this is cut off in a notification; what cannot be seen whole cannot be approved there. */
const READABLE = 180;
const OPEN: Answer = { label: 'Open', give: null };
const RISK_WORDS: Readonly<Record<Risk, string>> = {
  read: 'Reading',
  low: 'Low risk',
  medium: 'Medium risk',
  high: 'High risk',
  critical: 'Critical',
};

/** Hidden characters are named, so that they cannot turn a command around. */
export const told = (text: string): string =>
  reveal(text.replaceAll('\n', ' ⏎ '))
    .map((piece) => (piece.hidden === null ? piece.text : `[${piece.hidden}]`))
    .join('');

/** High and critical actions are answered only where everything about them can be seen. */
function answersTo(decision: Decision): readonly Answer[] {
  const { id, risk, steps, action } = decision;
  const graver = risk === 'high' || risk === 'critical' || steps > 1 || action.questions !== undefined;
  if (graver || told(action.detail) !== action.detail || action.detail.length > READABLE) return [OPEN];
  return [
    { label: 'Approve', give: (engine) => engine.call('decisions.approve', { id }) },
    { label: 'Deny', give: (engine) => engine.call('decisions.deny', { id }) },
  ];
}

const askOfDecision = (decision: Decision): Ask => ({
  id: decision.id,
  groupId: decision.sessionId,
  title: told(
    `${decision.project} asks${decision.warned ? ', little time is left' : decision.escalations > 0 ? ' again' : ''}`,
  ),
  subtitle: `${RISK_WORDS[decision.risk]} · ${told(decision.action.tool)}`,
  body: told(decision.action.detail || decision.action.summary).slice(0, READABLE),
  loud: loudness(decision),
  answers: answersTo(decision),
});

/** Quiet hours and low urgency keep a question to the menubar. */
const isTold = (decision: Decision): boolean =>
  decision.state === 'pending' &&
  decision.quietUntil === null &&
  (attentionOf(decision.urgency, decision.escalations) !== 'badge' || decision.warned);

/** 0: without a sound; more: with one, and again each time that it rises. */
function loudness({ urgency, escalations, warned }: Decision): number {
  const attention = attentionOf(urgency, escalations);
  const repeats = attention === 'repeated' || attention === 'other';
  return (repeats ? 1 : 0) + 2 * escalations + (warned ? 1 : 0);
}

const askOfPromotion = ({ id, to, message }: Promotion): Ask => ({
  id,
  groupId: 'trust',
  title: `Ready for ${LEVEL_WORDS[to].name}`,
  subtitle: 'Promotion',
  body: message,
  loud: 0,
  answers: [
    { label: 'Approve', give: (engine) => engine.call('trust.approvePromotion', { id }) },
    { label: 'Not yet', give: (engine) => engine.call('trust.declinePromotion', { id }) },
  ],
});

/** A session that is paused, or silent for long: what to do about it needs a look. */
function askOfSession({ id, project, held, stall }: Session): Ask | null {
  const why = held ?? stall;
  if (why === null) return null;
  const what = held ? 'held' : 'stalled';
  return {
    id: `${what}:${id}`,
    groupId: id,
    title: told(held ? `${project}: go on or stop?` : `${project} is silent`),
    subtitle: held ? HELD_WORDS[held.reason] : 'Seems to be stalled',
    body: told(why.evidence.join(' ')).slice(0, READABLE),
    loud: 0,
    answers: [OPEN],
  };
}

/** Everything that waits for the person now. */
export function asksOf(snapshot: Pick<Snapshot, 'decisions' | 'sessions' | 'trust'>): Ask[] {
  const { promotion } = snapshot.trust;
  return [
    ...snapshot.decisions.filter(isTold).map(askOfDecision),
    ...snapshot.sessions.map(askOfSession).filter((ask) => ask !== null),
    ...(promotion?.state === 'open' ? [askOfPromotion(promotion)] : []),
  ];
}
