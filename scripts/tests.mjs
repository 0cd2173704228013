import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureBuilt } from './build.mjs';
import { ensureChromium } from './chromium.mjs';
import { ensureClaude } from './claude.mjs';
import { root, spawnInPlace } from './node.mjs';

const LIMIT_MS = 20 * 60_000;

/**
 * Runs the tests once, after everything they need is there. Resolves to `{ passed, failed, skipped }`;
 * `failed` is never 0 when the run went wrong in any way.
 */
export async function runTests(args, say) {
  const { chromium, problem } = ensureChromium(say);
  if (chromium === null) say(`The browser tests are skipped: ${problem}.`);
  const noClaude = ensureClaude();
  if (noClaude !== null) say(`The real Claude Code cannot be tested: ${noClaude}.`);
  await ensureBuilt(say);
  const scratch = mkdtempSync(join(tmpdir(), 'tenure-tests-'));
  try {
    return await vitest(args, join(scratch, 'totals.json'), environment(chromium, join(scratch, 'home')));
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

/**
 * The person's own settings out, and a folder that is nobody's for a test that forgets to make one.
 * An empty TENURE_CHROMIUM: there is none, skip what needs one.
 */
function environment(chromium, home) {
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('TENURE_')));
  return { ...env, TENURE_HOME: home, TENURE_CHROMIUM: chromium ?? '' };
}

async function vitest(args, totalsFile, env) {
  const reporters = ['--reporter=default', `--reporter=${join(root, 'scripts', 'totals-reporter.mjs')}`];
  const child = spawnInPlace(
    process.execPath,
    [join(root, 'node_modules/vitest/vitest.mjs'), 'run', ...reporters, ...args],
    {
      cwd: root,
      stdio: ['ignore', 'inherit', 'inherit'],
      env: { ...env, ...(process.stdout.isTTY ? {} : { NO_COLOR: '1' }), TENURE_TEST_TOTALS: totalsFile },
    },
  );
  // A test that leaves something running keeps its worker, and so the whole run, from ending.
  const watchdog = setTimeout(() => child.kill('SIGKILL'), LIMIT_MS);
  const code = await new Promise((resolve) => {
    child.on('error', () => resolve(1));
    child.on('exit', resolve);
  });
  clearTimeout(watchdog);
  const totals = totalsOf(totalsFile);
  if (code !== 0 && totals.failed === 0) totals.failed = 1;
  return totals;
}

function totalsOf(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return { passed: 0, failed: 1, skipped: 0 };
  }
}

/** The last line of a run, read by machines. */
export function lastLine({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}
