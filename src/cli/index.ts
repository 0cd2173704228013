import { spawn } from 'node:child_process';
import { homedir } from 'node:os';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { runCli } from './run.ts';

/** Only where a person sits at the terminal; whether it worked is seen on the screen. */
function browse(url: string): void {
  if (!process.stdout.isTTY) return;
  const hasScreen = process.platform === 'darwin' || process.env.DISPLAY || process.env.WAYLAND_DISPLAY;
  if (!hasScreen) return;
  const opener = process.platform === 'darwin' ? 'open' : 'xdg-open';
  const child = spawn(opener, [url], { detached: true, stdio: 'ignore' });
  child.on('error', () => {});
  child.unref();
}

// A reader that has seen enough (`tenure sessions | head -1`) closes the pipe; that is no failure. A full disk is.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') return;
  process.exitCode = 1;
  process.stderr.write(`The answer could not be written: ${error.message}.\n`);
});
process.stderr.on('error', () => undefined);

const exitCode = await runCli(process.argv.slice(2), {
  env: process.env,
  platform: process.platform,
  home: homedir(),
  cwd: process.cwd(),
  fetch,
  now: () => Date.now(),
  sleep: (ms) => sleep(ms),
  browse,
  stdin: () => text(process.stdin),
  stdout: (out) => process.stdout.write(out),
  stderr: (out) => process.stderr.write(out),
});
process.exitCode ??= exitCode;
