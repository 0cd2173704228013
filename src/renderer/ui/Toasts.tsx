import { useEffect, useState } from 'react';
import { dropToast, type Toast, useUi } from '../ui.ts';
import { KEYS } from './keyboard.ts';

const SHOWN_MS = 6_000;

/** What was just done, and the way back where there is one. The live region says it; this is for the eye and the hand. */
export function Toasts() {
  const toasts = useUi((state) => state.toasts);
  if (toasts.length === 0) return null;
  return (
    <section aria-label="Just done" className="toasts">
      {toasts.map((toast) => (
        <ToastView key={toast.id} toast={toast} />
      ))}
    </section>
  );
}

function ToastView({ toast }: { toast: Toast }) {
  const [held, setHeld] = useState(false);
  useEffect(() => {
    if (held) return;
    const timer = setTimeout(() => dropToast(toast.id), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [held, toast.id]);
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: it is held while it is looked at; nothing is done by it.
    <div
      className="toast appear"
      onPointerEnter={() => setHeld(true)}
      onPointerLeave={() => setHeld(false)}
      onFocus={() => setHeld(true)}
      onBlur={() => setHeld(false)}
    >
      <p className="min-w-0 flex-1 wrap-anywhere">{toast.text}</p>
      {toast.undo && (
        <button
          type="button"
          className="link font-strong"
          title={KEYS.undo}
          onClick={() => {
            toast.undo?.();
            dropToast(toast.id);
          }}
        >
          Undo
        </button>
      )}
    </div>
  );
}
