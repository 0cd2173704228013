import type { ReviewComment } from '../../../shared/contract/reviews.ts';
import { linesText } from '../../../shared/review.ts';
import { Button } from '../../ui/Button.tsx';
import { Moment } from '../../ui/Time.tsx';

interface CommentCardProps {
  comment: ReviewComment;
  /** Its lines are no longer in the diff: then it shows them itself. */
  outdated: boolean;
  onEdit: () => void;
  onRemove: () => void;
}

/** A comment under its lines: a draft to be changed, or one that was sent. */
export function CommentCard({ comment, outdated, onEdit, onRemove }: CommentCardProps) {
  const { sentAt, text, quote } = comment;
  return (
    <article className="comment" data-outdated={outdated || undefined} tabIndex={-1}>
      <div className="flex items-center gap-3 text-small text-ink-3">
        <span className="font-strong text-ink-2">{sentAt === null ? 'Your draft' : 'Sent to the agent'}</span>
        {sentAt !== null && <Moment at={sentAt} />}
        <span>{linesText(comment)}</span>
        {outdated && <span className="text-human">Outdated: these lines are no longer in the diff</span>}
        {sentAt === null && (
          <span className="ml-auto flex gap-1">
            {!outdated && (
              <Button kind="quiet" className="text-small" onClick={onEdit}>
                Edit
              </Button>
            )}
            <Button kind="quiet" className="text-small" onClick={onRemove}>
              Remove
            </Button>
          </span>
        )}
      </div>
      {outdated && quote && <p className="command max-h-24">{quote}</p>}
      <p className="whitespace-pre-wrap wrap-anywhere select-text">{text}</p>
    </article>
  );
}
