import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { tempDir } from '../../test/builders.ts';
import { pathsOf } from '../core/kernel/paths.ts';
import { engineOf } from './engine.ts';

const SECOND = 1_000;

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** An engine that takes every question: it answers as `live` and `answers` say, or never. */
function slow(live: () => boolean) {
  const home = tempDir('cli');
  const paths = pathsOf({ env: { TENURE_HOME: home }, platform: 'linux', home, demo: false });
  mkdirSync(paths.runDir, { recursive: true });
  const file = { port: 4517, pid: process.pid, readToken: 'tnr_read', startedAt: 1 };
  writeFileSync(join(paths.runDir, 'gateway.json'), JSON.stringify(file));
  let answer: (response: Response) => void = () => undefined;
  const fetch = (url: unknown, init?: RequestInit): Promise<Response> =>
    new Promise((resolve, reject) => {
      init?.signal?.addEventListener('abort', () => reject(init.signal?.reason));
      if (!String(url).endsWith('/live')) answer = resolve;
      else if (live()) resolve(new Response('{}'));
    });
  const engine = engineOf({ paths, others: paths, demo: false, ownerToken: undefined, fetch });
  const told = engine.call('state.snapshot', {}).then(
    (value) => ({ value }),
    (error: Error) => ({ error: error.message }),
  );
  return { told, answer: (body: unknown) => answer(Response.json(body)) };
}

describe('an engine that takes its time', () => {
  test('is waited for as long as it lives, and what it says is heard', async () => {
    const { told, answer } = slow(() => true);
    await vi.advanceTimersByTimeAsync(600 * SECOND);
    answer({ merged: true });
    expect(await told).toEqual({ value: { merged: true } });
    expect(vi.getTimerCount()).toBe(0);
  });

  test('and gives no sign of life is told so, not waited for', async () => {
    let lives = true;
    const { told } = slow(() => lives);
    await vi.advanceTimersByTimeAsync(60 * SECOND);
    lives = false;
    await vi.advanceTimersByTimeAsync(11 * SECOND);
    expect(await told).toEqual({
      error: expect.stringMatching(/^Tenure \(process \d+\) runs and does not answer.*may still be done/),
    });
    await vi.advanceTimersByTimeAsync(SECOND);
    expect(vi.getTimerCount()).toBe(0);
  });
});
