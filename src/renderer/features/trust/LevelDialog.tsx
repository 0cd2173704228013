import { type FormEvent, useRef } from 'react';
import { whyNotLevel } from '../../../shared/can.ts';
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
  const reason = useRef<HTMLInputElement>(null);
  const set = useAct('trust.setLevel');
  const away = useAway();
  const { name } = LEVEL_WORDS[to];
  const up = LEVELS.indexOf(to) > LEVELS.indexOf(from);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (away ?? whyNotLevel(from, to)) return;
    const text = reason.current?.value.trim();
    if (!(await set.run(text ? { level: to, reason: text } : { level: to }))) return;
    say(`The level is ${name} now.`);
    closeDialog();
  };
  return (
    <Dialog title={`${up ? 'Go up' : 'Go down'} to ${name}?`} onClose={closeDialog}>
      <form onSubmit={(event) => void submit(event)} className="flex flex-col gap-4">
        {up ? (
          <LevelChange to={to} />
        ) : (
          <p className="text-ink-2">
            From now on it asks for {LEVEL_WORDS[to].stillAsks.join('; ')}. The record at {LEVEL_WORDS[from].name} is
            kept.
          </p>
        )}
        <Field label="Reason" hint="Optional; it stands in the history of the level.">
          {(control) => <input {...control} ref={reason} maxLength={500} className="field" />}
        </Field>
        <Problem text={set.error} />
        <DialogActions>
          <Button type="submit" kind="primary" busy={set.busy} why={away ?? whyNotLevel(from, to)}>
            Go to {name}
          </Button>
          <Button onClick={closeDialog}>Stay at {LEVEL_WORDS[from].name}</Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}
