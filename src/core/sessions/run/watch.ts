import type { AgentEvent } from '../../drivers/driver.ts';
import type { Clock } from '../../kernel/ports.ts';
import {
  newRecent,
  type RunawayLimits,
  type Suspicion,
  suspicionOf,
  withCall,
  withProgress,
  withResult,
  withUse,
} from '../runaway/rules.ts';

const LOOK_EVERY_MS = 60_000;

export interface WatchDeps {
  clock: Clock;
  limits(): RunawayLimits;
  /** A fingerprint of the work tree; rejects when there is none to be had. */
  mark(): Promise<string>;
  /** Called once. */
  suspect(suspicion: Suspicion): void;
}

/** Watches one run for loops and burning without progress. A look at the tree comes before each verdict. */
export function createWatch({ clock, limits, mark, suspect }: WatchDeps) {
  let recent = newRecent(clock.monotonic());
  let tree: string | null = null;
  let looking = false;
  let over = false;

  /**
   * Has the tree changed since the last look? What cannot be told is taken for progress: it must not pause anybody.
   * So is what was done until the first look, which may take long.
   */
  async function progressed(): Promise<boolean> {
    const before = tree;
    tree = await mark().catch(() => null);
    return tree === null || before !== tree;
  }

  async function look(): Promise<void> {
    if (looking || over) return;
    looking = true;
    try {
      if (await progressed()) recent = withProgress(recent, clock.monotonic());
      const suspicion = suspicionOf(recent, clock.monotonic(), limits());
      if (suspicion === null || over) return;
      stop();
      suspect(suspicion);
    } finally {
      looking = false;
    }
  }

  const timer = clock.every(LOOK_EVERY_MS, () => void look());

  function stop(): void {
    over = true;
    timer.cancel();
  }

  return {
    take(event: AgentEvent): void {
      const at = clock.monotonic();
      if (event.type === 'tool_call') {
        // Subagents begin alike: that each of them reads the same file is no repetition.
        const key = `${event.agentId ?? ''} ${event.key}`;
        const works = event.tool === 'Agent' || event.tool === 'Task';
        recent = withCall(recent, { id: event.toolUseId, at, works, key, what: event.what }, limits());
      } else if (event.type === 'tool_result') {
        recent = withResult(recent, event.toolUseId, at);
        return;
      } else if (event.type === 'usage') {
        const { inputTokens, outputTokens, costUsd } = event;
        recent = withUse(
          recent,
          { at, costUsd: costUsd ?? recent.uses.at(-1)?.costUsd ?? null, tokens: inputTokens + outputTokens },
          limits(),
        );
      } else {
        // How the tree is when the agent begins; before, the look would only be in the way of its launch.
        if (event.type === 'started') void look();
        return;
      }
      if (suspicionOf(recent, at, limits()) !== null) void look();
    },
    stop,
  };
}

export type Watch = ReturnType<typeof createWatch>;
