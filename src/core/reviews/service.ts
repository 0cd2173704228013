import type { Database } from 'better-sqlite3';
import type { ReviewComment, SaveComment } from '../../shared/contract/reviews.ts';
import type { Session } from '../../shared/contract/sessions.ts';
import { TenureError } from '../../shared/errors.ts';
import { reviewPrompt } from '../../shared/review.ts';
import type { Emit, Journal } from '../kernel/journal.ts';
import type { Clock, Ids } from '../kernel/ports.ts';
import { redact } from '../kernel/redact.ts';
import { createReviewStorage } from './storage.ts';

/** Drafts of one session at once; more would be no prompt any more. */
const MOST_DRAFTS = 200;
/** Characters that a prompt may have. */
const MOST_PROMPT = 100_000;

interface ReviewDeps {
  db: Database;
  journal: Journal;
  clock: Clock;
  ids: Ids;
  /** The same id, of a session that there is. @throws TenureError not_found. */
  session(id: string): string;
  /** Gives an agent its next prompt: queued while it works, resumed when it has ended. `also` runs in that commit. */
  followUp(input: { id: string; prompt: string; also(emit: Emit): void }): Promise<Session>;
}

export type Reviews = ReturnType<typeof createReviews>;

/** What a person says to lines of a session's work: drafts, until they go to the agent as its next prompt. */
export function createReviews({ db, journal, clock, ids, session, followUp }: ReviewDeps) {
  const storage = createReviewStorage(db);
  /** Sessions whose drafts are on their way, so that a second click sends nothing twice. */
  const sending = new Set<string>();

  const draftsOf = (sessionId: string): ReviewComment[] => storage.of(sessionId).filter((one) => one.sentAt === null);
  const tell = (emit: Emit, sessionId: string): void =>
    emit({ type: 'review.changed', body: { sessionId, drafts: draftsOf(sessionId).length } });

  function draft(id: string): ReviewComment {
    const comment = storage.get(id);
    if (!comment) throw new TenureError('not_found', `There is no comment "${id}".`);
    if (comment.sentAt !== null || sending.has(comment.sessionId))
      throw new TenureError('conflict', 'This comment has gone to the agent and stays as it is. Write another one.');
    return comment;
  }

  return {
    /** By file and line, drafts and sent ones. @throws TenureError not_found. */
    list: (sessionId: string): ReviewComment[] => storage.of(session(sessionId)),

    /** @throws TenureError not_found, conflict (it was sent), invalid (too many drafts). */
    save({ id, ...given }: SaveComment): ReviewComment {
      const now = clock.now();
      const known = id === undefined ? null : draft(id);
      const sessionId = known?.sessionId ?? session(given.sessionId);
      if (!known && draftsOf(sessionId).length >= MOST_DRAFTS) {
        throw new TenureError('invalid', `There are ${MOST_DRAFTS} comments that were not sent. Send them first.`);
      }
      const comment: ReviewComment = {
        ...given,
        id: known?.id ?? ids.next('rev'),
        sessionId,
        quote: redact(given.quote),
        createdAt: known?.createdAt ?? now,
        updatedAt: now,
        sentAt: null,
      };
      journal.commit((emit) => {
        if (known) storage.change(comment);
        else storage.insert(comment);
        tell(emit, sessionId);
      });
      return comment;
    },

    /** @throws TenureError not_found, conflict (it was sent). */
    remove(id: string): { id: string } {
      const { sessionId } = draft(id);
      journal.commit((emit) => {
        storage.remove(id);
        tell(emit, sessionId);
      });
      return { id };
    },

    /**
     * Sends all drafts as one prompt. They count as sent in the commit that puts it into the agent's queue, so
     * that they are told once, over a kill too; when that fails they stay drafts.
     * @throws TenureError not_found, conflict (none, or on their way), invalid (too long), and what `followUp` throws.
     */
    async send(sessionId: string): Promise<{ session: Session; comments: ReviewComment[] }> {
      const drafts = draftsOf(session(sessionId));
      if (sending.has(sessionId)) throw new TenureError('conflict', 'The comments are on their way already.');
      if (drafts.length === 0) throw new TenureError('conflict', 'There is no comment that was not sent.');
      const prompt = reviewPrompt(drafts);
      if (prompt.length > MOST_PROMPT) {
        throw new TenureError(
          'invalid',
          `The comments have ${prompt.length} characters with the code they quote; a prompt has at most ${MOST_PROMPT}. Remove some, or comment on fewer lines.`,
        );
      }
      sending.add(sessionId);
      try {
        const after = await followUp({
          id: sessionId,
          prompt,
          also(emit) {
            for (const { id } of drafts) storage.sent(id, clock.now());
            tell(emit, sessionId);
          },
        });
        return { session: after, comments: storage.of(sessionId) };
      } finally {
        sending.delete(sessionId);
      }
    },
  };
}
