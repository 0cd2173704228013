import { type Clock, NONCE_VARIABLE, type ProcessFacts, type ProcessIdentity, type Spawner } from '../kernel/ports.ts';

const LOOK_EVERY_MS = 40;

export interface TreeKeeper {
  /**
   * Looks who belongs to the run now, and remembers them: later the leader may be gone, and with it the
   * kinship. @returns those that live.
   */
  look(): Promise<ProcessFacts[]>;
  /** Everybody who was ever seen and may still live. */
  seen(): ProcessIdentity[];
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

  const look = async (): Promise<ProcessFacts[]> => {
    const found = await spawner.treeOf(leader, { name: NONCE_VARIABLE, value: nonce });
    for (const { pid, startedAt } of found) {
      const key = `${pid} ${startedAt}`;
      if (!remembered.has(key)) remembered.set(key, { pid, startedAt });
    }
    return found;
  };

  /** What cannot be told is not called gone. */
  const seen = (): ProcessIdentity[] => {
    for (const [key, one] of remembered) if (spawner.probe(one) === 'dead') remembered.delete(key);
    return [...remembered.values()];
  };

  return {
    look,
    seen,
    async end(askMs, limitMs) {
      const began = clock.monotonic();
      const asked = new Set<ProcessIdentity>();
      let empty = 0;
      for (;;) {
        await look();
        const left = seen();
        const spent = clock.monotonic() - began;
        // A process between fork and exec does not show its environment yet: nobody there is believed the second time.
        empty = left.length === 0 ? empty + 1 : 0;
        if (empty === 2 || spent >= limitMs) return left.map(({ pid }) => pid);
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
