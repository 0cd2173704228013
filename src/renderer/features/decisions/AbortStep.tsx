import { useState } from 'react';
import type { Decision } from '../../../shared/contract/decisions.ts';
import { stageOf } from '../../../shared/decision-stage.ts';
import { span } from '../../../shared/format.ts';
import { useAct } from '../../hooks/use-act.ts';
import { Button } from '../../ui/Button.tsx';
import { Problem } from '../../ui/Field.tsx';
import { say } from '../../ui.ts';
import { ActButton } from '../system/ActButton.tsx';

/** The emergency abort of what runs, in two steps in two places; nothing where nothing runs. */
export function AbortStep({ decision }: { decision: Decision }) {
  const abort = useAct('decisions.abort');
  const [armed, setArmed] = useState(false);
  const [left, setLeft] = useState<readonly number[]>([]);
  if (stageOf(decision) !== 'executing')
    return left.length > 0 ? <Problem text={`Aborted, but still alive: pid ${left.join(', ')}.`} /> : null;
  const run = async () => {
    const report = await abort.run({ id: decision.id, confirm: true });
    if (!report) return;
    setLeft(report.stillAlive);
    if (report.stopped) say(`Aborted; every process is gone after ${span(report.tookMs)}.`);
  };
  if (!armed)
    return (
      <ActButton kind="bad" className="self-start" onClick={() => setArmed(true)}>
        Emergency abort…
      </ActButton>
    );
  return (
    <fieldset className="appear flex flex-col gap-2 rounded-control border border-bad bg-bad-soft p-2.5">
      <legend className="sr-only">Emergency abort, second step</legend>
      <p className="font-strong text-bad">This ends the whole session</p>
      <p>Every process that it started is ended at once. What the action has done so far stays as it is.</p>
      <div className="flex flex-wrap justify-between gap-2">
        <Button autoFocus onClick={() => setArmed(false)}>
          Go back
        </Button>
        <ActButton kind="bad" className="arm-once" busy={abort.busy} onClick={() => void run()}>
          {abort.busy ? 'Aborting…' : 'Abort now'}
        </ActButton>
      </div>
      <Problem text={abort.error} />
    </fieldset>
  );
}
