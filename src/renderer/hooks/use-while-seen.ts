import { useEffect } from 'react';

/**
 * Runs it every so many milliseconds while somebody sees the page, and once when it is seen again; a hidden page
 * has no timer. Give a function that stays the same.
 */
export function useWhileSeen(run: () => void, ms: number, on = true): void {
  useEffect(() => {
    if (!on) return;
    let timer: ReturnType<typeof setInterval> | undefined;
    const arm = () => {
      clearInterval(timer);
      timer = document.hidden ? undefined : setInterval(run, ms);
    };
    const look = () => {
      arm();
      if (!document.hidden) run();
    };
    arm();
    document.addEventListener('visibilitychange', look);
    return () => {
      clearInterval(timer);
      document.removeEventListener('visibilitychange', look);
    };
  }, [run, ms, on]);
}
