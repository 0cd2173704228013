import type { usageMethods } from '../../../shared/contract/usage.ts';
import type { Sessions } from '../../sessions/service.ts';
import type { LimitWatch } from '../../usage/limits.ts';
import type { UsageService } from '../../usage/service.ts';
import type { Handlers } from '../dispatch.ts';

export interface UsageServices {
  usage: UsageService;
  limits: LimitWatch;
  sessions: Pick<Sessions, 'budgetsChanged'>;
}

/** What was used, what may be, and the windows of the subscription. */
export function usageHandlers({ usage, limits, sessions }: UsageServices): Pick<Handlers, keyof typeof usageMethods> {
  return {
    'usage.summary': (range) => usage.summary(range),
    'usage.today': () => usage.today(),
    'usage.projectBudgets': ({ projectId }) => usage.budgets(projectId),
    'usage.setBudgets': (input) => {
      const budgets = usage.setBudgets(input);
      sessions.budgetsChanged();
      return budgets;
    },
    'limits.current': () => limits.current(),
  };
}
