import type { DiffFile } from '../../../shared/contract/diff.ts';
import { count } from '../../../shared/format.ts';
import { linesText, reviewPrompt } from '../../../shared/review.ts';
import { useAway } from '../../hooks/use-away.ts';
import { hashOf } from '../../route.ts';
import { Button } from '../../ui/Button.tsx';
import type { Comments } from './use-comments.ts';

interface CommentListProps {
  comments: Comments;
  /** Those that there are now; null: not all of them are known. */
  files: readonly DiffFile[] | null;
  onOpen: (path: string) => void;
}

/** All comments of a session with the button that sends the drafts. */
export function CommentList({ comments, files, onOpen }: CommentListProps) {
  const { all, drafts, busy, sentTo } = comments;
  const away = useAway();
  const known = files && new Set(files.map(({ path }) => path));
  const isThere = (path: string): boolean => known === null || known.has(path);
  if (all.length === 0) {
    return <p className="px-1 text-small text-ink-3">Choose a line by its number to comment on it.</p>;
  }
  return (
    <section aria-label="Comments" className="flex flex-col gap-2">
      <h2 className="px-1 font-strong">
        {count(all.length, 'comment')}
        {drafts.length < all.length && drafts.length > 0 && `, ${drafts.length} not sent`}
      </h2>
      <ul className="card files">
        {all.map(({ id, path, from, to, text, sentAt }) => (
          <li key={id} className="lazy-row">
            <button type="button" disabled={!isThere(path)} title={text} onClick={() => onOpen(path)}>
              <span className="min-w-0 flex-1">
                <span className="block truncate">{text}</span>
                <span className="block truncate text-small text-ink-3">
                  {path}, {linesText({ from, to })}
                </span>
              </span>
              <span className={`shrink-0 text-small ${sentAt === null ? 'text-human' : 'text-ink-3'}`}>
                {isThere(path) ? (sentAt === null ? 'draft' : 'sent') : 'outdated'}
              </span>
            </button>
          </li>
        ))}
      </ul>
      {drafts.length > 0 && (
        <>
          <Button kind="primary" busy={busy} why={away} onClick={() => void comments.send()}>
            Send {count(drafts.length, 'comment')} to the agent
          </Button>
          <details className="text-small">
            <summary className="link w-fit px-1">What will be sent</summary>
            <p className="command mt-1 max-h-48" tabIndex={0}>
              {reviewPrompt(drafts)}
            </p>
          </details>
        </>
      )}
      {sentTo && (
        <p className="px-1 text-ink-2">
          {all.some(({ sessionId }) => sessionId === sentTo.id) ? (
            'Sent. The agent gets them when its turn ends.'
          ) : (
            <>
              Sent.{' '}
              <a className="link" href={hashOf('sessions', sentTo.id)}>
                A new session
              </a>{' '}
              goes on with them.
            </>
          )}
        </p>
      )}
    </section>
  );
}
