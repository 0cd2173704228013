import { type FormEvent, useEffect, useId, useRef } from 'react';
import { useItemKeys } from '../../hooks/use-item-keys.ts';
import { Button } from '../../ui/Button.tsx';

interface DenyFormProps {
  /** What the button says: Deny, Not yet. */
  verb: string;
  /** Who reads the reason. */
  placeholder: string;
  busy: boolean;
  why: string | null;
  onSend: (reason: string) => void;
  onCancel: () => void;
}

/** A no and, if the person likes, its reason. Enter sends, Esc goes back. */
export function DenyForm({ verb, placeholder, busy, why, onSend, onCancel }: DenyFormProps) {
  const form = useRef<HTMLFormElement>(null);
  const field = useRef<HTMLInputElement>(null);
  const id = useId();
  useEffect(() => field.current?.focus(), []);
  const send = (event: FormEvent) => {
    event.preventDefault();
    if (!busy && why === null) onSend(field.current?.value.trim() ?? '');
  };
  useItemKeys(form, (event) => {
    if (event.key !== 'Escape') return false;
    onCancel();
    return true;
  });
  return (
    <form onSubmit={send} ref={form} className="appear flex flex-wrap items-center gap-2">
      <label htmlFor={id} className="sr-only">
        Reason
      </label>
      <input id={id} ref={field} maxLength={500} placeholder={placeholder} className="field min-w-32 flex-1" />
      <Button type="submit" kind="plain" busy={busy} why={why}>
        {verb}
      </Button>
      <Button kind="quiet" onClick={onCancel}>
        Cancel
      </Button>
    </form>
  );
}
