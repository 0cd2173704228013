import { Tooltip } from '@base-ui/react/tooltip';
import { useEffect, useState } from 'react';

const REST_MS = 500;

/**
 * What a control (`data-tip`) says about itself: why it cannot be used, its key, what it does. At once for
 * the keyboard, for a pointer that rests; one for the page. A screen reader has it as the description.
 */
export function Tips() {
  const [at, setAt] = useState<HTMLElement | null>(null);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const tipped = (target: EventTarget | null) =>
      target instanceof Element ? target.closest<HTMLElement>('[data-tip]') : null;
    const hide = () => {
      clearTimeout(timer);
      setAt(null);
    };
    const point = (event: PointerEvent) => {
      const found = event.pointerType === 'mouse' ? tipped(event.target) : null;
      clearTimeout(timer);
      timer = setTimeout(() => setAt(found), found ? REST_MS : 0);
    };
    const focus = (event: FocusEvent) => {
      const found = tipped(event.target);
      clearTimeout(timer);
      setAt(found?.matches(':focus-visible') ? found : null);
    };
    const stop = new AbortController();
    const on = { signal: stop.signal, capture: true };
    document.addEventListener('pointerover', point, on);
    document.addEventListener('focusin', focus, on);
    for (const name of ['pointerdown', 'focusout', 'scroll', 'wheel', 'visibilitychange'])
      document.addEventListener(name, hide, { ...on, passive: true });
    return () => {
      stop.abort();
      clearTimeout(timer);
    };
  }, []);
  const text = at?.isConnected ? at.dataset.tip : undefined;
  return (
    <Tooltip.Root
      open={text !== undefined}
      onOpenChange={(open) => {
        if (!open) setAt(null);
      }}
    >
      <Tooltip.Portal>
        <Tooltip.Positioner
          aria-hidden="true"
          anchor={at}
          className="above pointer-events-none"
          sideOffset={6}
          collisionPadding={8}
        >
          <Tooltip.Popup className="tip">{text}</Tooltip.Popup>
        </Tooltip.Positioner>
      </Tooltip.Portal>
    </Tooltip.Root>
  );
}
