import { lazy, Suspense, useEffect } from 'react';
import { LiveRegion } from './features/popover/LiveRegion.tsx';
import { Popover } from './features/popover/Popover.tsx';
import { Nobody, SignedOut, Waiting } from './features/popover/SignedOut.tsx';
import { useDrop } from './hooks/use-drop.ts';
import { useKeys } from './hooks/use-keys.ts';
import { mirror, useHasSnapshot, useLink } from './mirror.ts';
import { useRoute } from './route.ts';
import { Mishap } from './ui/Mishap.tsx';
import { StrictStyles } from './ui/StrictStyles.tsx';
import { openDialog, useUi, wasWelcomed } from './ui.ts';

const Window = lazy(() => import('./features/window/Window.tsx').then((module) => ({ default: module.Window })));
const loadDialogs = () => import('./features/window/Dialogs.tsx');
const loadMenu = () => import('./ui/Menu.tsx');
const Toasts = lazy(() => import('./ui/Toasts.tsx').then((module) => ({ default: module.Toasts })));
const Tips = lazy(() => import('./ui/Tips.tsx').then((module) => ({ default: module.Tips })));
const Dialogs = lazy(() => loadDialogs().then((module) => ({ default: module.Dialogs })));

/** The page: what the link allows to be shown, by the hash, with dialogs above. */
export function App({ retry }: { retry: () => void }) {
  const link = useLink();
  const known = useHasSnapshot();
  const route = useRoute();
  const dialog = useUi((state) => state.dialog);
  const dropping = useDrop();
  useKeys();
  // What keys open is to be there at once; nobody waits for it now.
  useEffect(() => {
    if (known) requestIdleCallback(() => void Promise.all([loadDialogs(), loadMenu()]), { timeout: 2_000 });
  }, [known]);

  // The app opens the first steps by itself, once; a browser offers them where there is no project yet.
  useEffect(() => {
    const fresh = mirror.getState().snapshot?.projects.length === 0;
    if (known && fresh && window.tenure && !wasWelcomed()) openDialog({ kind: 'welcome' });
  }, [known]);

  if (link.state === 'signed-out') return <SignedOut />;
  if (!known) return link.state === 'offline' ? <Nobody retry={retry} /> : <Waiting />;
  return (
    <StrictStyles>
      {route.view === 'popover' ? (
        <div className="stage">
          <Popover retry={retry} />
        </div>
      ) : (
        <Mishap>
          <Suspense fallback={null}>
            <Window route={route} retry={retry} />
          </Suspense>
        </Mishap>
      )}
      {dialog && (
        <Mishap of={dialog.kind} said="above">
          <Suspense fallback={null}>
            <Dialogs dialog={dialog} />
          </Suspense>
        </Mishap>
      )}
      {dropping && <div className="drop-here">Drop the folder to add it as a project</div>}
      <Mishap said="not">
        <Suspense fallback={null}>
          <Toasts />
          <Tips />
        </Suspense>
      </Mishap>
      <LiveRegion />
    </StrictStyles>
  );
}
