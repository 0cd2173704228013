import { useEffect } from 'react';
import { routeOf } from '../route.ts';
import { isTyping, moveFocus } from '../ui/keyboard.ts';
import { openDialog } from '../ui.ts';

/** The keys of the whole page. A card answers its own; an open dialog keeps all of them. */
export function useKeys(): void {
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (event.defaultPrevented || document.querySelector('dialog[open]')) return;
      if (event.key === 'Escape') escape(event);
      else if (!isTyping(event.target) && !event.metaKey && !event.ctrlKey && !event.altKey) plain(event);
    };
    document.addEventListener('keydown', press);
    return () => document.removeEventListener('keydown', press);
  }, []);
}

function escape(event: KeyboardEvent): void {
  const typing = isTyping(event.target) && event.target instanceof HTMLElement ? event.target : null;
  const shell = routeOf(window.location.hash).view === 'popover' ? window.tenure : undefined;
  if (!typing && !shell) return;
  // The shell hides its popover at an Escape that the page did not use.
  event.preventDefault();
  if (typing) typing.blur();
  else shell?.hide();
}

function plain(event: KeyboardEvent): void {
  const act = {
    ArrowDown: () => moveFocus('next'),
    j: () => moveFocus('next'),
    ArrowUp: () => moveFocus('previous'),
    k: () => moveFocus('previous'),
    Home: () => moveFocus('first'),
    End: () => moveFocus('last'),
    n: () => document.querySelector<HTMLElement>('[data-prompt]')?.focus(),
    '?': () => openDialog({ kind: 'keys' }),
  }[event.key];
  // Arrows inside what scrolls (a long command, a transcript) scroll it.
  const scrolls =
    event.key.startsWith('Arrow') && event.target instanceof Element && event.target.matches('.command, .virtual');
  if (!act || scrolls) return;
  event.preventDefault();
  act();
}
