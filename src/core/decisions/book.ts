import { hash } from 'node:crypto';
import type { Database } from 'better-sqlite3';
import { urgencyOf } from '../../shared/attention.ts';
import type { Decision, Reason } from '../../shared/contract/decisions.ts';
import type { AgentQuestion } from '../../shared/contract/questions.ts';
import type { Form, Mention, RuleWord } from '../../shared/contract/standing.ts';
import { TenureError } from '../../shared/errors.ts';
import { type Level, RISKS, type Risk } from '../../shared/policy.ts';
import type { ClassifiedAction } from '../actions/classify.ts';
import type { GateCall } from '../drivers/driver.ts';
import type { Emit, Journal } from '../kernel/journal.ts';
import type { Log } from '../kernel/log.ts';
import type { Clock, Ids } from '../kernel/ports.ts';
import { redact } from '../kernel/redact.ts';
import { type BindingDeps, createBindings } from './binding/service.ts';
import { createJudge, type GateSession, type GateSettings } from './judge.ts';
import { asAction } from './questions.ts';
import { routeOf } from './routing.ts';
import { type StoredDecision, viewOf } from './row.ts';
import { kindOf, type Verdict } from './rules.ts';
import { shownOf } from './shown.ts';
import { createDecisionStorage } from './storage.ts';

export interface DecisionDeps extends BindingDeps {
  db: Database;
  journal: Journal;
  clock: Clock;
  ids: Ids;
  log: Log;
  limits(): GateSettings;
  /** An agent's score, 0–1000; null: it has none. */
  scoreOf(agent: string): number | null;
  /** Inside the commit: what has become of a decision, for who keeps the agents' record. */
  noted?(emit: Emit, decision: StoredDecision): void;
  /** Epoch ms at which the quiet hours end that hold now; null: none do. */
  quietEnds(): number | null;
  /** Validators that may answer in the person's place where the table says so. */
  tribunal: {
    isSet(): boolean;
    patienceMs(): number;
    begin(decisionId: string, sessionId: string, given: TribunalFacts, need: 'majority' | 'unanimous'): void;
  };
  /** Rules that a person has made. */
  rules: {
    wordFor(projectId: string, form: Form, mentions: readonly Mention[]): RuleWord | null;
    use(id: string): void;
  };
  /** Inside the commit: a call was judged; and what another level would have made of it, as if. */
  judged?: (emit: Emit, decision: Decision, wouldAt: (level: Level) => Verdict) => void;
  session(id: string): GateSession | null;
  /** What the action would really do. */
  classify(call: GateCall, session: GateSession): ClassifiedAction;
  /** True when this call is the only one of its turn, so that the run may end here and be resumed. */
  mayDefer(sessionId: string, call: GateCall): boolean;
}

/** What the gate answers by itself waits for nobody. */
const NOT_ASKED = { deadline: null, warnAt: null, quietUntil: null, tribunal: null, urgency: 'normal' as const };

/** What a tribunal is told of a call. */
export interface TribunalFacts {
  tool: string;
  detail: string;
  risk: Risk;
  reasons: readonly Reason[];
  irreversible: boolean;
  agent: string;
  project: string;
  branch: string | null;
  brief: string;
  history: { ranOfKind: number; failedOfKind: number };
}

type Told = 'decision.recorded' | 'decision.answered' | 'decision.settled' | 'decision.raised';

export const hashOf = (canonical: string): string => hash('sha256', canonical, 'hex');

/** The book of decisions: what is written down, told, withdrawn, and what still holds. */
export function createBook(deps: DecisionDeps) {
  const { journal, clock, ids } = deps;
  const storage = createDecisionStorage(deps.db);
  const bindings = createBindings(deps);
  const ruleFor = (session: GateSession, { form, mentions }: ClassifiedAction): RuleWord | null =>
    deps.rules.wordFor(session.projectId, form, mentions);
  const { judge, whatIf, factsOf } = createJudge({
    clock,
    storage,
    settings: deps.limits,
    scoreOf: deps.scoreOf,
    ruleFor,
  });

  function reread(id: string): StoredDecision {
    const found = storage.get(id);
    if (!found) throw new TenureError('not_found', `There is no decision "${id}".`);
    return found;
  }

  function told(emit: Emit, type: Told, id: string): Decision {
    return tellOf(emit, type, reread(id));
  }

  function tellOf(emit: Emit, type: Told, stored: StoredDecision): Decision {
    deps.noted?.(emit, stored);
    const decision = viewOf(stored);
    emit({ type, body: { decision } });
    return decision;
  }

  /** Withdraws a question: what it was bound to has changed or ended. False: it was answered otherwise meanwhile. */
  function voidIt(emit: Emit, id: string, reason: string): boolean {
    const withdrawn = storage.withdraw(id, clock.now(), reason);
    if (withdrawn) told(emit, 'decision.answered', id);
    return withdrawn;
  }

  /**
   * Judges and writes down one call. What a question is bound to takes time to look at, so session and level are
   * judged anew in the commit that follows: a stop or a lowered level meanwhile counts. Null: nothing of it may
   * run any more.
   */
  async function record(before: GateSession, call: GateCall, action: ClassifiedAction): Promise<StoredDecision | null> {
    const id = ids.next('dec');
    const atOnce = write(id, before, call, action, null);
    if (atOnce !== 'look_first') return atOnce;
    const looked = await bindings.look(before, action.tool);
    const decision = write(id, before, call, action, looked);
    if (decision === 'look_first') throw new Error('What a question is bound to was looked at, and not taken.');
    return decision;
  }

  /** Judges and writes down in one commit; writes nothing when a question is not bound to anything yet. */
  function write(
    id: string,
    before: GateSession,
    call: GateCall,
    action: ClassifiedAction,
    looked: Awaited<ReturnType<typeof bindings.look>> | null,
  ): StoredDecision | 'look_first' | null {
    return journal.commit((emit) => {
      const session = deps.session(before.id);
      if (!session?.running) return null;
      const { verdict, steps, reasons, auto, need, word } = judge(session, action);
      if (verdict === 'ask' && looked === null) return 'look_first';
      const ruleId = word && reasons[0]?.code === word.reason.code ? word.id : null;
      if (ruleId !== null) deps.rules.use(ruleId);
      const now = clock.now();
      const stored: StoredDecision = {
        ...fresh(session, call, action, now),
        ruleId,
        id,
        verdict,
        steps,
        auto,
        ...shownOf(action, reasons),
        treeMark: verdict === 'ask' && looked ? looked.mark : null,
        ...(verdict === 'ask'
          ? {
              ...pending(session, action.risk, need !== null && deps.tribunal.isSet()),
              alike: alikeOf(session, action),
              answeredAt: null,
              answeredBy: null,
            }
          : {
              state: verdict === 'allow' ? 'allowed' : 'refused',
              ...NOT_ASKED,
              startedAt: verdict === 'allow' ? now : null,
              answeredAt: now,
              answeredBy: 'gate',
            }),
      };
      storage.insert(stored);
      if (verdict === 'ask' && looked) bindings.keep(id, looked, action, call.cwd);
      const decision = tellOf(emit, 'decision.recorded', stored);
      deps.judged?.(emit, decision, (level) => whatIf(session, action, { level }));
      return stored;
    });
  }

  /** Writes down what the agent asks the person. Null: its session does not run any more. */
  function recordQuestion(
    before: GateSession,
    call: GateCall,
    action: ClassifiedAction,
    questions: AgentQuestion[],
  ): StoredDecision | null {
    const id = ids.next('dec');
    const shown = shownOf(asAction(action, questions), [
      { code: 'agent_asks', text: 'The agent asks you something. Nothing runs by your answer.' },
    ]);
    return journal.commit((emit) => {
      const session = deps.session(before.id);
      if (!session?.running) return null;
      storage.insert({
        ...fresh(session, call, action, clock.now()),
        ...shown,
        action: { ...shown.action, questions },
        // A question is no deed: it says nothing of how the agent's actions end.
        agent: null,
        ruleId: null,
        id,
        verdict: 'ask',
        steps: 1,
        auto: false,
        treeMark: null,
        // A question of the agent's reads nothing and runs nothing, but it waits for its answer.
        ...pending(session, 'medium', false),
        answeredAt: null,
        answeredBy: null,
      });
      told(emit, 'decision.recorded', id);
      return reread(id);
    });
  }

  /** A question that begins now: how soon an answer is needed, and until when it waits. */
  function pending(session: GateSession, risk: Risk, tribunalSits: boolean) {
    const urgency = urgencyOf(risk, session.source === 'person');
    const { begins } = deps.limits().paths[urgency];
    const route = { ...routeOf(urgency, clock.now(), deps.quietEnds(), deps.limits()), begins };
    if (!tribunalSits) return { state: 'pending' as const, urgency, ...route, tribunal: null };
    // Nobody is disturbed about what may be answered in a moment.
    const quietUntil = Math.max(route.quietUntil ?? 0, clock.now() + deps.tribunal.patienceMs());
    return { state: 'pending' as const, urgency, ...route, quietUntil, tribunal: 'sitting' as const };
  }

  /**
   * Why a question, or the yes to it, no longer stands for what the same call is now; null: it does. The
   * same bytes may mean something else meanwhile: a link leads elsewhere, a person has forbidden it.
   */
  function outgrown(earlier: StoredDecision, session: GateSession, action: ClassifiedAction): string | null {
    if (earlier.action.questions) return null;
    const now = judge(session, action);
    if (now.verdict === 'deny') return `It is refused now. ${now.reasons[0]?.text ?? ''}`.trim();
    const isGraver = RISKS.indexOf(action.risk) > RISKS.indexOf(earlier.risk) || now.steps > earlier.steps;
    if (isGraver) return `It is ${action.risk} now; it was asked as ${earlier.risk}.`;
    return earlier.tribunal === 'agreed' && action.irreversible ? 'It cannot be undone now.' : null;
  }

  /** Puts a question that a tribunal may answer before it. */
  function convene(decision: StoredDecision, session: GateSession, action: ClassifiedAction): void {
    const { history } = factsOf(session, action, session.id);
    const { need } = judge(session, action);
    const { tool, detail } = decision.action;
    const given = {
      tool,
      detail,
      risk: decision.risk,
      reasons: action.reasons,
      irreversible: action.irreversible,
      agent: session.agent,
      project: session.project,
      branch: session.branch,
      brief: redact(session.brief),
      history,
    };
    if (need !== null) deps.tribunal.begin(decision.id, session.id, given, need);
  }

  const fresh = (session: GateSession, call: GateCall, action: ClassifiedAction, now: number) => ({
    sessionId: session.id,
    projectId: session.projectId,
    project: session.project,
    risk: action.risk,
    level: session.level,
    askedAt: now,
    answerReason: null,
    answerCode: null,
    undoable: false,
    alike: null,
    outcome: null,
    toolUseId: call.toolUseId,
    agentId: call.agentId,
    actionHash: hashOf(action.canonical),
    toldAt: null,
    deliveredAt: null,
    agent: session.agent,
    kind: kindOf(action.tool, action.reasons),
    form: keptForm(action.form),
    escalations: 0,
    warned: false,
    startedAt: null,
    settledAt: null,
    wrong: null,
  });

  return { storage, bindings, reread, told, voidIt, record, recordQuestion, convene, outgrown, whatIf };
}

/** The same for every question that asks the very same in a project, wherever its work tree lies; null: it stands alone. */
function alikeOf(session: GateSession, { canonical, risk }: ClassifiedAction): string | null {
  if (risk === 'critical') return null;
  return hashOf(`${session.projectId} ${session.level} ${risk} ${canonical.replaceAll(session.cwd, '\0')}`);
}

/** A form that holds what looks like a credential is not kept. */
function keptForm(form: Form): Form | null {
  const text = JSON.stringify(form);
  return redact(text) === text ? form : null;
}
