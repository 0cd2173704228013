import { Toast } from '@base-ui/react/toast';
import { useEffect } from 'react';
import { type Toast as Done, dropToast, useUi } from '../ui.ts';
import { KEYS } from './keyboard.ts';

const SHOWN_MS = 6_000;
const MOST = 3;
/** A group and not a dialog: nothing has to be answered. */
const QUIET = { role: 'group', 'aria-modal': undefined };

/** What was just done, and the way back where there is one: shown, said aloud, and held while it is looked at. */
export function Toasts() {
  return (
    <Toast.Provider timeout={SHOWN_MS} limit={MOST}>
      <Shown />
    </Toast.Provider>
  );
}

function Shown() {
  const { toasts, add, close } = Toast.useToastManager<Done>();
  const wanted = useUi((state) => state.toasts);
  // What is shown follows what is wanted, not the other way round.
  useEffect(() => {
    for (const one of wanted) {
      const id = String(one.id);
      if (toasts.some((shown) => shown.id === id)) continue;
      add({ id, data: one, onClose: () => dropToast(one.id) });
    }
    for (const { id, transitionStatus } of toasts) {
      if (transitionStatus !== 'ending' && !wanted.some((one) => String(one.id) === id)) close(id);
    }
  }, [wanted, toasts, add, close]);
  return (
    <Toast.Portal>
      <Toast.Viewport aria-label="Just done" className="toasts">
        {toasts.map((shown) => (
          <Toast.Root key={shown.id} toast={shown} {...QUIET} className="toast appear">
            <Toast.Description className="min-w-0 flex-1 wrap-anywhere">
              {shown.data?.text}
              {shown.data?.undo && <span className="sr-only"> Undo with {KEYS.undo}.</span>}
            </Toast.Description>
            {shown.data?.undo && (
              <Toast.Action
                className="link font-strong"
                title={KEYS.undo}
                onClick={() => {
                  shown.data?.undo?.();
                  dropToast(shown.data?.id ?? 0);
                }}
              >
                Undo
              </Toast.Action>
            )}
          </Toast.Root>
        ))}
      </Toast.Viewport>
    </Toast.Portal>
  );
}
