import type { SystemSample } from '../../shared/contract/system.ts';
import type { Journal } from '../kernel/journal.ts';
import type { Clock, SystemReader, Timer } from '../kernel/ports.ts';

const KEEP = 120;

interface SystemDeps {
  clock: Clock;
  journal: Journal;
  reader: SystemReader;
  /** Milliseconds between two looks, with and without somebody looking. */
  pace(): { visibleMs: number; hiddenMs: number };
  /** Gets every look. */
  taken(sample: SystemSample): void;
}

/** Looks at the machine: often while somebody looks at the screens, seldom otherwise. */
export function createSystemWatch({ clock, journal, reader, pace, taken }: SystemDeps) {
  let history: SystemSample[] = [];
  let timer: Timer | null = null;
  let readers = 0;
  let started = false;

  async function sample(): Promise<SystemSample> {
    const reading = { at: clock.now(), ...(await reader.sample()) };
    history = [...history, reading].slice(-KEEP);
    taken(reading);
    journal.signal({ type: 'system.sampled', body: { sample: reading } });
    return reading;
  }

  function arm(): void {
    timer?.cancel();
    if (!started) return;
    timer = clock.after(readers > 0 ? pace().visibleMs : pace().hiddenMs, () => {
      void sample().finally(arm);
    });
  }

  return {
    start(): void {
      started = true;
      void sample().finally(arm);
    },
    stop(): void {
      started = false;
      timer?.cancel();
    },
    /** Somebody opened or closed a screen: look at once and change the pace. */
    readersChanged(now: number): void {
      const opened = now > 0 && readers === 0;
      readers = now;
      if (!started) return;
      if (opened) void sample().finally(arm);
      else arm();
    },
    sample,
    history: (): SystemSample[] => history,
  };
}
