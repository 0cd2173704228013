import type { Decision } from '../../../shared/contract/decisions.ts';
import { csv, csvTime } from '../../../shared/csv.ts';
import { STAGE_WORDS, type Stage, stageOf } from '../../../shared/decision-stage.ts';

/** The chips above the history, and which stages each shows; null: all. */
export const CHIPS: Readonly<Record<string, readonly Stage[] | null>> = {
  All: null,
  Pending: ['pending'],
  Approved: ['approved'],
  Executing: ['executing'],
  Completed: ['completed'],
  Rejected: ['rejected'],
  Failed: ['failed', 'timed_out', 'aborted', 'unknown'],
  Expired: ['expired', 'withdrawn'],
};

const HEAD =
  'id,asked,project,session,tool,summary,risk,level,verdict,stage,answered,answered by,reason,outcome,auto,wrong'.split(
    ',',
  );

/** Decisions as CSV (RFC 4180), times in UTC. */
export function csvOf(decisions: readonly Decision[]): string {
  return csv(
    HEAD,
    decisions.map((d) => [
      d.id,
      csvTime(d.askedAt),
      d.project,
      d.sessionId,
      d.action.tool,
      d.action.summary,
      d.risk,
      d.level,
      d.verdict,
      STAGE_WORDS[stageOf(d)],
      csvTime(d.answeredAt),
      d.answeredBy,
      d.answerReason,
      d.outcome,
      d.auto,
      d.wrong !== null,
    ]),
  );
}
