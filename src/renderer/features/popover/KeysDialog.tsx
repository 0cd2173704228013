import { ACTIONS, GROUPS, PART_KEYS } from '../../actions.ts';
import { Button } from '../../ui/Button.tsx';
import { Dialog, DialogActions } from '../../ui/Dialog.tsx';
import { keyWords } from '../../ui/keyboard.ts';
import { closeDialog } from '../../ui.ts';

const words = (keys: readonly string[], between: string): string => keys.map(keyWords).join(between);

/** Every key: what the page does with it, then what the focused part does. */
export function KeysDialog() {
  const withKeys = ACTIONS.filter(({ keys }) => keys);
  return (
    <Dialog title="Keys" onClose={closeDialog}>
      {/* The list is read from its beginning; the button at its end would take the page there. */}
      <p data-first tabIndex={-1} className="text-ink-2 outline-none">
        The palette ({keyWords('mod+k')}) finds what has no key.
      </p>
      <Keys title="Here, now" rows={PART_KEYS.map(([keys, what]) => [words(keys, ' '), what])} />
      {GROUPS.map((group) => (
        <Keys
          key={group}
          title={group}
          rows={withKeys.filter((one) => one.group === group).map(({ keys = [], name }) => [words(keys, ' or '), name])}
        />
      ))}
      <DialogActions>
        <Button onClick={closeDialog}>Close</Button>
      </DialogActions>
    </Dialog>
  );
}

function Keys({ title, rows }: { title: string; rows: readonly (readonly [keys: string, what: string])[] }) {
  if (rows.length === 0) return null;
  return (
    <section aria-label={title} className="flex flex-col gap-1.5">
      <h3 className="text-small text-ink-3">{title}</h3>
      <dl className="flex flex-col gap-1">
        {rows.map(([keys, what]) => (
          <div key={what} className="flex flex-wrap gap-x-4">
            <dt className="w-30">
              <kbd className="font-sans font-strong">{keys}</kbd>
            </dt>
            <dd className="min-w-40 flex-1 text-ink-2">{what}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
