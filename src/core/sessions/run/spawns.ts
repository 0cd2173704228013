import type { AgentEnding } from '../../drivers/driver.ts';
import type { RunFigures, SessionDeps, Totals } from '../ports.ts';
import type { SessionStorage, StoredSession } from '../storage.ts';
import type { Live } from './live.ts';

/** How the end of a run counts: a parked one waits for a person; a stop, a login or a limit is not its failure. */
export function outcomeOfRun(kind: AgentEnding['kind']): 'completed' | 'failed' | 'blocked' {
  switch (kind) {
    case 'completed':
    case 'nothing_to_do':
      return 'completed';
    case 'refused':
    case 'max_turns':
    case 'budget':
    case 'timed_out':
    case 'stalled':
    case 'crashed':
    case 'truncated':
      return 'failed';
    default:
      return 'blocked';
  }
}

type After = Pick<Live, 'cache' | 'unpriced' | 'runCostUsd'> & { figures: Totals };

/** What one run alone used, from totals of the whole conversation. Null where either is not known. */
export function usedInRun(before: Totals, live: After, resumed: boolean): RunFigures {
  const after = live.figures;
  const used = (key: keyof Totals): number | null => {
    const [had, has] = [before[key] ?? (resumed ? null : 0), after[key]];
    return had === null || has === null ? null : Math.max(0, has - had);
  };
  const priced = live.runCostUsd ?? used('costUsd');
  return {
    inputTokens: used('inputTokens'),
    outputTokens: used('outputTokens'),
    cacheReadTokens: live.cache?.readTokens ?? null,
    cacheWriteTokens: live.cache?.writeTokens ?? null,
    costUsd: live.unpriced ? null : priced,
    costLeastUsd: live.unpriced && priced !== null && priced > 0 ? priced : null,
  };
}

/** What a run used that never got as far as asking its model. */
const NOTHING_USED: RunFigures = {
  inputTokens: 0,
  outputTokens: 0,
  cacheReadTokens: 0,
  cacheWriteTokens: 0,
  costUsd: 0,
  costLeastUsd: null,
};

/** One run in the record of spawns and of usage. Nothing here throws: a record that fails keeps no run from going on. */
export interface RunRecord {
  /** The newest figures. @returns the sentence for which the run has to end, or null. */
  noted(live: Live): string | null;
  ended(live: Live, ending: AgentEnding): void;
}

export function createSpawns({ near, log, storage }: Pick<SessionDeps, 'near' | 'log'> & { storage: SessionStorage }) {
  const attempt = <T>(work: () => T): T | null => {
    try {
      return work();
    } catch (error) {
      log.error({ err: error }, 'a run could not be noted in the record of spawns');
      return null;
    }
  };

  return {
    /**
     * @param before the session as it was before this run.
     * @param resumed it has run before, so that figures it lacks are unknown and not zero.
     */
    began(before: StoredSession, resumed: boolean): RunRecord {
      const { id, projectId } = before;
      const spawn = attempt(() => {
        const choice = near.models.stored(id);
        return near.telemetry.began({
          askedBy: before.source,
          caste: 'session',
          task: before.prompt,
          ...(choice && { taskClass: choice.taskClass }),
          model: choice?.model ?? before.model,
          source: choice?.source ?? 'unknown',
          sessionId: id,
          projectId,
        });
      });
      if (spawn === null) return { noted: () => null, ended: () => undefined };
      attempt(() => near.usage.began(spawn, id, projectId));
      const used = (live: Live): RunFigures => usedInRun(before, live, resumed);
      return {
        noted(live) {
          // Budgets hold by what it cost at least, while the price of its turn is still to come.
          const least = usedInRun(before, { ...live, unpriced: false }, resumed);
          const figures = live.unpriced && least.costUsd === 0 ? used(live) : least;
          return attempt(() => near.usage.noted(spawn, figures, live.figures));
        },
        ended(live, ending) {
          attempt(() => {
            const session = storage.get(id);
            const model = session?.agentVersion ? session.model : null;
            const outcome = outcomeOfRun(ending.kind);
            // An agent that could not be started has said nothing, and so has asked nobody anything.
            const usage = ending.kind === 'launch_failed' ? NOTHING_USED : used(live);
            near.telemetry.ended(spawn, { outcome, detail: ending.detail, model, usage });
            if (ending.kind === 'quota') near.limits.reached(before.agent, ending.resetsAt);
            else if (outcome === 'completed') near.limits.proved(before.agent, model);
          });
          attempt(() => near.usage.ended(spawn));
        },
      };
    },
  };
}
