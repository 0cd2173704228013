import type { Engine } from '../core/engine.ts';
import type { NotificationChannel, ShellPort } from '../core/kernel/shell-ports.ts';
import type { Config } from '../shared/config.ts';
import type { Envelope, InputOf, MethodName, OutputOf } from '../shared/contract/index.ts';
import type { Snapshot } from '../shared/contract/system.ts';
import { applyFact } from '../shared/state.ts';

/** What the shell uses of the engine. Every call is made as the owner: a gesture on this Mac's own screen. */
export interface ShellEngine {
  /** @throws TenureError whose message is a sentence for the person. */
  call<M extends MethodName>(method: M, input: InputOf<M>): Promise<OutputOf<M>>;
  snapshot(): Snapshot;
  /** @returns the way to stop listening. */
  onFact(listener: (fact: Envelope) => void): () => void;
  /** Tells that the machine slept: due schedules run once, timers are looked at anew. */
  wake(): void;
  /** macOS says how hot the machine is: nominal, fair, serious, critical, unknown. */
  heat(state: string): void;
  settings(): Pick<Config, 'notifications' | 'shell'>;
  /** @returns the way to stop listening. */
  onSettings(listener: () => void): () => void;
  /** A way to reach the person; @returns the way to take it back. */
  register(channel: NotificationChannel): () => void;
  /** What this program can do. */
  attach(shell: ShellPort): void;
  /** Puts up (a sentence) or takes down (null) a notice about the program itself. */
  notice(id: string, sentence: string | null): void;
}

/** The same name that the record gives to an answer from Electron's own window. */
const OWNER = { owner: true, name: 'owner (electron)' };

/**
 * The engine as the shell knows it. Its snapshot is a mirror kept by the one reducer, as a page keeps
 * it: the icon, the notifications and the power look at it at every fact, and must not cost a query.
 */
export function asOwner(engine: Engine): ShellEngine {
  let state = engine.snapshot();
  // First of all that listen, so that whoever listens through here finds the fact in the snapshot.
  engine.journal.subscribe((fact) => {
    state = applyFact(state, fact);
  });
  return {
    call: (method, input) => engine.call(method, input, OWNER),
    snapshot: () => state,
    onFact: (listener) => engine.journal.subscribe(listener),
    wake: () => engine.wake(),
    heat: (state) => engine.heat(state),
    settings: () => engine.shell.settings(),
    onSettings: (listener) => engine.shell.onSettings(listener),
    register: (channel) => engine.shell.register(channel),
    attach: (shell) => engine.shell.attach(shell),
    notice: (id, sentence) => engine.notice(id, sentence),
  };
}
