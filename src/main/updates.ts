import type { Clock, Timer } from '../core/kernel/ports.ts';
import type { Config } from '../shared/config.ts';
import type { UpdateState } from '../shared/contract/shell.ts';
import { TenureError } from '../shared/errors.ts';

/** Where newer versions come from: electron-updater in the packed app. */
export interface UpdateSource {
  /** The newer version, or null. Rejects when it cannot be asked. */
  check(): Promise<string | null>;
  download(): Promise<void>;
  /** Ends the program and starts the newer one; when it returns, that is only under way. */
  install(): void;
}

/** The version that an install was last begun of, over restarts. */
export interface Tried {
  get(): string | null;
  set(version: string): void;
}

export interface UpdateOptions {
  /** Null: this build cannot update itself; `why` says so. */
  source: UpdateSource | null;
  why: string;
  clock: Pick<Clock, 'after' | 'every'>;
  mode(): Config['shell']['updates'];
  /** Why an update would interrupt something now; null: nothing. */
  busy(): string | null;
  /** Puts everything away; a quit goes through afterwards. */
  stop(): Promise<void>;
  /** Starts this version once more, for an install that did not happen. */
  again(): void;
  tried: Tried;
  notice(sentence: string | null): void;
}

const FIRST_MS = 60_000;
const EVERY_MS = 24 * 3_600_000;
const LOOK_MS = 60_000;
/** So often in a row nothing may run before an update installs itself: a person may be about to go on. */
const QUIET_LOOKS = 5;
/** After this the program has not ended, so it will not: the engine is to run again. */
const INSTALL_WITHIN_MS = 60_000;

export interface Updates {
  state(): UpdateState;
  check(): Promise<UpdateState>;
  /** @throws TenureError `conflict` when there is none, or when something runs. */
  install(): UpdateState;
  stop(): void;
}

/**
 * Looks once a day, fetches, and restarts into the newer version when nothing has run for a while: an
 * update never interrupts a session or a question. One that does not let itself be installed costs one restart,
 * and is not tried again by itself.
 */
export function createUpdates({ source, why, clock, mode, busy, stop, again, tried, notice }: UpdateOptions): Updates {
  let state: UpdateState = { state: 'current', version: null, sentence: 'No newer version is known.' };
  let ready = false;
  let installing = false;
  let quiet = 0;
  let looking: Timer | null = null;

  const become = (next: UpdateState): UpdateState => {
    state = next;
    return next;
  };

  function failed(error: unknown): UpdateState {
    const what = (error instanceof Error ? error.message : String(error)).split('\n')[0] ?? '';
    return become({ ...state, state: 'failed', sentence: `Looking for a newer version failed: ${what}` });
  }

  async function fetch(version: string): Promise<UpdateState> {
    become({ state: 'downloading', version, sentence: `Version ${version} is being downloaded.` });
    await source?.download();
    ready = true;
    const sentence = `Version ${version} is ready; it is installed when nothing runs.`;
    notice(sentence);
    looking ??= clock.every(LOOK_MS, look);
    return become({ state: 'waiting', version, sentence });
  }

  async function check(): Promise<UpdateState> {
    if (source === null || ready || state.state === 'checking' || state.state === 'downloading') return current();
    become({ ...state, state: 'checking', sentence: 'Looking for a newer version.' });
    try {
      const version = await source.check();
      if (version === null) return become({ state: 'current', version: null, sentence: 'This is the newest version.' });
      if (version === tried.get()) {
        const sentence = `Version ${version} was fetched, but did not let itself be installed: install it by hand.`;
        notice(sentence);
        return become({ state: 'failed', version, sentence });
      }
      if (mode() === 'install') return await fetch(version);
      const sentence = `Version ${version} is there.`;
      notice(sentence);
      return become({ state: 'current', version, sentence });
    } catch (error) {
      return failed(error);
    }
  }

  function restart(): void {
    if (installing) return;
    installing = true;
    become({ ...state, sentence: `Installing version ${state.version}.` });
    tried.set(state.version ?? '');
    void stop().finally(() => {
      source?.install();
      clock.after(INSTALL_WITHIN_MS, again);
    });
  }

  function look(): void {
    quiet = busy() === null ? quiet + 1 : 0;
    if (quiet >= QUIET_LOOKS && mode() === 'install') restart();
  }

  function current(): UpdateState {
    if (source === null) return { state: 'unsupported', version: null, sentence: why };
    if (mode() === 'off') return { ...state, state: 'off', sentence: 'Switched off in the settings (shell.updates).' };
    return state;
  }

  const daily = (): void => {
    if (mode() !== 'off') void check();
  };
  const timers = source === null ? [] : [clock.after(FIRST_MS, daily), clock.every(EVERY_MS, daily)];

  return {
    state: current,
    check,
    install() {
      const { version } = state;
      if (source === null || version === null) throw new TenureError('conflict', current().sentence);
      const why = busy();
      if (why !== null) throw new TenureError('conflict', `An update waits until nothing runs: ${why}`);
      if (ready) restart();
      // It was only told of: fetched now, and installed when nothing runs.
      else fetch(version).then(() => busy() === null && restart(), failed);
      return current();
    },
    stop() {
      for (const timer of timers) timer.cancel();
      looking?.cancel();
    },
  };
}
