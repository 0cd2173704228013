import { Autocomplete } from '@base-ui/react/autocomplete';
import { Dialog } from '@base-ui/react/dialog';
import { useMemo, useRef, useState } from 'react';
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
  const field = useRef<HTMLInputElement>(null);
  const [text, setText] = useState('');
  const entries = useMemo(
    () => [...entriesNow(now), ...entriesOfSettings(settings.data?.fields ?? []), ...entriesOf(commands.data ?? [])],
    [now, settings.data, commands.data],
  );
  const found = useMemo(() => findEntries(entries, text), [entries, text]);

  const run = (entry: Entry) => {
    if (entry.why !== null) return toast(entry.why);
    closeDialog();
    // The dialog gives the focus back first: what is run may want it elsewhere.
    setTimeout(entry.run);
  };

  return (
    <Dialog.Root open onOpenChange={(open) => open || closeDialog()}>
      <Dialog.Portal>
        <Dialog.Backdrop className="veil" />
        <Dialog.Viewport className="sheet-place">
          <Dialog.Popup data-above aria-label="Find any action" initialFocus={field} className="sheet palette appear">
            <Autocomplete.Root
              inline
              open
              items={found}
              filter={null}
              value={text}
              // What is chosen is run, not written into the field.
              onValueChange={(typed, { reason }) => reason === 'item-press' || setText(typed)}
              itemToStringValue={({ name }: Entry) => name}
              autoHighlight="always"
              keepHighlight
            >
              <Autocomplete.Input
                ref={field}
                aria-label="Action"
                placeholder="What do you want to do?"
                spellCheck={false}
                className="w-full border-b border-line bg-transparent px-4 py-3 text-title outline-none"
              />
              <Autocomplete.List aria-label="Actions" className="max-h-80 overflow-y-auto p-1.5 empty:hidden">
                {(entry: Entry) => <Option key={entry.id} entry={entry} onRun={() => run(entry)} />}
              </Autocomplete.List>
              <Autocomplete.Empty className="px-4 py-4 text-ink-2 empty:hidden">
                No action is called “{text.trim()}”.
              </Autocomplete.Empty>
              <Autocomplete.Status className="sr-only">{found.length} actions</Autocomplete.Status>
            </Autocomplete.Root>
          </Dialog.Popup>
        </Dialog.Viewport>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

function Option({ entry, onRun }: { entry: Entry; onRun: () => void }) {
  const { name, group, keys, why } = entry;
  return (
    <Autocomplete.Item
      value={entry}
      title={why ?? undefined}
      onClick={onRun}
      className={`flex min-h-8 items-center gap-3 rounded-control px-2.5 data-highlighted:bg-track ${why === null ? '' : 'text-ink-3'}`}
    >
      <span className="min-w-0 flex-1 truncate">{name}</span>
      <span className="shrink-0 text-small text-ink-2">{why === null ? group : 'not now'}</span>
      {keys.length > 0 && <kbd className="shrink-0 text-small text-ink-2">{keyWords(keys[0] ?? '')}</kbd>}
    </Autocomplete.Item>
  );
}
