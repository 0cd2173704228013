import { type KeyboardEvent, useEffect, useId, useMemo, useRef, useState } from 'react';
import { useQuery } from '../../hooks/use-query.ts';
import { useMirror } from '../../mirror.ts';
import { keyWords } from '../../ui/keyboard.ts';
import { closeDialog, toast } from '../../ui.ts';
import { entriesNow, entriesOf, entriesOfSettings } from './entries.ts';
import { type Entry, findEntries } from './find.ts';

/** Every action by its name: typed, chosen, done. */
export function Palette() {
  const now = useMirror((snapshot) => snapshot);
  const commands = useQuery('system.commands', {});
  const settings = useQuery('config.get', {});
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  const [text, setText] = useState('');
  const [at, setAt] = useState(0);
  const entries = useMemo(
    () => [...entriesNow(now), ...entriesOfSettings(settings.data?.fields ?? []), ...entriesOf(commands.data ?? [])],
    [now, settings.data, commands.data],
  );
  const found = useMemo(() => findEntries(entries, text), [entries, text]);
  const chosen = Math.min(at, found.length - 1);

  useEffect(() => {
    const shown = dialog.current;
    shown?.showModal();
    return () => shown?.close();
  }, []);
  useEffect(() => {
    document.getElementById(`${id}-${chosen}`)?.scrollIntoView({ block: 'nearest' });
  }, [id, chosen]);

  const run = (entry: Entry | undefined) => {
    if (!entry) return;
    if (entry.why !== null) return toast(entry.why);
    closeDialog();
    // The dialog gives the focus back first: what is run may want it elsewhere.
    queueMicrotask(entry.run);
  };
  const keys = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8 }[event.key];
    if (event.key === 'Enter') run(found[chosen]);
    else if (step) setAt(Math.max(0, Math.min(found.length - 1, chosen + step)));
    else return;
    event.preventDefault();
  };

  return (
    <dialog ref={dialog} aria-label="Find any action" onClose={closeDialog} className="palette appear">
      <input
        type="text"
        role="combobox"
        aria-label="Action"
        aria-expanded="true"
        aria-controls={id}
        aria-activedescendant={chosen >= 0 ? `${id}-${chosen}` : undefined}
        aria-autocomplete="list"
        placeholder="What do you want to do?"
        autoComplete="off"
        spellCheck={false}
        value={text}
        onChange={(event) => {
          setText(event.currentTarget.value);
          setAt(0);
        }}
        onKeyDown={keys}
        className="w-full border-b border-line bg-transparent px-4 py-3 text-title outline-none"
      />
      <div id={id} role="listbox" aria-label="Actions" className="max-h-80 overflow-y-auto p-1.5">
        {found.map((entry, n) => (
          <Option
            key={entry.id}
            id={`${id}-${n}`}
            entry={entry}
            chosen={n === chosen}
            onPoint={() => setAt(n)}
            onRun={() => run(entry)}
          />
        ))}
      </div>
      {found.length === 0 && <p className="px-4 pb-4 text-ink-2">No action is called “{text.trim()}”.</p>}
      <p role="status" className="sr-only">
        {found.length} actions
      </p>
    </dialog>
  );
}

interface OptionProps {
  id: string;
  entry: Entry;
  chosen: boolean;
  onPoint: () => void;
  onRun: () => void;
}

function Option({ id, entry: { name, group, keys, why }, chosen, onPoint, onRun }: OptionProps) {
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the keyboard is with the field above, which names this as its active descendant.
    <div
      id={id}
      role="option"
      tabIndex={-1}
      aria-selected={chosen}
      aria-disabled={why !== null || undefined}
      title={why ?? undefined}
      onPointerMove={onPoint}
      onClick={onRun}
      className={`flex min-h-8 items-center gap-3 rounded-control px-2.5 ${chosen ? 'bg-track' : ''} ${why === null ? '' : 'text-ink-3'}`}
    >
      <span className="min-w-0 flex-1 truncate">{name}</span>
      <span className="shrink-0 text-small text-ink-2">{why === null ? group : 'not now'}</span>
      {keys.length > 0 && <kbd className="shrink-0 text-small text-ink-2">{keyWords(keys[0] ?? '')}</kbd>}
    </div>
  );
}
