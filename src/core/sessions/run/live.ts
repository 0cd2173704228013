import { paceWith } from '../../../shared/pace.ts';
import type { AgentEvent, AgentRun } from '../../drivers/driver.ts';
import type { Journal } from '../../kernel/journal.ts';
import type { Clock, Timer } from '../../kernel/ports.ts';
import { redact } from '../../kernel/redact.ts';
import type { Suspicion } from '../runaway/rules.ts';
import type { StoredSession } from '../storage.ts';
import type { LiveFields } from '../view.ts';
import type { RunRecord } from './spawns.ts';
import type { Watch } from './watch.ts';

const SIGNAL_EVERY_MS = 250;

/** One running agent: its handle, its timers and its figures between two commits. */
export interface Live {
  projectId: string;
  run: AgentRun | null;
  /** Set when the run is to end before it has a handle yet. */
  stopWanted: Parameters<AgentRun['stop']>[0] | null;
  /** Why the run is ended to be held until a person lets it go on. */
  hold: Suspicion | null;
  timeBox: Timer | null;
  watch: Watch | null;
  /** Monotonic start of this run, for the time box. */
  began: number;
  figures: LiveFields;
  /** Of the input, in this run alone; null: not known. */
  cache: { readTokens: number; writeTokens: number } | null;
  /** Something was used since `figures.costUsd` was said: until it is said anew that is what it cost at least. */
  unpriced: boolean;
  /** In this run alone; null: to be told from the totals. */
  runCostUsd: number | null;
  /** What the session had cost at least before this run, where that is all that is known. */
  leastBefore: number;
  record: RunRecord | null;
  /** Why its budget ended it. */
  overBudget: string | null;
  pendingSignal: Timer | null;
  /** Aborted when the run is to end while its place is still made. */
  settingUp: AbortController;
}

export const newLive = (clock: Clock, session: StoredSession): Live => ({
  projectId: session.projectId,
  run: null,
  stopWanted: null,
  hold: null,
  timeBox: null,
  watch: null,
  began: clock.monotonic(),
  figures: {
    phase: 'starting',
    activity: session.activity,
    lastTool: session.lastTool,
    inputTokens: session.inputTokens,
    outputTokens: session.outputTokens,
    costUsd: session.costUsd,
    turns: session.turns,
    stall: null,
  },
  cache: null,
  unpriced: false,
  runCostUsd: null,
  leastBefore: session.costLeastUsd ?? 0,
  record: null,
  overBudget: null,
  pendingSignal: null,
  settingUp: new AbortController(),
});

/** Takes up what an event says of the figures at that moment (epoch ms); true when something a person sees has changed. */
export function takeUp(live: Live, event: AgentEvent, now: number): boolean {
  switch (event.type) {
    case 'activity':
      live.figures.phase = event.phase;
      live.figures.activity = event.activity ? redact(event.activity) : live.figures.activity;
      live.figures.lastTool = event.lastTool ?? live.figures.lastTool;
      return true;
    case 'usage':
      live.figures.pace = paceWith(live.figures.pace, Math.max(0, tokensOf(event) - tokensOf(live.figures)), now);
      live.figures.inputTokens = event.inputTokens;
      live.figures.outputTokens = event.outputTokens;
      live.figures.costUsd = event.costUsd ?? live.figures.costUsd;
      live.unpriced = event.costUsd === null && event.runCostUsd === undefined;
      live.runCostUsd = event.runCostUsd ?? live.runCostUsd;
      live.figures.turns = event.turns ?? live.figures.turns;
      live.cache = event.cache ?? live.cache;
      return true;
    case 'stall':
      live.figures.stall = event.stall;
      return true;
    default:
      return false;
  }
}

const tokensOf = ({ inputTokens, outputTokens }: Pick<LiveFields, 'inputTokens' | 'outputTokens'>): number =>
  (inputTokens ?? 0) + (outputTokens ?? 0);

/** What of the figures is kept over the end of a run. */
export function kept(live: Live): Omit<LiveFields, 'phase' | 'stall' | 'pace'> & { costLeastUsd: number | null } {
  const { phase: _phase, stall: _stall, pace: _pace, ...rest } = live.figures;
  const costUsd = live.unpriced ? null : rest.costUsd;
  const least = rest.costUsd ?? live.leastBefore + (live.runCostUsd ?? 0);
  return { ...rest, costUsd, costLeastUsd: costUsd === null && least > 0 ? least : null };
}

/** Tells the screens at most four times a second; the last figures always get through. */
export function signalSoon(id: string, live: Live, clock: Clock, journal: Journal): void {
  live.pendingSignal ??= clock.after(SIGNAL_EVERY_MS, () => {
    live.pendingSignal = null;
    const { turns: _turns, ...figures } = live.figures;
    journal.signal({ type: 'session.activity', body: { id, ...figures } });
  });
}

export function dropTimers(live: Live): void {
  live.timeBox?.cancel();
  live.pendingSignal?.cancel();
  live.watch?.stop();
}
