import { useId, useState } from 'react';
import type { Pattern, RulePreview } from '../../../shared/contract/standing.ts';
import { patternWords } from '../../../shared/pattern-words.ts';
import { useAct } from '../../hooks/use-act.ts';
import { useQuery } from '../../hooks/use-query.ts';
import { Button } from '../../ui/Button.tsx';
import { Dialog, DialogActions } from '../../ui/Dialog.tsx';
import { Field, Problem } from '../../ui/Field.tsx';
import { Select } from '../../ui/Select.tsx';
import { Skeleton } from '../../ui/Skeleton.tsx';
import { closeDialog, say } from '../../ui.ts';
import { ActButton } from '../system/ActButton.tsx';

const DAY_MS = 86_400_000;
const ENDS = [
  ['', 'I take it back'],
  ['1', 'a day has passed'],
  ['7', 'a week has passed'],
  ['30', '30 days have passed'],
] as const;

/** "Allow always on this project", or its opposite: how widely, until when, and what it would have meant. */
export function RuleDialog({ decisionId }: { decisionId: string }) {
  const draft = useQuery('rules.draft', { decisionId });
  return (
    <Dialog title="A standing rule" onClose={closeDialog}>
      <Problem text={draft.error} />
      {!draft.data && !draft.error && <Skeleton rows={4} label="Looking for what a rule could say" />}
      {draft.data?.why != null && <p>No rule can be made of this. {draft.data.why}</p>}
      {draft.data && draft.data.patterns.length > 0 && <RuleForm {...draft.data} />}
      {(draft.error !== null || draft.data?.why != null) && (
        <DialogActions>
          <Button onClick={closeDialog}>Close</Button>
        </DialogActions>
      )}
    </Dialog>
  );
}

function RuleForm({ projectId, patterns }: { projectId: string; patterns: readonly Pattern[] }) {
  const id = useId();
  const [chosen, setChosen] = useState(0);
  const [effect, setEffect] = useState<'allow' | 'deny'>('allow');
  const [days, setDays] = useState('');
  const add = useAct('rules.add');
  const pattern = patterns[chosen] ?? patterns[0];
  if (!pattern) return null;
  const save = async () => {
    const expires = days === '' ? {} : { expiresInMs: Number(days) * DAY_MS };
    const rule = await add.run({ projectId, effect, pattern, ...expires });
    if (!rule) return;
    say(`${effect === 'allow' ? 'Allowed' : 'Forbidden'} on ${rule.project}: ${patternWords(rule.pattern)}.`);
    closeDialog();
  };
  return (
    <form
      className="flex flex-col gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      <fieldset className="flex flex-col gap-1.5">
        <legend className="pb-1.5 text-ink-2">What it is about</legend>
        {patterns.map((one, at) => (
          <label key={patternWords(one)} className="check">
            <input
              type="radio"
              className="radio"
              name={`${id}-pattern`}
              checked={at === chosen}
              onChange={() => setChosen(at)}
            />
            <code className="font-mono text-[0.75rem] wrap-anywhere">{patternWords(one)}</code>
          </label>
        ))}
      </fieldset>
      <fieldset className="flex flex-wrap gap-x-5 gap-y-1.5">
        <legend className="pb-1.5 text-ink-2">On this project, always</legend>
        {(['allow', 'deny'] as const).map((one) => (
          <label key={one} className="check">
            <input
              type="radio"
              className="radio"
              name={`${id}-effect`}
              checked={one === effect}
              onChange={() => setEffect(one)}
            />
            {one === 'allow' ? 'allow it' : 'forbid it'}
          </label>
        ))}
      </fieldset>
      <Field label="Until">
        {(control) => <Select {...control} className="self-start" value={days} options={ENDS} onChange={setDays} />}
      </Field>
      <Preview key={`${chosen} ${effect}`} projectId={projectId} effect={effect} pattern={pattern} />
      <p className="text-small text-ink-3">
        It never holds at Observe, nor for what is critical. A prohibition stands above everything.
      </p>
      <Problem text={add.error} />
      <DialogActions>
        <ActButton kind="primary" type="submit" busy={add.busy}>
          {effect === 'allow' ? 'Allow always' : 'Forbid always'}
        </ActButton>
        <Button onClick={closeDialog}>Cancel</Button>
      </DialogActions>
    </form>
  );
}

function Preview(draft: { projectId: string; effect: 'allow' | 'deny'; pattern: Pattern }) {
  const { data, error } = useQuery('rules.preview', draft);
  if (error) return <Problem text={error} />;
  return (
    <div aria-live="polite" className="card flex min-h-16 flex-col gap-1 p-3">
      {data && (
        <>
          <p>{previewWords(data)}</p>
          <ul className="flex max-h-32 flex-col gap-0.5 overflow-y-auto text-ink-2">
            {data.samples.map(({ decisionId, summary }) => (
              <li key={decisionId} className="truncate font-mono text-[0.75rem]">
                {summary}
              </li>
            ))}
          </ul>
        </>
      )}
    </div>
  );
}

function previewWords({ matched, compared, unknown, asked }: RulePreview): string {
  const older = unknown > 0 ? ` ${unknown} older ones cannot be compared.` : '';
  if (matched === 0) return `It matches none of the ${compared} decisions of the last 30 days.${older}`;
  return `It matches ${matched} of the ${compared} decisions of the last 30 days; you were asked about ${asked} of them.${older}`;
}
