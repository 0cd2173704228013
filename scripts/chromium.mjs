import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

const KNOWN = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
];
const INSTALL_LIMIT_MS = 600_000;

const runs = (file) => spawnSync(file, ['--version'], { stdio: 'ignore', timeout: 30_000 }).status === 0;

/** A Chromium that runs, or null. TENURE_CHROMIUM names another than the known places. */
function found(env) {
  const candidates = env.TENURE_CHROMIUM ? [env.TENURE_CHROMIUM] : KNOWN.filter((file) => existsSync(file));
  return candidates.find(runs) ?? null;
}

/** Installs Debian packages. Null when it worked, else what went wrong. */
function install(packages) {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  for (const args of [['update'], ['install', '--yes', '--no-install-recommends', ...packages]]) {
    const done = spawnSync('apt-get', args, {
      env,
      encoding: 'utf8',
      stdio: ['ignore', 'ignore', 'pipe'],
      timeout: INSTALL_LIMIT_MS,
    });
    if (done.status === 0) continue;
    const said = (done.stderr ?? '').trim().split('\n').at(-1);
    return `apt-get ${args[0]} failed: ${said || done.error?.message || `exit code ${done.status}`}`;
  }
  return null;
}

/**
 * `{ chromium, problem }`: the path of a Chromium for the browser tests, or null and why there is
 * none. Installs Debian's where this process may.
 */
export function ensureChromium(say, env = process.env) {
  const there = found(env);
  if (there) return { chromium: there, problem: null };
  if (env.TENURE_CHROMIUM) return { chromium: null, problem: `${env.TENURE_CHROMIUM} (TENURE_CHROMIUM) does not run` };
  if (!existsSync('/etc/debian_version') || process.getuid?.() !== 0) {
    return { chromium: null, problem: 'there is no Chromium or Chrome; TENURE_CHROMIUM may name one' };
  }
  say('Installing chromium for the browser tests …');
  const problem = install(['chromium']);
  return { chromium: found(env), problem };
}
