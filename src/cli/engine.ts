import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { TenurePaths } from '../core/kernel/paths.ts';
import { createClient } from '../shared/client.ts';
import { methods } from '../shared/contract/index.ts';
import { TenureError } from '../shared/errors.ts';
import { absolute } from '../shared/format.ts';
import type { Cli } from './verb.ts';

/** No engine answers on this data directory: exit code 3. */
export class NotRunning extends Error {
  override readonly name = 'NotRunning';
}

const GatewayFile = z.object({ port: z.number(), pid: z.number(), readToken: z.string(), startedAt: z.number() });
type GatewayFile = z.infer<typeof GatewayFile>;
const LastError = z.object({ at: z.number(), message: z.string() });

const codeOf = (error: unknown): unknown => (error instanceof Error && 'code' in error ? error.code : undefined);

/**
 * What a file of the run directory says; null when it is missing or no such thing.
 * @throws TenureError `not_allowed` when it is somebody else's.
 */
function read<T>(file: string, schema: z.ZodType<T>): T | null {
  try {
    return schema.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch (error) {
    if (codeOf(error) !== 'EACCES') return null;
    const sentence = `${file} cannot be read: only the user who runs Tenure may, so run this as that user.`;
    throw new TenureError('not_allowed', sentence, { cause: error });
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return codeOf(error) === 'EPERM';
  }
}

/** It has not said a word in all this time. */
class Silent extends Error {}
/** So long for an answer (a merge may take minutes) before it is asked for a sign of life, and for that sign. */
const PATIENCE_MS = 5_000;

/** @throws Silent when there is neither an answer nor a sign of life. */
async function whileItLives(ask: typeof fetch, base: string, url: string, init: RequestInit): Promise<Response> {
  const end = new AbortController();
  const looks = new AbortController();
  const look = setInterval(() => {
    const late = setTimeout(() => end.abort(new Silent()), PATIENCE_MS);
    const over = (): void => clearTimeout(late);
    // How a look fails is told by the question itself.
    ask(`${base}/live`, { signal: looks.signal }).then(over, over);
  }, PATIENCE_MS);
  try {
    return await ask(url, { ...init, signal: end.signal });
  } finally {
    clearInterval(look);
    looks.abort();
  }
}

/** How to get to an engine, and the sentence when there is none. */
export interface EngineOptions {
  paths: TenurePaths;
  /** The folders of the other one (the demo's, or the real ones), to say when that one runs instead. */
  others: TenurePaths;
  demo: boolean;
  ownerToken: string | undefined;
  fetch: typeof fetch;
}

/**
 * The running engine as its run directory describes it. A description whose process is gone is none:
 * another program may have its port by now, and no token goes to a stranger.
 */
export function engineOf({ paths, others, demo, ownerToken, fetch }: EngineOptions): Pick<Cli, 'call' | 'loginLink'> {
  const running = (runDir: string): GatewayFile | null => {
    const file = read(join(runDir, 'gateway.json'), GatewayFile);
    return file && isAlive(file.pid) ? file : null;
  };

  const notRunning = (): NotRunning => {
    const what = demo ? 'The demo' : 'Tenure';
    const start = demo ? 'npm start -- --demo' : 'npm start';
    const parts = [`${what} is not running on ${paths.home}; start it with "${start}".`];
    const failed = read(join(paths.runDir, 'last-error.json'), LastError);
    const since = read(join(paths.runDir, 'gateway.json'), GatewayFile)?.startedAt ?? 0;
    if (failed && failed.at > since) parts.push(`Its last start failed (${absolute(failed.at)}): ${failed.message}`);
    if (running(others.runDir)) {
      parts.push(demo ? 'The real one is running: leave --demo away.' : 'The demo is running: add --demo.');
    }
    return new NotRunning(parts.join(' '));
  };

  const gateway = () => {
    const file = running(paths.runDir);
    if (!file) throw notRunning();
    const base = `http://127.0.0.1:${file.port}`;
    const reach = (url: string, init: RequestInit): Promise<Response> =>
      whileItLives(fetch, base, url, init).catch((error: unknown) => {
        if (error instanceof Error && codeOf(error.cause) === 'ECONNREFUSED') throw notRunning();
        if (error instanceof Silent) {
          const sentence = `Tenure (process ${file.pid}) runs and does not answer: it hangs, or it was suspended. What was asked may still be done once it goes on.`;
          throw new TenureError('unavailable', sentence, { cause: error });
        }
        // It was heard, so it may have been done.
        const sentence = `Tenure (process ${file.pid}) ended before it answered; what was done shows when it runs again.`;
        throw new TenureError('unavailable', sentence, { cause: error });
      });
    return { base, reach, readToken: file.readToken };
  };

  const owner = (): string => {
    if (ownerToken) return ownerToken;
    throw new TenureError(
      'unauthenticated',
      'Only the owner may do this: set TENURE_OWNER_TOKEN to the owner token, which was shown once at the first start.',
    );
  };

  return {
    async call(method, input) {
      const { base, reach, readToken } = gateway();
      const token = methods[method].access === 'owner' ? owner() : readToken;
      const client = createClient({ base, fetch: reach, headers: { authorization: `Bearer ${token}` } });
      return await client.call(method, input).catch((error: unknown) => {
        // What `reach` says is nearer to what happened than what the client makes of it.
        const cause = error instanceof TenureError ? error.cause : null;
        throw cause instanceof NotRunning || cause instanceof TenureError ? cause : error;
      });
    },
    async loginLink() {
      const { base, reach } = gateway();
      const response = await reach(`${base}/login-link`, {
        method: 'POST',
        headers: { authorization: `Bearer ${owner()}`, accept: 'application/json' },
      });
      if (response.status === 401 || response.status === 403) {
        const sentence = 'The token in TENURE_OWNER_TOKEN is not the owner token of this Tenure.';
        throw new TenureError('unauthenticated', sentence);
      }
      const link = z.object({ url: z.url() }).safeParse(await response.json().catch(() => null));
      if (response.ok && link.success) return link.data.url;
      throw new TenureError('unavailable', `Tenure gave no login URL (status ${response.status}); try it again.`);
    },
  };
}
