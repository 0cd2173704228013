import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { root } from './node.mjs';

const folder = join(root, 'node_modules', 'electron');
/** Remembers a download that failed, so that a machine without the network does not wait at each start. */
const failedFile = join(root, 'node_modules', '.cache', 'tenure', 'electron-failed');
const DOWNLOAD_LIMIT_MS = 60_000;
const RETRY_AFTER_MS = 24 * 3_600_000;
const REMEDY = 'with the network there, "npx install-electron" gets it';

/** Why Electron cannot show anything here, as the rest of a sentence; null when it can. */
export function obstacleTo(platform, env, uid) {
  if (platform !== 'linux') return null;
  if (!env.DISPLAY && !env.WAYLAND_DISPLAY) return 'there is no display (neither DISPLAY nor WAYLAND_DISPLAY is set)';
  if (uid === 0) return "Electron's sandbox does not run as root";
  return null;
}

/** The path of Electron's binary, or null when it was never unpacked. */
function installed() {
  const pathFile = join(folder, 'path.txt');
  if (!existsSync(pathFile)) return null;
  const binary = join(folder, 'dist', readFileSync(pathFile, 'utf8'));
  return existsSync(binary) ? binary : null;
}

function failedLately() {
  return existsSync(failedFile) && Date.now() - statSync(failedFile).mtimeMs < RETRY_AFTER_MS;
}

/** Electron's own installer. Resolves to null, or to what went wrong in a few words. */
function download() {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [join(folder, 'install.js')], { stdio: ['ignore', 'ignore', 'pipe'] });
    let said = '';
    child.stderr.on('data', (chunk) => {
      said += chunk;
    });
    let tooSlow = false;
    const limit = setTimeout(() => {
      tooSlow = true;
      child.kill('SIGKILL');
    }, DOWNLOAD_LIMIT_MS);
    child.on('error', (error) => resolve(error.message));
    child.on('close', (code) => {
      clearTimeout(limit);
      if (tooSlow) resolve(`no answer within ${DOWNLOAD_LIMIT_MS / 1_000} s`);
      else resolve(code === 0 ? null : said.trim().split('\n')[0] || `its installer ended with ${code}`);
    });
  });
}

/** `{ binary }`, or `{ obstacle }`: the rest of a sentence that says why there is none. */
export async function electronBinary(say) {
  const there = installed();
  if (there) return { binary: there };
  if (!existsSync(join(folder, 'install.js'))) return { obstacle: 'Electron is not installed' };
  if (failedLately()) return { obstacle: `Electron's binary could not be downloaded lately; ${REMEDY}` };
  say('Downloading Electron …');
  const problem = await download();
  const binary = installed();
  if (binary) {
    rmSync(failedFile, { force: true });
    return { binary };
  }
  mkdirSync(dirname(failedFile), { recursive: true });
  writeFileSync(failedFile, `${problem}\n`);
  return { obstacle: `Electron's binary could not be downloaded (${problem}); ${REMEDY}` };
}
