import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { ensureBuilt } from './build.mjs';
import { ensureClaude } from './claude.mjs';
import { electronBinary, obstacleTo } from './electron.mjs';
import { exitCodeOf, root, spawnInPlace } from './node.mjs';

const USAGE = `Usage: npm start -- [--headless] [--demo] [--port <number>]

  --headless      serve the screens to a browser instead of opening the Electron app
  --demo          show the whole loop with the demo agent, in folders of its own
  --port <number> the loopback port (default 4517; 0: any free one)`;

/** An Electron that ends badly this soon could not start at all: a library or a display is missing. */
const FALSE_START_MS = 5_000;

/** Says something to a person; stdout belongs to the engine. */
const say = (text) => console.error(text);

/** Builds what is stale, then runs the Electron app where it can, else the engine in this very process. */
export async function launch(argv) {
  let options;
  try {
    options = optionsOf(argv);
  } catch (error) {
    say(`${error.message}\n\n${USAGE}`);
    process.exitCode = 2;
    return;
  }
  if (options.help) {
    console.log(USAGE);
    return;
  }
  try {
    // So that the pinned Claude Code of this checkout runs too; `npm ci` runs no install scripts.
    ensureClaude();
    await ensureBuilt(say);
  } catch (error) {
    say(error.message);
    process.exitCode = 1;
    return;
  }
  const reason = options.headless ? 'you asked for it (--headless)' : await runElectron(options.engineArgs);
  if (reason !== null) await runHeadless(reason, options.engineArgs);
}

function optionsOf(argv) {
  const { values } = parseArgs({
    args: argv,
    options: {
      headless: { type: 'boolean' },
      demo: { type: 'boolean' },
      port: { type: 'string' },
      // Of `tenure service`: waits for the folder instead of failing, and shows no token to a log.
      service: { type: 'boolean' },
      help: { type: 'boolean', short: 'h' },
    },
  });
  const { port } = values;
  if (port !== undefined && !(/^\d{1,5}$/.test(port) && Number(port) <= 65_535)) {
    throw new Error(`--port takes a number from 0 to 65535, but got "${port}".`);
  }
  const engineArgs = [
    ...(values.demo ? ['--demo'] : []),
    ...(values.service ? ['--service'] : []),
    ...(port === undefined ? [] : ['--port', port]),
  ];
  return { headless: values.headless ?? false, help: values.help ?? false, engineArgs };
}

/** Null once the app has run; else why it could not, as the rest of a sentence. */
async function runElectron(engineArgs) {
  const blocked = obstacleTo(process.platform, process.env, process.getuid?.());
  if (blocked) return blocked;
  const { binary, obstacle } = await electronBinary(say);
  if (obstacle) return obstacle;
  const { ELECTRON_RUN_AS_NODE: _, ...env } = process.env;
  return await new Promise((resolve) => {
    const startedAt = performance.now();
    const child = spawnInPlace(binary, [root, ...engineArgs], { stdio: 'inherit', env });
    child.on('error', (error) => resolve(`Electron does not start (${error.message})`));
    child.on('exit', (code, signal) => {
      const asked = signal === 'SIGINT' || signal === 'SIGTERM' || signal === 'SIGHUP';
      if (code !== 0 && !asked && performance.now() - startedAt < FALSE_START_MS) {
        resolve(`Electron ended at once (${signal ?? `exit code ${code}`})`);
        return;
      }
      process.exitCode = exitCodeOf(code, signal);
      resolve(null);
    });
  });
}

/** The engine runs in this process, so signals reach it without a go-between. */
async function runHeadless(reason, engineArgs) {
  const entry = join(root, 'out', 'main', 'headless.js');
  process.env.TENURE_HEADLESS_REASON = `Running headless: ${reason}.`;
  process.argv = [process.argv[0], entry, ...engineArgs];
  await import(pathToFileURL(entry).href);
}
