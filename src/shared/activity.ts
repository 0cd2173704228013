import type { ActivityEntry } from './contract/activity.ts';
import type { Decision } from './contract/decisions.ts';
import type { Fact, FactName } from './contract/index.ts';
import type { Session } from './contract/sessions.ts';
import { cutShort } from './format.ts';
import { LEVEL_WORDS } from './policy.ts';
import { SEVERE_WORDS } from './trust-words.ts';
import { actWords, DECISION_WORDS, OUTCOME_WORDS, PROMOTION_WORDS, whoWords } from './words.ts';
import { workWords } from './work-words.ts';

/** An entry but for its place in the journal. */
type Told = Omit<ActivityEntry, 'seq' | 'at'>;
type Tellers = { [F in FactName]?: (body: Extract<Fact, { type: F }>['body']) => Told | null };

const PROMPT_SHOWN = 120;
const NOBODY = new Set(['policy', 'gate']);

const first = (text: string): string => {
  const line = text.trim().split('\n')[0] ?? '';
  return line.length > PROMPT_SHOWN ? `${line.slice(0, PROMPT_SHOWN)}…` : line;
};
/** A sentence ends as one, whatever was put into it. */
const sentence = (text: string): string => (/[.!?…]$/.test(text) ? text : `${text}.`);

const ofSession = ({ id, project }: Session, text: string, routine = false): Told => ({
  area: 'sessions',
  routine,
  subject: project,
  sentence: sentence(text),
  place: `#/window/sessions/${encodeURIComponent(id)}`,
});
const ofDecision = ({ project, sessionId }: Decision, text: string, routine = false): Told => ({
  area: 'decisions',
  routine,
  subject: project,
  sentence: sentence(text),
  place: `#/window/sessions/${encodeURIComponent(sessionId)}`,
});
const ofTrust = (text: string): Told => ({
  area: 'trust',
  routine: false,
  subject: null,
  sentence: sentence(text),
  place: '#/window/trust',
});

const ofAgent = (agent: string, text: string) => ({
  ...ofTrust(text),
  subject: agent,
  place: `#/window/agents/${encodeURIComponent(agent)}`,
});

const by = (who: string | null): string => (who === null || NOBODY.has(who) ? '' : ` by ${whoWords(who)}`);
const because = (reason: string | null): string => (reason ? `: ${reason}` : '');

/** An answer is neither a yes nor a no. */
const answerWords = ({ action, state }: Decision): string =>
  action.questions && state === 'approved' ? 'Answered' : DECISION_WORDS[state];

const TELLERS: Tellers = {
  'session.queued': ({ session }) => ofSession(session, `Session queued: ${first(session.prompt)}`),
  'session.ended': ({ session }) => {
    const how = session.outcome === null ? 'Ended' : OUTCOME_WORDS[session.outcome];
    return ofSession(session, `Session ended (${how})${because(session.problem)}`);
  },
  'session.evaluated': ({ session }) => {
    const score = session.evaluation?.score ?? null;
    return ofSession(
      session,
      score === null ? 'Session measured: unscored' : `Session measured: ${cutShort(score)} of 5`,
    );
  },
  'session.settled': ({ session }) => {
    const what = workWords(session.work);
    return what === null ? null : ofSession(session, `Its work was ${what}`);
  },
  // The end of a wait, and what the wait is about, are told by what ends it.
  'alert.told': ({ alert: { kind, subject, place } }) =>
    kind === 'session' ? { area: 'sessions', routine: false, subject: null, sentence: sentence(subject), place } : null,
  'sessions.paused': ({ paused }) => ({
    area: 'sessions',
    routine: false,
    subject: null,
    sentence: paused ? 'Everything was paused: nothing new starts.' : 'Everything goes on again.',
    place: null,
  }),
  'decision.recorded': ({ decision }) => {
    const { action, state } = decision;
    const what = actWords(action);
    if (state === 'pending')
      return ofDecision(
        decision,
        action.questions ? `The agent asks: ${what}` : `You were asked (${decision.risk} risk) about ${what}`,
      );
    if (state === 'refused') return ofDecision(decision, `${DECISION_WORDS.refused}, ${what}`);
    return ofDecision(decision, `${DECISION_WORDS[state]}, ${what}`, !decision.auto);
  },
  'decision.answered': ({ decision }) =>
    ofDecision(
      decision,
      `${answerWords(decision)}${by(decision.answeredBy)}, ${actWords(decision.action)}${because(decision.answerReason)}`,
    ),
  'decision.settled': ({ decision }) =>
    decision.outcome === 'failed' ? ofDecision(decision, `Ran and failed: ${actWords(decision.action)}`, true) : null,
  'alert.raised': ({ alert: { text, subject } }) => ({
    area: 'decisions',
    routine: false,
    subject: null,
    sentence: sentence(text),
    place: subject.startsWith('ses_') ? `#/window/sessions/${encodeURIComponent(subject)}` : '#/window/decisions',
  }),
  'level.changed': ({ from, to, by: who, reason }) =>
    ofTrust(`Level ${LEVEL_WORDS[from].name} → ${LEVEL_WORDS[to].name}${by(who)}${because(reason)}`),
  'trust.severe': ({ event: { kind, text } }) => ofTrust(`${SEVERE_WORDS[kind]}: ${text}`),
  'ledger.broken': ({ ledger: { findings } }) =>
    ofTrust(`The ledger of trust is not as it was written${because(findings[0]?.words ?? null)}`),
  'promotion.proposed': ({ promotion }) => ofTrust(`Promotion to ${LEVEL_WORDS[promotion.to].name} proposed`),
  'promotion.closed': ({ promotion }) =>
    ofTrust(
      `Promotion to ${LEVEL_WORDS[promotion.to].name}: ${PROMOTION_WORDS[promotion.state].toLowerCase()}${by(promotion.decidedBy)}${because(promotion.reason)}`,
    ),
  'agent.scored': ({ event: { agent, kind, text } }) => (kind === 'tier' ? ofAgent(agent, text) : null),
  'agent.anomaly': ({ anomaly: { agent, text, acknowledged } }) =>
    ofAgent(agent, acknowledged ? `Looked at${by(acknowledged.by)}: ${text}` : `Out of the ordinary: ${text}`),
  'agents.configured': ({ by: who }) => ofTrust(`The rules of the agent score were changed${by(who)}`),
  'rule.added': ({ rule }) => ({
    area: 'decisions',
    routine: false,
    subject: rule.project,
    sentence: `A standing rule to ${rule.effect === 'allow' ? 'allow' : 'refuse'} was made${by(rule.createdBy)}.`,
    place: '#/window/decisions',
  }),
  'rule.revoked': ({ rule }) => ({
    area: 'decisions',
    routine: false,
    subject: rule.project,
    sentence: 'A standing rule was taken back.',
    place: '#/window/decisions',
  }),
  'incident.told': ({ incident, message }) => ({
    area: 'services',
    routine: message.kind === 'reminder',
    subject: incident.kind === 'service' ? incident.title : null,
    sentence: `${message.title}: ${sentence(message.body)}`,
    place: '#/window/services',
  }),
  'revenue.told': ({ title, body }) => ({
    area: 'money',
    routine: false,
    subject: null,
    sentence: `${title}. ${body}`,
    place: '#/window/revenue',
  }),
  'daily.told': ({ title, body }) => ({
    area: 'sessions',
    routine: true,
    subject: null,
    sentence: `${title}. ${body}`,
    place: null,
  }),
  'resource.alerted': ({ alert }) => ofMachine(alert.sentence),
  'resource.cleared': ({ alert }) => ofMachine(`Over: ${alert.sentence}`),
  'notices.changed': ({ notices }) => (notices.length === 0 ? null : ofMachine(notices.join(' '), true)),
  'budget.warned': ({ budget }) => ({
    area: 'money',
    routine: false,
    subject: budget.name,
    sentence: sentence(budget.sentence),
    place: '#/window/usage',
  }),
  'limits.changed': ({ limits }) =>
    limits.reached && {
      area: 'money',
      routine: false,
      subject: null,
      sentence: sentence(limits.reached.sentence),
      place: '#/window/usage',
    },
  'project.saved': ({ project }) => ({
    area: 'projects',
    routine: true,
    subject: project.name,
    sentence: 'The settings of the project were saved.',
    place: '#/window/projects',
  }),
  'project.removed': ({ name = null }) => ({
    area: 'projects',
    routine: false,
    subject: name,
    sentence: 'The project was removed.',
    place: '#/window/projects',
  }),
  'config.changed': ({ keys, by: who }) =>
    keys.length === 0
      ? null
      : {
          area: 'machine',
          routine: false,
          subject: null,
          sentence: `Settings changed${who === null ? ' in their file' : by(who)}: ${keys.join(', ')}.`,
          place: `#/window/settings/${encodeURIComponent(keys[0] ?? '')}`,
        },
  'work.pushed': ({ remote, branch, by: who, sessionId }) => ({
    area: 'sessions',
    routine: false,
    subject: null,
    sentence: `${branch} was pushed to ${remote}${by(who)}.`,
    place: `#/window/sessions/${encodeURIComponent(sessionId)}`,
  }),
};

function ofMachine(text: string, routine = false): Told {
  return { area: 'machine', routine, subject: null, sentence: sentence(text), place: '#/window/health' };
}

/** What a fact says in the log of everything; null: nothing that is not said by another. */
export function activityOf(fact: Fact): Told | null {
  const tell = TELLERS[fact.type] as ((body: Fact['body']) => Told | null) | undefined;
  return tell?.(fact.body) ?? null;
}
