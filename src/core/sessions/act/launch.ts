import type { McpConfig } from '../../../shared/contract/mcp.ts';
import type { Project } from '../../../shared/contract/projects.ts';
import type { LaunchInput, Session, SessionSource } from '../../../shared/contract/sessions.ts';
import { TenureError } from '../../../shared/errors.ts';
import type { Level } from '../../../shared/policy.ts';
import type { Emit } from '../../kernel/journal.ts';
import type { SessionDeps } from '../ports.ts';
import { effectiveLevel } from '../rules.ts';
import { newSession, type SessionStorage, type StoredSession } from '../storage.ts';

export interface LaunchDeps extends SessionDeps {
  storage: SessionStorage;
  emitView(emit: Emit, type: 'session.queued', id: string): void;
  /** Starts what is queued, as far as there is room. */
  pump(): void;
}

/** What a new row takes over from the session that it follows. */
export type Inherited = Partial<
  Pick<StoredSession, 'agentSessionId' | 'agentVersion' | 'branch' | 'worktree' | 'ceiling' | 'budgetUsd'>
>;

/** What has been agreed on when a session is queued. */
export interface Wanted {
  projectId: string;
  prompt: string;
  model?: string | null | undefined;
  timeBoxMs?: number | undefined;
  ceiling?: Level | undefined;
  budgetUsd?: number | undefined;
  mcp?: McpConfig | undefined;
  inherited?: Inherited;
  /** Inside the commit that queues it. */
  also?(emit: Emit, id: string): void;
}

/** New rows: from a person's prompt, a schedule, or the session before. */
export function createLaunch(deps: LaunchDeps) {
  const { near, storage, clock, ids, journal } = deps;

  /** @throws TenureError refused, when the project cannot be used now. */
  async function begin(wanted: Wanted, source: SessionSource): Promise<Session> {
    const project = near.projects.get(wanted.projectId);
    const own = wanted.inherited?.worktree != null;
    // What its place will want to know is looked at beside the question whether it may be launched.
    const { id, hasCommit } = own ? { id: ids.next('ses'), hasCommit: null } : await near.worktrees.foresee(project);
    try {
      return await enter(id, project, wanted, source, hasCommit);
    } catch (error) {
      near.worktrees.forgo(id);
      throw error;
    }
  }

  async function enter(
    id: string,
    project: Project,
    wanted: Wanted,
    source: SessionSource,
    hasCommit: true | null,
  ): Promise<Session> {
    const obstacle = await near.projects.cannotLaunch(project, hasCommit);
    if (obstacle !== null) throw new TenureError('refused', obstacle);
    const spent = near.usage.mayNotStart(project.id);
    if (spent !== null) throw new TenureError('refused', `Nothing was launched. ${spent.sentence}`);
    if (wanted.mcp) near.mcp.checked(wanted.mcp);
    const choice = near.models.forSession(project.id, wanted.model ?? null, wanted.prompt);
    const queued = journal.commit((emit) => {
      // It may have been removed while git was asked.
      near.projects.settings(project.id);
      const fresh = newSession({
        id,
        projectId: project.id,
        project: project.name,
        agent: project.agent,
        prompt: wanted.prompt,
        source,
        level: effectiveLevel(near.trust.level(), project, wanted.inherited?.ceiling ?? wanted.ceiling),
        model: choice.model,
        agentSessionId: ids.uuid(),
        timeBoxMs: wanted.timeBoxMs ?? project.timeBoxMs,
        createdAt: clock.now(),
        nonce: ids.secret(),
      });
      const { ceiling = null, budgetUsd = null } = wanted;
      storage.insert({ ...fresh, ceiling, budgetUsd, ...wanted.inherited });
      near.models.remember(id, choice);
      if (wanted.mcp) near.mcp.remember(id, wanted.mcp);
      wanted.also?.(emit, id);
      deps.emitView(emit, 'session.queued', id);
      return storage.get(id) ?? fresh;
    });
    deps.pump();
    return deps.view(storage.get(id) ?? queued);
  }

  return {
    begin,

    /** @throws TenureError not_found, invalid (no prompt), refused (the project cannot be used now). */
    launch(input: LaunchInput, source: SessionSource): Promise<Session> {
      const project = near.projects.get(input.projectId);
      const prompt = input.prompt?.trim() || project.defaultPrompt?.trim();
      if (!prompt) {
        throw new TenureError('invalid', `Project "${project.name}" has no default prompt, and none was given.`);
      }
      return begin({ ...input, prompt }, source);
    },
  };
}
