import type { Database } from 'better-sqlite3';
import type { ClassifiedAction } from '../../actions/classify.ts';
import type { Binding, Operands } from '../../kernel/binding.ts';
import type { GateSession } from '../judge.ts';
import type { StoredDecision } from '../row.ts';
import { createBindingStorage } from './storage.ts';

/** Looks at what an action really runs and touches; synchronous and total. */
export interface Effect {
  bind(operands: Operands, cwd: string): Binding;
  /** What has changed since, as a sentence; null: nothing. */
  drift(before: Binding): string | null;
}

export interface BindingDeps {
  db: Database;
  session(id: string): GateSession | null;
  /** A fingerprint of a work tree, to which an approval is bound. */
  mark(cwd: string): Promise<string>;
  /** What actions of that session, with that tool, meet on this machine now. */
  effect(session: GateSession, tool: string): Promise<Effect>;
}

/** A look at the place of a session, taken just before something is decided by it. */
export interface Now {
  mark: string;
  effect: Effect;
}

/** What holds an approval to the action that it was given for: session, level, work tree, and all that it runs. */
export function createBindings(deps: BindingDeps) {
  const storage = createBindingStorage(deps.db);

  async function look(session: GateSession, tool: string): Promise<Now> {
    const [mark, effect] = await Promise.all([deps.mark(session.cwd), deps.effect(session, tool)]);
    return { mark, effect };
  }

  /** What the action itself meets now that it did not when it was asked; null: it is the same. */
  function drift(decision: Pick<StoredDecision, 'id'>, effect: Effect): string | null {
    const before = storage.get(decision.id);
    return before && effect.drift(before);
  }

  return {
    look,
    drift,
    /** As `look`, by the decision; null: there is no such session any more. */
    async now({ sessionId, action }: Pick<StoredDecision, 'sessionId' | 'action'>): Promise<Now | null> {
      const session = deps.session(sessionId);
      return session && !action.questions ? look(session, action.tool) : null;
    },
    effect: (session: GateSession, tool: string): Promise<Effect> => deps.effect(session, tool),

    /** Inside the commit that asks. */
    keep: (decisionId: string, { effect }: Now, { operands }: ClassifiedAction, cwd: string): void =>
      storage.insert(decisionId, effect.bind(operands, cwd)),

    /**
     * What still binds an approval: null, or the sentence why it no longer holds. Synchronous, so that
     * nothing comes between this look and the commit it stands in; the mark was taken just before.
     */
    staleness(decision: StoredDecision, now: Now | null): string | null {
      const session = deps.session(decision.sessionId);
      if (!session?.open) return 'Its session has ended.';
      // An answer to a question lets nothing run, so it is bound to nothing else.
      if (decision.action.questions) return null;
      if (session.level !== decision.level)
        return `The level is now ${session.level}; this was asked at ${decision.level}.`;
      if (decision.treeMark !== null && now?.mark !== decision.treeMark)
        return 'The work tree has changed since this was asked.';
      return now && drift(decision, now.effect);
    },
  };
}
