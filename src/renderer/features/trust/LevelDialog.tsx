import { type FormEvent, useRef, useState } from 'react';
import { whyNotLevel, whyOverride } from '../../../shared/can.ts';
import { whyNotRaise } from '../../../shared/ledger-words.ts';
import { LEVEL_WORDS, LEVELS, type Level } from '../../../shared/policy.ts';
import { useAct } from '../../hooks/use-act.ts';
import { useAway } from '../../hooks/use-away.ts';
import { useMirror } from '../../mirror.ts';
import { Button } from '../../ui/Button.tsx';
import { Dialog, DialogActions } from '../../ui/Dialog.tsx';
import { Field, Problem } from '../../ui/Field.tsx';
import { closeDialog, say } from '../../ui.ts';
import { LevelChange } from './LevelChange.tsx';

/** Raising or lowering the level by hand: says what changes before it does. */
export function LevelDialog({ to }: { to: Level }) {
  const from = useMirror((snapshot) => snapshot.trust.level);
  const lack = useMirror((snapshot) => snapshot.trust.lack);
  const [typed, setTyped] = useState('');
  const reason = useRef<HTMLInputElement>(null);
  const set = useAct('trust.setLevel');
  const away = useAway();
  const { name } = LEVEL_WORDS[to];
  const up = LEVELS.indexOf(to) > LEVELS.indexOf(from);
  const overridden = whyOverride(from, to, lack);
  const unconfirmed =
    overridden !== null && typed.trim().toLowerCase() !== to ? `Type "${to}" to override the record.` : null;
  const doubted = useMirror((snapshot) => whyNotRaise(snapshot.ledger));
  const why = away ?? whyNotLevel(from, to) ?? (up ? doubted : null) ?? unconfirmed;
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (why) return;
    const text = reason.current?.value.trim();
    const override = overridden === null ? {} : { override: { confirm: typed } };
    if (!(await set.run({ level: to, ...(text && { reason: text }), ...override }))) return;
    say(`The level is ${name} now.`);
    closeDialog();
  };
  return (
    <Dialog title={`${up ? 'Go up' : 'Go down'} to ${name}?`} onClose={closeDialog}>
      <form onSubmit={(event) => void submit(event)} className="flex flex-col gap-4">
        {up ? (
          <LevelChange from={from} to={to} />
        ) : (
          <p className="text-ink-2">
            From now on it asks for {LEVEL_WORDS[to].stillAsks.join('; ')}. The record at {LEVEL_WORDS[from].name} is
            kept.
          </p>
        )}
        <Field label="Reason" hint="Optional; it stands in the history of the level.">
          {(control) => <input {...control} ref={reason} maxLength={500} className="field" />}
        </Field>
        {overridden && (
          <>
            <p className="rounded-control bg-human-soft p-3 text-human">
              {overridden} Going up without the evidence is an override; it stands in the history as one.
            </p>
            <Field label={`Type ${to} to override the record`}>
              {(control) => (
                <input
                  {...control}
                  value={typed}
                  onChange={(event) => setTyped(event.target.value)}
                  autoComplete="off"
                  spellCheck={false}
                  className="field"
                />
              )}
            </Field>
          </>
        )}
        <Problem text={set.error} />
        <DialogActions>
          <Button type="submit" kind="primary" busy={set.busy} why={why}>
            Go to {name}
          </Button>
          <Button onClick={closeDialog}>Stay at {LEVEL_WORDS[from].name}</Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}
