import type { InputOf } from '../../../shared/contract/index.ts';
import { TenureError } from '../../../shared/errors.ts';
import { agentName, effectiveLevel } from '../../sessions/rules.ts';
import type { Handlers } from '../dispatch.ts';
import type { Services } from '../handlers.ts';

/** The gate asked for its word without anything at stake. */
export function policyHandlers(s: Pick<Services, 'projects' | 'sessions' | 'decisions' | 'trust'>) {
  function placeOf({ projectId, sessionId }: InputOf<'policy.check'>) {
    const project = s.projects.get(projectId);
    if (sessionId !== undefined) {
      const session = s.sessions.gateFacts(sessionId);
      if (session?.projectId !== projectId)
        throw new TenureError('not_found', `There is no session "${sessionId}" of project "${project.name}".`);
      return session;
    }
    return {
      id: '',
      projectId,
      project: project.name,
      level: effectiveLevel(s.trust.get().level, project),
      source: 'person' as const,
      open: true,
      running: true,
      cwd: project.path,
      projectPath: project.path,
      branch: null,
      verifyCommand: project.verifyCommand,
      agent: agentName(project),
      brief: project.defaultPrompt ?? '',
    };
  }

  return {
    'policy.check': (input) => {
      const session = placeOf(input);
      const asIf = { level: input.level, score: input.agentScore, history: input.history };
      const verdicts = input.calls.map(({ tool, input: given, cwd }) =>
        s.decisions.whatIf(
          session,
          { tool, input: given, cwd: cwd ?? session.cwd, toolUseId: null, agentId: null },
          asIf,
        ),
      );
      return { verdicts };
    },
  } satisfies Pick<Handlers, 'policy.check'>;
}
