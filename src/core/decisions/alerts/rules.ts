import type { DecisionAlert } from '../../../shared/contract/analytics.ts';
import { span } from '../../../shared/format.ts';
import { spreadOf } from '../history/rules.ts';
import type { SeenAction } from '../history/storage.ts';

/** What is looked at is one hour. */
export const WINDOW_MS = 3_600_000;
/** Fewer ended actions than this have no rate and no usual time (T-063). */
const LEAST = 20;
const FAILURE_RATE = 0.2;
/** An action at the ninety-fifth of a hundred that takes longer is worth a look. */
const SLOW_MS = 20 * 60_000;
/** So many noes to one session look like somebody who tries. */
const MANY_NOES = 5;
const QUICK_SHARE = 0.5;
const QUICK_MS = 2_000;

export type Finding = Pick<DecisionAlert, 'kind' | 'severity' | 'subject' | 'text' | 'n'>;

const PIPELINE = 'pipeline';

function bySession(actions: readonly SeenAction[]): [session: string, actions: SeenAction[]][] {
  const found = new Map<string, SeenAction[]>();
  for (const action of actions) found.set(action.sessionId, [...(found.get(action.sessionId) ?? []), action]);
  return [...found];
}

/** One finding a session, for the actions of it that the rule names. */
function perSession(
  actions: readonly SeenAction[],
  wanted: (action: SeenAction) => boolean,
  least: number,
  finding: Pick<Finding, 'kind' | 'severity'>,
  words: (n: number) => string,
): Finding[] {
  return bySession(actions.filter(wanted)).flatMap(([subject, { length: n }]) =>
    n >= least ? [{ ...finding, subject, n, text: words(n) }] : [],
  );
}

const plural = (n: number, one: string, many: string): string => (n === 1 ? `one ${one}` : `${n} ${many}`);

/** What is out of order in the actions of one hour. Pure; says nothing where there is too little to say it by. */
export function findingsIn(actions: readonly SeenAction[]): Finding[] {
  const found: Finding[] = [
    ...perSession(
      actions,
      ({ state, risk }) => state === 'refused' && risk === 'critical',
      1,
      { kind: 'safety_violation', severity: 'error' },
      (n) => `The gate refused ${plural(n, 'critical action', 'critical actions')} of this session.`,
    ),
    ...perSession(
      actions,
      ({ codes }) => codes.includes('unmet_session_limit') || codes.includes('unmet_failure_rate'),
      1,
      { kind: 'constraint_violation', severity: 'warning' },
      () => 'This session has reached a limit of actions or of failures, and asks about what it did by itself.',
    ),
    ...perSession(
      actions,
      ({ codes }) => codes.includes('unmet_within_rate'),
      1,
      { kind: 'rate_limit_exceeded', severity: 'info' },
      () => 'As many actions as may be were let through unasked this hour; further ones ask.',
    ),
    ...perSession(
      actions,
      ({ outcome }) => outcome === 'unknown',
      1,
      { kind: 'execution_failure', severity: 'warning' },
      (n) =>
        `Nobody saw how ${plural(n, 'action', 'actions')} of this session ended: look at what ${n === 1 ? 'it' : 'they'} left.`,
    ),
    ...perSession(
      actions,
      ({ state }) => state === 'expired',
      1,
      { kind: 'approval_timeout', severity: 'warning' },
      (n) => `${n === 1 ? 'A question' : `${n} questions`} of this session ran out unanswered and were denied.`,
    ),
    ...perSession(
      actions,
      ({ state }) => state === 'refused' || state === 'denied',
      MANY_NOES,
      { kind: 'unusual_pattern', severity: 'warning' },
      (n) => `This session was told no ${n} times within an hour: it may be looking for a way around.`,
    ),
  ];
  const ended = actions.filter(({ outcome }) => outcome === 'ran' || outcome === 'failed');
  const failed = ended.filter(({ outcome }) => outcome === 'failed').length;
  if (ended.length >= LEAST && failed / ended.length > FAILURE_RATE)
    found.push({
      kind: 'high_failure_rate',
      severity: 'error',
      subject: PIPELINE,
      n: failed,
      text: `${failed} of the last ${ended.length} actions failed.`,
    });
  const { p95 } = spreadOf(
    ended.flatMap(({ startedAt, settledAt }) =>
      startedAt === null || settledAt === null ? [] : [settledAt - startedAt],
    ),
  );
  if (ended.length >= LEAST && p95 !== null && p95 > SLOW_MS)
    found.push({
      kind: 'high_latency',
      severity: 'warning',
      subject: PIPELINE,
      n: ended.length,
      text: `One in twenty actions ran for more than ${span(p95)}.`,
    });
  const yeses = actions.filter(({ byPerson, state, verdict }) => byPerson && verdict === 'ask' && state === 'approved');
  const quick = yeses.filter(({ askedAt, answeredAt }) => answeredAt !== null && answeredAt - askedAt < QUICK_MS);
  if (yeses.length >= LEAST && quick.length / yeses.length >= QUICK_SHARE)
    found.push({
      kind: 'unusual_pattern',
      severity: 'warning',
      subject: PIPELINE,
      n: quick.length,
      text: `${quick.length} of the last ${yeses.length} approvals were given faster than a command can be read.`,
    });
  return found;
}
