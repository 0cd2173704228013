import type { Shadow } from '../../../shared/contract/trust-record.ts';
import { createKeptRows, numbering } from '../../kernel/kept-rows.ts';
import type { LedgerEntry, Projection } from '../../kernel/ledger-ports.ts';
import type { createMarkStorage, StayDay, StoredSevere } from './storage.ts';

type Storage = ReturnType<typeof createMarkStorage>;

const MOST = 5;
const DAY_MS = 86_400_000;
/** Says that everything which stood there when the ledger began stands in it: what no event speaks of is not ours. */
const TAKEN = 'marks.taken';

export const severeEntry = ({ source, sessionId, ...event }: StoredSevere): LedgerEntry => {
  const { id, kind, text, by, level, at, intervalId, afterSeq } = event;
  const body = { id, kind, source: { kind: source.kind, id: source.id }, sessionId, text, by, level, at, intervalId };
  return { kind: 'trust.severe', subject: sessionId ?? source.id, body: { ...body, afterSeq } };
};
export const ranEntry = ({ stay, day, ms }: StayDay): LedgerEntry => ({
  kind: 'level.ran',
  subject: 'level',
  body: { stay, day, ms },
});

const keyOfDay = ({ stay, day }: Pick<StayDay, 'stay' | 'day'>): string => `${day} of stay ${stay}`;

/** What stands in the tables, under the keys by which events speak of it. */
function rowsOf(storage: Storage) {
  const nth = numbering();
  return {
    severe: storage.severe().map((event) => ({ ...event, key: event.id })),
    days: storage.days().map((day) => ({ ...day, key: keyOfDay(day) })),
    shadows: storage.allShadows().map((shadow) => ({ ...shadow, key: shadow.decisionId })),
    marks: storage.allMarks().map((mark) => ({ ...mark, key: nth(mark.decisionId) })),
  };
}

/**
 * Severe events, the days in which the machine ran, what the gate would have done and what a person said of
 * it, against the ledger. The day that lasts stands in it only once it is over: until then it may have grown,
 * to a whole day at the most.
 */
export const marksProjection = (storage: Storage): Projection => ({
  took: null,
  kinds: [TAKEN, 'trust.severe', 'level.ran', 'shadow.recorded', 'shadow.marked'],
  entries: () => [
    { kind: TAKEN, subject: 'level', body: {} },
    ...storage.severe().toReversed().map(severeEntry),
    ...storage.days().map(ranEntry),
    ...storage.allShadows().map(({ decisionId, ...body }) => ({ kind: 'shadow.recorded', subject: decisionId, body })),
    ...storage.allMarks().map(({ decisionId, ...body }) => ({ kind: 'shadow.marked', subject: decisionId, body })),
  ],
  begin() {
    const severe = createKeptRows('severe event');
    const days = createKeptRows('day');
    const shadows = createKeptRows('shadow of the decision');
    const marks = createKeptRows('mark of the decision');
    const nth = numbering();
    let isWhole = false;

    return {
      event({ kind, subject, body }) {
        if (kind === TAKEN) isWhole = true;
        else if (kind === 'trust.severe') severe.said(typeof body.id === 'string' ? body.id : subject, body);
        else if (kind === 'level.ran') days.said(keyOfDay({ stay: Number(body.stay), day: Number(body.day) }), body);
        else if (kind === 'shadow.recorded') shadows.said(subject, body);
        else marks.said(nth(subject), body);
      },
      end() {
        if (!isWhole) return [];
        const rows = rowsOf(storage);
        let lasting = 0;
        return [
          ...severe.differences(rows.severe),
          ...days.differences(rows.days, ({ inLedger, ms }, said) => {
            const before = Number(said?.ms ?? 0);
            if (inLedger || !mayLast(ms, before)) return false;
            lasting += 1;
            return lasting === 1;
          }),
          ...shadows.differences(rows.shadows),
          ...marks.differences(rows.marks),
        ].slice(0, MOST);
      },
    };
  },
  remake() {
    const said = new Map<string, number>();
    let lasting: StayDay | undefined;
    let isWhole = false;
    return {
      event({ kind, subject, body }) {
        if (kind === TAKEN) {
          isWhole = true;
          lasting = storage.days().findLast(({ inLedger }) => !inLedger);
          storage.clear();
        } else if (!isWhole) return;
        else if (kind === 'trust.severe') storage.addSevere(body as unknown as StoredSevere);
        else if (kind === 'level.ran') {
          const day = body as unknown as StayDay;
          storage.restoreDay(day, true);
          said.set(keyOfDay(day), day.ms);
        } else if (kind === 'shadow.recorded') {
          const { asLevel, would, reason, at } = body as unknown as Omit<Shadow, 'decisionId'>;
          storage.addShadow(subject, asLevel, would, reason, at);
        } else {
          const { agrees, by, at } = body as unknown as { agrees: boolean | null; by: string; at: number };
          storage.mark(subject, agrees, by, at);
        }
      },
      end() {
        // The day that lasts is the one thing that no event has to speak of yet.
        const before = lasting && (said.get(keyOfDay(lasting)) ?? 0);
        if (lasting && before !== undefined && mayLast(lasting.ms, before)) storage.restoreDay(lasting, false);
      },
    };
  },
});

/** May the day that lasts have grown from what was said of it to that? */
const mayLast = (ms: number, before: number): boolean => ms >= before && ms <= Math.max(before, DAY_MS);
