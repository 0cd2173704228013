import type { Decision } from '../../../shared/contract/decisions.ts';
import { QuestionCard } from '../conversation/QuestionCard.tsx';
import { DecisionCard } from './DecisionCard.tsx';

/** What waits for the person: an action to approve or deny, or a question to answer. */
export function AskCard({ decision }: { decision: Decision }) {
  return decision.action.questions ? <QuestionCard decision={decision} /> : <DecisionCard decision={decision} />;
}
