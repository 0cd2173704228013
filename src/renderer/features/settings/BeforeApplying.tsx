import { useEffect, useRef } from 'react';
import type { ScoreSettings } from '../../../shared/score-settings.ts';
import { useQuery } from '../../hooks/use-query.ts';
import { Button } from '../../ui/Button.tsx';
import { Problem } from '../../ui/Field.tsx';
import { Preview } from '../agents/Preview.tsx';
import { Changed } from '../decisions/Changed.tsx';
import { RulesPreview } from '../trust/RulesPreview.tsx';
import { isOfLevel, isOfScore, withRule } from './drafts.ts';

interface BeforeApplyingProps {
  /** A key with the value that it would get; undefined: back to `fallback`. */
  settingKey: string;
  label: string;
  value: unknown;
  fallback: unknown;
  /** `50 → 10` */
  change: string;
  busy: boolean;
  why: string | null;
  onApply: () => void;
  onCancel: () => void;
}

/** Another value for a rule of the gate, the level or the agents' scores is held against the record before it applies. */
export function BeforeApplying({
  settingKey,
  label,
  value,
  fallback,
  change,
  busy,
  why,
  onApply,
  onCancel,
}: BeforeApplyingProps) {
  const apply = useRef<HTMLButtonElement>(null);
  useEffect(() => apply.current?.focus({ preventScroll: true }), []);
  return (
    <fieldset className="appear flex flex-col gap-2 rounded-card bg-sunken/45 p-2.5">
      <legend className="sr-only">{`Before it applies: ${label}`}</legend>
      <p className="font-mono text-[0.75rem] wrap-anywhere">{change}</p>
      {isOfLevel(settingKey) ? (
        <OfLevel settingKey={settingKey} value={value} />
      ) : isOfScore(settingKey) ? (
        <OfScore settingKey={settingKey} value={value === undefined ? fallback : value} />
      ) : (
        <OfGate settingKey={settingKey} value={value === undefined ? fallback : value} />
      )}
      <div className="flex gap-2">
        <Button ref={apply} kind="primary" busy={busy} why={why} onClick={onApply}>
          {busy ? 'Applying…' : 'Apply'}
        </Button>
        <Button onClick={onCancel}>Leave it as it is</Button>
      </div>
    </fieldset>
  );
}

function OfGate({ settingKey, value }: Pick<BeforeApplyingProps, 'settingKey' | 'value'>) {
  const { data, error } = useQuery('policy.preview', { changes: { [settingKey]: value } });
  return data ? <Changed preview={data} /> : <Looking error={error} />;
}

function OfLevel({ settingKey, value }: Pick<BeforeApplyingProps, 'settingKey' | 'value'>) {
  const { data, error } = useQuery('trust.preview', {
    changes: [{ key: settingKey, ...(value !== undefined && { value }) }],
  });
  return data ? <RulesPreview preview={data} /> : <Looking error={error} />;
}

function OfScore({ settingKey, value }: Pick<BeforeApplyingProps, 'settingKey' | 'value'>) {
  const { data, error } = useQuery('agents.settings', {});
  return data ? <OfRules settings={withRule(data, settingKey, value)} /> : <Looking error={error} />;
}

function OfRules({ settings }: { settings: ScoreSettings }) {
  const { data, error } = useQuery('agents.preview', { settings });
  return data ? <Preview preview={data} /> : <Looking error={error} />;
}

function Looking({ error }: { error: string | null }) {
  return error === null ? <p role="status">Looking at the last 30 days…</p> : <Problem text={error} />;
}
