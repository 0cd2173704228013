import { createKeptRows, numbering } from '../kernel/kept-rows.ts';
import type { LedgerEntry, Projection } from '../kernel/ledger-ports.ts';
import type { createAlertStorage } from './storage.ts';

type Storage = Pick<ReturnType<typeof createAlertStorage>, 'verdicts' | 'judged'>;

const MOST = 5;
/** Says that every verdict which stood there when the ledger began stands in it. */
const TAKEN = 'alerts.taken';

/** Every verdict, then those from before each word was kept: nobody knows who said them, or when. */
function entriesOf(storage: Storage): LedgerEntry[] {
  const verdicts = storage.verdicts();
  const kept = new Set(verdicts.map(({ alert }) => alert));
  return [
    { kind: TAKEN, subject: 'level', body: {} },
    ...verdicts.map(({ alert, ...body }) => ({ kind: 'alert.judged', subject: alert, body })),
    ...storage
      .judged()
      .filter(({ key }) => !kept.has(key))
      .map(({ key, level, verdict }) => ({ kind: 'alert.judged', subject: key, body: { level, verdict, by: null } })),
  ];
}

/** What a person said of alerts against the ledger: every word, and the one that counts. */
export const alertsProjection = (storage: Storage): Projection => ({
  kinds: [TAKEN, 'alert.judged'],
  entries: () => entriesOf(storage),
  begin() {
    const words = createKeptRows('verdict on the alert');
    const counting = createKeptRows('alert');
    const nth = numbering();
    let isWhole = false;
    return {
      event({ kind, subject, body }) {
        if (kind === TAKEN) {
          isWhole = true;
          return;
        }
        const { level, verdict, by } = body;
        counting.said(subject, { level, verdict });
        if (by !== null) words.said(nth(subject), body);
      },
      end() {
        if (!isWhole) return [];
        const rowOf = numbering();
        return [
          ...words.differences(storage.verdicts().map((word) => ({ ...word, key: rowOf(word.alert) }))),
          ...counting.differences(storage.judged()),
        ].slice(0, MOST);
      },
    };
  },
});
