import type { AgentEnding } from '../../drivers/driver.ts';
import type { SessionDeps } from '../ports.ts';
import type { SessionStorage, StoredSession } from '../storage.ts';
import type { LiveFields } from '../view.ts';

type Figures = Pick<LiveFields, 'inputTokens' | 'outputTokens' | 'costUsd'>;

interface RunFigures {
  /** The session before this run. */
  before: Figures;
  /** Totals of the conversation at its end. */
  after: Figures;
  resumed: boolean;
  ending: AgentEnding;
}

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

/** What one run alone used, from totals of the whole conversation. Null where either is not known. */
export function usedInRun({ before, after, resumed }: Omit<RunFigures, 'ending'>): Figures {
  const used = (key: keyof Figures): number | null => {
    const [had, has] = [before[key] ?? (resumed ? null : 0), after[key]];
    return had === null || has === null ? null : Math.max(0, has - had);
  };
  return { inputTokens: used('inputTokens'), outputTokens: used('outputTokens'), costUsd: used('costUsd') };
}

/** Runs of sessions in the record of spawns. Never throws: a record that fails keeps no run from going on. */
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
    began: (session: StoredSession): string | null =>
      attempt(() => {
        const choice = near.models.stored(session.id);
        return near.telemetry.began({
          askedBy: session.source,
          caste: 'session',
          task: session.prompt,
          ...(choice && { taskClass: choice.taskClass }),
          model: choice?.model ?? session.model,
          source: choice?.source ?? 'unknown',
          sessionId: session.id,
          projectId: session.projectId,
        });
      }),

    ended: (spawn: string | null, { ending, ...figures }: RunFigures & { before: StoredSession }): unknown =>
      attempt(() => {
        if (spawn === null) return;
        const session = storage.get(figures.before.id);
        near.telemetry.ended(spawn, {
          outcome: outcomeOfRun(ending.kind),
          detail: ending.detail,
          model: session?.agentVersion ? session.model : null,
          usage: usedInRun(figures),
        });
      }),
  };
}
