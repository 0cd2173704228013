import type { Stall } from '../../../shared/contract/supervision.ts';
import type { Clock, Timer } from '../../kernel/ports.ts';
import type { AgentLimits } from '../driver.ts';

export interface SilenceDeps {
  clock: Clock;
  limits: AgentLimits;
  /** What the run does: its first line is to come, it thinks, or a tool runs. */
  doing(): 'starting' | 'thinking' | 'tool';
  /** What is known of it now, a sentence each. */
  evidence(): Promise<string[]>;
  /** It is silent for suspiciously long; null: no longer. */
  onStall(stall: Stall | null): void;
  /** It was silent to the end of its limit. */
  onLimit(seconds: number): void;
}

/** Silence is a signal first, then a verdict: shown with what is known, ended at the limit. */
export function createSilence({ clock, limits, doing, evidence, onStall, onLimit }: SilenceDeps) {
  let lastSign = clock.monotonic();
  let lastLineAt = clock.now();
  let armed: { timer: Timer; due: number } | null = null;
  let shown = false;
  let over = false;
  let resting = false;

  const limit = (): number => {
    switch (doing()) {
      case 'starting':
        return limits.startupMs;
      case 'thinking':
        return limits.stallMs;
      case 'tool':
        return limits.toolStallMs;
    }
  };
  const warn = (): number => {
    switch (doing()) {
      case 'starting':
        return limits.startupMs;
      case 'thinking':
        return Math.min(limits.stallMs, limits.stallWarnMs);
      case 'tool':
        return Math.min(limits.toolStallMs, limits.toolStallWarnMs);
    }
  };
  const ends = (): boolean => limits.stallEnds || doing() === 'starting';

  const onDue = (): void => {
    armed = null;
    const silent = clock.monotonic() - lastSign;
    if (ends() && silent >= limit()) {
      over = true;
      return onLimit(Math.round(limit() / 1000));
    }
    if (silent >= warn() && !shown) {
      shown = true;
      void show();
    }
    arm();
  };

  /** Tells what is known, unless it speaks meanwhile. */
  async function show(): Promise<void> {
    const since = lastSign;
    const known = await evidence();
    if (over || !shown || since !== lastSign) return;
    const left = since + limit() - clock.monotonic();
    onStall({ lastLineAt, endsAt: ends() ? Math.round(clock.now() + Math.max(0, left)) : null, evidence: known });
  }

  function arm(): void {
    const nextMs = shown ? limit() : warn();
    if (over || resting || (shown && !ends())) return;
    const due = lastSign + nextMs;
    if (armed !== null && armed.due <= due) return; // looks again when it fires
    armed?.timer.cancel();
    armed = { due, timer: clock.after(Math.max(0, due - clock.monotonic()), onDue) };
  }

  function unshow(): void {
    if (!shown) return;
    shown = false;
    onStall(null);
  }

  arm();
  return {
    /** It has spoken. */
    sign(): void {
      lastSign = clock.monotonic();
      lastLineAt = clock.now();
      unshow();
    },
    /** Looks from now on: after a sign, or again after `rest`. */
    arm(): void {
      resting = false;
      arm();
    },
    /** Silence means nothing now: its result is there, or it is being ended. */
    rest(): void {
      resting = true;
      armed?.timer.cancel();
      armed = null;
      unshow();
    },
    /** Not shown as stalled again for so many milliseconds. */
    snooze(ms: number): void {
      lastSign = clock.monotonic() + ms - warn();
      unshow();
      arm();
    },
    /** What is shown is told anew. */
    refresh(): void {
      if (shown) void show();
    },
  };
}
