import { type FormEvent, useRef, useState } from 'react';
import { LEVEL_WORDS } from '../../../shared/policy.ts';
import { useAct } from '../../hooks/use-act.ts';
import { useAway } from '../../hooks/use-away.ts';
import { useMirror } from '../../mirror.ts';
import { Button } from '../../ui/Button.tsx';
import { Dialog, DialogActions } from '../../ui/Dialog.tsx';
import { Field, Problem } from '../../ui/Field.tsx';
import { Select } from '../../ui/Select.tsx';
import { closeDialog, say } from '../../ui.ts';

const DAY_MS = 86_400_000;
const WAITS = [
  ['', 'Once the level changes'],
  ['7', 'In a week'],
  ['14', 'In two weeks'],
  ['30', 'In a month'],
  ['date', 'On a date'],
] as const;

/** Declining a promotion: why, if the person likes, and when it may be asked again. */
export function NotYetDialog({ id }: { id: string }) {
  const promotion = useMirror(({ trust }) => (trust.promotion?.id === id ? trust.promotion : null));
  const reason = useRef<HTMLInputElement>(null);
  const [wait, setWait] = useState('');
  const [date, setDate] = useState('');
  const decline = useAct('trust.declinePromotion');
  const away = useAway();
  const gone = promotion?.state === 'open' ? null : 'This promotion is no longer open.';
  const missing = wait === 'date' && date === '' ? 'Choose the date.' : null;
  const why = away ?? gone ?? missing;

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (why) return;
    const text = reason.current?.value.trim();
    const askAgainAt =
      wait === '' ? null : wait === 'date' ? new Date(`${date}T00:00`).getTime() : Date.now() + Number(wait) * DAY_MS;
    if (!(await decline.run({ id, ...(text && { reason: text }), askAgainAt }))) return;
    say('Declined. The level stays.');
    closeDialog();
  };
  return (
    <Dialog title={promotion ? `Not ${LEVEL_WORDS[promotion.to].name} yet?` : 'Not yet?'} onClose={closeDialog}>
      <form onSubmit={(event) => void submit(event)} className="flex flex-col gap-4">
        <Field label="Reason" hint="Optional; it stands with the promotion.">
          {(control) => <input {...control} ref={reason} maxLength={500} className="field" />}
        </Field>
        <Field label="Ask again">
          {(control) => <Select {...control} className="self-start" value={wait} options={WAITS} onChange={setWait} />}
        </Field>
        {wait === 'date' && (
          <Field label="Date">
            {(control) => (
              <input
                {...control}
                type="date"
                value={date}
                onChange={(event) => setDate(event.target.value)}
                className="field"
              />
            )}
          </Field>
        )}
        <Problem text={decline.error} />
        <DialogActions>
          <Button type="submit" kind="primary" busy={decline.busy} why={why}>
            Not yet
          </Button>
          <Button onClick={closeDialog}>Cancel</Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}
