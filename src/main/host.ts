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
