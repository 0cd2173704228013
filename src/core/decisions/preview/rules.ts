import { ATTENTION, escalates } from '../../../shared/attention.ts';
import type { SettingsPreview } from '../../../shared/contract/analytics.ts';
import type { Reason } from '../../../shared/contract/decisions.ts';
import type { SessionSource } from '../../../shared/contract/sessions.ts';
import { classedAs, RISKS, type Risk } from '../../../shared/policy.ts';
import { type GateSettings, limitsOf } from '../judge.ts';
import type { StoredDecision } from '../row.ts';
import { type GateFacts, type History, type Verdict, verdictOf } from '../rules.ts';

const HOUR_MS = 3_600_000;
const SAMPLES = 30;
/** As many of a kind as the gate itself looks at. */
const ENOUGH = 200;

/** Reasons that are never more than *low* by themselves: beside them another one decides. */
const SLIGHT =
  /^(?:reads|prints|no_effect|shell|computes|edits_worktree|clipboard|version|verify_command|deletes_build_output|temporary)$/u;

/**
 * How grave it would count by a draft's classes. Only its worst risk was kept, so that it counts as *low* where
 * everything in it that is more than slight does.
 */
function riskBy({ risk, reasons }: StoredDecision, { risks }: GateSettings): Risk {
  const codes = reasons.map(({ code }) => code).filter((code) => !OF_THE_GATE.test(code));
  const graver = codes
    .flatMap((code) => (Object.hasOwn(risks, code) ? [risks[code] ?? risk] : []))
    .reduce((worst, one) => (RISKS.indexOf(one) > RISKS.indexOf(worst) ? one : worst), risk);
  if (graver !== risk || risk !== 'medium') return graver;
  const own = codes.filter((code) => !SLIGHT.test(code));
  return own.length > 0 && own.every((code) => classedAs(code, 'medium', risks) === 'low') ? 'low' : risk;
}

/** Reasons that the gate added to those of the action itself. */
const OF_THE_GATE = /^(?:level_|unmet_|asks_in_two_steps$|redacted$|rule_)/u;

/** What is known of the time before, and of today. */
export interface Ground {
  /** Actions of an agent's kind that had ended well before the first decision, by `agent kind`. */
  ranBefore: ReadonlyMap<string, number>;
  /** An agent's score of today: none of the past is kept. */
  scoreOf(agent: string): number | null;
  sourceOf(sessionId: string): SessionSource;
}

export interface Draft {
  settings: GateSettings;
  /** Would quiet hours have held at that time? */
  isQuiet(at: number): boolean;
}

export type Kept = StoredDecision & { agent: string; kind: string };

/** Can it be judged again? Questions of the agent, and records from before its kind was kept, cannot. */
export const isKept = (decision: StoredDecision): decision is Kept =>
  decision.agent !== null && decision.kind !== null && !decision.action.questions;

/** What the gate refused by itself whatever the level: its first reason is the action's own. */
function hardDenyOf({ state, ruleId, reasons: [first] }: StoredDecision): Reason | null {
  return state === 'refused' && ruleId === null && first && !OF_THE_GATE.test(first.code) ? first : null;
}

/** What an agent had done up to a time, kept so that a look at it costs little. */
interface AgentRecord {
  /** Its ended actions by the time they were asked, and its failed ones by kind. */
  ended: Kept[];
  failed: Map<string, Kept[]>;
  /** When the first of a kind had ended well; epoch ms. */
  firstRan: Map<string, number>;
  /** When it was let through as eligible; epoch ms. */
  autos: number[];
}

/** The newest of a list that pass, back to a time; never more than two hundred. `list` is oldest first. */
function newest(list: readonly Kept[], after: number, endedAt: number): Kept[] {
  const found: Kept[] = [];
  for (let n = list.length - 1; n >= 0 && found.length < ENOUGH; n -= 1) {
    const one = list[n];
    if (!one || one.askedAt <= after) break;
    if (endedBy(one, endedAt)) found.push(one);
  }
  return found;
}

function historyOf(
  decision: Kept,
  record: AgentRecord,
  ofSession: number,
  settings: GateSettings,
  ground: Ground,
): History {
  const { agent, kind, askedAt } = decision;
  const recent = newest(record.ended, askedAt - settings.failures.windowMs, askedAt);
  const ranBefore = ground.ranBefore.get(`${agent} ${kind}`) ?? 0;
  record.autos = record.autos.filter((at) => at > askedAt - HOUR_MS);
  return {
    ranOfKind: ranBefore + ((record.firstRan.get(kind) ?? Number.POSITIVE_INFINITY) <= askedAt ? 1 : 0),
    failedOfKind: newest(record.failed.get(kind) ?? [], askedAt - settings.auto.failureWindowMs, askedAt).length,
    finished: recent.length,
    failed: recent.filter(({ outcome }) => outcome === 'failed').length,
    autoInHour: record.autos.length,
    ofSession,
  };
}

function remember(decision: Kept, record: AgentRecord): void {
  const { kind, outcome, settledAt } = decision;
  if (outcome === 'ran' || outcome === 'failed') record.ended.push(decision);
  if (outcome === 'failed') record.failed.set(kind, [...(record.failed.get(kind) ?? []), decision].slice(-ENOUGH));
  if (outcome === 'ran' && settledAt !== null)
    record.firstRan.set(kind, Math.min(settledAt, record.firstRan.get(kind) ?? Number.POSITIVE_INFINITY));
}

/**
 * The gate's word on one decision after the other, oldest first, by those settings; what it lets through
 * counts for those after it.
 */
export function createReplay(settings: GateSettings, ground: Ground): (decision: Kept) => Verdict {
  const limits = limitsOf(settings);
  const records = new Map<string, AgentRecord>();
  const finishedOf = new Map<string, number>();
  return (decision) => {
    const { agent, sessionId, reasons, ruleId } = decision;
    const record: AgentRecord = records.get(agent) ?? { ended: [], failed: new Map(), firstRan: new Map(), autos: [] };
    records.set(agent, record);
    const ofSession = finishedOf.get(sessionId) ?? 0;
    const facts: GateFacts = {
      level: decision.level,
      risk: riskBy(decision, settings),
      actionReasons: reasons.filter(({ code }) => !OF_THE_GATE.test(code)),
      source: ground.sourceOf(sessionId),
      hardDeny: hardDenyOf(decision),
      irreversible: reasons.some(({ code, text }) => code === 'unmet_reversible' || /cannot be undone/u.test(text)),
      agent: { name: agent, score: ground.scoreOf(agent) },
      history: historyOf(decision, record, ofSession, settings, ground),
      limits,
      tribunal: null,
      rule:
        ruleId !== null && reasons[0]
          ? { effect: decision.verdict === 'deny' ? 'deny' : 'allow', reason: reasons[0] }
          : null,
    };
    const verdict = verdictOf(facts);
    if (verdict.auto) record.autos.push(decision.askedAt);
    if (decision.outcome !== null) finishedOf.set(sessionId, ofSession + 1);
    remember(decision, record);
    return verdict;
  };
}

const endedBy = ({ settledAt }: StoredDecision, at: number): boolean => settledAt !== null && settledAt <= at;

/** How long a question lives in all until it is denied, by those settings; milliseconds. */
function lifeOf({ urgency }: StoredDecision, { deadlineMs, timeouts, escalations, paths }: GateSettings): number {
  const life = deadlineMs ?? timeouts[`${urgency}Ms`];
  const { begins, louder } = paths[urgency];
  const left = ATTENTION.length - 1 - ATTENTION.indexOf(begins);
  return deadlineMs === null && louder ? life * (1 + Math.min(escalations, left)) : life;
}

/** Of the questions, how many would have begun with more than the badge. */
const told = (kept: readonly Kept[], verdicts: readonly Verdict[], { paths }: GateSettings): number =>
  kept.filter(({ urgency }, n) => verdicts[n]?.verdict === 'ask' && paths[urgency].begins !== 'badge').length;

/** Did a person answer it? */
const wasAnswered = ({ verdict, state, answeredBy }: StoredDecision): boolean =>
  verdict === 'ask' && (state === 'approved' || state === 'denied') && answeredBy !== 'tribunal';

/** Decisions that can be judged again, oldest first, and for each the word by today's settings and by the draft. */
export interface Replayed {
  kept: readonly Kept[];
  before: readonly Verdict[];
  after: readonly Verdict[];
  /** Of how many more too little was kept. */
  unknown: number;
}

/**
 * What a draft of the settings would have made of stored decisions, beside what today's make of them.
 * Both are judged again by the same rules, so that what differs differs by the draft alone. Pure.
 */
export function previewOf(
  { kept, before, after, unknown }: Replayed,
  since: number,
  draft: Draft,
  today: GateSettings,
): SettingsPreview {
  const count = (verdicts: readonly Verdict[], wanted: Verdict['verdict']): number =>
    verdicts.filter(({ verdict }) => verdict === wanted).length;
  const both = (wanted: Verdict['verdict']) => ({ before: count(before, wanted), after: count(after, wanted) });
  const changed = kept.flatMap((decision, n) => {
    const [was, would] = [before[n], after[n]];
    return was && would && was.verdict !== would.verdict ? [{ decision, was, would }] : [];
  });
  const asked = kept.filter((_, n) => after[n]?.verdict === 'ask');
  return {
    since,
    compared: kept.length,
    unknown,
    asked: both('ask'),
    unasked: both('allow'),
    refused: both('deny'),
    told: { before: told(kept, before, today), after: told(kept, after, draft.settings) },
    tooLate: asked.filter(
      (one) => wasAnswered(one) && (one.answeredAt ?? 0) - one.askedAt > lifeOf(one, draft.settings),
    ).length,
    quiet: asked.filter((one) => !escalates(one.urgency) && draft.isQuiet(one.askedAt)).length,
    changed: changed.length,
    samples: changed
      .slice(-SAMPLES)
      .toReversed()
      .map(({ decision, was, would }) => ({
        decisionId: decision.id,
        at: decision.askedAt,
        project: decision.project,
        summary: decision.action.summary,
        risk: decision.risk,
        before: was.verdict,
        after: would.verdict,
        why: would.reasons
          .slice(0, 2)
          .map(({ text }) => text)
          .join(' '),
      })),
  };
}
