import type { EvaluationDetail } from '../../../shared/contract/evaluations.ts';
import type { WorkTrees } from '../../engine/worktrees.ts';
import type { Evaluations } from '../../evaluation/service.ts';
import type { Handlers } from '../dispatch.ts';

type EvaluationHandlers = Pick<Handlers, Extract<keyof Handlers, `evaluations.${string}`>>;

export function evaluationHandlers(
  evaluations: Evaluations,
  after: Pick<WorkTrees['after'], 'fate'>,
): EvaluationHandlers {
  /** With what git alone can tell: that the work was taken back since. Git is asked while a judge still thinks. */
  async function withFate(
    sessionId: string,
    asked: EvaluationDetail | Promise<EvaluationDetail>,
  ): Promise<EvaluationDetail> {
    const [known, fate] = await Promise.all([asked, after.fate(sessionId).catch(() => null)]);
    if (fate === null || fate.revertedAt === null) return known;
    const { reverted, commits } = fate;
    const some = `${reverted} of its ${commits} commits ${reverted === 1 ? 'was' : 'were'}`;
    const text = `${reverted === commits ? 'Its work was' : some} taken back on ${fate.target ?? 'its target'}.`;
    return { ...known, observations: [{ kind: 'reverted', text, at: fate.revertedAt }, ...known.observations] };
  }

  return {
    'evaluations.list': (filter) => evaluations.list(filter),
    'evaluations.get': ({ sessionId }) => withFate(sessionId, evaluations.get(sessionId)),
    'evaluations.rate': ({ sessionId, rating, note }, caller) =>
      withFate(sessionId, evaluations.rate({ sessionId, rating, note: note || null }, caller.name)),
    'evaluations.rescore': ({ sessionId }, caller) => withFate(sessionId, evaluations.rescore(sessionId, caller.name)),
    'evaluations.agreement': () => evaluations.agreement(),
  };
}
