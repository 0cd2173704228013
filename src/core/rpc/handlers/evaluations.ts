import type { Evaluations } from '../../evaluation/service.ts';
import type { Handlers } from '../dispatch.ts';

type EvaluationHandlers = Pick<Handlers, Extract<keyof Handlers, `evaluations.${string}`>>;

export function evaluationHandlers(evaluations: Evaluations): EvaluationHandlers {
  return {
    'evaluations.list': (filter) => evaluations.list(filter),
    'evaluations.get': ({ sessionId }) => evaluations.get(sessionId),
    'evaluations.rate': ({ sessionId, rating, note }, caller) =>
      evaluations.rate({ sessionId, rating, note: note || null }, caller.name),
    'evaluations.rescore': ({ sessionId }, caller) => evaluations.rescore(sessionId, caller.name),
    'evaluations.agreement': () => evaluations.agreement(),
  };
}
