import type { SessionDetail } from '../../../shared/contract/sessions.ts';
import { useMirror } from '../../mirror.ts';
import { hashOf } from '../../route.ts';
import { Nothing, Part } from '../../ui/Screen.tsx';
import { AskCard } from '../decisions/AskCard.tsx';
import { DecisionItem } from '../decisions/DecisionItem.tsx';

interface AskedProps {
  decisions: SessionDetail['decisions'];
}

/** The same, as they stand now. */
function useCurrent(decisions: SessionDetail['decisions']): SessionDetail['decisions'] {
  const mirrored = useMirror((snapshot) => snapshot.decisions);
  return decisions.map((decision) => mirrored.find(({ id }) => id === decision.id) ?? decision);
}

/** What it waits for: first of all on its page. */
export function Open({ decisions }: AskedProps) {
  const open = useCurrent(decisions).filter(({ state }) => state === 'pending');
  if (open.length === 0) return null;
  return (
    <Part title="Needs you">
      {open.map((decision) => (
        <AskCard key={decision.id} decision={decision} />
      ))}
    </Part>
  );
}

/** What the gate was asked and how it was answered. */
export function Asked({ decisions }: AskedProps) {
  const settled = useCurrent(decisions).filter(({ state }) => state !== 'pending');
  const [first] = decisions;
  // What is open stands above.
  if (first && settled.length === 0) return null;
  return (
    <Part
      title="Decisions"
      actions={
        <span className="flex gap-4 text-ink-2">
          {first && (
            <a className="link" href={hashOf('decisions', first.sessionId)}>
              Filter its decisions
            </a>
          )}
          {settled.length}
        </span>
      }
    >
      {!first && <Nothing>Nothing was asked of the gate so far.</Nothing>}
      {settled.length > 0 && (
        <ul className="card divide-y divide-line">
          {settled.map((decision) => (
            <DecisionItem key={decision.id} decision={decision} />
          ))}
        </ul>
      )}
    </Part>
  );
}
