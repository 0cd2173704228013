import { app, powerMonitor, powerSaveBlocker } from 'electron';
import { runningOf } from '../shared/running.ts';
import type { ShellEngine } from './host.ts';

/**
 * Sleep, wake and shutdown. The Mac is kept awake only while a session runs; then it would
 * otherwise nap or sleep in the middle of one.
 * @returns lets go of the system.
 */
export function watchPower(engine: Pick<ShellEngine, 'snapshot' | 'onFact' | 'wake' | 'heat'>): () => void {
  let blocker: number | null = null;
  const release = (): void => {
    if (blocker !== null) powerSaveBlocker.stop(blocker);
    blocker = null;
  };
  const follow = (): void => {
    if (runningOf(engine.snapshot()) === 0) release();
    else blocker ??= powerSaveBlocker.start('prevent-app-suspension');
  };
  const wake = (): void => engine.wake();
  const heat = ({ state }: { state: string }): void => engine.heat(state);
  // Delays the system's shutdown until the engine has stopped in good order.
  const shutDown = (event?: { preventDefault(): void }): void => {
    event?.preventDefault();
    app.quit();
  };
  const stopFollowing = engine.onFact((fact) => {
    if (fact.type.startsWith('session.')) follow();
  });
  powerMonitor.on('resume', wake);
  powerMonitor.on('thermal-state-change', heat);
  powerMonitor.on('shutdown', shutDown);
  follow();
  return () => {
    stopFollowing();
    powerMonitor.off('resume', wake);
    powerMonitor.off('thermal-state-change', heat);
    powerMonitor.off('shutdown', shutDown);
    release();
  };
}
