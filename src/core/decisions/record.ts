import type { Decision } from '../../shared/contract/decisions.ts';
import type { DraftVerdict } from '../../shared/contract/policy.ts';
import type { Form } from '../../shared/contract/standing.ts';
import { TenureError } from '../../shared/errors.ts';
import type { GateCall } from '../drivers/driver.ts';
import type { createBook, DecisionDeps } from './book.ts';
import type { AsIf, GateSession } from './judge.ts';
import { viewOf } from './row.ts';
import { kindOf } from './rules.ts';
import { shownOf } from './shown.ts';

/** What can be read of the decisions, asked as if, and said of them afterwards: nothing here lets anything run. */
export function createRecord(
  deps: DecisionDeps,
  { storage, reread, told, whatIf }: ReturnType<typeof createBook>,
  noteWrong: (id: string, by: string, reason: string | null) => void,
) {
  const { journal, clock } = deps;
  return {
    /** What the gate would say to that call, as if: where it fails, that it denies. Writes and counts nothing (T-089). */
    whatIf(session: GateSession, call: GateCall, asIf: AsIf): DraftVerdict {
      const level = asIf.level ?? session.level;
      try {
        const action = deps.classify(call, session);
        const { verdict, steps, reasons, checks } = whatIf(session, action, asIf);
        return {
          risk: action.risk,
          verdict,
          steps,
          reasons: shownOf(action, reasons).reasons,
          checks,
          irreversible: action.irreversible,
          kind: kindOf(action.tool, action.reasons),
          level,
        };
      } catch (error) {
        deps.log.error({ err: error, tool: call.tool }, 'the gate failed on a draft');
        const reasons = [{ code: 'gate_failed', text: 'The gate failed, so nothing may run.' }];
        const kind = kindOf(call.tool, reasons);
        return { risk: 'critical', verdict: 'deny', steps: 1, reasons, checks: [], irreversible: true, kind, level };
      }
    },

    /**
     * A person finds that the gate should not have let this through by itself.
     * @throws TenureError not_found, or conflict: it was no yes of the gate's own, or is marked already.
     */
    markWrong(id: string, by: string, reason: string | null): Decision {
      return journal.commit((emit) => {
        const { auto, wrong } = reread(id);
        if (!auto)
          throw new TenureError(
            'conflict',
            'Only what the gate let through by itself can be marked wrong; this was not.',
          );
        if (wrong || !storage.markWrong(id, clock.now(), by, reason))
          throw new TenureError('conflict', 'This is marked as wrong already.');
        noteWrong(id, by, reason);
        return told(emit, 'decision.settled', id);
      });
    },

    pendingCount: (sessionId: string): number => storage.pendingCount(sessionId),
    get: (id: string): Decision => viewOf(reread(id)),
    pending: (): Decision[] => storage.pending().map(viewOf),
    /** @throws TenureError not_found. */
    formOf(id: string): { projectId: string; form: Form | null } {
      const { projectId, form } = reread(id);
      return { projectId, form };
    },
    /** The decisions of a project since that time, newest first, as a rule's preview looks at them. */
    past: (projectId: string, since: number) =>
      storage.past(projectId, since).map(({ id, form, action, askedAt, state, verdict }) => ({
        id,
        form,
        summary: action.summary,
        askedAt,
        state,
        verdict,
      })),
    recent: (limit: number): Decision[] => storage.recent(limit).map(viewOf),
    ofSession: (sessionId: string): Decision[] => storage.ofSession(sessionId).map(viewOf),
  };
}
