import { Popover } from '@base-ui/react/popover';
import type { ReactNode, RefObject } from 'react';

interface BubbleProps {
  label: string;
  /** What it opens at, and gives the focus back to. */
  anchor: RefObject<HTMLElement | null>;
  onClose: () => void;
  children: ReactNode;
}

/** A little form at the button that asked for it. Open as long as it is there. */
export function Bubble({ label, anchor, onClose, children }: BubbleProps) {
  return (
    <Popover.Root
      open
      onOpenChange={(open) => {
        if (!open) onClose();
      }}
    >
      <Popover.Portal>
        <Popover.Positioner anchor={anchor} className="above" align="start" sideOffset={6} collisionPadding={8}>
          <Popover.Popup data-above aria-label={label} finalFocus={anchor} className="bubble appear">
            {children}
          </Popover.Popup>
        </Popover.Positioner>
      </Popover.Portal>
    </Popover.Root>
  );
}
