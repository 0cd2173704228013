import { attentionOf } from './attention.ts';
import type { Alert, AlertKind } from './contract/alerts.ts';
import type { Envelope } from './contract/index.ts';
import type { Session } from './contract/sessions.ts';
import { newsOf } from './news.ts';
import { HELD_WORDS } from './words.ts';

type Told = Pick<Alert, 'id' | 'kind' | 'subject' | 'place'>;

const sessionPlace = (id: string): string => `#/window/sessions/${encodeURIComponent(id)}`;

/** What news are about, by the fact that they are of. */
function kindOf(type: string): AlertKind {
  if (type.startsWith('evaluation.')) return 'evaluation';
  if (type.startsWith('budget.')) return 'budget';
  return /^(trust|level)\./.test(type) ? 'trust' : 'other';
}

/** A session that is held or silent asks once for each time that it begins to. */
export function ofSession({
  id,
  project,
  held,
  stall,
}: Pick<Session, 'id' | 'project' | 'held' | 'stall'>): Told | null {
  const since = held?.since ?? stall?.lastLineAt;
  if (since === undefined) return null;
  const subject = held ? `${project}: ${HELD_WORDS[held.reason]}` : `${project} seems to be stalled`;
  return { id: `${held ? 'held' : 'stalled'}:${id}:${since}`, kind: 'session', subject, place: sessionPlace(id) };
}

/**
 * What a fact asks the person's attention with; null: it asks for none. Incidents and strains of the machine
 * write down their own, as they are told.
 */
export function alertOf(fact: Envelope): Told | null {
  switch (fact.type) {
    case 'resource.alerted':
    case 'incident.told':
      return null;
    case 'promotion.proposed': {
      const { id, message } = fact.body.promotion;
      return { id, kind: 'promotion', subject: message, place: '#/window/trust' };
    }
    case 'decision.recorded':
    case 'decision.raised': {
      const { id, sessionId, project, state, quietUntil, urgency, escalations, begins, warned, action } =
        fact.body.decision;
      const isTold = quietUntil === null && (attentionOf(urgency, escalations, begins) !== 'badge' || warned);
      if (state !== 'pending' || !isTold) return null;
      return { id, kind: 'question', subject: `${project} asks: ${action.summary}`, place: sessionPlace(sessionId) };
    }
    case 'session.changed':
      return ofSession(fact.body.session);
    default: {
      const news = newsOf(fact);
      if (news === null) return null;
      // A budget is warned of again: each time is an alert of its own.
      const id = fact.type === 'budget.warned' ? `${news.id}@${fact.seq}` : news.id;
      return { id, kind: kindOf(fact.type), subject: `${news.title}: ${news.body}`, place: news.place };
    }
  }
}
