import { type FormEvent, useState } from 'react';
import type { SettingsPreview } from '../../../shared/contract/analytics.ts';
import type { SettingField } from '../../../shared/contract/settings.ts';
import { call, sentenceOf } from '../../api.ts';
import { useQuery } from '../../hooks/use-query.ts';
import { hashOf } from '../../route.ts';
import { Field, Problem } from '../../ui/Field.tsx';
import { Select } from '../../ui/Select.tsx';
import { ActButton } from '../system/ActButton.tsx';
import { Changed } from './Changed.tsx';
import { limitsIn, limitValue, limitWords, warningsOf } from './limits.ts';

/** The limits in force and what is out of range, folded until wanted, and what another value would have changed. */
export function Safety() {
  const [open, setOpen] = useState(false);
  const { data, error } = useQuery('config.get', {}, Number(open));
  const limits = limitsIn(data?.fields ?? []);
  const warnings = warningsOf(limits);
  return (
    <details className="card" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary className="px-3 py-2 font-strong">
        Limits in force
        {warnings.size > 0 && <span className="pl-2 font-normal text-human">{warnings.size} out of range</span>}
      </summary>
      {open && (
        <div className="flex flex-col gap-4 px-3 pb-3">
          <Problem text={error} />
          {limits.length > 0 && (
            <dl className="grid grid-cols-[repeat(auto-fill,minmax(14rem,1fr))] gap-x-6 gap-y-2.5">
              {limits.map((limit) => (
                <div key={limit.key} className="min-w-0">
                  <dt className="text-small text-ink-3">{limit.label}</dt>
                  <dd className="wrap-anywhere">
                    {limitWords(limit)}
                    {limit.changed && <span className="pl-1.5 text-small text-ink-3">changed</span>}
                    {warnings.has(limit.key) && (
                      <span className="block text-small text-human">{warnings.get(limit.key)}</span>
                    )}
                  </dd>
                </div>
              ))}
            </dl>
          )}
          <p className="text-ink-2">
            What runs can be aborted from its row below, in two steps; its processes are gone within two seconds, or
            named. The limits are set in the{' '}
            <a className="link" href={hashOf('settings')}>
              settings
            </a>
            .
          </p>
          {limits.length > 0 && <Try limits={limits} />}
        </div>
      )}
    </details>
  );
}

/** Another value for one limit, held against the last 30 days. Changes nothing. */
function Try({ limits }: { limits: readonly SettingField[] }) {
  const [key, setKey] = useState(limits[0]?.key ?? '');
  const [text, setText] = useState('');
  const [state, setState] = useState<{ busy: boolean; error: string | null; preview: SettingsPreview | null }>({
    busy: false,
    error: null,
    preview: null,
  });
  const limit = limits.find((one) => one.key === key) ?? limits[0];
  if (!limit) return null;
  const ask = async (event: FormEvent) => {
    event.preventDefault();
    if (state.busy) return;
    setState({ busy: true, error: null, preview: null });
    try {
      const changes = { [limit.key]: limitValue(limit, text) };
      setState({ busy: false, error: null, preview: await call('policy.preview', { changes }) });
    } catch (error) {
      setState({ busy: false, error: sentenceOf(error), preview: null });
    }
  };
  const reset = () => setState({ busy: false, error: null, preview: null });
  return (
    <form onSubmit={(event) => void ask(event)} className="flex flex-col gap-3 border-t border-line pt-3">
      <div className="flex flex-wrap items-end gap-3">
        <Field label="Try another value for">
          {(control) => (
            <Select
              {...control}
              value={limit.key}
              options={limits.map((one) => [one.key, one.label])}
              onChange={(chosen) => {
                setKey(chosen);
                setText('');
                reset();
              }}
            />
          )}
        </Field>
        <Field label="Value">
          {(control) => (
            <input
              {...control}
              className="field w-44"
              placeholder={limitWords(limit)}
              value={text}
              onChange={(event) => {
                setText(event.currentTarget.value);
                reset();
              }}
            />
          )}
        </Field>
        <ActButton
          type="submit"
          busy={state.busy}
          why={text.trim() === '' && limit.empty === null ? `It takes ${limit.expects}.` : null}
        >
          {state.busy ? 'Looking…' : 'What would have changed?'}
        </ActButton>
      </div>
      <Problem text={state.error} />
      {state.preview && <Changed preview={state.preview} />}
    </form>
  );
}
