import { useState } from 'react';
import type { ImportReport, RevenueSource } from '../../../shared/contract/revenue.ts';
import { count, when } from '../../../shared/format.ts';
import { amountWords } from '../../../shared/money.ts';
import { useAct } from '../../hooks/use-act.ts';
import { useAway } from '../../hooks/use-away.ts';
import { useClock } from '../../hooks/use-clock.ts';
import { Button } from '../../ui/Button.tsx';
import { Dialog, DialogActions } from '../../ui/Dialog.tsx';
import { Field, Problem } from '../../ui/Field.tsx';
import { say } from '../../ui.ts';

interface ImportDialogProps {
  source: RevenueSource;
  onClose: () => void;
}

const SHOWN = 50;

/** A CSV: chosen, looked through, then imported. A row that was imported before is left alone. */
export function ImportDialog({ source, onClose }: ImportDialogProps) {
  const { id, name } = source;
  const [csv, setCsv] = useState('');
  const [report, setReport] = useState<ImportReport | null>(null);
  const [unreadable, setUnreadable] = useState<string | null>(null);
  const preview = useAct('revenue.previewImport');
  const run = useAct('revenue.import');
  const away = useAway();

  const choose = async (file: File | undefined) => {
    if (!file) return;
    setReport(null);
    const text = await file.text().catch(() => null);
    setUnreadable(text === null ? `${file.name} cannot be read.` : null);
    if (text === null) return;
    setCsv(text);
    setReport(await preview.run({ id, csv: text }));
  };
  const add = async () => {
    const done = await run.run({ id, csv });
    if (!done) return;
    say(`${count(done.added, 'row')} imported.`);
    onClose();
  };
  const fresh = report ? report.rows.length - report.known : 0;

  return (
    <Dialog title={`Import a CSV into ${name}`} onClose={onClose}>
      <Field label="File" hint="A date and an amount a row; with a header also a currency and a note.">
        {(control) => (
          <input
            {...control}
            type="file"
            accept=".csv,text/csv,text/plain"
            onChange={(event) => void choose(event.currentTarget.files?.[0])}
            className="field"
          />
        )}
      </Field>
      <Problem text={unreadable ?? preview.error ?? run.error} />
      {report && <Preview report={report} fresh={fresh} />}
      <DialogActions>
        <Button
          kind="primary"
          busy={run.busy}
          why={away ?? (report === null ? 'Choose a file first.' : fresh === 0 ? 'There is no new row in it.' : null)}
          onClick={() => void add()}
        >
          {run.busy ? 'Importing…' : report ? `Import ${count(fresh, 'row')}` : 'Import'}
        </Button>
        <Button onClick={onClose}>Cancel</Button>
      </DialogActions>
    </Dialog>
  );
}

function Preview({ report: { rows, bad, known }, fresh }: { report: ImportReport; fresh: number }) {
  const now = useClock((at) => Math.floor(at / 60_000) * 60_000);
  return (
    <div className="flex flex-col gap-2" role="status">
      <p>
        {count(fresh, 'new row')}, {known} known already, {bad.length} not readable.
      </p>
      {bad.length > 0 && (
        <ul className="max-h-28 overflow-y-auto text-bad">
          {bad.slice(0, SHOWN).map(({ line, reason }) => (
            <li key={line}>{reason}</li>
          ))}
        </ul>
      )}
      {rows.length > 0 && (
        <ul className="card max-h-40 divide-y divide-line overflow-y-auto">
          {rows.slice(0, SHOWN).map(({ line, at, asset, amount, note, known: before }) => (
            <li key={line} className={`flex justify-between gap-3 px-3 py-1 ${before ? 'text-ink-3' : ''}`}>
              <span className="min-w-0 wrap-anywhere">
                {when(at, now)} {note}
                {before && ' (known)'}
              </span>
              <span className="whitespace-nowrap">{amountWords(BigInt(amount), asset)}</span>
            </li>
          ))}
        </ul>
      )}
      {rows.length > SHOWN && (
        <p className="text-small text-ink-3">
          The first {SHOWN} of {rows.length} are shown.
        </p>
      )}
    </div>
  );
}
