import { spawn } from 'node:child_process';
import type { Envelope } from '../shared/contract/index.ts';
import type { Snapshot } from '../shared/contract/system.ts';
import { runningOf } from '../shared/running.ts';
import { applyFact } from '../shared/state.ts';

interface Followed {
  snapshot(): Snapshot;
  journal: { subscribe(listener: (fact: Envelope) => void): () => void };
}

/**
 * Keeps the machine awake only while a session runs: it would sleep in the middle of one.
 * @param start begins it; @returns how to end it.
 */
export function keepAwake(engine: Followed, start: () => () => void): void {
  let state = engine.snapshot();
  let release: (() => void) | null = null;
  const follow = (): void => {
    if (runningOf(state) > 0) release ??= start();
    else {
      release?.();
      release = null;
    }
  };
  engine.journal.subscribe((fact) => {
    state = applyFact(state, fact);
    if (fact.type.startsWith('session.')) follow();
  });
  follow();
}

/** macOS's own program for it; it ends with this one, however this one ends. */
export function caffeinate(): () => void {
  const child = spawn('caffeinate', ['-i', '-w', String(process.pid)], { stdio: 'ignore' });
  // Without it the machine sleeps by its own rules, which is no reason to stop working.
  child.on('error', () => undefined);
  return () => void child.kill();
}
