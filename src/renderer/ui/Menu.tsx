import { Menu as Base } from '@base-ui/react/menu';
import type { RefObject } from 'react';
import { Tick } from './Signs.tsx';

export interface MenuEntry {
  id: string;
  words: string;
  /** One of a few of which one holds: whether it is this one. Undefined: something to do. */
  chosen?: boolean;
  run: () => void;
}

interface MenuProps {
  label: string;
  /** What it opens at, and gives the focus back to. */
  anchor: RefObject<HTMLElement | null>;
  /** Groups, with a line between them. */
  groups: readonly (readonly MenuEntry[])[];
  onClose: () => void;
}

/** What can be chosen or done, at a button that knows nothing of it until it is pressed. Open as long as it is there. */
export function Menu({ label, anchor, groups, onClose }: MenuProps) {
  return (
    <Base.Root
      open
      onOpenChange={(open) => {
        if (!open) onClose();
      }}
    >
      <Base.Portal>
        <Base.Positioner anchor={anchor} className="above" align="start" sideOffset={4} collisionPadding={8}>
          <Base.Popup data-above finalFocus={anchor} aria-label={label} className="menu appear">
            {groups
              .filter((group) => group.length > 0)
              .map((group, n) => (
                <Base.Group key={group[0]?.id} className={n > 0 ? 'menu-group' : undefined}>
                  {group.map((entry) => (
                    <Entry key={entry.id} entry={entry} />
                  ))}
                </Base.Group>
              ))}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}

function Entry({ entry: { words, chosen, run } }: { entry: MenuEntry }) {
  // What is run may open something of its own: the menu gives the focus back first.
  const act = () => queueMicrotask(run);
  if (chosen === undefined) {
    return (
      <Base.Item className="menu-item" label={words} onClick={act}>
        <span className="min-w-0 truncate">{words}</span>
      </Base.Item>
    );
  }
  return (
    <Base.CheckboxItem className="menu-item" label={words} checked={chosen} closeOnClick onClick={act}>
      <Base.CheckboxItemIndicator className="menu-tick">
        <Tick />
      </Base.CheckboxItemIndicator>
      <span className="min-w-0 truncate">{words}</span>
    </Base.CheckboxItem>
  );
}
