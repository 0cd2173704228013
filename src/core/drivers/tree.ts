import { type Clock, NONCE_VARIABLE, type ProcessIdentity, type Spawner } from '../kernel/ports.ts';

const LOOK_EVERY_MS = 40;

export interface TreeKeeper {
  /** Remembers who belongs to the run now: later the leader may be gone, and with it the kinship. */
  remember(): Promise<void>;
  /**
   * Ends all that is left of the run: asked first, killed after `askMs`.
   * @returns the pids that are still alive after `limitMs`.
   */
  end(askMs: number, limitMs: number): Promise<number[]>;
}

/** The whole process tree of one run: tools make sessions of their own and outlive their parents. */
export function createTreeKeeper(
  deps: { spawner: Spawner; clock: Clock },
  leader: ProcessIdentity,
  nonce: string,
): TreeKeeper {
  const { spawner, clock } = deps;
  const remembered = new Map<string, ProcessIdentity>();

  const look = async (): Promise<ProcessIdentity[]> => {
    for (const one of await spawner.treeOf(leader, { name: NONCE_VARIABLE, value: nonce })) {
      const key = `${one.pid} ${one.startedAt}`;
      if (!remembered.has(key)) remembered.set(key, one);
    }
    // What cannot be told is not called gone.
    return [...remembered.values()].filter((one) => spawner.probe(one) !== 'dead');
  };

  return {
    async remember() {
      await look();
    },
    async end(askMs, limitMs) {
      const began = clock.monotonic();
      const asked = new Set<ProcessIdentity>();
      for (;;) {
        const left = await look();
        const spent = clock.monotonic() - began;
        if (left.length === 0 || spent >= limitMs) return left.map(({ pid }) => pid);
        for (const one of left) {
          if (spent >= askMs) spawner.signalOne(one, 'SIGKILL');
          else if (!asked.has(one)) {
            asked.add(one);
            spawner.signalOne(one, 'SIGTERM');
          }
        }
        await new Promise<void>((resolve) => clock.after(LOOK_EVERY_MS, resolve));
      }
    },
  };
}
