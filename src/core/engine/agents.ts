import type { SettingChange } from '../../shared/contract/settings.ts';
import { ScoreSettings } from '../../shared/score-settings.ts';
import { createAgents, type Decided } from '../agents/service.ts';
import { allFields } from '../config/fields.ts';
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
  /** Changes keys of the configuration in its file. */
  setSettings(changes: readonly SettingChange[], by: string): void;
}

const OWN = ['trust', 'score'];
const SHIPPED = ScoreSettings.parse({});

const at = (settings: ScoreSettings, path: readonly string[]): unknown =>
  path.reduce<unknown>((value, key) => (value as Record<string, unknown> | undefined)?.[key], settings);

/** What has to be written for other rules to hold; what is as shipped needs no line of its own. */
export function changesTo(draft: ScoreSettings, now: ScoreSettings): SettingChange[] {
  const own = allFields().filter(({ path }) => OWN.every((name, n) => path[n] === name));
  return own.flatMap(({ key, path }) => {
    const [to, from, shipped] = [draft, now, SHIPPED].map((one) => at(one, path.slice(OWN.length)));
    if (to === from) return [];
    return [to === shipped ? { key } : { key, value: to }];
  });
}

/** The agents' standing, fed where trust is fed and in the same commits: by what was seen, never by what was said. */
export function createAgentsChapter({
  db,
  ports,
  config,
  journal,
  ledger,
  trust,
  evaluations,
  setSettings,
}: AgentsOptions) {
  const agents = createAgents({
    db,
    journal,
    clock: ports.clock,
    ledger,
    configured: () => config.current().trust.score,
    write: (settings, by) => setSettings(changesTo(settings, config.current().trust.score), by),
    minScore: () => config.current().decisions.auto.minScore,
    nameOf: agentName,
    evaluation: (sessionId) => evaluations().get(sessionId).history[0] ?? null,
  });

  return {
    agents,
    /** Trust as the sessions know it. */
    ofSessions: {
      ...trust,
      whyNotGiven: agents.whyNotGiven,
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
