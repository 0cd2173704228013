import { useCallback, useEffect, useMemo, useState, useSyncExternalStore } from 'react';
import type { OutputOf } from '../../../shared/contract/index.ts';
import type { TranscriptFilter, TranscriptHit } from '../../../shared/contract/transcripts.ts';
import { call, sentenceOf } from '../../api.ts';
import { useWhileSeen } from '../../hooks/use-while-seen.ts';
import { createTranscriptPages, type PagesState, type TranscriptPages } from './transcript-pages.ts';

/** How often somebody who looks asks whether there is more, milliseconds. */
const LOOK_MS = 1_000;
const TYPING_MS = 200;
/** More hits than anybody goes through one by one. */
const MOST_HITS = 5_000;

/**
 * A transcript under a filter.
 * @param grows it may still grow: then it is asked for again while somebody looks.
 * @param version something that changes whenever there is likely more.
 */
export function useTranscript(
  id: string,
  only: TranscriptFilter | undefined,
  grows: boolean,
  version: string,
): { pages: TranscriptPages; state: PagesState } {
  const pages = useMemo(
    () => createTranscriptPages((wanted) => call('sessions.transcript', { id, ...wanted }), only, sentenceOf),
    [id, only],
  );
  const state = useSyncExternalStore(pages.subscribe, pages.state);

  useEffect(() => {
    // The version is why it asks anew.
    if (version) void pages.refresh();
  }, [pages, version]);

  const look = useCallback(() => void pages.refresh(), [pages]);
  useWhileSeen(look, LOOK_MS, grows);

  return { pages, state };
}

export interface Search {
  /** What was looked for, as it stands in the entries; '' when nothing is. */
  text: string;
  hits: readonly TranscriptHit[];
  /** 0 to 1 while it looks, null when it has looked through everything. */
  progress: number | null;
  error: string | null;
}

const NOTHING: Search = { text: '', hits: [], progress: null, error: null };

/** Looks through a whole transcript on the engine's side, stretch by stretch; a new text ends the old search. */
export function useTranscriptSearch(id: string, only: TranscriptFilter | undefined, typed: string): Search {
  const text = typed.trim();
  const [search, setSearch] = useState<Search>(NOTHING);

  useEffect(() => {
    if (text === '') return;
    const stop = new AbortController();
    const run = async (): Promise<void> => {
      const found = new Map<number, TranscriptHit>();
      for (let from: number | null = 0; from !== null; ) {
        const { hits, next, bytes }: OutputOf<'sessions.transcriptSearch'> = await call(
          'sessions.transcriptSearch',
          { id, text, from, ...(only !== undefined && { only }) },
          { signal: stop.signal },
        );
        if (stop.signal.aborted) return;
        for (const hit of hits) found.set(hit.n, hit);
        from = found.size >= MOST_HITS ? null : next;
        const inOrder = [...found.values()].sort((a, b) => a.n - b.n);
        setSearch({ text, hits: inOrder, progress: from === null ? null : from / Math.max(1, bytes), error: null });
      }
    };
    const timer = setTimeout(() => {
      setSearch({ ...NOTHING, text, progress: 0 });
      run().catch((error: unknown) => {
        if (!stop.signal.aborted) setSearch({ ...NOTHING, text, error: sentenceOf(error) });
      });
    }, TYPING_MS);
    return () => {
      clearTimeout(timer);
      stop.abort();
    };
  }, [id, only, text]);

  return text === '' ? NOTHING : search;
}
