import type { SessionSource } from '../../shared/contract/sessions.ts';
import type { RuleWord } from '../../shared/contract/standing.ts';
import type { Level, Risk } from '../../shared/policy.ts';
import type { ClassifiedAction } from '../actions/classify.ts';
import type { Clock } from '../kernel/ports.ts';
import type { RoutingSettings } from './routing.ts';
import { type GateFacts, type GateLimits, kindOf, NO_HISTORY, type Verdict, verdictOf } from './rules.ts';
import type { DecisionStorage } from './storage.ts';

/** What the gate must know of a session; gathered at each call, so that a lowered level holds at once. */
export interface GateSession {
  id: string;
  projectId: string;
  project: string;
  /** The effective level now. */
  level: Level;
  source: SessionSource;
  /** False once it has ended or is being ended. A parked one is open. */
  open: boolean;
  /** An agent of it runs now; only then may anything be asked. */
  running: boolean;
  cwd: string;
  /** The repository that was registered; `cwd` is it or a work tree of it. */
  projectPath: string;
  branch: string | null;
  verifyCommand: string | null;
  /** Who acts: product and model, `claude/opus`. */
  agent: string;
  /** What the person asked the session to do. */
  brief: string;
}

/** How a person has set the gate; times in milliseconds. */
export interface GateSettings extends RoutingSettings {
  holdMs: number;
  auto: { minScore: number; perHour: number; failureWindowMs: number };
  failures: { rate: number; windowMs: number; min: number };
  sessionActions: number | null;
  /** How grave reasons of a kind count, by their code. */
  risks: Readonly<Record<string, Risk>>;
  /** How long an answer can be taken back before the agent gets it. */
  undoMs: number;
}

/** The numbers that the rules themselves look at. */
export const limitsOf = ({ auto, failures, sessionActions }: GateSettings): GateLimits => ({
  minScore: auto.minScore,
  autoPerHour: auto.perHour,
  failureRate: failures.rate,
  failureMin: failures.min,
  sessionActions,
});

const HOUR_MS = 3_600_000;

/** What a draft is judged by instead of what is so. */
export interface AsIf {
  level?: Level | undefined;
  score?: number | undefined;
  history?: 'new' | 'clean' | undefined;
}

interface JudgeDeps {
  clock: Clock;
  storage: Pick<DecisionStorage, 'history'>;
  settings(): GateSettings;
  /** An agent's score, 0–1000; null: it has none. */
  scoreOf(agent: string): number | null;
  /** What a standing rule of the project says to that call. */
  ruleFor(session: GateSession, action: ClassifiedAction): RuleWord | null;
}

/** Gathers what the gate's rules look at, and asks them. */
export function createJudge({ clock, storage, settings, scoreOf, ruleFor }: JudgeDeps) {
  /** The facts of one call as they are now: level, score and record. */
  function factsOf(session: GateSession, action: ClassifiedAction, sessionId: string | null) {
    const { auto, failures, sessionActions } = settings();
    const now = clock.now();
    const kind = kindOf(action.tool, action.reasons);
    return {
      level: session.level,
      risk: action.risk,
      actionReasons: action.reasons,
      source: session.source,
      hardDeny: action.hardDeny,
      irreversible: action.irreversible,
      agent: { name: session.agent, score: scoreOf(session.agent) },
      history: storage.history({
        agent: session.agent,
        kind,
        // Counted only against a limit: a long session has thousands.
        sessionId: sessionActions === null ? null : sessionId,
        failureOfKind: now - auto.failureWindowMs,
        failures: now - failures.windowMs,
        hourAgo: now - HOUR_MS,
      }),
      limits: limitsOf(settings()),
      // It is asked once the question stands, and answers there.
      tribunal: null,
      rule: ruleFor(session, action),
    } satisfies GateFacts;
  }

  /** The verdict, and what a standing rule says to that call. */
  function judge(session: GateSession, action: ClassifiedAction): Verdict & { word: RuleWord | null } {
    const facts = factsOf(session, action, session.id);
    return { ...verdictOf(facts), word: facts.rule };
  }

  /** What the gate would say, as if. Nothing is written or counted (T-089). */
  function whatIf(session: GateSession, action: ClassifiedAction, asIf: AsIf): Verdict {
    const facts = factsOf(session, action, session.id === '' ? null : session.id);
    const { level, score, history } = asIf;
    const given = { ...NO_HISTORY, ...(history === 'clean' ? { ranOfKind: 1 } : {}) };
    return verdictOf({
      ...facts,
      level: level ?? facts.level,
      agent: { ...facts.agent, score: score ?? facts.agent.score },
      history: history === undefined ? facts.history : given,
    });
  }

  return { judge, whatIf, factsOf };
}
