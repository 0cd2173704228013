import { type FormEvent, useEffect, useId, useRef, useState } from 'react';
import { DENY_REASONS, DENY_WORDS, type DenyReason } from '../../../shared/deny-words.ts';
import { useItemKeys } from '../../hooks/use-item-keys.ts';
import { Button } from '../../ui/Button.tsx';

interface DenyFormProps {
  /** What the button says: Deny, Not yet. */
  verb: string;
  /** Who reads the reason. */
  placeholder: string;
  /** The no may be of a kind. */
  kinds?: boolean;
  busy: boolean;
  why: string | null;
  onSend: (reason: string, code: DenyReason | null) => void;
  onCancel: () => void;
}

/** A no and, if the person likes, of what kind and why. Enter sends, Esc goes back. */
export function DenyForm({ verb, placeholder, kinds = false, busy, why, onSend, onCancel }: DenyFormProps) {
  const form = useRef<HTMLFormElement>(null);
  const field = useRef<HTMLInputElement>(null);
  const [code, setCode] = useState<DenyReason | null>(null);
  const [words, setWords] = useState('');
  const id = useId();
  useEffect(() => field.current?.focus(), []);
  const lacking = code === 'other' && words.trim() === '' ? 'Say why in words.' : null;
  const send = (event: FormEvent) => {
    event.preventDefault();
    if (!busy && why === null && lacking === null) onSend(words.trim(), code);
  };
  useItemKeys(form, (event) => {
    if (event.key !== 'Escape') return false;
    onCancel();
    return true;
  });
  return (
    <form onSubmit={send} ref={form} className="appear flex flex-wrap items-center gap-2">
      {kinds && (
        <fieldset className="flex w-full flex-wrap gap-1">
          <legend className="sr-only">Kind of reason</legend>
          {DENY_REASONS.map((reason) => (
            <label
              key={reason}
              className="cursor-default rounded-control border border-line px-2 py-0.5 text-small text-ink-2 has-checked:border-human-line has-checked:bg-human-soft has-checked:text-human has-focus-visible:outline-2"
            >
              <input
                type="radio"
                name={`${id}-kind`}
                className="sr-only"
                checked={code === reason}
                onClick={() => code === reason && setCode(null)}
                onChange={() => setCode(reason)}
              />
              {DENY_WORDS[reason].short}
            </label>
          ))}
        </fieldset>
      )}
      <label htmlFor={id} className="sr-only">
        Reason
      </label>
      <input
        id={id}
        ref={field}
        maxLength={500}
        value={words}
        placeholder={placeholder}
        className="field min-w-32 flex-1"
        onChange={(event) => setWords(event.currentTarget.value)}
      />
      <Button type="submit" kind="plain" busy={busy} why={why ?? lacking}>
        {verb}
      </Button>
      <Button kind="quiet" onClick={onCancel}>
        Cancel
      </Button>
    </form>
  );
}
