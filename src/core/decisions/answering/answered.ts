import type { Decision } from '../../../shared/contract/decisions.ts';
import { TenureError } from '../../../shared/errors.ts';
import { absolute } from '../../../shared/format.ts';
import { whoWords } from '../../../shared/words.ts';

/** The refusal of an answer that came after another, or too late. */
export function alreadyAnswered(decision: Decision): TenureError {
  const when = decision.answeredAt === null ? '' : ` at ${absolute(decision.answeredAt)}`;
  if (decision.state === 'expired') {
    return new TenureError(
      'expired',
      `This question ran out${when} and counts as denied; it can no longer be answered.`,
    );
  }
  const by = decision.answeredBy === null ? '' : ` by ${whoWords(decision.answeredBy)}`;
  const why = decision.answerReason === null ? '' : `: ${decision.answerReason}`;
  return new TenureError('conflict', `This question was already ${decision.state}${by}${when}${why}.`);
}
