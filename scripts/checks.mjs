import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { ensureBuilt } from './build.mjs';
import { root } from './node.mjs';
import { lastLine, runTests } from './tests.mjs';

const bin = (name) => join(root, 'node_modules', '.bin', name);

/** What looks at the sources only; all at once. */
const LOOKS = {
  // Looks again only at what has changed; what it remembers is thrown away with the packages.
  types: [
    bin('tsc'),
    '--noEmit',
    '--incremental',
    '--tsBuildInfoFile',
    join(root, 'node_modules', '.cache', 'types.tsbuildinfo'),
  ],
  lint: [bin('oxlint'), '--type-aware', '--deny-warnings'],
  format: [bin('biome'), 'check', '--error-on-warnings', '.'],
  'dead code': [bin('knip'), '--no-progress'],
};

/** Runs one program to its end and tells how it went; its output is shown only when it failed. */
async function look(name, [command, ...args]) {
  const startedAt = performance.now();
  const child = spawn(command, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
  const output = [];
  child.stdout.on('data', (chunk) => output.push(chunk));
  child.stderr.on('data', (chunk) => output.push(chunk));
  const code = await new Promise((resolve) => {
    child.on('error', (error) => {
      output.push(Buffer.from(error.message));
      resolve(1);
    });
    child.on('close', resolve);
  });
  tell(name, code === 0, startedAt);
  if (code !== 0) console.log(stripVTControlCharacters(Buffer.concat(output).toString('utf8')).trimEnd());
  return code === 0;
}

function tell(name, good, startedAt) {
  console.log(`${good ? 'ok    ' : 'FAILED'} ${name} (${((performance.now() - startedAt) / 1_000).toFixed(1)} s)`);
}

async function build() {
  const startedAt = performance.now();
  const problem = await ensureBuilt(() => {}).then(
    () => null,
    (error) => error.message,
  );
  tell('build', problem === null, startedAt);
  if (problem !== null) console.log(problem);
  return problem === null;
}

/**
 * Types, lint, format and dead code together, then the build, then the tests (with the rules of the
 * architecture among them). Stops at the first stage that fails; each check that failed counts as one.
 * `--without-tests`: for a caller that has just run them.
 */
export async function check(args) {
  const looks = await Promise.all(Object.entries(LOOKS).map(([name, command]) => look(name, command)));
  let failed = looks.filter((good) => !good).length;
  if (failed === 0 && !(await build())) failed = 1;
  if (failed > 0) return end({ passed: 0, failed, skipped: 0 });
  if (args.includes('--without-tests')) {
    console.log('All checks but the tests passed; the tests were not run here (--without-tests).');
    return;
  }
  end(await runTests([], console.error));
}

function end(totals) {
  console.log(lastLine(totals));
  process.exitCode = totals.failed === 0 ? 0 : 1;
}
