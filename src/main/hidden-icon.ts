import type { Clock } from '../core/kernel/ports.ts';
import type { MenubarIcon } from './tray.ts';

/** macOS places a new icon only after a while; until then it lies nowhere, and would pass for hidden. */
const PLACED_WITHIN_MS = 2_000;
/** At login everything starts at once, and the menubar comes late: only what is still hidden then is hidden. */
const STILL_AFTER_MS = 15_000;

interface HiddenIconOptions {
  tray: Pick<MenubarIcon, 'isHidden'>;
  clock: Pick<Clock, 'after'>;
  openWindow(hash: string): void;
  /** Told what was seen. */
  tell?(hidden: boolean): void;
}

/**
 * Looks soon after the start whether macOS keeps the icon from the person; the larger window is then the way
 * in, and opens where it says how to get the icon back.
 * @returns stops waiting.
 */
export function openWhenHidden({ tray, clock, openWindow, tell }: HiddenIconOptions): () => void {
  let look = clock.after(PLACED_WITHIN_MS, () => {
    if (!tray.isHidden()) return tell?.(false);
    look = clock.after(STILL_AFTER_MS, () => {
      const hidden = tray.isHidden();
      tell?.(hidden);
      if (hidden) openWindow('#/window/health');
    });
    return undefined;
  });
  return () => look.cancel();
}
