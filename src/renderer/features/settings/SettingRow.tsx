import { type KeyboardEvent, memo, useId, useState } from 'react';
import type { SettingChange, SettingField } from '../../../shared/contract/settings.ts';
import { call, sentenceOf } from '../../api.ts';
import { useAct } from '../../hooks/use-act.ts';
import { useAway } from '../../hooks/use-away.ts';
import { Button } from '../../ui/Button.tsx';
import { Switch } from '../../ui/Check.tsx';
import { Problem } from '../../ui/Field.tsx';
import { Select } from '../../ui/Select.tsx';
import { toast } from '../../ui.ts';
import { BeforeApplying } from './BeforeApplying.tsx';
import { isOfGate, isOfLevel, isOfScore, textOf, valueOf } from './drafts.ts';

interface SettingRowProps {
  field: SettingField;
  /** Somebody else has changed it: what holds now is to be fetched. */
  onConflict: () => void;
}

/** One setting: what it is, what it holds, and the way to change it. It is written as soon as it is left or Enter is pressed. */
export const SettingRow = memo(function SettingRow({ field, onConflict }: SettingRowProps) {
  const { key, label, hint, kind, expects, empty, choices, partOf, value, changed, given, mark, restart, secret } =
    field;
  const id = useId();
  const set = useAct('config.set');
  const away = useAway();
  const shown = textOf(field, value);
  // What is typed stays until it is written or given up, whatever changes beside it.
  const [draft, setDraft] = useState<string | null>(null);
  const [seen, setSeen] = useState(mark);
  if ((draft === null || set.error !== null) && seen !== mark) setSeen(mark);

  const guarded = isOfGate(key) || isOfLevel(key) || isOfScore(key);
  const [asked, setAsked] = useState<{ value: unknown } | null>(null);
  const write = async (next: unknown) => {
    if (guarded) setAsked({ value: next });
    else await apply(next);
  };
  const apply = async (next: unknown) => {
    if (set.busy || away) return;
    const written = await set.run({ changes: [{ key, ...(next !== undefined && { value: next }), mark: seen }] });
    if (!written) return onConflict();
    setDraft(null);
    setAsked(null);
    const undo = secret ? undefined : () => void putBack({ key, ...(given && { value }) }, label);
    toast(
      next === undefined
        ? `${label}: back to its default.`
        : `${label} is set.${restart ? ' It takes hold at the next start.' : ''}`,
      undo,
    );
  };
  const commit = () => {
    if (draft === null) return;
    if (draft === shown) return setDraft(null);
    void write(valueOf(field, draft));
  };
  const giveUp = () => {
    setDraft(null);
    setAsked(null);
    setSeen(mark);
    set.clear();
  };
  const keys = (event: KeyboardEvent<HTMLInputElement | HTMLTextAreaElement>) => {
    if (event.key === 'Escape' && draft !== null) giveUp();
    else if (event.key === 'Enter' && (event.currentTarget.tagName === 'INPUT' || event.metaKey || event.ctrlKey))
      commit();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  const control = { id, 'aria-describedby': `${id}-hint`, 'aria-invalid': set.error !== null };
  const long = kind === 'list' || kind === 'map' || kind === 'json';

  return (
    <li id={`setting-${key}`} data-item className={`flex flex-col gap-1 px-3 py-2 ${partOf === null ? '' : 'pl-7'}`}>
      <div className="flex flex-wrap items-center gap-x-4 gap-y-1.5">
        <div className="min-w-48 flex-1">
          <label htmlFor={id}>
            {label}
            {changed && <span className="ml-2 rounded-[4px] bg-sunken px-1.5 text-small text-ink-2">changed</span>}
          </label>
          <p className="font-mono text-[0.6875rem] text-ink-3 select-text">{key}</p>
        </div>
        {kind === 'switch' || kind === 'part' ? (
          <Switch
            {...control}
            checked={kind === 'part' ? value !== null : value === true}
            disabled={away !== null}
            onChange={(on) => void write(kind === 'switch' ? on : on ? field.default : null)}
          />
        ) : kind === 'choice' ? (
          <Select
            {...control}
            value={shown}
            options={choices.map((one) => [one, one])}
            disabled={away !== null}
            onChange={(chosen) => void write(chosen)}
          />
        ) : long ? (
          <textarea
            {...control}
            rows={Math.min(8, (draft ?? shown).split('\n').length + 1)}
            spellCheck={false}
            value={draft ?? shown}
            placeholder={empty ?? undefined}
            onChange={(event) => setDraft(event.currentTarget.value)}
            onKeyDown={keys}
            className="field basis-full font-mono text-[0.75rem]"
          />
        ) : (
          <input
            {...control}
            value={draft ?? shown}
            placeholder={empty ?? undefined}
            spellCheck={false}
            autoComplete="off"
            onChange={(event) => setDraft(event.currentTarget.value)}
            onBlur={commit}
            onKeyDown={keys}
            className={`field ${kind === 'text' ? 'w-72 max-w-full' : 'w-36'}`}
          />
        )}
        {(given || changed) && (
          <Button
            kind="quiet"
            busy={set.busy}
            why={away}
            aria-label={`Reset ${label} to its default`}
            title={`Default: ${textOf(field, field.default) || (empty ?? 'nothing')}`}
            onClick={() => void write(undefined)}
          >
            Reset
          </Button>
        )}
      </div>
      {long && draft !== null && (
        <div className="flex gap-2">
          <Button kind="primary" busy={set.busy} why={away} onClick={commit}>
            Save
          </Button>
          <Button onClick={giveUp}>Give up</Button>
        </div>
      )}
      {asked && (
        <BeforeApplying
          settingKey={key}
          label={label}
          value={asked.value}
          fallback={field.default}
          change={`${shown || (empty ?? 'nothing')} → ${textOf(field, asked.value === undefined ? field.default : asked.value) || (empty ?? 'nothing')}`}
          busy={set.busy}
          why={away}
          onApply={() => void apply(asked.value)}
          onCancel={giveUp}
        />
      )}
      <p id={`${id}-hint`} className="text-small text-ink-3">
        {[
          hint,
          secret ? 'Masked: leave a mask to keep what is there.' : null,
          restart ? 'Takes hold at the next start.' : null,
          set.error || draft !== null ? `Takes ${expects}.` : null,
        ]
          .filter(Boolean)
          .join(' ')}
      </p>
      <Problem text={set.error} />
    </li>
  );
});

/** The value from before. */
async function putBack(change: SettingChange, label: string): Promise<void> {
  try {
    await call('config.set', { changes: [change] });
    toast(`${label} is as it was.`);
  } catch (error) {
    toast(sentenceOf(error));
  }
}
