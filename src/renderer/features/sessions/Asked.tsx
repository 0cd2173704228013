import type { SessionDetail } from '../../../shared/contract/sessions.ts';
import { useMirror } from '../../mirror.ts';
import { hashOf } from '../../route.ts';
import { Nothing, Part } from '../../ui/Screen.tsx';
import { AskCard } from '../decisions/AskCard.tsx';
import { DecisionItem } from '../decisions/DecisionItem.tsx';

/** What the gate was asked, the open questions first. */
export function Asked({ decisions }: { decisions: SessionDetail['decisions'] }) {
  const mirrored = useMirror((snapshot) => snapshot.decisions);
  const current = decisions.map((decision) => mirrored.find(({ id }) => id === decision.id) ?? decision);
  const [first] = current;
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
          {current.length}
        </span>
      }
    >
      {current.length === 0 && <Nothing>Nothing was asked of the gate so far.</Nothing>}
      {current
        .filter(({ state }) => state === 'pending')
        .map((decision) => (
          <AskCard key={decision.id} decision={decision} />
        ))}
      {current.some(({ state }) => state !== 'pending') && (
        <ul className="card divide-y divide-line">
          {current
            .filter(({ state }) => state !== 'pending')
            .map((decision) => (
              <DecisionItem key={decision.id} decision={decision} />
            ))}
        </ul>
      )}
    </Part>
  );
}
