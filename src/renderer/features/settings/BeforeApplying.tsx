import { useEffect, useRef } from 'react';
import { useQuery } from '../../hooks/use-query.ts';
import { Button } from '../../ui/Button.tsx';
import { Problem } from '../../ui/Field.tsx';
import { Changed } from '../decisions/Changed.tsx';

interface BeforeApplyingProps {
  /** A key of the gate with the value that it would get. */
  settingKey: string;
  label: string;
  value: unknown;
  /** `50 → 10` */
  change: string;
  busy: boolean;
  why: string | null;
  onApply: () => void;
  onCancel: () => void;
}

/** Another value for a setting of the gate is held against the last 30 days before it applies. */
export function BeforeApplying({
  settingKey,
  label,
  value,
  change,
  busy,
  why,
  onApply,
  onCancel,
}: BeforeApplyingProps) {
  const { data, error } = useQuery('policy.preview', { changes: { [settingKey]: value } });
  const apply = useRef<HTMLButtonElement>(null);
  useEffect(() => apply.current?.focus({ preventScroll: true }), []);
  return (
    <fieldset className="appear flex flex-col gap-2 rounded-card bg-sunken/45 p-2.5">
      <legend className="sr-only">{`Before it applies: ${label}`}</legend>
      <p className="font-mono text-[0.75rem] wrap-anywhere">{change}</p>
      <Problem text={error} />
      {data ? <Changed preview={data} /> : !error && <p role="status">Looking at the last 30 days…</p>}
      <div className="flex gap-2">
        <Button ref={apply} kind="primary" busy={busy} why={why} onClick={onApply}>
          {busy ? 'Applying…' : 'Apply'}
        </Button>
        <Button onClick={onCancel}>Leave it as it is</Button>
      </div>
    </fieldset>
  );
}
