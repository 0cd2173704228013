import type { Alert } from '../../shared/contract/alerts.ts';
import { createKeptRows, isTook, numbering, TOOK, tookEntry } from '../kernel/kept-rows.ts';
import type { Json, LedgerEntry, LedgerEvent, Projection } from '../kernel/ledger-ports.ts';
import type { createAlertStorage } from './storage.ts';

type Storage = ReturnType<typeof createAlertStorage>;
type Told = Omit<Alert, 'verdict'>;

const MOST = 5;
const TELLS = 'alert.told';
const JUDGED = 'alert.judged';

export const toldEntry = ({ id, at, level, kind, subject, place }: Told): LedgerEntry => ({
  kind: TELLS,
  subject: id,
  body: { at, level, kind, subject, place },
});

/** Every alert and verdict, then verdicts from before each word was kept: nobody knows who gave them, or when. */
function entriesOf(storage: Storage): LedgerEntry[] {
  const verdicts = storage.verdicts();
  const kept = new Set(verdicts.map(({ alert }) => alert));
  return [
    tookEntry('alerts'),
    ...storage.told().map(toldEntry),
    ...verdicts.map(({ alert, ...body }) => ({ kind: JUDGED, subject: alert, body })),
    ...storage
      .judged()
      .filter(({ key }) => !kept.has(key))
      .map(({ key, level, verdict }) => ({ kind: JUDGED, subject: key, body: { level, verdict, by: null } })),
  ];
}

interface Judgement {
  verdict: Alert['verdict'];
  /** Null: nobody knows who said it. */
  by: string | null;
  at?: number;
}

const judgementIn = ({ body }: Pick<LedgerEvent, 'body'>): Judgement => body as unknown as Judgement;

/** Alerts and what a person said of them against the ledger: every word, and the one that counts. */
export const alertsProjection = (storage: Storage): Projection => ({
  took: 'alerts',
  kinds: [TOOK, TELLS, JUDGED],
  entries: () => entriesOf(storage),
  begin() {
    const alerts = createKeptRows('alert');
    const words = createKeptRows('verdict on the alert');
    const told = new Map<string, { readonly [name: string]: Json }>();
    const nth = numbering();
    let isWhole = false;
    return {
      event(event) {
        const { kind, subject, body } = event;
        if (isTook(event, 'alerts')) isWhole = true;
        if (!isWhole || kind === TOOK) return;
        const { verdict, by } = judgementIn(event);
        // An incident is told again and again: its word counts on.
        const before = told.get(subject);
        const now = kind === TELLS ? { verdict: null, ...before, ...body } : { ...before, verdict };
        told.set(subject, now);
        alerts.said(subject, now);
        if (kind === JUDGED && by !== null) words.said(nth(subject), body);
      },
      end() {
        if (!isWhole) return [];
        const nthRow = numbering();
        const judged = new Map(storage.judged().map(({ key, verdict }) => [key, verdict]));
        const rows = storage
          .told()
          .map((alert) => ({ ...alert, key: alert.id, verdict: judged.get(alert.id) ?? null }));
        return [
          ...words.differences(storage.verdicts().map((word) => ({ ...word, key: nthRow(word.alert) }))),
          ...alerts.differences(rows),
        ].slice(0, MOST);
      },
    };
  },
  remake() {
    let isWhole = false;
    return {
      event(event) {
        const { kind, subject, body } = event;
        if (isTook(event, 'alerts')) {
          isWhole = true;
          storage.clear();
        } else if (isWhole && kind === TELLS) storage.tell({ ...(body as unknown as Told), id: subject });
        else if (isWhole && kind === JUDGED) {
          const { verdict, by, at } = judgementIn(event);
          if (by === null || at === undefined) storage.set(subject, verdict);
          else storage.judge(subject, verdict, by, at);
        }
      },
      end: () => undefined,
    };
  },
});
