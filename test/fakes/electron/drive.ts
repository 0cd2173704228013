import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import type { Page } from 'playwright-core';
import { vi } from 'vitest';
import type { Commands, Look } from './control.ts';

const root = join(import.meta.dirname, '../../..');

type Do = { [C in keyof Commands]: (...args: Parameters<Commands[C]>) => Promise<Awaited<ReturnType<Commands[C]>>> };

/** Builds the program when its sources are newer than what is there. */
export async function ensureProgram(): Promise<void> {
  const build = pathToFileURL(join(root, 'scripts/build.mjs')).href;
  const script = `const { ensureBuilt } = await import('${build}'); await ensureBuilt(() => undefined);`;
  await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script], { cwd: root });
}

/** The built program, run with the stand-in for Electron, and a person in front of it. */
export interface Program {
  person: Do;
  /** Waits until the program looks like this (20 s unless told); @returns what it then looks like. */
  until(like: (look: Look) => boolean, what: string, withinMs?: number): Promise<Look>;
  /** What it wrote to stdout and stderr. */
  output(): string;
  errorBoxes: { title: string; content: string }[];
  /** Whether it asked to be started anew. */
  relaunched(): boolean;
  /** Settles with the exit code, or the signal that ended it. */
  ended: Promise<number | string>;
  kill(): Promise<void>;
}

/** @param env the whole environment of the program. */
export function startProgram(args: readonly string[], env: Record<string, string>): Program {
  const register = join(import.meta.dirname, 'register.ts');
  const child = spawn(process.execPath, ['--import', register, join(root, 'out/main/index.js'), ...args], {
    cwd: root,
    env: { ...env, ELECTRON_STAND_IN: 'program' },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    // Keeps what a page left out from becoming null on the way.
    serialization: 'advanced',
  });
  const waiting = new Map<number, PromiseWithResolvers<unknown>>();
  const errorBoxes: Program['errorBoxes'] = [];
  let output = '';
  let relaunched = false;
  let next = 1;
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => (output += String(chunk)));
  child.on('message', (message: { id?: number; result?: unknown; error?: string; what?: string; about?: never }) => {
    if (message.what === 'error-box' && message.about) errorBoxes.push(message.about);
    if (message.what === 'relaunch') relaunched = true;
    const answer = waiting.get(message.id ?? 0);
    waiting.delete(message.id ?? 0);
    if (message.error === undefined) answer?.resolve(message.result);
    else answer?.reject(new Error(message.error));
  });
  const state = (): string => `${JSON.stringify(errorBoxes)}\n${output}`;
  const ended = once(child, 'exit').then(([code, signal]: (number | string | null)[]) => {
    for (const answer of waiting.values()) answer.reject(new Error(`The program has ended. ${state()}`));
    return code ?? signal ?? 'unknown';
  });

  const person = new Proxy({} as Do, {
    get:
      (_target, name) =>
      (...args: unknown[]) => {
        if (!child.connected) return Promise.reject(new Error(`The program is not there any more. ${state()}`));
        const id = next++;
        const answer = Promise.withResolvers<unknown>();
        waiting.set(id, answer);
        child.send({ id, name, args }, (error) => error && answer.reject(error));
        return answer.promise;
      },
  });

  return {
    person,
    async until(like, what, withinMs = 20_000) {
      let last = '';
      const looks = async (): Promise<Look | null> => {
        const look = await person.look();
        last = JSON.stringify(look, null, 2);
        return like(look) ? look : null;
      };
      try {
        return await vi.waitUntil(looks, { timeout: withinMs, interval: 50 });
      } catch (cause) {
        throw new Error(`It did not come to this: ${what}. ${state()}\n${last}`, { cause });
      }
    },
    output: () => output,
    errorBoxes,
    relaunched: () => relaunched,
    ended,
    async kill() {
      if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
      await ended;
    },
  };
}

/**
 * Gives a page of a real Chromium what the built preload gives it in Electron: the preload itself runs,
 * its two modules are joined to the program's own end.
 */
export async function giveBridge(
  page: Page,
  preload: string,
  send: (channel: string, args: unknown[]) => void,
): Promise<void> {
  await page.exposeFunction('standInSend', (channel: string, args: unknown[]) => send(channel, args));
  await page.addInitScript(`((require, process, module) => {
    ((exports) => { ${preload}
    })(module.exports);
  })(
    (name) => {
      if (name !== 'electron') throw new Error('A sandboxed preload cannot require ' + name);
      return {
        contextBridge: { exposeInMainWorld: (name, api) => { window[name] = Object.freeze(api); } },
        ipcRenderer: { send: (channel, ...args) => void window.standInSend(channel, args) },
      };
    },
    { platform: ${JSON.stringify(process.platform)} },
    { exports: {} },
  );`);
}
