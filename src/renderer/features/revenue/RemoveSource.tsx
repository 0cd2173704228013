import { useState } from 'react';
import type { RevenueSource } from '../../../shared/contract/revenue.ts';
import { useAct } from '../../hooks/use-act.ts';
import { useAway } from '../../hooks/use-away.ts';
import { Button } from '../../ui/Button.tsx';
import { DialogActions } from '../../ui/Dialog.tsx';
import { Problem } from '../../ui/Field.tsx';
import { say } from '../../ui.ts';
import { TokenText } from './TokenShown.tsx';

interface RemoveSourceProps {
  source: RevenueSource;
  onClose: () => void;
}

/** The rarer acts on a source: a new token for a webhook, and taking it away. */
export function RemoveSource({ source: { id, name, kind }, onClose }: RemoveSourceProps) {
  const [asking, setAsking] = useState(false);
  const [token, setToken] = useState<string | null>(null);
  const remove = useAct('revenue.remove');
  const renew = useAct('revenue.newToken');
  const away = useAway();
  const run = async () => {
    if (!(await remove.run({ id }))) return;
    say(`${name} was removed.`);
    onClose();
  };
  const mint = async () => setToken((await renew.run({ id }))?.token ?? null);
  return (
    <div className="flex flex-col gap-2 border-t border-line pt-4">
      {asking ? (
        <>
          <p className="text-ink-2">{name} is not looked at any more. What it earned stays in the history.</p>
          <DialogActions>
            <Button kind="bad" busy={remove.busy} why={away} onClick={() => void run()}>
              Remove {name}
            </Button>
            <Button onClick={() => setAsking(false)}>Keep it</Button>
          </DialogActions>
        </>
      ) : (
        <div className="-ml-2 flex flex-wrap">
          {kind === 'webhook' && (
            <Button kind="quiet" busy={renew.busy} why={away} onClick={() => void mint()}>
              Make a new token
            </Button>
          )}
          <Button kind="quiet" onClick={() => setAsking(true)}>
            Remove this source…
          </Button>
        </div>
      )}
      {token !== null && <TokenText id={id} token={token} />}
      <Problem text={remove.error ?? renew.error} />
    </div>
  );
}
