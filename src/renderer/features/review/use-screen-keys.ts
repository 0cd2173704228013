import { useEffect, useRef } from 'react';
import { isCovered, isTyping } from '../../ui/keyboard.ts';

/**
 * Keys of one screen, before those of the whole page; null or none: not used here. Not while somebody
 * types, something is open above or a command key is held.
 */
export function useScreenKeys(keys: Readonly<Record<string, (() => void) | null>>): void {
  const latest = useRef(keys);
  useEffect(() => {
    latest.current = keys;
  });
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      const act = latest.current[event.key];
      if (!act || event.metaKey || event.ctrlKey || event.altKey || isTyping(event.target)) return;
      if (event.defaultPrevented || isCovered()) return;
      // A question that has the focus is answered by its numbers.
      if (/^\d$/.test(event.key) && event.target instanceof Element && event.target.closest('[data-digits]')) return;
      event.preventDefault();
      act();
    };
    // Before it bubbles to the page's own keys, which leave alone what was used.
    document.addEventListener('keydown', press, { capture: true });
    return () => document.removeEventListener('keydown', press, { capture: true });
  }, []);
}
