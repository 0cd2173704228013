import { createKeptRows, isTook, numbering, TOOK, tookEntry } from '../../kernel/kept-rows.ts';
import type { LedgerEntry, Projection } from '../../kernel/ledger-ports.ts';
import type { EndStorage, SessionEnd } from './storage.ts';

const ENDED = 'trust.ended';
const MOST = 5;

export const endEntry = ({ sessionId, ...body }: SessionEnd): LedgerEntry => ({
  kind: ENDED,
  subject: sessionId,
  body,
});

/** How sessions ended and who worked in them, against the ledger. */
export const endsProjection = (storage: EndStorage): Projection => ({
  took: 'ends',
  kinds: [TOOK, ENDED],
  entries: () => [tookEntry('ends'), ...storage.all().map(endEntry)],
  begin() {
    const ends = createKeptRows('end of session');
    const nth = numbering();
    let isWhole = false;
    return {
      event(event) {
        if (isTook(event, 'ends')) isWhole = true;
        else if (isWhole && event.kind === ENDED) ends.said(nth(event.subject), event.body);
      },
      end() {
        const nthRow = numbering();
        const rows = (isWhole ? storage.all() : []).map((end) => ({ ...end, key: nthRow(end.sessionId) }));
        return ends.differences(rows).slice(0, MOST);
      },
    };
  },
  remake() {
    let isWhole = false;
    return {
      event(event) {
        if (isTook(event, 'ends')) {
          isWhole = true;
          storage.clear();
        } else if (isWhole && event.kind === ENDED) {
          storage.add({ ...(event.body as unknown as Omit<SessionEnd, 'sessionId'>), sessionId: event.subject });
        }
      },
      end: () => undefined,
    };
  },
});
