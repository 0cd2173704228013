import { AlertDialog } from '@base-ui/react/alert-dialog';
import { Dialog as Base } from '@base-ui/react/dialog';
import { type ReactNode, useRef } from 'react';
import { useFocusBack } from './focus-back.ts';

interface DialogProps {
  title: string;
  onClose: () => void;
  /** It asks before something that cannot be brought back: an alert dialog. */
  grave?: boolean;
  children: ReactNode;
}

/**
 * A sheet over everything: it keeps the focus inside, gives it back to where it came from and closes on
 * Esc. A press beside it closes nothing, for what was typed would be lost.
 */
export function Dialog({ title, onClose, grave = false, children }: DialogProps) {
  const popup = useRef<HTMLDivElement>(null);
  const focusBack = useFocusBack();
  const close = (open: boolean) => {
    if (!open) onClose();
  };
  const sheet = (
    <Base.Portal>
      <Base.Backdrop className="veil" />
      <Base.Viewport className="sheet-place">
        <Base.Popup
          ref={popup}
          data-above
          // What the dialog is about, or the harmless answer, where that is not what comes first.
          initialFocus={() => popup.current?.querySelector<HTMLElement>('[data-first]') ?? true}
          finalFocus={focusBack}
          className="sheet appear"
        >
          <Base.Title className="text-title font-strong">{title}</Base.Title>
          {children}
        </Base.Popup>
      </Base.Viewport>
    </Base.Portal>
  );
  return grave ? (
    <AlertDialog.Root open onOpenChange={close}>
      {sheet}
    </AlertDialog.Root>
  ) : (
    <Base.Root open onOpenChange={close} disablePointerDismissal>
      {sheet}
    </Base.Root>
  );
}

/** The answers of a dialog, the one that acts first. They stay in sight, however long it is. */
export function DialogActions({ children }: { children: ReactNode }) {
  return (
    <div className="sheet-actions">
      <div className="flex flex-wrap items-center gap-2">{children}</div>
    </div>
  );
}
