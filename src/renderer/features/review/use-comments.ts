import { useState } from 'react';
import type { ReviewComment, SaveComment } from '../../../shared/contract/reviews.ts';
import type { Session } from '../../../shared/contract/sessions.ts';
import { useAct } from '../../hooks/use-act.ts';
import { useQuery } from '../../hooks/use-query.ts';
import { say } from '../../ui.ts';

export interface Comments {
  all: readonly ReviewComment[];
  drafts: readonly ReviewComment[];
  error: string | null;
  busy: boolean;
  /** False when it failed; `error` says why. */
  save(comment: SaveComment): Promise<boolean>;
  remove(id: string): Promise<void>;
  send(): Promise<void>;
  /** The session that got the comments sent last. */
  sentTo: Session | null;
}

/** The comments on the work of a session: what the engine keeps, and what a person does with them. */
export function useComments(sessionId: string): Comments {
  const list = useQuery('reviews.list', { sessionId });
  const save = useAct('reviews.save');
  const remove = useAct('reviews.remove');
  const send = useAct('reviews.send');
  const [sentTo, setSentTo] = useState<Session | null>(null);
  const all = list.data ?? [];
  return {
    all,
    drafts: all.filter(({ sentAt }) => sentAt === null),
    error: list.error ?? save.error ?? remove.error ?? send.error,
    busy: save.busy || remove.busy || send.busy,
    sentTo,
    async save(comment) {
      const saved = await save.run(comment);
      if (saved) list.reload();
      return saved !== null;
    },
    async remove(id) {
      if (await remove.run({ id })) list.reload();
    },
    async send() {
      const sent = await send.run({ sessionId });
      // Also after a failure: what is there may not be what the screen shows.
      list.reload();
      if (!sent) return;
      setSentTo(sent.session);
      say('The comments were sent to the agent.');
    },
  };
}
