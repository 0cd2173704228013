import type { Engine } from '../core/engine.ts';
import type { Envelope, InputOf, MethodName, OutputOf } from '../shared/contract/index.ts';
import type { Snapshot } from '../shared/contract/system.ts';

/** What the shell uses of the engine. Every call is made as the owner: a gesture on this Mac's own screen. */
export interface ShellEngine {
  /** @throws TenureError whose message is a sentence for the person. */
  call<M extends MethodName>(method: M, input: InputOf<M>): Promise<OutputOf<M>>;
  snapshot(): Snapshot;
  /** @returns the way to stop listening. */
  onFact(listener: (fact: Envelope) => void): () => void;
  /** Tells that the machine slept: due schedules run once, timers are looked at anew. */
  wake(): void;
  /** Puts up (a sentence) or takes down (null) a notice about the program itself. */
  notice(id: string, sentence: string | null): void;
}

/** The same name that the record gives to an answer from Electron's own window. */
const OWNER = { owner: true, name: 'owner (electron)' };

export function asOwner(engine: Engine): ShellEngine {
  return {
    call: (method, input) => engine.call(method, input, OWNER),
    snapshot: () => engine.snapshot(),
    onFact: (listener) => engine.journal.subscribe(listener),
    wake: () => engine.wake(),
    notice: (id, sentence) => engine.notice(id, sentence),
  };
}
