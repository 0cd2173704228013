import { Button } from '../../ui/Button.tsx';
import { Dialog, DialogActions } from '../../ui/Dialog.tsx';

interface TokenProps {
  id: string;
  token: string;
}

/** A webhook's token, to be copied now: only its hash is kept. */
export function TokenText({ id, token }: TokenProps) {
  const address = `${window.location.protocol.startsWith('http') ? window.location.origin : ''}/ingest/revenue/${id}`;
  const example = `curl -X POST ${address} -H 'Authorization: Bearer ${token}' -H 'Idempotency-Key: order-1001' -d '{"amount": 12.40}'`;
  return (
    <div className="flex flex-col gap-2">
      <p>This token is shown only now; the one before, if any, no longer works.</p>
      <code className="command select-all">{token}</code>
      <p className="text-ink-2">A program on this machine posts with it:</p>
      <code className="command select-all">{example}</code>
    </div>
  );
}

export function TokenShown({ onClose, ...token }: TokenProps & { onClose: () => void }) {
  return (
    <Dialog title="The webhook is ready" onClose={onClose}>
      <TokenText {...token} />
      <DialogActions>
        <Button kind="primary" onClick={onClose}>
          I have it
        </Button>
      </DialogActions>
    </Dialog>
  );
}
