/** Whether the engine can do its work now and, if not, why, in a sentence. */
export function createCondition() {
  let started = false;
  let store: string | null = null;
  let beat: string | null = null;
  return {
    /** Told at each commit: null, or why the store cannot be written. */
    store: (problem: string | null): void => {
      store = problem;
    },
    /** Told at each beat: null, or why the regular work failed. */
    beat: (problem: string | null): void => {
      beat = problem;
    },
    started: (now: boolean): void => {
      started = now;
    },
    isStarted: (): boolean => started,
    storeFails: (): boolean => store !== null,
    /** @param probe reads the store; throws when it cannot be read. */
    notReady(probe: () => void): string | null {
      if (!started) return 'Tenure is still starting, or is stopping.';
      try {
        probe();
        return store ?? beat;
      } catch (error) {
        return `The store cannot be read: ${String(error)}.`;
      }
    },
  };
}
