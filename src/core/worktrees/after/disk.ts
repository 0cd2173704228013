import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock, Spawner } from '../../kernel/ports.ts';
import { MARK } from '../ahead.ts';

const FRESH_MS = 10 * 60_000;
const MEASURE_MS = 60_000;
const ENV = { PATH: '/usr/bin:/bin', LC_ALL: 'C' };

/** Sizes of folders on the disk, measured by `du` beside the program, one after the other, and remembered. */
export function createSizes({ spawner, clock }: { spawner: Pick<Spawner, 'run'>; clock: Clock }) {
  const known = new Map<string, { bytes: number | null; at: number }>();
  let queue: Promise<unknown> = Promise.resolve();

  async function measure(path: string, maxAgeMs: number): Promise<void> {
    const last = known.get(path);
    if (last && clock.now() - last.at <= maxAgeMs) return;
    const { ok, stdout } = await spawner.run('du', ['-sk', path], { env: ENV, timeoutMs: MEASURE_MS, cwd: '/' });
    const kilobytes = Number.parseInt(stdout, 10);
    // What may not be read is left out of the sum, and du says so with its exit code.
    const bytes = Number.isFinite(kilobytes) && (ok || kilobytes > 0) ? kilobytes * 1_024 : null;
    known.set(path, { bytes, at: clock.now() });
  }

  return {
    /** Bytes by path, as far as they are measured within that time; the rest goes on being measured. */
    async of(paths: readonly string[], fresh: boolean, withinMs: number): Promise<ReadonlyMap<string, number | null>> {
      const began = clock.now();
      const maxAge = (): number => (fresh ? Math.max(0, clock.now() - began) : FRESH_MS);
      const work = paths.reduce((ahead, path) => ahead.then(() => measure(path, maxAge())), queue);
      queue = work.catch(() => undefined);
      await Promise.race([queue, new Promise<void>((resolve) => clock.after(withinMs, resolve))]);
      const done = paths.flatMap((path) => {
        const found = known.get(path);
        return found ? [[path, found.bytes] as const] : [];
      });
      return new Map(done);
    },
    forget: (path: string): void => void known.delete(path),
  };
}

/** A folder in which sessions of a project work, named after the session. */
export interface TreeFolder {
  path: string;
  projectId: string;
  sessionId: string;
  /** Made ahead: that session is still to come. */
  waits: boolean;
}

/** Was it made ahead, for a session that is still to come? */
export const isWaiting = (path: string): boolean => existsSync(`${path}${MARK}`);

/** Every folder that a session was given or will be, by project: `worktrees/<project>/<session>`. */
export async function treesIn(dataDir: string): Promise<TreeFolder[]> {
  const root = join(dataDir, 'worktrees');
  const folders = (at: string) =>
    readdir(at, { withFileTypes: true }).then(
      (all) => all.filter((one) => one.isDirectory()).map(({ name }) => name),
      () => [] as string[],
    );
  const found: TreeFolder[] = [];
  for (const projectId of await folders(root)) {
    for (const sessionId of await folders(join(root, projectId))) {
      const path = join(root, projectId, sessionId);
      found.push({ path, projectId, sessionId, waits: isWaiting(path) });
    }
  }
  return found;
}
