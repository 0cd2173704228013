import type { Fact } from './contract/index.ts';

/** Something that a person is told once and asked nothing about. */
export interface News {
  /** The same for what replaces it. */
  id: string;
  title: string;
  body: string;
  /** Where it can be seen: a hash of the larger window. */
  place: string;
}

/** What a fact is news of; null: of nothing that a person has to be told. */
export function newsOf(fact: Fact): News | null {
  switch (fact.type) {
    case 'evaluation.alerted': {
      const { sessionId, project, score, reason } = fact.body;
      const place = `#/window/sessions/${encodeURIComponent(sessionId)}`;
      return { id: `score:${sessionId}`, title: `${project}: scored ${score} of 5`, body: reason, place };
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
    default:
      return null;
  }
}
