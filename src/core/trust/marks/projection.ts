import { canonicalOf } from '../../kernel/canonical.ts';
import type { Json, LedgerEntry, LedgerEvent, Projection } from '../../kernel/ledger-ports.ts';
import { ranIn, severeSeen } from '../recorded.ts';
import type { createMarkStorage, StayDay } from './storage.ts';

type Marks = ReturnType<typeof createMarkStorage>;

/** A day that is not in the ledger yet cannot be longer, ms: 24 hours and what a clock may be set back. */
const LONGEST_DAY_MS = 25 * 3_600_000;
const MOST = 5;

const dayOf = ({ stay, day }: Pick<StayDay, 'stay' | 'day'>): string => `${stay} ${day}`;

/** Severe events and the time in which the machine ran, against the ledger. */
export const marksProjection = (marks: Marks): Projection => ({
  kinds: ['trust.severe', 'level.ran'],
  entries: (): LedgerEntry[] => [
    ...marks
      .severe()
      .toReversed()
      .map(({ afterSeq: _seq, ...event }) => severeSeen(event)),
    ...marks.days().map(({ stay, day, ms }) => ranIn({ stay, day, ms })),
  ],
  begin() {
    const severe = new Map<string, LedgerEvent['body']>();
    const ran = new Map<string, number>();

    const severeDiffers = (): string[] => {
      const known = marks.severe();
      const isSaid = (event: (typeof known)[number]): boolean => {
        const said = severe.get(event.id);
        const row = event as unknown as Record<string, Json | undefined>;
        return (
          said !== undefined &&
          Object.entries(said).every(([name, value]) => canonicalOf(row[name] ?? null) === canonicalOf(value))
        );
      };
      return [
        ...known.filter((event) => !isSaid(event)).map(({ id }) => `The severe event ${id} is not as it was recorded.`),
        ...(known.length < severe.size ? ['The record lacks a severe event.'] : []),
      ];
    };

    const daysDiffer = (): string[] => {
      const days = marks.days();
      const isSaid = ({ inLedger, ms, ...day }: (typeof days)[number]): boolean => {
        const said = ran.get(dayOf(day));
        if (inLedger) return said === ms;
        // Nothing stands in the ledger before the first day is over.
        return said === undefined ? ran.size === 0 || ms <= LONGEST_DAY_MS : ms >= said && ms - said <= LONGEST_DAY_MS;
      };
      const isThere = new Set(days.map(dayOf));
      return [
        ...days
          .filter((day) => !isSaid(day))
          .map(({ stay, day }) => `The time of stay ${stay} on day ${day} is not what was recorded.`),
        ...([...ran.keys()].some((day) => !isThere.has(day)) ? ['The record lacks a day at a level.'] : []),
      ];
    };

    return {
      event({ kind, body }) {
        if (kind === 'trust.severe') {
          if (typeof body.id === 'string') severe.set(body.id, body);
        } else ran.set(dayOf({ stay: Number(body.stay), day: Number(body.day) }), Number(body.ms));
      },
      end: () => [...severeDiffers(), ...daysDiffer()].slice(0, MOST),
    };
  },
});
