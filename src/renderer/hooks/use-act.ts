import { useState } from 'react';
import type { InputOf, MethodName, OutputOf } from '../../shared/contract/index.ts';
import { call, sentenceOf } from '../api.ts';

export interface Act<M extends MethodName> {
  busy: boolean;
  /** The sentence of the last failure, until the next try. */
  error: string | null;
  /** The output, or null when it failed (`error` says why). Does nothing while busy. */
  run(input: InputOf<M>): Promise<OutputOf<M> | null>;
  clear: () => void;
}

/** An act of the person's: nothing optimistic, the screen changes when the engine says so. */
export function useAct<M extends MethodName>(method: M): Act<M> {
  const [state, setState] = useState<{ busy: boolean; error: string | null }>({ busy: false, error: null });
  return {
    ...state,
    clear: () => setState({ busy: false, error: null }),
    async run(input) {
      if (state.busy) return null;
      setState({ busy: true, error: null });
      try {
        const output = await call(method, input);
        setState({ busy: false, error: null });
        return output;
      } catch (error) {
        setState({ busy: false, error: sentenceOf(error) });
        return null;
      }
    },
  };
}
