import { canonicalOf } from './canonical.ts';
import type { Json, LedgerEntry, LedgerEvent } from './ledger-ports.ts';

export type Said = Readonly<Record<string, Json | undefined>>;

/** From here on the ledger speaks of all that stands in certain tables: what no event says is not ours. */
export const TOOK = 'ledger.took';
export const tookEntry = (what: string): LedgerEntry => ({ kind: TOOK, subject: 'ledger', body: { what } });
export const isTook = ({ kind, body }: Pick<LedgerEvent, 'kind' | 'body'>, what: string): boolean =>
  kind === TOOK && body.what === what;

/** Does a row say everything that the events say? What else it holds is not theirs. */
export const agrees = (row: object, said: Said): boolean =>
  Object.entries(said).every(
    ([name, value]) => canonicalOf((row as Said)[name] ?? null) === canonicalOf(value ?? null),
  );

/** A name for each word that was said of the same thing, in order: `alr_1 (1)`, `alr_1 (2)`. */
export function numbering(): (id: string) => string {
  const seen = new Map<string, number>();
  return (id) => {
    const n = (seen.get(id) ?? 0) + 1;
    seen.set(id, n);
    return `${id} (${n})`;
  };
}

/** The rows of one table against what the events said of each. @param what a row, in a sentence: "severe event". */
export function createKeptRows(what: string) {
  const known = new Map<string, Said>();
  return {
    /** An event says this of that row; the newest counts. */
    said: (key: string, body: Said): void => void known.set(key, body),
    /**
     * A sentence for each row that is not as it was said, that nothing was said of, or that is missing.
     * @param isLoose may that row say something else than the events do, or than nothing?
     */
    differences<T extends { key: string }>(
      rows: readonly T[],
      isLoose: (row: T, said: Said | undefined) => boolean = () => false,
    ): string[] {
      const found = new Set<string>();
      const wrong = rows.flatMap((row) => {
        found.add(row.key);
        const said = known.get(row.key);
        if ((said && agrees(row, said)) || isLoose(row, said)) return [];
        return said
          ? [`The ${what} ${row.key} stands otherwise in the record.`]
          : [`The record holds the ${what} ${row.key}, of which no event speaks.`];
      });
      const missing = [...known.keys()].filter((key) => !found.has(key));
      return [...wrong, ...missing.map((key) => `The ${what} ${key} is missing from the record.`)];
    },
  };
}
