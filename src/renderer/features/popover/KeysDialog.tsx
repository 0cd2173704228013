import { ACTIONS, GROUPS, PART_KEYS } from '../../actions.ts';
import { Button } from '../../ui/Button.tsx';
import { Dialog, DialogActions } from '../../ui/Dialog.tsx';
import { KEYS, keyWords } from '../../ui/keyboard.ts';
import { closeDialog } from '../../ui.ts';

const SIGNS: Readonly<Record<string, string>> = { ArrowDown: '↓', ArrowUp: '↑' };
const words = (keys: readonly string[]): string => keys.map((one) => SIGNS[one] ?? keyWords(one)).join('  or  ');
const isNamed = (keys: string): keys is keyof typeof KEYS => keys in KEYS;

/** Every key: what the page does with it, then what the focused part does. */
export function KeysDialog() {
  const withKeys = ACTIONS.filter(({ keys }) => keys);
  return (
    <Dialog title="Keys" onClose={closeDialog}>
      {/* The list is read from its beginning; the button at its end would take the page there. */}
      <p data-first tabIndex={-1} className="text-ink-2 outline-none">
        The palette ({keyWords('mod+k')}) finds what has no key.
      </p>
      <Keys title="Here, now" rows={PART_KEYS.map(([keys, what]) => [isNamed(keys) ? KEYS[keys] : keys, what])} />
      {GROUPS.map((group) => (
        <Keys
          key={group}
          title={group}
          rows={withKeys.filter((one) => one.group === group).map(({ keys = [], name }) => [words(keys), name])}
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
      <dl className="grid grid-cols-[7.5rem_1fr] gap-x-4 gap-y-1">
        {rows.map(([keys, what]) => (
          <div key={what} className="contents">
            <dt>
              <kbd className="font-sans font-strong">{keys}</kbd>
            </dt>
            <dd className="text-ink-2">{what}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
