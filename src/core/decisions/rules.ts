import type { Check, Reason } from '../../shared/contract/decisions.ts';
import type { SessionSource } from '../../shared/contract/sessions.ts';
import { type Cell, cellOf, type Level, RISKS, type Risk } from '../../shared/policy.ts';

/** What is on record of an agent, counted from stored outcomes; a refused or blocked action counts nowhere (T-062). */
export interface History {
  /** Actions of this kind that it has run to a good end, ever. */
  ranOfKind: number;
  /** Actions of this kind that failed in the window of failures. */
  failedOfKind: number;
  /** All its finished actions in the window of the failure rate, and how many of them failed. */
  finished: number;
  failed: number;
  /** Actions of it that the gate let through by itself, as eligible, in the last hour. */
  autoInHour: number;
  /** Actions that this session has run. */
  ofSession: number;
}

export const NO_HISTORY: History = {
  ranOfKind: 0,
  failedOfKind: 0,
  finished: 0,
  failed: 0,
  autoInHour: 0,
  ofSession: 0,
};

/** The numbers of the rules; a person sets them. */
export interface GateLimits {
  /** Least score (0–1000) of an agent that acts by itself: CERTIFIED (C-09). */
  minScore: number;
  /** Most actions let through as eligible in an hour. */
  autoPerHour: number;
  /** Share of failed actions from which nothing above low goes ahead unasked. */
  failureRate: number;
  /** Least number of finished actions for that share to mean anything (T-053). */
  failureMin: number;
  /** Most actions of one session without asking again; null: no limit. */
  sessionActions: number | null;
}

/** Everything a verdict depends on. */
export interface GateFacts {
  /** The effective level: the minimum of the system's level and the project's ceiling. */
  level: Level;
  risk: Risk;
  /** Why the action has this risk, gravest first. */
  actionReasons: readonly Reason[];
  source: SessionSource;
  /** Stands above every row of the table. */
  hardDeny: Reason | null;
  irreversible: boolean;
  /** The agent's name and its score, 0–1000; null: it has none, which is the lowest tier. */
  agent: { name: string; score: number | null };
  history: History;
  limits: GateLimits;
  /** What a tribunal said; null: there is none, or it was split or silent. */
  tribunal: 'unanimous' | 'majority' | null;
  /** What a rule says that a person has made for exactly this; null: there is none. */
  rule: { effect: 'allow' | 'deny'; reason: Reason } | null;
}

export interface Verdict {
  verdict: 'allow' | 'deny' | 'ask';
  /** Steps that an approval takes. */
  steps: 1 | 2;
  /** Every reason that bears on it: the verdict's own first. */
  reasons: Reason[];
  /** Every rule with what it found, whether or not it mattered. */
  checks: Check[];
  /** Let through because the agent is eligible: such a one is counted, listed and can be marked wrong. */
  auto: boolean;
  /** What a tribunal would have to agree on to answer in the person's place; null: only a person can. */
  need: 'majority' | 'unanimous' | null;
}

const RISK_NAME: Readonly<Record<Risk, string>> = {
  read: 'reading',
  low: 'low-risk actions',
  medium: 'medium-risk actions',
  high: 'high-risk actions',
  critical: 'critical actions',
};

/** Deleting, money and credentials are never waved through, whatever the agent's record (product: *eligible*). */
const NEVER_ALONE =
  /^(?:deletes|deletes_root|deletes_disk|destroys_data|wipes_disk|sweeps|overwrites|credentials|uses_credentials|sends_credentials|pays)$/u;

const levelName = (level: Level): string => level[0]?.toUpperCase() + level.slice(1);
const times = (n: number): string => (n === 1 ? 'once' : `${n} times`);

/** The rules of eligibility: each looks at one thing. All are always asked. */
const ELIGIBILITY: readonly ((facts: GateFacts) => Check)[] = [
  ({ agent: { name, score }, limits }) => ({
    code: 'certified',
    ok: score !== null && score >= limits.minScore,
    text:
      score === null
        ? `${name} has no score yet; acting by itself takes ${limits.minScore}.`
        : `${name} has a score of ${score}; acting by itself takes ${limits.minScore}.`,
  }),
  ({ actionReasons }) => {
    const found = actionReasons.find(({ code }) => NEVER_ALONE.test(code));
    return {
      code: 'not_excluded',
      ok: found === undefined,
      text: found
        ? 'Deleting, money and credentials are never let through unasked.'
        : 'Nothing is deleted, paid or signed in with.',
    };
  },
  ({ irreversible }) => ({
    code: 'reversible',
    ok: !irreversible,
    text: irreversible ? 'It cannot be undone.' : 'It can be undone.',
  }),
  ({ history: { ranOfKind } }) => ({
    code: 'not_first',
    ok: ranOfKind > 0,
    text:
      ranOfKind > 0
        ? `The agent has done this kind of thing ${times(ranOfKind)}.`
        : 'It is the first of its kind by this agent.',
  }),
  ({ history: { failedOfKind } }) => ({
    code: 'no_recent_failure',
    ok: failedOfKind === 0,
    text:
      failedOfKind === 0
        ? 'None of this kind has failed lately.'
        : `This kind of thing has failed ${times(failedOfKind)} lately.`,
  }),
  ({ history: { autoInHour }, limits: { autoPerHour } }) => ({
    code: 'within_rate',
    ok: autoInHour < autoPerHour,
    text: `${autoInHour} of ${autoPerHour} an hour were let through unasked.`,
  }),
];

/** Rules that take back what the table allows: then a person is asked. */
const BRAKES: readonly ((facts: GateFacts) => Check & { from: Risk })[] = [
  ({ history: { finished, failed }, limits: { failureRate, failureMin } }) => ({
    code: 'failure_rate',
    from: 'medium',
    ok: finished < failureMin || failed / finished < failureRate,
    text:
      finished < failureMin
        ? `${finished} actions ended lately: too few for a failure rate.`
        : `${failed} of the last ${finished} actions failed; from ${Math.round(failureRate * 100)} % on a person is asked.`,
  }),
  ({ history: { ofSession }, limits: { sessionActions } }) => ({
    code: 'session_limit',
    from: 'low',
    ok: sessionActions === null || ofSession < sessionActions,
    text:
      sessionActions === null
        ? 'This session has no limit of actions.'
        : `This session has run ${ofSession} of ${sessionActions} actions.`,
  }),
];

interface Outcome {
  verdict: Verdict['verdict'];
  steps: 1 | 2;
  reason: Reason;
  auto?: boolean;
}

const allow = (text: string): Outcome => ({ verdict: 'allow', steps: 1, reason: { code: 'level_allows', text } });
const ask = (text: string, steps: 1 | 2 = 1): Outcome => ({
  verdict: 'ask',
  steps,
  reason: { code: steps === 2 ? 'asks_in_two_steps' : 'level_asks', text },
});

/** What one cell of the table comes to, given the rest of the facts. */
function ofCell(cell: Cell, facts: GateFacts, eligible: boolean): Outcome {
  const at = `At ${levelName(facts.level)}`;
  const what = RISK_NAME[facts.risk];
  const auto: Outcome = { ...allow(`${at} ${what} of a certified agent may go ahead.`), auto: true };
  switch (cell) {
    case 'allow':
      return allow(`${at} ${what} may go ahead.`);
    case 'allow-launched':
      return allow(`${at} ${what} may go ahead in a session that a person launched or scheduled.`);
    case 'deny':
      return { verdict: 'deny', steps: 1, reason: { code: 'level_denies', text: `${at} ${what} are refused.` } };
    case 'ask':
      return ask(`${at} ${what} wait for a person.`);
    case 'ask-two-steps':
      return ask(`${at} ${what} wait for a person, in two steps.`, 2);
    case 'auto-if-eligible':
      return eligible ? auto : ask(`${at} ${what} wait for a person until the agent is certified for them.`);
    case 'tribunal':
      return facts.tribunal === null
        ? ask(`${at} ${what} wait for a person where no tribunal has agreed.`)
        : allow('The tribunal agreed.');
    case 'auto-else-tribunal':
      if (eligible) return auto;
      return facts.tribunal === null
        ? ask(
            `${at} ${what} of an agent that is not certified for them wait for a person where no tribunal has agreed.`,
          )
        : allow('The tribunal agreed.');
    case 'tribunal-unanimous':
      if (facts.irreversible) return ask('What cannot be undone waits for a person at every level.');
      return facts.tribunal === 'unanimous'
        ? allow('The tribunal agreed unanimously.')
        : ask(`${at} ${what} wait for a person unless a tribunal agrees unanimously.`);
  }
}

function needOf(cell: Cell, { irreversible }: GateFacts): Verdict['need'] {
  if (cell === 'tribunal' || cell === 'auto-else-tribunal') return 'majority';
  return cell === 'tribunal-unanimous' && !irreversible ? 'unanimous' : null;
}

/** Where the table asks once, a person's standing rule is the answer; never at observe, never for what is critical. */
function byRule({ rule, level, risk }: GateFacts, table: Outcome): Outcome {
  const mayLift = table.verdict === 'ask' && table.steps === 1 && level !== 'observe' && risk !== 'critical';
  return rule?.effect === 'allow' && mayLift ? { verdict: 'allow', steps: 1, reason: rule.reason } : table;
}

/**
 * The gate: from facts to a verdict. Pure and total; hard denies and a person's prohibitions stand above
 * the table, the table above the agent's record, and a brake only ever asks where there would be a yes.
 */
export function verdictOf(facts: GateFacts): Verdict {
  const { level, risk, actionReasons } = facts;
  const denied = facts.hardDeny ?? (facts.rule?.effect === 'deny' ? facts.rule.reason : null);
  const brakes = BRAKES.map((rule) => rule(facts));
  const checks = [
    ...ELIGIBILITY.map((rule) => rule(facts)),
    ...brakes.map(({ code, ok, text }) => ({ code, ok, text })),
  ];
  if (denied)
    return { verdict: 'deny', steps: 1, reasons: [denied, ...actionReasons], checks, auto: false, need: null };

  const cell = cellOf(level, risk);
  const held = brakes.filter(({ ok, from }) => !ok && RISKS.indexOf(risk) >= RISKS.indexOf(from));
  const unmet = checks.filter(({ ok }) => !ok);
  const table = byRule(facts, ofCell(cell, facts, unmet.length === 0));
  const braked = held.length > 0 && table.verdict === 'allow';
  const outcome = braked ? ask(`At ${levelName(level)} ${RISK_NAME[risk]} wait for a person for now.`) : table;
  const why = cell.startsWith('auto') && outcome.verdict === 'ask' ? unmet : braked ? held : [];
  return {
    verdict: outcome.verdict,
    steps: outcome.steps,
    reasons: [outcome.reason, ...why.map(({ code, text }) => ({ code: `unmet_${code}`, text })), ...actionReasons],
    checks,
    auto: outcome.auto ?? false,
    need: outcome.verdict === 'ask' && held.length === 0 ? needOf(cell, facts) : null,
  };
}

/** The kind of an action, by which a record is kept: the tool and what was gravest about it. */
export const kindOf = (tool: string, actionReasons: readonly Reason[]): string =>
  `${tool}:${actionReasons[0]?.code ?? 'unknown'}`;
