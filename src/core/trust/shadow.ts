import type { Shadow, Shadows } from '../../shared/contract/trust-record.ts';
import { TenureError } from '../../shared/errors.ts';
import { type Level, nextLevel } from '../../shared/policy.ts';
import type { Journal } from '../kernel/journal.ts';
import type { Clock } from '../kernel/ports.ts';
import type { createMarkStorage } from './marks/storage.ts';

interface ShadowDeps {
  journal: Journal;
  clock: Clock;
  marks: ReturnType<typeof createMarkStorage>;
  level(): Level;
}

/** What the gate would have done: at observe nothing is loosened, but it is seen how that would be. */
export function createShadows({ journal, clock, marks, level }: ShadowDeps) {
  return {
    /**
     * Inside the commit that records a decision which was not simply allowed: what the next level would have
     * made of it. Only at observe: above it, the record of real work speaks.
     */
    record(decisionId: string, wouldAt: (level: Level) => { verdict: Shadow['would']; reason: string }): void {
      const next = nextLevel(level());
      if (level() !== 'observe' || next === null) return;
      const { verdict, reason } = wouldAt(next);
      marks.addShadow(decisionId, next, verdict, reason, clock.now());
    },

    list: (limit: number): Shadows => ({ figures: marks.figures(), shadows: marks.shadows(limit) }),

    /** A person agrees or not with what the gate would have done; null takes it back. @throws TenureError not_found */
    mark(decisionId: string, agrees: boolean | null, by: string): Shadow {
      const known = marks.shadow(decisionId);
      if (!known) {
        throw new TenureError('not_found', `Of the decision "${decisionId}" no shadow was recorded.`);
      }
      if (known.agrees === agrees) return known;
      journal.commit(() => marks.mark(decisionId, agrees, by, clock.now()));
      return { ...known, agrees };
    },
  };
}
