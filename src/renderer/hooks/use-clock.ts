import { useSyncExternalStore } from 'react';

/** One clock for the whole page: ticks each second while somebody looks and something shows it. */
const listeners = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | null = null;
let now = present();

/** Whole seconds: read twice in one render it is the same. */
function present(): number {
  return Math.floor(Date.now() / 1_000) * 1_000;
}

function tick(): void {
  now = present();
  for (const listener of listeners) listener();
}

function arm(): void {
  const wanted = listeners.size > 0 && !document.hidden;
  if (wanted && timer === null) timer = setInterval(tick, 1_000);
  if (!wanted && timer !== null) {
    clearInterval(timer);
    timer = null;
  }
}

function subscribe(listener: () => void): () => void {
  if (listeners.size === 0) document.addEventListener('visibilitychange', look);
  listeners.add(listener);
  arm();
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0) document.removeEventListener('visibilitychange', look);
    arm();
  };
}

function look(): void {
  if (!document.hidden) tick();
  arm();
}

const read = () => {
  // Without listeners the clock stands; whoever comes first sees the present.
  if (listeners.size === 0) now = present();
  return now;
};

/**
 * Something told from the present (epoch milliseconds, to the second). It renders only when what is told
 * changes: a time of day costs nothing while a countdown runs beside it.
 */
export function useClock<T extends string | number | boolean>(tell: (now: number) => T): T {
  return useSyncExternalStore(subscribe, () => tell(read()));
}
