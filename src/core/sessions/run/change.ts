import type { Emit } from '../../kernel/journal.ts';
import type { Change, SessionDeps } from '../ports.ts';
import type { SessionStorage } from '../storage.ts';

/** Columns of a session and the fact about them, in one commit. */
export function createChange(
  deps: Pick<SessionDeps, 'journal'>,
  storage: SessionStorage,
  emitView: (emit: Emit, type: 'session.changed', id: string) => void,
): Change {
  return (id, patch, from, also) =>
    deps.journal.commit((emit) => {
      if (!storage.patch(id, patch, from)) return false;
      also?.(emit);
      emitView(emit, 'session.changed', id);
      return true;
    });
}
