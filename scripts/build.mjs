import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, globSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { stripVTControlCharacters } from 'node:util';
import { exitCodeOf, root } from './node.mjs';

const out = join(root, 'out');
const stampFile = join(out, '.stamp');
const LOCK_WAIT_MS = 300_000;

/** Everything a build is made of, as one hash. */
function sourcesHash() {
  const sources = globSync('src/**/*.{ts,tsx,css,html,svg,png,woff2}', { cwd: root });
  const files = sources
    .filter((file) => !/\.test\.tsx?$/.test(file))
    .concat('electron.vite.config.ts', 'package.json', 'package-lock.json', 'tsconfig.json')
    .toSorted();
  const hash = createHash('sha256');
  for (const file of files)
    hash
      .update(`${file}\0`)
      .update(readFileSync(join(root, file)))
      .update('\0');
  return hash.digest('hex');
}

const isFresh = (hash) => existsSync(stampFile) && readFileSync(stampFile, 'utf8') === hash;

/**
 * Runs `work` while no other process builds. An exclusive SQLite transaction is the lock: the system
 * releases it when its holder dies, however it dies.
 */
async function alone(work) {
  const { default: Sqlite } = await import('better-sqlite3');
  mkdirSync(out, { recursive: true });
  const lock = new Sqlite(join(out, '.lock'), { timeout: LOCK_WAIT_MS });
  try {
    lock.exec('BEGIN EXCLUSIVE');
    return await work();
  } finally {
    lock.close();
  }
}

/** Builds into a folder. Rejects with the build's whole output when it fails. */
function electronViteInto(folder) {
  return new Promise((resolve, reject) => {
    const args = [join(root, 'node_modules/electron-vite/bin/electron-vite.js'), 'build', '--outDir', folder];
    const child = spawn(process.execPath, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
    const output = [];
    child.stdout.on('data', (chunk) => output.push(chunk));
    child.stderr.on('data', (chunk) => output.push(chunk));
    const end = (signal) => {
      child.kill(signal);
      process.exit(exitCodeOf(null, signal));
    };
    process.once('SIGINT', end).once('SIGTERM', end);
    child.on('error', reject);
    child.on('close', (code) => {
      process.off('SIGINT', end).off('SIGTERM', end);
      if (code === 0) resolve();
      else reject(new Error(`The build failed.\n${stripVTControlCharacters(Buffer.concat(output).toString('utf8'))}`));
    });
  });
}

/**
 * Puts a whole build in the place of the old one. The stamp goes first and comes last, so that
 * whoever finds a stamp finds a whole build.
 */
function install(next, hash) {
  const old = join(out, '.old');
  rmSync(stampFile, { force: true });
  rmSync(old, { recursive: true, force: true });
  mkdirSync(old);
  for (const part of ['main', 'preload', 'renderer']) {
    if (existsSync(join(out, part))) renameSync(join(out, part), join(old, part));
    if (existsSync(join(next, part))) renameSync(join(next, part), join(out, part));
  }
  writeFileSync(stampFile, hash);
  rmSync(old, { recursive: true, force: true });
  // What the engine has kept compiled of the old one.
  rmSync(join(out, '.compiled'), { recursive: true, force: true });
  rmSync(next, { recursive: true, force: true });
}

/**
 * Builds `out/` when it is missing or older than its sources; several at once build only one time.
 * Throws an Error with the build's output when it fails; the old build then stays.
 */
export async function ensureBuilt(say) {
  if (isFresh(sourcesHash())) return;
  say('Building Tenure …');
  await alone(async () => {
    const hash = sourcesHash();
    if (isFresh(hash)) return;
    for (const name of globSync('.next-*', { cwd: out })) rmSync(join(out, name), { recursive: true, force: true });
    // A folder of its own: of a builder that was killed the bundler may still be writing.
    const next = join(out, `.next-${process.pid}`);
    await electronViteInto(next);
    install(next, hash);
  });
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  rmSync(stampFile, { force: true });
  await ensureBuilt(console.error).catch((error) => {
    console.error(error.message);
    process.exitCode = 1;
  });
}
