import { type FormEvent, useRef, useState } from 'react';
import type { LedgerState, LedgerTables } from '../../../shared/contract/ledger.ts';
import { BROKEN_MEANS, ledgerLine, whyNotRemake } from '../../../shared/ledger-words.ts';
import { useAct } from '../../hooks/use-act.ts';
import { useAway } from '../../hooks/use-away.ts';
import { useClock } from '../../hooks/use-clock.ts';
import { useMirror } from '../../mirror.ts';
import { Button } from '../../ui/Button.tsx';
import { Field, Problem } from '../../ui/Field.tsx';
import { Moment } from '../../ui/Time.tsx';
import { say } from '../../ui.ts';

/** Whether everything that trust rests on is as it was written; broken: what, where, since when. */
export function LedgerLine() {
  const ledger = useMirror((snapshot) => snapshot.ledger);
  return ledger.state === 'broken' ? <Broken ledger={ledger} /> : <Whole ledger={ledger} />;
}

function Whole({ ledger }: { ledger: LedgerState }) {
  const verify = useAct('ledger.verify');
  const away = useAway();
  const line = useClock((now) => ledgerLine(ledger, now));
  const run = async () => {
    const found = await verify.run({ full: true });
    if (found?.state === 'sound') say('Every event of the ledger is as it was written.');
  };
  return (
    <section aria-label="Ledger" className="flex flex-wrap items-center gap-x-3 gap-y-1">
      <p className="mr-auto">
        <span className="text-ink-2">Ledger of trust: </span>
        {line}
        {ledger.accepted > 0 && <span className="text-ink-2">, accepted after a break {ledger.accepted}×</span>}
        {ledger.checkpoint && (
          <span className="text-ink-2">
            , signed <Moment at={ledger.checkpoint.at} />
          </span>
        )}
      </p>
      <Button busy={verify.busy} why={away} onClick={() => void run()}>
        Verify
      </Button>
      <Problem text={verify.error ?? ledger.checkpointProblem} />
    </section>
  );
}

function Broken({ ledger }: { ledger: LedgerState }) {
  const [accepting, setAccepting] = useState(false);
  return (
    <section aria-label="Ledger" className="card flex flex-col gap-2 border-bad p-3">
      <h2 className="font-strong text-bad">The ledger of trust is not as it was written</h2>
      {ledger.brokenSince !== null && (
        <p className="text-ink-2">
          Found <Moment at={ledger.brokenSince} />.
        </p>
      )}
      <ul className="list-disc pl-5">
        {ledger.findings.map(({ name, from, words }) => (
          <li key={`${name} ${from} ${words}`} className="wrap-anywhere select-text">
            {words}
          </li>
        ))}
      </ul>
      <p className="text-ink-2">{BROKEN_MEANS}</p>
      <p className="text-small text-ink-3">{ledger.key}</p>
      {accepting ? (
        <Accept ledger={ledger} onClose={() => setAccepting(false)} />
      ) : (
        <Open onOpen={() => setAccepting(true)} />
      )}
    </section>
  );
}

function Open({ onOpen }: { onOpen: () => void }) {
  const away = useAway();
  return (
    <div>
      <Button why={away} onClick={onOpen}>
        Acknowledge…
      </Button>
    </div>
  );
}

function Accept({ ledger, onClose }: { ledger: LedgerState; onClose: () => void }) {
  const why = whyNotRemake(ledger.findings);
  const differs = ledger.findings.some(({ name }) => name === 'tables-differ');
  const [tables, setTables] = useState<LedgerTables>('keep');
  const reason = useRef<HTMLInputElement>(null);
  const [missing, setMissing] = useState<string | null>(null);
  const acknowledge = useAct('ledger.acknowledge');
  const away = useAway();
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const text = reason.current?.value.trim() ?? '';
    if (text === '') return setMissing('Say in a few words why it can go on: it stands in the ledger.');
    setMissing(null);
    if (await acknowledge.run({ reason: text, tables: why === null ? tables : 'keep' }))
      say('The ledger goes on from here.');
  };
  return (
    <form onSubmit={(event) => void submit(event)} className="flex flex-col gap-2">
      <Field label="What you found" hint="It stands in the ledger, with what was broken.">
        {(control) => <input {...control} ref={reason} maxLength={500} className="field" />}
      </Field>
      {differs && <WhatHolds value={tables} onChange={setTables} why={why} />}
      <Problem text={missing ?? acknowledge.error} />
      <div className="flex flex-wrap gap-2">
        <Button type="submit" kind="primary" busy={acknowledge.busy} why={away}>
          {why === null && tables === 'remake' ? 'Make the tables anew' : 'Accept what stands there'}
        </Button>
        <Button onClick={onClose}>Not now</Button>
      </div>
    </form>
  );
}

const HOLDS: readonly (readonly [LedgerTables, string, string])[] = [
  ['keep', 'Keep what the tables say', 'For what you changed yourself: it counts from here on.'],
  [
    'remake',
    'Make the tables anew from the ledger',
    'Everything that was earned is again what the events say. What somebody else put into the tables is gone.',
  ],
];

/** Where the tables differ from the events: which of the two is right? @param why the events cannot be it. */
function WhatHolds({
  value,
  onChange,
  why,
}: {
  value: LedgerTables;
  onChange: (value: LedgerTables) => void;
  why: string | null;
}) {
  return (
    <fieldset className="flex flex-col gap-1">
      <legend className="text-ink-2">What holds</legend>
      {HOLDS.map(([name, label, hint]) => {
        const closed = name === 'remake' ? why : null;
        return (
          <label key={name} className="check">
            <input
              type="radio"
              className="radio"
              name="tables"
              checked={closed === null && value === name}
              disabled={closed !== null}
              onChange={() => onChange(name)}
            />
            <span>
              {label}
              <span className="block text-small text-ink-2">{closed ?? hint}</span>
            </span>
          </label>
        );
      })}
    </fieldset>
  );
}
