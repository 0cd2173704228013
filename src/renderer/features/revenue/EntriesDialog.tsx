import { type FormEvent, useState } from 'react';
import type { RevenueSource } from '../../../shared/contract/revenue.ts';
import { amountWords } from '../../../shared/money.ts';
import { useAct } from '../../hooks/use-act.ts';
import { useAway } from '../../hooks/use-away.ts';
import { useQuery } from '../../hooks/use-query.ts';
import { Button } from '../../ui/Button.tsx';
import { Dialog, DialogActions } from '../../ui/Dialog.tsx';
import { Field, Problem } from '../../ui/Field.tsx';
import { Moment } from '../../ui/Time.tsx';
import { say } from '../../ui.ts';
import { textOf } from '../projects/settings.ts';

interface EntriesDialogProps {
  source: RevenueSource;
  onClose: () => void;
}

const VIA = { hand: 'by hand', csv: 'from a CSV', webhook: 'posted' } as const;

/** What a source was told, and entering more by hand. */
export function EntriesDialog({ source, onClose }: EntriesDialogProps) {
  const [changes, setChanges] = useState(0);
  const { data, error } = useQuery('revenue.entries', { id: source.id }, changes);
  const enter = useAct('revenue.enter');
  const remove = useAct('revenue.removeEntry');
  const away = useAway();
  const asset = 'asset' in source.settings ? source.settings.asset : 'USD';

  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = event.currentTarget;
    const fields = new FormData(form);
    const day = textOf(fields, 'day');
    const note = textOf(fields, 'note');
    const entry = await enter.run({
      id: source.id,
      amount: textOf(fields, 'amount'),
      ...(day !== '' && { at: new Date(`${day}T00:00`).getTime() }),
      ...(note !== '' && { note }),
    });
    if (!entry) return;
    form.reset();
    say(`${amountWords(BigInt(entry.amount), entry.asset)} was entered.`);
    setChanges((n) => n + 1);
  };
  const takeBack = async (key: string) => {
    if (await remove.run({ id: source.id, key })) setChanges((n) => n + 1);
  };

  return (
    <Dialog title={`Entries of ${source.name}`} onClose={onClose}>
      {source.kind === 'manual' && (
        <form onSubmit={(event) => void submit(event)} className="flex flex-col gap-3">
          <div className="flex flex-wrap gap-3">
            <div className="min-w-28 flex-1">
              <Field label={`Amount in ${asset}`} hint="A zero says that nothing was earned.">
                {(control) => (
                  <input
                    {...control}
                    name="amount"
                    required
                    inputMode="decimal"
                    autoComplete="off"
                    placeholder="12.40"
                    className="field"
                  />
                )}
              </Field>
            </div>
            <Field label="Day" hint="Empty: now.">
              {(control) => <input {...control} name="day" type="date" className="field" />}
            </Field>
          </div>
          <Field label="Note">
            {(control) => <input {...control} name="note" maxLength={300} autoComplete="off" className="field" />}
          </Field>
          <Problem text={enter.error} />
          <DialogActions>
            <Button type="submit" kind="primary" busy={enter.busy} why={away}>
              Enter
            </Button>
          </DialogActions>
        </form>
      )}
      <Problem text={error ?? remove.error} />
      {data?.length === 0 && <p className="text-ink-2">Nothing was entered yet.</p>}
      {data && data.length > 0 && (
        <ul className="card max-h-64 divide-y divide-line overflow-y-auto">
          {data.map((entry) => (
            <li key={entry.key} className="flex items-center gap-3 px-3 py-1.5">
              <div className="min-w-0 flex-1">
                <p>
                  <span className="font-strong">{amountWords(BigInt(entry.amount), entry.asset)}</span>{' '}
                  <span className="text-ink-2">
                    {entry.asset !== 'USD' &&
                      (entry.microUsd === null
                        ? 'dollars unknown, '
                        : `${amountWords(BigInt(entry.microUsd), 'USD')}, `)}
                    <Moment at={entry.at} />, {VIA[entry.via]}
                  </span>
                </p>
                {entry.note && <p className="text-small wrap-anywhere text-ink-3">{entry.note}</p>}
              </div>
              <Button
                kind="quiet"
                why={away}
                aria-label={`Take back ${amountWords(BigInt(entry.amount), entry.asset)}`}
                onClick={() => void takeBack(entry.key)}
              >
                Take back
              </Button>
            </li>
          ))}
        </ul>
      )}
      <DialogActions>
        <Button onClick={onClose}>Close</Button>
      </DialogActions>
    </Dialog>
  );
}
