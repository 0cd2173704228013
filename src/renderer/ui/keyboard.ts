/** Where the page runs; the shell tells, a browser is asked. Without either (a test) it is no Mac. */
const isMac =
  typeof window === 'undefined'
    ? false
    : window.tenure
      ? window.tenure.platform === 'darwin'
      : /mac|iphone|ipad/i.test(navigator.platform);

const NAMES: Readonly<Record<string, string>> = {
  ...(isMac ? { mod: '⌘', shift: '⇧', Enter: '↩', Backspace: '⌫' } : { mod: 'Ctrl', shift: 'Shift' }),
  ArrowUp: '↑',
  ArrowDown: '↓',
  ArrowLeft: '←',
  ArrowRight: '→',
  Escape: 'Esc',
};

/** Keys as this platform writes them: `mod+k` is ⌘K or Ctrl+K, `g s` is G S, one after the other. */
export function keyWords(keys: string): string {
  const one = (key: string): string => NAMES[key] ?? (key.length === 1 ? key.toUpperCase() : key);
  return keys
    .split(' ')
    .map((both) =>
      both
        .split('+')
        .map(one)
        .join(isMac ? '' : '+'),
    )
    .join(' ');
}

/** The keys that are named beside what they do. */
export const KEYS = {
  approve: keyWords('mod+Enter'),
  deny: keyWords('mod+Backspace'),
  launch: keyWords('mod+Enter'),
  undo: keyWords('mod+z'),
};

/** A pressed key in that form; the second of two is put together by whoever waits for it. */
export function pressed(event: {
  key: string;
  metaKey: boolean;
  ctrlKey: boolean;
  shiftKey: boolean;
  altKey: boolean;
}): string {
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  const letter = /^[a-z]$/.test(key);
  return `${isCommand(event) ? 'mod+' : ''}${event.shiftKey && letter ? 'shift+' : ''}${key}`;
}

/** The command key: ⌘ or Ctrl. Either works anywhere. */
export function isCommand(event: { metaKey: boolean; ctrlKey: boolean; altKey: boolean }): boolean {
  return (event.metaKey || event.ctrlKey) && !event.altKey;
}

/** True where letters are text and arrows move a caret, or where both choose from a list. */
export function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.matches('input, textarea, [role=combobox], [contenteditable]');
}

/** True while a dialog, a menu or a list is open above the page: the keys are theirs. A list that was open stays, hidden. */
export const isCovered = (): boolean => document.querySelector('[data-above][data-open]') !== null;

/** Moves the focus among the items of the screen, cards and rows alike, in the order they stand in. */
export function moveFocus(to: 'next' | 'previous' | 'first' | 'last'): void {
  // What is out of sight (the list beside a wide screen) cannot take the focus.
  const items = [...document.querySelectorAll<HTMLElement>('[data-item]')].filter((item) => item.checkVisibility());
  const at = items.findIndex((item) => item.contains(document.activeElement));
  const aim = {
    next: at + 1,
    previous: at < 0 ? items.length - 1 : at - 1,
    first: 0,
    last: items.length - 1,
  }[to];
  focusItem(items[Math.max(0, Math.min(items.length - 1, aim))]);
}

/** The item after this one that still waits, or the one before: where the focus goes when this is done. */
export function leaveItem(item: Element | null | undefined): void {
  const items = [...document.querySelectorAll<HTMLElement>('[data-item]:not([data-done])')];
  const rest = items.filter((other) => other !== item);
  const at = rest.findIndex((other) => item && item.compareDocumentPosition(other) & Node.DOCUMENT_POSITION_FOLLOWING);
  const nearest = at < 0 ? rest.toReversed() : [...rest.slice(at), ...rest.slice(0, at).toReversed()];
  // Others may go with it, as the session that it was about, which stands in another group then.
  queueMicrotask(() => focusItem(nearest.find((other) => other.isConnected && other.checkVisibility())));
}

function focusItem(item: HTMLElement | undefined): void {
  const stop = item?.matches('a, button, [tabindex]')
    ? item
    : item?.querySelector<HTMLElement>('a, button, [tabindex]');
  stop?.focus({ preventScroll: true });
  item?.scrollIntoView({ block: 'nearest' });
}
