import { useCallback, useEffect, useState } from 'react';
import type { InputOf, MethodName, OutputOf } from '../../shared/contract/index.ts';
import { call, sentenceOf } from '../api.ts';
import { useStale } from '../mirror.ts';

export interface Query<T> {
  /** The newest answer; kept while a newer one is fetched. */
  data: T | null;
  error: string | null;
  loading: boolean;
  reload: () => void;
}

interface Answer<T> {
  /** Which asking it belongs to. */
  asked: string | null;
  data: T | null;
  error: string | null;
}

/**
 * Asks once, again whenever `version` changes (something mirrored that the answer depends on), and when the engine
 * is back after it was away.
 * Give the component another `key` when the input names another thing.
 */
export function useQuery<M extends MethodName>(
  method: M,
  input: InputOf<M>,
  version: string | number = 0,
): Query<OutputOf<M>> {
  const [answer, setAnswer] = useState<Answer<OutputOf<M>>>({ asked: null, data: null, error: null });
  const [again, setAgain] = useState(0);
  const body = JSON.stringify(input);
  const asked = `${method} ${body} ${version} ${again}`;

  useEffect(() => {
    const stop = new AbortController();
    call(method, JSON.parse(body) as InputOf<M>, { signal: stop.signal }).then(
      (data) => {
        if (!stop.signal.aborted) setAnswer({ asked, data, error: null });
      },
      (error: unknown) => {
        if (!stop.signal.aborted) setAnswer(({ data }) => ({ asked, data, error: sentenceOf(error) }));
      },
    );
    return () => stop.abort();
  }, [method, body, asked]);

  // What nobody answered, and what was told before, is asked again once somebody is there.
  const stale = useStale();
  useEffect(() => (stale ? () => setAgain((n) => n + 1) : undefined), [stale]);

  const reload = useCallback(() => setAgain((n) => n + 1), []);
  return { data: answer.data, error: answer.error, loading: answer.asked !== asked, reload };
}
