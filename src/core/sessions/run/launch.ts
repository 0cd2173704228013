import { TenureError } from '../../../shared/errors.ts';
import type { AgentEnding, AgentEvent, AgentLimits, LaunchSpec, Message } from '../../drivers/driver.ts';
import { openingOf } from '../conversation/opening.ts';
import type { Prompts } from '../conversation/prompts.ts';
import type { Change, SessionDeps } from '../ports.ts';
import { leastLeft } from '../rules.ts';
import type { SessionStorage, StoredSession } from '../storage.ts';
import type { Live } from './live.ts';
import { createWatch } from './watch.ts';
import { createWorkplace } from './workplace.ts';

export interface LaunchDeps extends SessionDeps {
  storage: SessionStorage;
  lives: ReadonlyMap<string, Live>;
  change: Change;
  prompts: Prompts;
  /** What a new session is told of the one before on its project. */
  brief(session: StoredSession): string | null;
  observe(id: string, live: Live, event: AgentEvent): void;
  /** Pauses a run that seems to lead nowhere. */
  hold(id: string, live: Live, why: NonNullable<Live['hold']>): void;
}

/** What the agent is told, in the shape of its own stream, for the transcript. */
const promptLine = (prompt: string): string => JSON.stringify({ type: 'user', message: { content: prompt } });

const CALLED_OFF = 'It was stopped before the agent had started.';

const sentenceOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** From a claimed session to a running agent, and on to the end of its process tree. */
export function createLauncher(deps: LaunchDeps) {
  const { storage, clock, log, near, prompts } = deps;

  const workplace = createWorkplace(deps);

  const briefed = (session: StoredSession): string | null =>
    [deps.brief(session), near.surroundings(session.projectId)].filter((part) => part !== null).join('\n\n') || null;

  function specOf(session: StoredSession, cwd: string, resume: boolean, limits: AgentLimits): LaunchSpec {
    const { holdMs } = deps.limits();
    const answers = near.decisions.undelivered(session.id);
    near.decisions.tell(session.id, session.deferredToolUseId);
    return {
      sessionId: session.id,
      agentSessionId: session.agentSessionId,
      ...openingOf(session, resume, answers, prompts, briefed),
      next: () => nextPrompt(session.id),
      cwd,
      model: session.model,
      gate: {
        url: near.gateUrl(),
        // No expiry of its own: it is revoked at the end of the run, however long the machine slept.
        token: near.tokens.mint(session.id, null),
        // The caller's patience is longer than ours: we always answer first (traps.md 3.5, lessons 5.8).
        timeoutSeconds: Math.ceil(holdMs / 1000) + 25,
        ask: (call) => near.decisions.ask(session.id, call, null),
      },
      mcpConfig: near.mcp.prepare(session.id, session.projectId),
      maxCostUsd: leftOf(session),
      nonce: session.nonce,
      limits,
    };
  }

  const leftOf = (session: StoredSession): number | null =>
    leastLeft(near.usage.leftUsd(session.id, session.projectId, session), session.budgetUsd, session.costUsd);

  /** What the person has said meanwhile; told to the agent at the end of its turn. */
  function nextPrompt(id: string): Message | null {
    const message = deps.lives.get(id)?.stopWanted === null ? prompts.next(id) : null;
    if (message !== null) near.transcripts.append(id, clock.now(), promptLine(message.text), true);
    return message;
  }

  /** Everything until the process tree is gone. Never rejects. */
  async function untilEnded(session: StoredSession, live: Live, resume: boolean): Promise<AgentEnding> {
    try {
      // Whether the agent can be used is looked at beside the work tree; the launch says what is wrong with it.
      void deps.drivers[session.agent].ready().catch(() => undefined);
      const cwd = await workplace(session, live.settingUp.signal);
      // Before its place was ready no agent was there: what it is told first says nothing of a time before.
      const fresh = session.setUpAt === null ? { usedMs: 0 } : {};
      const placed = { ...(storage.get(session.id) ?? session), ...fresh };
      if (live.stopWanted) return notStarted(live.stopWanted, CALLED_OFF);
      const own = session.budgetUsd !== null && (session.costUsd ?? 0) >= session.budgetUsd;
      const spent = own
        ? 'The budget that it was given at its launch is spent.'
        : near.usage.sessionSpent(session.id, session.projectId, session);
      if (spent !== null) return notStarted('budget', spent);
      const spec = specOf(placed, cwd, resume, deps.limits().agent);
      if (spec.prompt !== null) near.transcripts.append(session.id, clock.now(), promptLine(spec.prompt), true);
      live.watch = createWatch({
        clock,
        limits: () => deps.limits().runaway,
        mark: () => near.worktrees.mark(cwd),
        suspect: (why) => deps.hold(session.id, live, why),
      });
      live.run = await deps.drivers[session.agent].launch(spec, (event) => deps.observe(session.id, live, event));
      if (live.stopWanted) void live.run.stop(live.stopWanted);
      return await live.run.ended;
    } catch (error) {
      // Its set-up was called off: that is a shutdown, a stop or the time box, and no failure.
      if (live.stopWanted) return notStarted(live.stopWanted, CALLED_OFF);
      if (!(error instanceof TenureError))
        log.error({ err: error, sessionId: session.id }, 'a launch failed unexpectedly');
      return notStarted('launch_failed', sentenceOf(error));
    }
  }

  const notStarted = (kind: AgentEnding['kind'], detail: string): AgentEnding => ({
    kind,
    detail,
    deferred: null,
    resetsAt: null,
    stillAlive: [],
  });

  return { untilEnded };
}
