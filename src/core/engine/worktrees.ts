import type { Git } from '../adapters/git.ts';
import type { EngineOptions } from '../engine.ts';
import type { Journal } from '../kernel/journal.ts';
import type { AgentEnvironment } from '../kernel/ports.ts';
import { createOutside } from '../worktrees/after/outside.ts';
import { createRecovery } from '../worktrees/after/recover.ts';
import { createAfter } from '../worktrees/after/service.ts';
import { createUse } from '../worktrees/after/use.ts';
import { type AfterDeps, createWork } from '../worktrees/after/work.ts';
import type { createWorkBook } from '../worktrees/book.ts';
import { createDiffs } from '../worktrees/diff/service.ts';
import type { Worktrees } from '../worktrees/service.ts';
import { createWorktreeStorage } from '../worktrees/storage.ts';

interface WorkTreeOptions extends EngineOptions {
  git: Git;
  journal: Journal;
  environment: AgentEnvironment;
  loop: { work: ReturnType<typeof createWorkBook>; worktrees: Pick<Worktrees, 'locked'> };
}

export type WorkTrees = ReturnType<typeof createWorkTrees>;

/** What sessions leave behind: their work, to be looked at and decided about. */
export function createWorkTrees({
  db,
  git,
  ports,
  paths,
  config,
  env,
  journal,
  log,
  environment,
  loop,
}: WorkTreeOptions) {
  const { clock, ids, spawner } = ports;
  const storage = createWorktreeStorage(db);
  const deps: AfterDeps = {
    git,
    storage,
    clock,
    ids,
    spawner,
    log,
    dataDir: paths.dataDir,
    locked: loop.worktrees.locked,
    settle: loop.work.settle,
    workOf: loop.work.of,
  };
  const work = createWork(deps);
  const after = createAfter(deps, work);
  const { recover } = createRecovery(deps);
  const stopped = new AbortController();
  let looking: Promise<void> | null = null;
  return {
    diffs: createDiffs({ git, session: work.row }),
    after,
    use: createUse(deps, work),
    outside: createOutside(
      {
        git,
        spawner,
        clock,
        environment,
        env,
        platform: process.platform,
        commands: () => config.current().worktrees,
        pushed: (body) => journal.commit((emit) => emit({ type: 'work.pushed', body })),
      },
      work,
    ),
    /** Merges that were cut off are brought to an end; merges that were made without Tenure are noticed. */
    tick(): void {
      looking ??= recover()
        .then(() => after.recogniseAll(stopped.signal))
        .catch((error: unknown) => log.error({ err: error }, 'the work of sessions could not be looked at'))
        .finally(() => {
          looking = null;
        });
    },

    async stop(): Promise<void> {
      stopped.abort();
      await looking;
    },
  };
}
