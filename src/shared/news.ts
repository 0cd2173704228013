import type { Fact } from './contract/index.ts';
import { LEVEL_WORDS } from './policy.ts';
import { TIER_RIGHTS } from './tiers.ts';
import { SEVERE_WORDS } from './trust-words.ts';

const TRUST = '#/window/trust';

/** Something that a person is told once and asked nothing about. */
export interface News {
  /** The same for what replaces it. */
  id: string;
  title: string;
  body: string;
  /** Where it can be seen: a hash of the larger window. */
  place: string;
  /** It is told in quiet hours as well. */
  isUrgent?: boolean;
}

/** What a fact is news of; null: of nothing that a person has to be told. */
export function newsOf(fact: Fact): News | null {
  switch (fact.type) {
    case 'evaluation.alerted': {
      const { sessionId, project, score, reason } = fact.body;
      const place = `#/window/sessions/${encodeURIComponent(sessionId)}`;
      const title = `${project}: scored ${score} of 5`;
      // The reason begins with the score, which the title has said.
      const words = new RegExp(`^${score} of 5: `);
      return { id: `score:${sessionId}`, title, body: reason.replace(words, ''), place };
    }
    case 'agent.scored': {
      const { seq, agent, kind, tier, text } = fact.body.event;
      if (kind !== 'tier') return null;
      const place = `#/window/agents/${encodeURIComponent(agent)}`;
      return { id: `tier:${seq}`, title: `${agent} is ${TIER_RIGHTS[tier].name} now`, body: text, place };
    }
    case 'agent.anomaly': {
      const { id, agent, serious, text, acknowledged } = fact.body.anomaly;
      if (!serious || acknowledged) return null;
      const place = `#/window/agents/${encodeURIComponent(agent)}`;
      return { id: `anomaly:${id}`, title: `${agent}: out of the ordinary`, body: text, place };
    }
    case 'resource.alerted': {
      const { id, sentence } = fact.body.alert;
      return { id, title: 'This machine is under strain', body: sentence, place: '#/window/health' };
    }
    case 'budget.warned': {
      const { scope, subject, name, state, sentence } = fact.body.budget;
      const title = `${name}: budget ${state === 'over' ? 'spent' : 'nearly spent'}`;
      return { id: `budget:${scope}:${subject ?? ''}`, title, body: sentence, place: '#/window/usage' };
    }
    case 'revenue.told': {
      const { to, title, body } = fact.body;
      return { id: `revenue:${to}`, title, body, place: '#/window/revenue' };
    }
    case 'daily.told': {
      const { to, title, body } = fact.body;
      return { id: `daily:${to}`, title, body, place: '#/window/activity' };
    }
    case 'incident.told': {
      const { incident, message } = fact.body;
      const place =
        incident.serviceId === null
          ? '#/window/services'
          : `#/window/services/${encodeURIComponent(incident.serviceId)}`;
      const isUrgent = message.kind !== 'recovered' && message.kind !== 'reminder';
      return { id: incident.id, title: message.title, body: message.body, place, isUrgent };
    }
    case 'ledger.broken': {
      const { findings } = fact.body.ledger;
      const body = `${findings[0]?.words ?? ''} The level is Observe until you have looked at it.`.trim();
      return { id: 'ledger', title: 'The ledger of trust is not as it was written', body, place: '#/window/trust' };
    }
    case 'trust.severe': {
      const { event, fell } = fact.body;
      // Where the level fell, that is the news, with this as its reason.
      return fell ? null : { id: event.id, title: SEVERE_WORDS[event.kind], body: event.text, place: TRUST };
    }
    case 'level.changed': {
      const { to, by, reason } = fact.body;
      if (by !== 'tenure') return null;
      return {
        id: `level:${fact.body.trust.since}`,
        title: `The level fell to ${LEVEL_WORDS[to].name}`,
        body: reason,
        place: TRUST,
      };
    }
    default:
      return null;
  }
}
