import type { TranscriptEntry, TranscriptFilter, TranscriptPage } from '../../../shared/contract/transcripts.ts';

const CHUNK = 100;
/** Entries kept in the page; those farthest from what is seen go first. */
const MOST_KEPT = 3_000;

export interface PagesState {
  /** How many there are under the filter, and in all; null: not known yet. */
  total: number | null;
  all: number;
  /** Changes with everything that is shown. */
  version: number;
  error: string | null;
}

interface Ask {
  (wanted: { from: number; limit: number; only?: TranscriptFilter; after?: number }): Promise<TranscriptPage>;
}

export type TranscriptPages = ReturnType<typeof createTranscriptPages>;

/**
 * A transcript of any length as the screen holds it: the end first, any other stretch when it is looked
 * at, and what comes in while the session runs. Entries are known by their place under the filter.
 */
export function createTranscriptPages(
  ask: Ask,
  only: TranscriptFilter | undefined,
  sentenceOf: (e: unknown) => string,
) {
  const entries = new Map<number, TranscriptEntry>();
  const asked = new Set<number>();
  const listeners = new Set<() => void>();
  let state: PagesState = { total: null, all: 0, version: 0, error: null };
  let bytes = 0;
  let seen: { first: number; last: number } | null = null;
  let refreshing = false;
  let closed = false;

  const tell = (change: Partial<PagesState>): void => {
    if (closed) return;
    state = { ...state, ...change, version: state.version + 1 };
    for (const listener of listeners) listener();
  };
  const wanted = (from: number, limit: number) => ({ from, limit, ...(only !== undefined && { only }) });

  function take(page: TranscriptPage): void {
    for (const [i, entry] of page.entries.entries()) entries.set(page.from + i, entry);
    bytes = Math.max(bytes, page.bytes);
    drop();
    tell({ total: page.total, all: page.all, error: null });
  }

  /** Far from what is seen nothing needs to be kept. */
  function drop(): void {
    if (entries.size <= MOST_KEPT) return;
    const middle = seen ? (seen.first + seen.last) / 2 : (state.total ?? 0);
    const far = [...entries.keys()].sort((a, b) => Math.abs(b - middle) - Math.abs(a - middle));
    for (const place of far.slice(0, entries.size - MOST_KEPT)) entries.delete(place);
  }

  async function load(chunk: number): Promise<void> {
    if (asked.has(chunk)) return;
    asked.add(chunk);
    try {
      take(await ask(wanted(chunk * CHUNK, CHUNK)));
    } catch (error) {
      tell({ error: sentenceOf(error) });
    } finally {
      asked.delete(chunk);
    }
  }

  /** Places on screen that are not known, or whose call had no answer when it was read. */
  function fill(again: boolean): void {
    if (!seen) return;
    const total = state.total ?? 0;
    const chunks = new Set<number>();
    for (let place = seen.first; place <= Math.min(seen.last, total - 1); place++) {
      const entry = entries.get(place);
      if (!entry || (again && entry.tool?.ok === null)) chunks.add(Math.floor(place / CHUNK));
    }
    for (const chunk of chunks) void load(chunk);
  }

  return {
    get: (place: number): TranscriptEntry | undefined => entries.get(place),
    state: (): PagesState => state,
    subscribe(listener: () => void): () => void {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },

    /** What is on screen now: whatever of it is missing is asked for. */
    look(first: number, last: number): void {
      seen = { first, last };
      fill(false);
    },

    /** Asks whether there is more; the first time for the last page. One question at a time. */
    async refresh(): Promise<void> {
      if (refreshing) return;
      refreshing = true;
      try {
        const { total } = state;
        // Who stands at the end wants the end, however much came; else what comes after the last known one.
        const atEnd = total === null || (seen !== null && seen.last >= total - 1);
        const before = bytes;
        const page = await ask({ ...(atEnd ? wanted(-1, CHUNK) : wanted(total, CHUNK)), after: before });
        if (total !== null && page.bytes <= before) return;
        take(page);
        fill(total !== null);
      } catch (error) {
        tell({ error: sentenceOf(error) });
      } finally {
        refreshing = false;
      }
    },

    close(): void {
      closed = true;
      listeners.clear();
    },
  };
}
