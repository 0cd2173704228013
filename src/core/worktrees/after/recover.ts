import { NOBODY, NONCE_VARIABLE } from '../../kernel/ports.ts';
import { takeBack } from './merge.ts';
import type { AfterDeps } from './work.ts';

/** Merges that a kill or a power cut has interrupted. */
export function createRecovery(deps: AfterDeps) {
  const { git, storage, locked, settle } = deps;
  return {
    /** Merges that were cut off: finished ones are written down, half-done ones taken back, unless they still run. */
    async recover(): Promise<void> {
      for (const merge of storage.merges()) {
        const running = await deps.spawner.treeOf(NOBODY, { name: NONCE_VARIABLE, value: merge.nonce });
        if (running.length > 0) continue;
        const { sessionId, repository, target, toCommit, tip, by } = merge;
        try {
          await locked(await git.commonDir(repository), async () => {
            if ((await git.commitAt(repository, `refs/heads/${target}`)) === toCommit) {
              settle(sessionId, { state: 'merged', by, tip, target, mergedAs: toCommit }, () =>
                storage.endMerge(sessionId),
              );
              return;
            }
            const why = await takeBack(git, merge);
            if (why === null) storage.endMerge(sessionId);
            else deps.log.warn({ sessionId, why }, 'a merge that was cut off cannot be taken back yet');
          });
        } catch (error) {
          deps.log.warn({ err: error, sessionId }, 'a merge that was cut off cannot be looked at yet');
        }
      }
    },
  };
}
