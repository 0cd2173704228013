import type { Reason } from '../../shared/contract/decisions.ts';
import type { SessionSource } from '../../shared/contract/sessions.ts';
import { type Cell, cellOf, type Level, type Risk } from '../../shared/policy.ts';

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
  /** The agent is CERTIFIED or better, this is not its first, no failure in the window, inside the rate. */
  eligible: boolean;
  /** What a tribunal said; null: there is none, or it was split or silent. */
  tribunal: 'unanimous' | 'majority' | null;
  irreversible: boolean;
}

export interface Verdict {
  verdict: 'allow' | 'deny' | 'ask';
  /** Steps that an approval takes. */
  steps: 1 | 2;
  /** Every reason: the verdict's own first. */
  reasons: Reason[];
}

const RISK_NAME: Readonly<Record<Risk, string>> = {
  read: 'reading',
  low: 'low-risk actions',
  medium: 'medium-risk actions',
  high: 'high-risk actions',
  critical: 'critical actions',
};

const levelName = (level: Level): string => level[0]?.toUpperCase() + level.slice(1);

const allow = (text: string): Omit<Verdict, 'reasons'> & { reason: Reason } => ({
  verdict: 'allow',
  steps: 1,
  reason: { code: 'level_allows', text },
});

const ask = (text: string, steps: 1 | 2 = 1): Omit<Verdict, 'reasons'> & { reason: Reason } => ({
  verdict: 'ask',
  steps,
  reason: { code: steps === 2 ? 'asks_in_two_steps' : 'level_asks', text },
});

/** What one cell of the table comes to, given the rest of the facts. */
function ofCell(cell: Cell, facts: GateFacts): ReturnType<typeof ask> {
  const at = `At ${levelName(facts.level)}`;
  const what = RISK_NAME[facts.risk];
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
      return facts.eligible
        ? allow(`${at} ${what} of a certified agent may go ahead.`)
        : ask(`${at} ${what} wait for a person until the agent is certified.`);
    case 'tribunal':
      return facts.tribunal === null
        ? ask(`${at} ${what} wait for a person where no tribunal has agreed.`)
        : allow(`The tribunal agreed.`);
    case 'auto-else-tribunal':
      if (facts.eligible) return allow(`${at} ${what} of a certified agent may go ahead.`);
      return facts.tribunal === null
        ? ask(`${at} ${what} of an agent that is not certified wait for a person where no tribunal has agreed.`)
        : allow(`The tribunal agreed.`);
    case 'tribunal-unanimous':
      if (facts.irreversible) return ask(`What cannot be undone waits for a person at every level.`);
      return facts.tribunal === 'unanimous'
        ? allow(`The tribunal agreed unanimously.`)
        : ask(`${at} ${what} wait for a person unless a tribunal agrees unanimously.`);
  }
}

/** The gate: from facts to a verdict. Pure and total; hard denies stand above the table. */
export function verdictOf(facts: GateFacts): Verdict {
  if (facts.hardDeny) return { verdict: 'deny', steps: 1, reasons: [facts.hardDeny, ...facts.actionReasons] };
  const { verdict, steps, reason } = ofCell(cellOf(facts.level, facts.risk), facts);
  return { verdict, steps, reasons: [reason, ...facts.actionReasons] };
}
