import { type PointerEvent, type RefObject, useEffect, useRef, useState } from 'react';

const IDLE_MS = 3_000;

interface Anchor {
  element: Element;
  top: number;
}

export interface Calm {
  /** True while a pointer is at work inside: nothing may be reordered or taken away. */
  held: boolean;
  scroller: RefObject<HTMLElement | null>;
  content: RefObject<HTMLDivElement | null>;
  onPointerMove: (event: PointerEvent) => void;
  onPointerLeave: () => void;
}

/**
 * Nothing moves under the pointer. While it is inside, the list is held (`held`), and whatever still
 * grows above what it points at is balanced by scrolling before the next paint. A pointer that rests for
 * three seconds holds nothing; a finger or a pen never does.
 */
export function useCalm(): Calm {
  const [held, setHeld] = useState(false);
  const scroller = useRef<HTMLElement | null>(null);
  const content = useRef<HTMLDivElement | null>(null);
  const at = useRef<{ x: number; y: number } | null>(null);
  const anchor = useRef<Anchor | null>(null);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);

  const release = () => {
    clearTimeout(timer.current);
    at.current = anchor.current = null;
    if (content.current) content.current.style.paddingBottom = '';
    setHeld(false);
  };

  useEffect(() => {
    const box = scroller.current;
    const inner = content.current;
    if (!box || !inner) return;
    const scrolled = () => {
      if (at.current) anchor.current = anchorOf(document.elementFromPoint(at.current.x, at.current.y));
    };
    const resized = new ResizeObserver(() => {
      const held = anchor.current;
      if (!held?.element.isConnected) return;
      const moved = held.element.getBoundingClientRect().top - held.top;
      if (Math.abs(moved) < 1) return;
      const room = box.scrollHeight - box.clientHeight - box.scrollTop;
      if (moved > room) inner.style.paddingBottom = `${Math.ceil(moved - room)}px`;
      box.scrollTop += moved;
    });
    resized.observe(inner);
    box.addEventListener('scroll', scrolled, { passive: true });
    return () => {
      resized.disconnect();
      box.removeEventListener('scroll', scrolled);
      clearTimeout(timer.current);
    };
  }, []);

  return {
    held,
    scroller,
    content,
    onPointerMove(event) {
      if (event.pointerType !== 'mouse') return;
      at.current = { x: event.clientX, y: event.clientY };
      anchor.current = anchorOf(event.target instanceof Element ? event.target : null);
      clearTimeout(timer.current);
      timer.current = setTimeout(release, IDLE_MS);
      setHeld(true);
    },
    onPointerLeave: release,
  };
}

function anchorOf(element: Element | null): Anchor | null {
  const item = element?.closest('[data-item]');
  return item ? { element: item, top: item.getBoundingClientRect().top } : null;
}
