import { ofSession } from './alerts.ts';
import { attentionOf } from './attention.ts';
import type { Decision } from './contract/decisions.ts';
import type { InputOf, MethodName, OutputOf } from './contract/index.ts';
import type { Session } from './contract/sessions.ts';
import type { Snapshot } from './contract/system.ts';
import type { Promotion } from './contract/trust.ts';
import { LEVEL_WORDS, type Risk } from './policy.ts';
import { reveal } from './reveal.ts';
import { HELD_WORDS } from './words.ts';

/** Calls a method of the contract as the owner. */
type Call = <M extends MethodName>(method: M, input: InputOf<M>) => Promise<OutputOf<M>>;

export interface Answer {
  label: string;
  /** Gives the answer; null: this one only opens the place where it can be given. */
  give: ((call: Call) => Promise<unknown>) | null;
}

/** An answer in the person's own words. */
export interface Reply {
  placeholder: string;
  give(call: Call, text: string): Promise<unknown>;
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
  /** Null: no words are asked for. */
  reply: Reply | null;
}

/** More than this is cut off in a notification; what cannot be seen whole cannot be approved there. */
const READABLE = 180;
/** The contract takes no longer reason. */
const MOST_REASON = 2_000;
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
function isSeenWhole({ risk, steps, action }: Decision): boolean {
  const graver = risk === 'high' || risk === 'critical' || steps > 1 || action.questions !== undefined;
  return !graver && told(action.detail) === action.detail && action.detail.length <= READABLE;
}

function answersTo(decision: Decision): readonly Answer[] {
  const { id } = decision;
  if (!isSeenWhole(decision)) return [OPEN];
  return [
    { label: 'Approve', give: (call) => call('decisions.approve', { id }) },
    { label: 'Deny', give: (call) => call('decisions.deny', { id }) },
  ];
}

/** No, with the reason that the agent is told. */
function denialOf(decision: Decision): Reply | null {
  if (!isSeenWhole(decision)) return null;
  return {
    placeholder: 'Deny, and say why',
    give: (call, text) => {
      const reason = text.trim().slice(0, MOST_REASON);
      return call('decisions.deny', reason === '' ? { id: decision.id } : { id: decision.id, reason });
    },
  };
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
  reply: denialOf(decision),
});

/** Quiet hours and low urgency keep a question to the menubar. */
const isTold = (decision: Decision): boolean =>
  decision.state === 'pending' &&
  decision.quietUntil === null &&
  (attentionOf(decision.urgency, decision.escalations, decision.begins) !== 'badge' || decision.warned);

/** 0: without a sound; more: with one, and again each time that it rises. */
function loudness({ urgency, escalations, begins, warned }: Decision): number {
  const attention = attentionOf(urgency, escalations, begins);
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
    { label: 'Approve', give: (call) => call('trust.approvePromotion', { id }) },
    { label: 'Not yet', give: (call) => call('trust.declinePromotion', { id }) },
  ],
  reply: null,
});

/** Was it worth the attention? Asked where nothing else is: an answer to a question says enough. */
const verdictsOn = (alert: string | undefined): Answer[] =>
  alert === undefined
    ? []
    : [
        { label: 'Useful', give: (call) => call('alerts.judge', { id: alert, verdict: 'useful' }) },
        { label: 'False alarm', give: (call) => call('alerts.judge', { id: alert, verdict: 'false' }) },
      ];

/** A session that is paused, or silent for long: what to do about it needs a look. */
function askOfSession(session: Session): Ask | null {
  const { id, project, held, stall } = session;
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
    answers: [OPEN, ...verdictsOn(ofSession(session)?.id)],
    reply: null,
  };
}

/** Where it can be seen and answered: a hash of the larger window. */
export function placeOf({ id, groupId }: Pick<Ask, 'id' | 'groupId'>): string {
  if (groupId === 'trust') return '#/window/trust';
  return id.includes(':')
    ? `#/window/sessions/${encodeURIComponent(groupId)}`
    : `#/window/decisions/${encodeURIComponent(id)}`;
}

/** Somebody else may see the screen: that something waits, not what. What cannot be seen cannot be approved. */
const veiled = ({ id, groupId, loud }: Ask): Ask => ({
  id,
  groupId,
  title: 'Tenure asks',
  subtitle: '',
  body: 'Something waits for you.',
  loud,
  answers: [OPEN],
  reply: null,
});

/** What nobody has answered here, however loudly it was asked: the last rung of the ladder. */
export function asksBeyond({ decisions }: Pick<Snapshot, 'decisions'>, isPrivate = false): Ask[] {
  const asks = decisions
    .filter((one) => isTold(one) && attentionOf(one.urgency, one.escalations, one.begins) === 'other')
    .map(askOfDecision);
  return isPrivate ? asks.map(veiled) : asks;
}

/** Everything that waits for the person now. */
export function asksOf(snapshot: Pick<Snapshot, 'decisions' | 'sessions' | 'trust'>, isPrivate = false): Ask[] {
  const { promotion } = snapshot.trust;
  const asks = [
    ...snapshot.decisions.filter(isTold).map(askOfDecision),
    ...snapshot.sessions.map(askOfSession).filter((ask) => ask !== null),
    ...(promotion?.state === 'open' ? [askOfPromotion(promotion)] : []),
  ];
  return isPrivate ? asks.map(veiled) : asks;
}
