import { type ReactNode, useState } from 'react';
import { Button } from './Button.tsx';
import { Problem } from './Field.tsx';

interface RemovePartProps {
  /** What the first button says: Remove from Tenure. */
  ask: string;
  name: string;
  /** What goes and what stays. */
  children: ReactNode;
  busy: boolean;
  why: string | null;
  error: string | null;
  onRemove: () => void;
}

/** The end of a dialog about a thing: taking it away, in two steps. */
export function RemovePart({ ask, name, children, busy, why, error, onRemove }: RemovePartProps) {
  const [asking, setAsking] = useState(false);
  return (
    <div className="flex flex-col gap-2 border-t border-line pt-4">
      {asking ? (
        <>
          <p className="text-ink-2">{children}</p>
          <div className="flex flex-wrap gap-2">
            <Button kind="bad" busy={busy} why={why} onClick={onRemove}>
              Remove {name}
            </Button>
            <Button autoFocus onClick={() => setAsking(false)}>
              Keep it
            </Button>
          </div>
        </>
      ) : (
        <Button kind="quiet" className="-ml-2 self-start" onClick={() => setAsking(true)}>
          {ask}…
        </Button>
      )}
      <Problem text={error} />
    </div>
  );
}
