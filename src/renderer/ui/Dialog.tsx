import { type ReactNode, useEffect, useId, useRef } from 'react';

interface DialogProps {
  title: string;
  onClose: () => void;
  children: ReactNode;
}

/**
 * A sheet over everything: the platform's own dialog, which keeps the focus inside, gives it back to
 * where it came from and closes on Esc.
 */
export function Dialog({ title, onClose, children }: DialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  useEffect(() => {
    const shown = dialog.current;
    shown?.showModal();
    // What the dialog is about, where that is not what comes first.
    shown?.querySelector<HTMLElement>('[data-first]')?.focus();
    if (shown) shown.scrollTop = 0;
    return () => shown?.close();
  }, []);
  return (
    <dialog ref={dialog} aria-labelledby={id} onClose={onClose} className="appear">
      <div className="flex flex-col gap-4 p-5">
        <h2 id={id} className="text-title font-strong">
          {title}
        </h2>
        {children}
      </div>
    </dialog>
  );
}

/** The answers of a dialog, the one that acts first. */
export function DialogActions({ children }: { children: ReactNode }) {
  return <div className="flex flex-wrap items-center gap-2">{children}</div>;
}
