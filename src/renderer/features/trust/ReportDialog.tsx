import { type FormEvent, useRef, useState } from 'react';
import type { SevereKind } from '../../../shared/contract/trust-record.ts';
import { SEVERE_WORDS } from '../../../shared/trust-words.ts';
import { useAct } from '../../hooks/use-act.ts';
import { useAway } from '../../hooks/use-away.ts';
import { Button } from '../../ui/Button.tsx';
import { Dialog, DialogActions } from '../../ui/Dialog.tsx';
import { Field, Problem } from '../../ui/Field.tsx';
import { Select } from '../../ui/Select.tsx';
import { closeDialog, say } from '../../ui.ts';

const KINDS = ['lost_work', 'secret', 'outage', 'hostile'] as const satisfies readonly SevereKind[];

/** Something severe that Tenure could not see itself. */
export function ReportDialog() {
  const [kind, setKind] = useState<SevereKind>('lost_work');
  const [text, setText] = useState('');
  const session = useRef<HTMLInputElement>(null);
  const report = useAct('trust.report');
  const away = useAway();
  const why = away ?? (text.trim() === '' ? 'Say what happened.' : null);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (why) return;
    const sessionId = session.current?.value.trim();
    if (!(await report.run({ kind, text: text.trim(), ...(sessionId && { sessionId }) }))) return;
    say('Recorded. The recent window begins anew.');
    closeDialog();
  };
  return (
    <Dialog title="Report something severe" onClose={closeDialog}>
      <form onSubmit={(event) => void submit(event)} className="flex flex-col gap-4">
        <p className="text-ink-2">
          It empties the recent window and lowers the level at once: by a step, an outage to Observe. No good work makes
          up for it, and it stands in the record for good.
        </p>
        <Field label="What it was">
          {(control) => (
            <Select
              {...control}
              className="self-start"
              value={kind}
              options={KINDS.map((one) => [one, SEVERE_WORDS[one]])}
              onChange={(chosen) => setKind(KINDS.find((one) => one === chosen) ?? kind)}
            />
          )}
        </Field>
        <Field label="What happened">
          {(control) => (
            <input
              {...control}
              value={text}
              maxLength={500}
              onChange={(event) => setText(event.target.value)}
              className="field"
            />
          )}
        </Field>
        <Field label="Session" hint="Optional: the id of the session in which it happened.">
          {(control) => <input {...control} ref={session} maxLength={100} className="field" spellCheck={false} />}
        </Field>
        <Problem text={report.error} />
        <DialogActions>
          <Button type="submit" kind="bad" busy={report.busy} why={why}>
            Report
          </Button>
          <Button onClick={closeDialog}>Cancel</Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}
