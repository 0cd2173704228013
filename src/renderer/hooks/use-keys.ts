import { useEffect } from 'react';
import { ACTIONS, type Action, whyNotNow } from '../actions.ts';
import { mirror } from '../mirror.ts';
import { routeOf } from '../route.ts';
import { isCovered, isTyping, pressed } from '../ui/keyboard.ts';
import { setFilter, toast, ui } from '../ui.ts';

/** Within which the second of two keys has to come. */
const TOGETHER_MS = 1_000;

const BY_KEYS: ReadonlyMap<string, Action> = new Map(
  ACTIONS.flatMap((action) => (action.keys ?? []).map((keys) => [keys, action] as const)),
);
const FIRSTS = new Set([...BY_KEYS.keys()].filter((keys) => keys.includes(' ')).map((keys) => keys.split(' ')[0]));

/** The keys of the whole page. A card answers its own; what is open above it keeps all of them. */
export function useKeys(): void {
  useEffect(() => {
    let before: { key: string; at: number } | null = null;
    // Asked before anybody answers the key: what closes by it is gone when it arrives here.
    let covered = false;
    const look = () => {
      covered = isCovered();
    };
    const press = (event: KeyboardEvent) => {
      if (covered && event.key === 'Escape') event.preventDefault();
      if (covered || event.defaultPrevented || event.isComposing) return;
      if (event.key === 'Escape') return escape(event);
      const key = pressed(event);
      const free = key.startsWith('mod+') ? !isTyping(event.target) || key !== 'mod+z' : !isTyping(event.target);
      if (!free || event.altKey || ((event.metaKey || event.ctrlKey) && !key.startsWith('mod+'))) return;
      const both = before && event.timeStamp - before.at < TOGETHER_MS ? `${before.key} ${key}` : null;
      const action = (both === null ? undefined : BY_KEYS.get(both)) ?? BY_KEYS.get(key);
      before = action === undefined && FIRSTS.has(key) ? { key, at: event.timeStamp } : null;
      if (action && !scrolls(event)) act(event, action);
    };
    document.addEventListener('keydown', look, { capture: true });
    document.addEventListener('keydown', press);
    return () => {
      document.removeEventListener('keydown', look, { capture: true });
      document.removeEventListener('keydown', press);
    };
  }, []);
}

function act(event: KeyboardEvent, action: Action): void {
  const now = mirror.getState().snapshot;
  if (!now) return;
  event.preventDefault();
  const why = whyNotNow(action, now);
  if (why === null) action.run();
  else toast(why);
}

/** Arrows inside what scrolls (a long command, a transcript) scroll it. */
const scrolls = (event: KeyboardEvent): boolean =>
  event.key.startsWith('Arrow') && event.target instanceof Element && event.target.matches('.command, .virtual');

function escape(event: KeyboardEvent): void {
  const typing = isTyping(event.target) && event.target instanceof HTMLElement ? event.target : null;
  const narrowed = ui.getState().filter !== null;
  const shell = routeOf(window.location.hash).view === 'popover' ? window.tenure : undefined;
  if (!typing && !narrowed && !shell) return;
  // The shell hides its popover at an Escape that the page did not use.
  event.preventDefault();
  if (narrowed) setFilter(null);
  if (typing) typing.blur();
  else if (!narrowed) shell?.hide();
}
