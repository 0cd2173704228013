import { createAgents, type Decided } from '../agents/service.ts';
import type { EngineOptions } from '../engine.ts';
import type { EvaluationDeps, Evaluations } from '../evaluation/service.ts';
import type { Emit, Journal } from '../kernel/journal.ts';
import type { Ledger } from '../kernel/ledger-ports.ts';
import { agentName } from '../sessions/rules.ts';
import type { TrustService } from '../trust/service.ts';

interface AgentsOptions extends Pick<EngineOptions, 'db' | 'ports' | 'config'> {
  journal: Journal;
  ledger: Ledger;
  trust: TrustService;
  evaluations(): Pick<Evaluations, 'get'>;
}

/** The agents' standing, fed where trust is fed and in the same commits: by what was seen, never by what was said. */
export function createAgentsChapter({ db, ports, config, journal, ledger, trust, evaluations }: AgentsOptions) {
  const agents = createAgents({
    db,
    journal,
    clock: ports.clock,
    ledger,
    configured: () => config.current().trust.score,
    minScore: () => config.current().decisions.auto.minScore,
    nameOf: agentName,
    evaluation: (sessionId) => evaluations().get(sessionId).history[0] ?? null,
  });

  return {
    agents,
    /** Trust as the sessions know it. */
    ofSessions: {
      ...trust,
      creditSession(emit: Emit, ...[sessionId, level]: Rest<TrustService['creditSession']>): boolean {
        const isNew = trust.creditSession(emit, sessionId, level);
        agents.began(emit, sessionId);
        return isNew;
      },
    },
    /** Trust as the evaluations know it. */
    ofEvaluations: {
      ...trust,
      creditEvaluation(emit, entry) {
        trust.creditEvaluation(emit, entry);
        agents.evaluated(emit, entry.sessionId);
      },
      overrideEvaluation(emit, given) {
        trust.overrideEvaluation(emit, given);
        agents.reviewed(emit, { sessionId: given.sessionId, rating: given.score, by: given.by });
      },
    } satisfies EvaluationDeps['trust'],
    decided: (emit: Emit, decision: Decided): void => agents.decided(emit, decision),
  };
}

type Rest<F> = F extends (emit: Emit, ...rest: infer R) => unknown ? R : never;
