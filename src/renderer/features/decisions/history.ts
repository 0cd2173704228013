import type { Decision } from '../../../shared/contract/decisions.ts';
import { STAGE_WORDS, type Stage, stageOf } from '../../../shared/decision-stage.ts';

/** The chips above the history, and which stages each shows; null: all. */
export const CHIPS: Readonly<Record<string, readonly Stage[] | null>> = {
  All: null,
  Pending: ['pending'],
  Approved: ['approved'],
  Executing: ['executing'],
  Completed: ['completed'],
  Rejected: ['rejected'],
  Failed: ['failed', 'unknown'],
  Expired: ['expired', 'withdrawn'],
};

const HEAD =
  'id,asked,project,session,tool,summary,risk,level,verdict,stage,answered,answered by,reason,outcome,auto,wrong';

/** A cell of CSV; one that a spreadsheet would take for a formula is made a text. */
function cell(value: string | number | boolean | null): string {
  const text = value === null ? '' : String(value);
  const safe = /^[=+\-@\t\r]/u.test(text) ? `'${text}` : text;
  return /[",\r\n]/u.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

const time = (at: number | null): string | null => (at === null ? null : new Date(at).toISOString());

/** Decisions as CSV (RFC 4180), times in UTC. */
export function csvOf(decisions: readonly Decision[]): string {
  const rows = decisions.map((d) =>
    [
      d.id,
      time(d.askedAt),
      d.project,
      d.sessionId,
      d.action.tool,
      d.action.summary,
      d.risk,
      d.level,
      d.verdict,
      STAGE_WORDS[stageOf(d)],
      time(d.answeredAt),
      d.answeredBy,
      d.answerReason,
      d.outcome,
      d.auto,
      d.wrong !== null,
    ]
      .map(cell)
      .join(','),
  );
  return `${[HEAD, ...rows].join('\r\n')}\r\n`;
}
