import type { FollowUp, LineageKind } from '../../../shared/contract/follow-ups.ts';
import type { Session, SessionSource } from '../../../shared/contract/sessions.ts';
import { TenureError } from '../../../shared/errors.ts';
import type { Emit } from '../../kernel/journal.ts';
import type { Wanted } from '../act/launch.ts';
import type { SessionDeps } from '../ports.ts';
import type { SessionStorage, StoredSession } from '../storage.ts';
import { followUpOf } from './prompts.ts';
import { GO_ON, MOST_WAITING, nthOf, pathOf, takenBy, whyNotGoOn } from './rules.ts';
import type { ConversationStorage } from './storage.ts';

export interface ConversationDeps extends SessionDeps {
  storage: SessionStorage;
  conversation: ConversationStorage;
  must(id: string): StoredSession;
  emitView(emit: Emit, type: 'session.changed', id: string): void;
  begin(wanted: Wanted, source: SessionSource): Promise<Session>;
}

/** Runs in the commit that queues the next session, with its id. */
type Also = (emit: Emit, next: string) => void;

/** What a person says after the first prompt: to a session that works, waits or has ended. */
export function createConversation(deps: ConversationDeps) {
  const { storage, conversation, must, near, clock, ids, journal } = deps;

  /** The open session that has taken over the conversation or the tree of an ended one; null: none. */
  const occupantOf = ({ id, agentSessionId, worktree }: StoredSession, except?: string): string | null =>
    storage
      .open()
      .filter((other) => other.id !== id && other.id !== except)
      .find((other) => other.agentSessionId === agentSessionId || (worktree !== null && other.worktree === worktree))
      ?.id ?? null;

  /** @throws TenureError refused: what is missing is named, and what can be done instead. */
  async function assertCanGoOn(session: StoredSession, how: 'resume' | 'fork'): Promise<void> {
    const project = near.projects.get(session.projectId);
    const started = session.agentVersion !== null;
    const missing = await near.worktrees.missing(project, session);
    const remembered =
      started &&
      (await deps.drivers[session.agent].remembers(session.agentSessionId, session.worktree ?? project.path));
    const why = whyNotGoOn(
      {
        sessionId: session.id,
        project: session.project,
        state: session.state,
        agentStarted: started,
        remembered,
        missingTree: missing.tree,
        missingBranch: missing.branch,
        occupant: occupantOf(session),
      },
      how,
    );
    if (why !== null) throw new TenureError('refused', why);
  }

  const addPrompt = (sessionId: string, prompt: string, opens: boolean): void =>
    conversation.insert({
      id: ids.next('msg'),
      sessionId,
      prompt,
      messageId: ids.uuid(),
      opens,
      createdAt: clock.now(),
    });

  const follow = (id: string, from: StoredSession, kind: LineageKind, forkOf: string | null): void =>
    conversation.setLineage(id, { from: from.id, kind, nth: nthOf(kind, conversation.lineage(from.id)), forkOf });

  /**
   * A new session that goes on with the conversation of an ended one, in the same place. Whoever has a tree of
   * its own is looked at and queued in the repository's turn, so that the tree is not discarded meanwhile.
   */
  function goOn(...given: Parameters<typeof goOnNow>): Promise<Session> {
    const [session] = given;
    if (session.worktree === null) return goOnNow(...given);
    return near.worktrees.undisturbed(near.projects.get(session.projectId), () => goOnNow(...given));
  }

  async function goOnNow(
    session: StoredSession,
    kind: 'follow_up' | 'resume' | 'continue',
    prompt: string,
    source: SessionSource = 'person',
    alongside?: Also,
  ): Promise<Session> {
    await assertCanGoOn(session, 'resume');
    const { agentSessionId, agentVersion, branch, worktree, ceiling, budgetUsd } = session;
    return deps.begin(
      {
        projectId: session.projectId,
        prompt,
        model: session.model,
        mcp: near.mcp.ofSession(session.id) ?? undefined,
        // A person may give it more time; what goes on by itself has what it was launched with.
        ...(kind === 'continue' && { timeBoxMs: session.timeBoxMs }),
        // Where it had a tree of its own, it goes on there; its base is measured when it starts.
        inherited: {
          agentSessionId,
          agentVersion,
          ceiling,
          budgetUsd,
          ...(worktree === null ? {} : { branch, worktree }),
        },
        also(emit, id) {
          // Somebody else may have been let in while git was asked.
          const occupant = occupantOf(session, id);
          if (occupant !== null) throw new TenureError('conflict', takenBy(occupant, session.id));
          follow(id, session, kind, null);
          addPrompt(id, prompt, true);
          if (conversation.move(session.id, id) > 0) deps.emitView(emit, 'session.changed', session.id);
          alongside?.(emit, id);
        },
      },
      source,
    );
  }

  /** @throws TenureError not_found, conflict (it has been sent). */
  function queued(id: string) {
    const found = conversation.get(id);
    if (!found || found.opens) throw new TenureError('not_found', `There is no queued prompt "${id}".`);
    if (found.state !== 'queued') {
      throw new TenureError('conflict', 'This prompt has been sent to the agent; it can no longer be changed.');
    }
    return found;
  }

  return {
    /**
     * The same task begun anew, with what a person gave it at its launch: model, time, ceiling, budget, MCP servers.
     * @throws TenureError not_found, conflict (it has not ended), refused (the project cannot be used now).
     */
    async retry(
      id: string,
      { prompt, source, also }: { prompt?: string | undefined; source: SessionSource; also?: Also },
    ): Promise<Session> {
      const session = must(id);
      if (session.state !== 'ended') {
        throw new TenureError('conflict', `Session ${id} has not ended; it is begun anew when it has.`);
      }
      const { projectId, timeBoxMs, ceiling, budgetUsd } = session;
      const chosen = near.models.stored(id)?.source === 'user-override';
      return deps.begin(
        {
          projectId,
          prompt: prompt ?? session.prompt,
          // What the project takes may be another one by now; a model that there is not would end it the same way again.
          model: chosen && session.outcome !== 'model_not_found' ? session.model : null,
          timeBoxMs,
          mcp: near.mcp.ofSession(id) ?? undefined,
          inherited: { ceiling, budgetUsd },
          also(emit, started) {
            follow(started, session, 'retry', null);
            if (conversation.moveAnew(id, started) > 0) deps.emitView(emit, 'session.changed', id);
            also?.(emit, started);
          },
        },
        source,
      );
    },

    /** Goes on with an ended session by policy. @throws TenureError not_found, refused. */
    async carryOn(
      id: string,
      given: { kind: 'continue'; prompt: string; source: SessionSource; also: Also },
    ): Promise<Session> {
      return goOn(must(id), given.kind, given.prompt, given.source, given.also);
    },

    /**
     * @param also runs in the commit that queues the prompt.
     * @returns the session that gets the prompt: the same one, or a new one when it has ended.
     * @throws TenureError not_found, conflict (too many wait), refused (nothing is left to go on with).
     */
    async followUp(id: string, prompt: string, also?: (emit: Emit) => void): Promise<Session> {
      const session = must(id);
      if (pathOf(session.state) === 'new session') return goOn(session, 'follow_up', prompt, 'person', also);
      journal.commit((emit) => {
        const now = must(id);
        if (pathOf(now.state) === 'new session') {
          throw new TenureError('conflict', `Session ${id} has ended in this very moment. Send the prompt again.`);
        }
        if (conversation.waiting(id) >= MOST_WAITING) {
          throw new TenureError('conflict', `${MOST_WAITING} prompts already wait at session ${id}.`);
        }
        addPrompt(id, prompt, false);
        also?.(emit);
        deps.emitView(emit, 'session.changed', id);
      });
      return deps.view(must(id));
    },

    /** @throws TenureError not_found, conflict. */
    editFollowUp(id: string, prompt: string): FollowUp {
      return journal.commit((emit) => {
        const { sessionId } = queued(id);
        conversation.edit(id, prompt);
        deps.emitView(emit, 'session.changed', sessionId);
        return followUpOf(queued(id));
      });
    },

    /** @throws TenureError not_found, conflict. */
    removeFollowUp(id: string): { id: string } {
      return journal.commit((emit) => {
        const { sessionId } = queued(id);
        conversation.remove(id);
        deps.emitView(emit, 'session.changed', sessionId);
        return { id };
      });
    },

    /** @throws TenureError not_found, refused. */
    async resume(id: string, prompt: string | undefined): Promise<Session> {
      const session = must(id);
      return goOn(session, 'resume', prompt ?? GO_ON);
    },

    /** @throws TenureError not_found, refused. */
    async fork(id: string, prompt: string): Promise<Session> {
      const session = must(id);
      await assertCanGoOn(session, 'fork');
      return deps.begin(
        {
          projectId: session.projectId,
          prompt,
          model: session.model,
          mcp: near.mcp.ofSession(session.id) ?? undefined,
          inherited: { ceiling: session.ceiling, budgetUsd: session.budgetUsd },
          also: (_emit, forkId) => follow(forkId, session, 'fork', session.agentSessionId),
        },
        'person',
      );
    },

    /** The prompts after the first. @throws TenureError not_found. */
    followUps: (id: string): FollowUp[] =>
      conversation
        .ofSession(must(id).id)
        .filter((one) => !one.opens)
        .map(followUpOf),
  };
}
