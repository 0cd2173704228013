import type { Sessions } from '../../sessions/service.ts';
import type { Transcripts } from '../../transcripts/files.ts';
import type { Handlers } from '../dispatch.ts';

const PAGE = 200;

/** What was said and done in a session; only of sessions that there are, since the id names a file. */
export function transcriptHandlers(s: { sessions: Sessions; transcripts: Transcripts }) {
  return {
    'sessions.transcript': ({ id, limit, ...wanted }) =>
      s.transcripts.page(s.sessions.known(id), { ...wanted, limit: limit ?? PAGE }),
    'sessions.transcriptEntry': ({ id, n }) => s.transcripts.entry(s.sessions.known(id), n),
    'sessions.transcriptSearch': ({ id, ...wanted }) => s.transcripts.search(s.sessions.known(id), wanted),
  } satisfies Partial<Handlers>;
}
