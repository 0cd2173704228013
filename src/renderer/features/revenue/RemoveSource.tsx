import { useState } from 'react';
import type { RevenueSource } from '../../../shared/contract/revenue.ts';
import { useAct } from '../../hooks/use-act.ts';
import { useAway } from '../../hooks/use-away.ts';
import { Button } from '../../ui/Button.tsx';
import { Problem } from '../../ui/Field.tsx';
import { RemovePart } from '../../ui/RemovePart.tsx';
import { say } from '../../ui.ts';
import { TokenText } from './TokenShown.tsx';

interface RemoveSourceProps {
  source: RevenueSource;
  onClose: () => void;
}

/** The rarer acts on a source: a new token for a webhook, and taking it away. */
export function RemoveSource({ source: { id, name, kind }, onClose }: RemoveSourceProps) {
  const remove = useAct('revenue.remove');
  const away = useAway();
  const run = async () => {
    if (!(await remove.run({ id }))) return;
    say(`${name} was removed.`);
    onClose();
  };
  return (
    <>
      {kind === 'webhook' && <NewToken id={id} />}
      <RemovePart ask="Remove this source" name={name} {...remove} why={away} onRemove={() => void run()}>
        {name} is not looked at any more. What it earned stays in the history.
      </RemovePart>
    </>
  );
}

function NewToken({ id }: { id: string }) {
  const [token, setToken] = useState<string | null>(null);
  const renew = useAct('revenue.newToken');
  const away = useAway();
  const mint = async () => setToken((await renew.run({ id }))?.token ?? null);
  return (
    <div className="flex flex-col gap-2 border-t border-line pt-4">
      <Button kind="quiet" className="-ml-2 self-start" busy={renew.busy} why={away} onClick={() => void mint()}>
        Make a new token
      </Button>
      {token !== null && <TokenText id={id} token={token} />}
      <Problem text={renew.error} />
    </div>
  );
}
