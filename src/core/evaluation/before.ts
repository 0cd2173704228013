import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Attribution, VerifyResult } from '../../shared/contract/evidence.ts';
import { TenureError } from '../../shared/errors.ts';
import type { Clock } from '../kernel/ports.ts';
import type { Verify, VerifyInput } from './verify.ts';

export interface BeforeDeps {
  verify: Verify;
  clock: Pick<Clock, 'now'>;
  /** Where throw-away copies are made; the system's folder for such things unless given. */
  copies?: string;
  /** Puts into a copy what a session of that project gets copied in. */
  furnish?: (projectId: string, copy: string) => Promise<unknown>;
  git: { cloneAt(cwd: string, path: string, commit: string): Promise<void> };
  storage: {
    baseCheck(commit: string, command: string, since: number): VerifyResult | null;
    keepBaseCheck(commit: string, result: VerifyResult, at: number): void;
  };
}

interface Look extends Omit<VerifyInput, 'cwd'> {
  projectId: string;
  /** The project's set-up, which a copy needs as a session's tree does; null: none. */
  setUp: SetUp | null;
}

interface SetUp {
  command: string;
  /** Milliseconds, beside those of the verify command. */
  timeoutMs: number;
}

/** The machine changes too: what failed yesterday may have failed for want of a network. */
const FRESH_MS = 24 * 3_600_000;

/**
 * Finds out what the verify command gave before a session, on the commit from which it started: in a
 * throw-away copy of the repository, made ready by the project's set-up, or from an earlier look at the same
 * commit with the same commands.
 */
export function createBefore({ verify, clock, git, storage, copies = tmpdir(), furnish }: BeforeDeps) {
  const running = new Map<string, Promise<VerifyResult | null>>();

  const kept = (commit: string, { command, setUp }: Pick<Look, 'command' | 'setUp'>): VerifyResult | null => {
    const found = storage.baseCheck(commit, command, clock.now() - FRESH_MS);
    return found?.setUp?.command === setUp?.command ? found : null;
  };

  /** False: something could not be copied, so the command's failure would say nothing about the past. */
  const isFurnished = async (projectId: string, copy: string): Promise<boolean> =>
    furnish?.(projectId, copy).then(
      () => true,
      () => false,
    ) ?? true;

  async function look(cwd: string, commit: string, { setUp, ...input }: Look): Promise<VerifyResult | null> {
    await mkdir(copies, { recursive: true, mode: 0o700 });
    const folder = await mkdtemp(join(copies, 'tenure-base-'));
    const copy = join(folder, 'tree');
    try {
      await git.cloneAt(cwd, copy, commit);
      if (!(await isFurnished(input.projectId, copy))) return null;
      const ready = setUp === null ? null : await verify({ ...input, ...setUp, cwd: copy });
      // In a place that could not be made ready, the command's failure says nothing about the past.
      if (setUp !== null && (ready === null || !passed(ready))) return null;
      const found = await verify({ ...input, cwd: copy });
      const cost = ready && { setUp: { command: ready.command, durationMs: ready.durationMs } };
      const result = found && { ...found, ...cost };
      if (result !== null && !result.timedOut && result.exitCode !== null) {
        storage.keepBaseCheck(commit, result, clock.now());
      }
      return result;
    } catch (error) {
      // A repository that cannot be copied only leaves the past unknown.
      if (error instanceof TenureError) return null;
      throw error;
    } finally {
      await rm(folder, { recursive: true, force: true }).catch(() => undefined);
    }
  }

  return {
    /** What is known already; null: nothing. */
    known: kept,
    /** What the command gives there. Null when it cannot be known. Two callers at a time share one look. */
    async find(cwd: string, commit: string, input: Look): Promise<VerifyResult | null> {
      const known = kept(commit, input);
      if (known) return known;
      const key = JSON.stringify([commit, input.command, input.setUp?.command]);
      const work = running.get(key) ?? look(cwd, commit, input).finally(() => running.delete(key));
      running.set(key, work);
      return work;
    },
  };
}

export const passed = (result: VerifyResult): boolean => result.exitCode === 0 && !result.timedOut;

/**
 * What both results say together. Only a failure with the same exit code excuses the session: a copy
 * without its dependencies fails too, but in another way.
 */
export function attributionOf(before: VerifyResult | null, after: VerifyResult | null): Attribution | null {
  if (after === null) return null;
  if (passed(after)) return before !== null && !passed(before) ? 'fixed' : 'held';
  if (before === null) return 'fails';
  if (passed(before)) return 'broke';
  const same = before.timedOut === after.timedOut && before.exitCode === after.exitCode;
  return same ? 'was_failing' : 'fails';
}
