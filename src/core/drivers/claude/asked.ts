import { type Clock, NOBODY, type Spawner } from '../../kernel/ports.ts';

/** In the environment of every process that only answers a question: whose Tenure asked. */
export const ASKED_VARIABLE = 'TENURE_ASKED_BY';

const GONE_WITHIN_MS = 3_000;
const LOOK_EVERY_MS = 50;

/**
 * Ends what an engine that was killed had asked: a judge goes on alone for minutes, and nobody hears its answer.
 * @param by the mark of the engine's data directory, of which there is one engine at a time.
 * @returns the processes that would not go.
 */
export async function endAsked({ spawner, clock }: { spawner: Spawner; clock: Clock }, by: string): Promise<number[]> {
  const deadline = clock.monotonic() + GONE_WITHIN_MS;
  for (let empty = 0; ; ) {
    const left = await spawner.treeOf(NOBODY, { name: ASKED_VARIABLE, value: by });
    // One that is between fork and exec shows no environment yet: nobody there is believed the second time.
    empty = left.length === 0 ? empty + 1 : 0;
    if (empty === 2) return [];
    if (clock.monotonic() > deadline) return left.map(({ pid }) => pid);
    for (const one of left) spawner.signalOne(one, 'SIGKILL');
    await new Promise<void>((resolve) => clock.after(LOOK_EVERY_MS, resolve));
  }
}
