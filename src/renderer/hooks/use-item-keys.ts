import { type RefObject, useEffect, useRef } from 'react';

/** Keys pressed in or on an element that is itself no control. `press` says whether it used the key. */
export function useItemKeys(element: RefObject<HTMLElement | null>, press: (event: KeyboardEvent) => boolean): void {
  const latest = useRef(press);
  useEffect(() => {
    latest.current = press;
  });
  useEffect(() => {
    const target = element.current;
    const listen = (event: KeyboardEvent) => {
      if (event.defaultPrevented || !latest.current(event)) return;
      event.preventDefault();
    };
    target?.addEventListener('keydown', listen);
    return () => target?.removeEventListener('keydown', listen);
  }, [element]);
}
