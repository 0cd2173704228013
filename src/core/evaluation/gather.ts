import { TenureError } from '../../shared/errors.ts';
import { attributionOf, type BeforeDeps, createBefore, passed } from './before.ts';
import { createLook, type LookGit } from './look/look.ts';
import type { Patched } from './look/patched.ts';
import { createMeasure, type MeasureGit } from './measure.ts';
import { isScored, type Measured } from './rules.ts';
import type { EndedSession } from './service.ts';
import { createVerify, type VerifyDeps } from './verify.ts';

export type GatherGit = MeasureGit & LookGit & BeforeDeps['git'];

export interface GatherDeps extends VerifyDeps {
  git: GatherGit;
  clock: BeforeDeps['clock'];
  storage: BeforeDeps['storage'];
  copies?: BeforeDeps['copies'];
  furnish?: BeforeDeps['furnish'];
  /** The environment of verify commands. */
  env(): Promise<Record<string, string>>;
}

/** All the evidence of a session's work, gathered by us alone. */
export function createGather({ git, clock, storage, env, copies, furnish, ...verifying }: GatherDeps) {
  const verify = createVerify(verifying);
  const measure = createMeasure({ git, verify });
  const before = createBefore({ git, clock, storage, verify, ...(copies && { copies }), ...(furnish && { furnish }) });
  const { look, patches } = createLook(git);

  /** Null where git cannot tell. */
  async function looked(cwd: string, measured: Measured, session: EndedSession) {
    const { baseCommit: from, headCommit: to, commits } = measured;
    if (from === null || to === null || commits === null) return null;
    const range = { from, to };
    return look(cwd, range, { prompt: session.prompt, verifyCommand: session.project.verifyCommand }).catch(onlyGit);
  }

  return {
    /**
     * Measures the work, looks at what changed, and, when the verify command fails, finds out whether it
     * failed before. Rejects only for an abort.
     */
    async gather(session: EndedSession, signal?: AbortSignal): Promise<{ measured: Measured; patches: Patched[] }> {
      const { verifyCommand: command, verifyTimeoutMs: timeoutMs, setupCommand, setupTimeoutMs } = session.project;
      const setUp = setupCommand === null ? null : { command: setupCommand, timeoutMs: setupTimeoutMs };
      const verifies = command !== null && isScored(session.outcome);
      const environment = verifies ? await env() : {};
      const measured = await measure({
        cwd: session.cwd,
        baseCommit: session.baseCommit,
        target: session.target,
        verify: verifies ? { command, timeoutMs, nonce: session.nonce } : null,
        env: environment,
        ...(signal ? { signal } : {}),
      });
      const { cwd } = session;
      if (cwd === null) return { measured, patches: [] };
      const seen = await looked(cwd, measured, session);
      signal?.throwIfAborted();
      const { patches: lines = [], ...facts } = seen ?? {};
      const { verify: after, baseCommit, headCommit } = measured;
      const fails = after !== null && (after.exitCode !== 0 || after.timedOut);
      let earlier = null;
      if (after !== null && baseCommit !== null && command !== null && baseCommit !== headCommit) {
        earlier = fails
          ? await before.find(cwd, baseCommit, {
              projectId: session.project.id,
              command,
              timeoutMs,
              setUp,
              env: environment,
              signal,
              nonce: session.nonce,
            })
          : before.known(baseCommit, { command, setUp });
      }
      const first = attributionOf(earlier, after);
      // What passed before may fail by chance: the same work is put to it once more.
      const again =
        first === 'broke' && after?.timedOut === false && command !== null
          ? await verify({ cwd, command, timeoutMs, env: environment, signal, nonce: session.nonce })
          : null;
      const attribution = again !== null && passed(again) ? 'flaky' : first;
      return { measured: { ...measured, ...facts, verifyBefore: earlier, attribution }, patches: lines };
    },

    /** What changed in the session's commits, read again; empty where git cannot tell any more. */
    async patchesOf(session: EndedSession, measured: Measured): Promise<Patched[]> {
      const { baseCommit, headCommit } = measured;
      if (baseCommit === null || headCommit === null) return [];
      for (const cwd of [session.cwd, session.project.path]) {
        const found = cwd === null ? null : await patches(cwd, baseCommit, headCommit).catch(onlyGit);
        if (found) return found;
      }
      return [];
    },
  };
}

function onlyGit(error: unknown): null {
  if (error instanceof TenureError) return null;
  throw error;
}
