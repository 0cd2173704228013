import { type ReactNode, useEffect, useMemo, useState } from 'react';
import type { SettingField } from '../../../shared/contract/settings.ts';
import { count } from '../../../shared/format.ts';
import { useKept } from '../../hooks/use-kept.ts';
import { useQuery } from '../../hooks/use-query.ts';
import { useMirror } from '../../mirror.ts';
import { isText } from '../../remembered.ts';
import { Button } from '../../ui/Button.tsx';
import { Problem } from '../../ui/Field.tsx';
import { Nothing, Screen } from '../../ui/Screen.tsx';
import { Skeleton } from '../../ui/Skeleton.tsx';
import { copyText, openDialog } from '../../ui.ts';
import { RuleList } from '../standing/RuleList.tsx';
import { AppPart } from './AppPart.tsx';
import { LevelTable } from './LevelTable.tsx';
import { SettingRow } from './SettingRow.tsx';

const NONE: readonly SettingField[] = [];
/** By what the parts of the screen that are no keys of the file are found. */
const PARTS = {
  app: 'on this machine start at login newer versions updates secrets keychain keys shortcuts notifications send a test',
  rules: 'standing rules of yours allow refuse forbid',
  levels: 'what each level may do risk table eligible',
};

/** Everything that can be set, and the file that it is kept in. `id`: a key to look at. */
export function Settings({ id }: { id: string | null }) {
  const changed = useMirror((snapshot) => snapshot.engine.configuredAt);
  const { data, error, reload } = useQuery('config.get', {}, changed);
  const [text, setText] = useKept(id === null ? 'settings' : null, isText, '');
  const [onlyChanged, setOnlyChanged] = useState(false);
  const fields = data?.fields ?? NONE;
  const shown = useMemo(
    () => fields.filter((field) => fits(field, text, fields) && (!onlyChanged || field.changed)),
    [fields, text, onlyChanged],
  );
  const ready = data !== null;
  const groups = [...new Set(shown.map(({ group }) => group))];
  const differing = fields.filter((field) => field.changed).length;
  const narrowed = text.trim() !== '' || onlyChanged;
  const has = (part: keyof typeof PARTS): boolean => data !== null && !onlyChanged && says(PARTS[part], text);
  const others = has('app') || has('rules') || has('levels');

  useEffect(() => {
    if (id === null || !ready) return;
    const row = document.getElementById(`setting-${id}`);
    row?.scrollIntoView({ block: 'center' });
    row?.querySelector<HTMLElement>('input, select, textarea, button')?.focus({ preventScroll: true });
  }, [id, ready]);

  return (
    <Screen
      title="Settings"
      actions={
        <Button kind="quiet" onClick={() => openDialog({ kind: 'welcome' })}>
          First steps…
        </Button>
      }
    >
      <div className="flex flex-wrap items-center gap-2">
        <input
          type="search"
          aria-label="Find a setting"
          placeholder="Find a setting by its name, key or meaning"
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
          className="field min-w-60 flex-1"
        />
        <Button kind="quiet" aria-pressed={onlyChanged} onClick={() => setOnlyChanged(!onlyChanged)}>
          {data ? `${count(differing, 'setting')} changed` : 'Changed'}
        </Button>
      </div>
      <p role="status" className="sr-only">
        {narrowed && `${shown.length} settings found`}
      </p>
      <Problem text={error} />
      {data?.problems.map((problem) => (
        <Problem key={problem} text={problem} />
      ))}
      {!data && !error && <Skeleton rows={8} label="Reading the settings" />}
      {!narrowed && data && <File file={data.file} exists={data.exists} />}
      {data && id !== null && !fields.some(({ key }) => key === id) && <Nothing>There is no setting “{id}”.</Nothing>}
      {/* Above a setting that a link names it would push that away as it comes. */}
      {has('app') && id === null && <AppPart />}
      {data && groups.length === 0 && !others && (
        <Nothing>
          {onlyChanged && text.trim() === '' ? 'Every setting has its default.' : `No setting says “${text.trim()}”.`}
        </Nothing>
      )}
      {groups.length > 0 && (
        <div className="flex flex-col gap-2">
          {groups.map((group) => {
            const own = shown.filter((field) => field.group === group);
            const open = narrowed || own.some(({ key }) => key === id);
            return (
              <Group key={group} title={group} changed={own.filter((field) => field.changed).length} open={open}>
                {own
                  .filter((field) => !isOff(field, fields))
                  .map((field) => (
                    <SettingRow key={field.key} field={field} onConflict={reload} />
                  ))}
              </Group>
            );
          })}
        </div>
      )}
      {has('app') && id !== null && <AppPart />}
      {has('rules') && <RuleList />}
      {has('levels') && <LevelTable />}
    </Screen>
  );
}

interface GroupProps {
  title: string;
  changed: number;
  /** Whatever the person chose. */
  open: boolean;
  children: ReactNode;
}

/** The settings of one part of the program, behind their name until they are wanted. */
function Group({ title, changed, open, children }: GroupProps) {
  const [wanted, setWanted] = useState(false);
  const isOpen = open || wanted;
  return (
    <section aria-label={title} className="card">
      <h2>
        <button
          type="button"
          data-item
          aria-expanded={isOpen}
          onClick={() => setWanted(!isOpen)}
          className="flex min-h-9 w-full items-center gap-3 rounded-card px-3 text-left hover:bg-sunken/45"
        >
          <span className="font-strong">{title}</span>
          <span className="ml-auto text-small font-normal text-ink-2">{changed > 0 ? `${changed} changed` : ''}</span>
        </button>
      </h2>
      {isOpen && <ul className="divide-y divide-line border-t border-line">{children}</ul>}
    </section>
  );
}

function File({ file, exists }: { file: string; exists: boolean }) {
  const demo = useMirror((snapshot) => snapshot.engine.demo);
  return (
    <div className="card flex flex-wrap items-center gap-3 p-3">
      <div className="min-w-0 flex-1">
        <p className="font-mono text-[0.75rem] wrap-anywhere select-text">{file}</p>
        <p className="mt-1 text-small text-ink-3">
          {exists
            ? 'The same file, by hand or from here: a change is in force at once, and your comments stay.'
            : 'It is made with your first change; until then everything has its default.'}
          {demo && ' The demo has defaults of its own where a promotion would otherwise take a month.'}
        </p>
      </div>
      <Button onClick={() => void copyText(file, 'The path')}>Copy the path</Button>
    </div>
  );
}

/** The fields of a part that is switched off say nothing. */
const isOff = ({ partOf }: SettingField, fields: readonly SettingField[]): boolean =>
  partOf !== null && fields.find(({ key }) => key === partOf)?.value === null;

function fits(
  { key, label, hint, group, partOf }: SettingField,
  text: string,
  fields: readonly SettingField[],
): boolean {
  const part = fields.find((one) => one.key === partOf);
  return says(`${key} ${label} ${hint ?? ''} ${group} ${part?.label ?? ''}`, text);
}

/** Every word of `text` stands there, in any order and case. */
const says = (all: string, text: string): boolean =>
  text
    .trim()
    .toLowerCase()
    .split(/\s+/)
    .every((word) => all.toLowerCase().includes(word));
