import { Autocomplete } from '@base-ui/react/autocomplete';
import { Dialog } from '@base-ui/react/dialog';
import { type KeyboardEvent, useRef } from 'react';
import { useFocusBack } from './focus-back.ts';
import { keyWords } from './keyboard.ts';

/** Something that can be found by its name and picked. */
export interface Findable {
  id: string;
  name: string;
  group: string;
  keys: readonly string[];
  /** The sentence why it cannot be picked now; null when it can. */
  why: string | null;
}

interface FinderProps<T extends Findable> {
  /** What it is, and the names of its field and its list, for a screen reader. */
  label: string;
  field: string;
  list: string;
  placeholder: string;
  text: string;
  onType: (text: string) => void;
  /** What fits the text, the best first. */
  found: readonly T[];
  onPick: (entry: T) => void;
  onClose: () => void;
}

/** A field above everything with what fits below it; the keyboard stays in the field. */
export function Finder<T extends Findable>(props: FinderProps<T>) {
  const { label, field, list, placeholder, text, onType, found, onPick, onClose } = props;
  const input = useRef<HTMLInputElement>(null);
  const focusBack = useFocusBack();
  return (
    <Dialog.Root
      open
      onOpenChange={(open) => {
        if (!open) onClose();
      }}
    >
      <Dialog.Portal>
        <Dialog.Backdrop className="veil" />
        <Dialog.Viewport className="sheet-place">
          <Dialog.Popup
            data-above
            aria-label={label}
            initialFocus={input}
            finalFocus={focusBack}
            className="sheet palette appear"
          >
            <Autocomplete.Root
              inline
              open
              items={found}
              filter={null}
              value={text}
              // What is picked is done, not written into the field.
              onValueChange={(typed, { reason }) => {
                if (reason !== 'item-press') onType(typed);
              }}
              itemToStringValue={({ name }: T) => name}
              autoHighlight="always"
              keepHighlight
            >
              <Autocomplete.Input
                ref={input}
                aria-label={field}
                placeholder={placeholder}
                spellCheck={false}
                onKeyDown={(event) => void turnPage(event)}
                className="w-full border-b border-line bg-transparent px-4 py-3 text-title outline-none"
              />
              <Autocomplete.List
                aria-label={list}
                className="@container max-h-80 shrink overflow-y-auto p-1.5 empty:hidden"
              >
                {(entry: T) => <Option key={entry.id} entry={entry} onPick={() => onPick(entry)} />}
              </Autocomplete.List>
              <Autocomplete.Empty className="px-4 py-4 text-ink-2 empty:hidden">
                Nothing is called “{text.trim()}”.
              </Autocomplete.Empty>
              <Autocomplete.Status className="sr-only">{found.length} found</Autocomplete.Status>
            </Autocomplete.Root>
          </Dialog.Popup>
        </Dialog.Viewport>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

/** How far Page Up and Page Down go. */
const PAGE = 8;

/** A page of the list is so many presses of an arrow; at its ends it stays, where an arrow would go round. */
async function turnPage(event: KeyboardEvent<HTMLInputElement>): Promise<void> {
  const down = event.key === 'PageDown';
  if (!down && event.key !== 'PageUp') return;
  event.preventDefault();
  const input = event.currentTarget;
  const options = [...(document.getElementById(input.getAttribute('aria-controls') ?? '')?.children ?? [])];
  const at = options.findIndex(({ id }) => id === input.getAttribute('aria-activedescendant'));
  const steps = Math.min(PAGE, down ? options.length - 1 - at : at);
  for (let step = 0; step < steps; step++) {
    input.dispatchEvent(new window.KeyboardEvent('keydown', { key: down ? 'ArrowDown' : 'ArrowUp', bubbles: true }));
    // The list counts from what it shows: each step is drawn before the next one.
    await Promise.resolve();
  }
}

function Option({ entry, onPick }: { entry: Findable; onPick: () => void }) {
  const { name, group, keys, why } = entry;
  // “Answer atlas-api” says itself what it is.
  const beside = why !== null ? 'not now' : name.startsWith(group) ? null : group;
  return (
    <Autocomplete.Item
      value={entry}
      title={why ?? undefined}
      onClick={onPick}
      className={`flex min-h-8 items-center gap-3 rounded-control px-2.5 data-highlighted:bg-chosen ${why === null ? '' : 'text-ink-3'}`}
    >
      <span className="min-w-0 flex-1 truncate">{name}</span>
      {beside && <span className="shrink-0 text-small text-ink-2 @max-[22rem]:hidden">{beside}</span>}
      {(beside || keys.length > 0) && (
        <kbd className="min-w-12 shrink-0 text-right text-small text-ink-2 empty:@max-[22rem]:hidden">
          {keys[0] && keyWords(keys[0])}
        </kbd>
      )}
    </Autocomplete.Item>
  );
}
