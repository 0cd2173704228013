/**
 * The right Node for everything else here. This file and those that import it statically keep to
 * syntax and modules of Node 16, so that an old Node can still say what is wrong.
 */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { constants } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const NEEDED = 24;

/** The folder of the checkout. */
export const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** The Node binary that came with `npm ci` as an optional dependency, or null where there is none. */
function bundledNode() {
  const names = { linux: 'node-linux-', darwin: 'node-bin-darwin-' };
  const file = join(root, 'node_modules', names[process.platform] + process.arch, 'bin', 'node');
  return existsSync(file) ? file : null;
}

/**
 * Starts a program that stands in for this one: while it runs, the signals that ask to end go to it.
 * They are caught before it starts: one that came in between would end us and leave it behind.
 */
export function spawnInPlace(command, args, options) {
  let child;
  const pass = {
    // Ctrl-C in a terminal reaches the child by itself; a second one would mean "at once".
    SIGINT: () => process.stdin.isTTY || child.kill('SIGINT'),
    SIGTERM: () => child.kill('SIGTERM'),
    SIGHUP: () => child.kill('SIGHUP'),
  };
  const stopPassing = () => {
    for (const signal of Object.keys(pass)) process.off(signal, pass[signal]);
  };
  for (const signal of Object.keys(pass)) process.on(signal, pass[signal]);
  child = spawn(command, args, options);
  return child.on('error', stopPassing).on('exit', stopPassing);
}

/** The exit code by which a shell tells of an ended child. */
export const exitCodeOf = (code, signal) => (code === null ? 128 + (constants.signals[signal] || 0) : code);

/**
 * True when this Node can run the program. Otherwise runs `script` again under the bundled Node and
 * takes over its exit code, or says in one sentence what to do; the caller then only returns.
 */
export async function onNode24(script) {
  if (Number(process.versions.node.split('.')[0]) >= NEEDED) return true;
  const bundled = bundledNode();
  const problem = bundled === null ? 'none came with the installation' : await runUnder(bundled, fileURLToPath(script));
  if (problem === null) return false;
  const installed = existsSync(join(root, 'node_modules'));
  console.error(
    `Tenure needs Node ${NEEDED} or newer, but this is Node ${process.versions.node} and ${problem}: ` +
      (installed ? `install Node ${NEEDED} from https://nodejs.org.` : 'run "npm ci" in this folder first.'),
  );
  process.exitCode = 1;
  return false;
}

/** Null once the script has run; a clause about the problem when that Node does not start here. */
function runUnder(node, script) {
  return new Promise((resolve) => {
    // npm 10 does not link that Node into node_modules/.bin; the tools that the scripts start need it too.
    const env = Object.assign({}, process.env, { PATH: dirname(node) + delimiter + process.env.PATH });
    const child = spawnInPlace(node, [script].concat(process.argv.slice(2)), { stdio: 'inherit', env });
    child.on('error', (error) => resolve(`the bundled one does not start (${error.message})`));
    child.on('exit', (code, signal) => {
      process.exitCode = exitCodeOf(code, signal);
      resolve(null);
    });
  });
}
