import { useState } from 'react';

/**
 * Where the focus goes when what opens above the page closes: to what had it. A card that only the arrow keys
 * reach gets it back itself, and not the first control inside. For `finalFocus`.
 */
export function useFocusBack(): () => boolean {
  const [before] = useState(() => document.activeElement);
  return () => {
    const isCard = before instanceof HTMLElement && before !== document.body && before.tabIndex < 0;
    if (!isCard || !before.isConnected) return true;
    queueMicrotask(() => before.focus({ preventScroll: true }));
    return false;
  };
}
