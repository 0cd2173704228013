import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { startHost } from '../core/host.ts';
import { writeCrash } from '../core/kernel/crash.ts';
import { pathsOf } from '../core/kernel/paths.ts';
import { TenureError } from '../shared/errors.ts';

/** After this many milliseconds a stop that hangs is cut off. */
const WATCHDOG_MS = 9_500;
const SIGNALS = ['SIGTERM', 'SIGINT', 'SIGHUP'] as const;

/** Built: `out/main/headless.js`; from source: `src/headless/index.ts`. Both are two folders below the root. */
const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, '..', '..');

const versionOf = (): string =>
  (JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string }).version;

function readArgs(argv: readonly string[]) {
  const { values } = parseArgs({
    args: [...argv],
    options: { demo: { type: 'boolean' }, headless: { type: 'boolean' }, port: { type: 'string' } },
  });
  const port = values.port === undefined ? undefined : Number(values.port);
  if (port !== undefined && (!Number.isInteger(port) || port < 0 || port > 65_535)) {
    throw new TenureError('invalid', `--port takes a number from 0 to 65535, but got "${values.port}".`);
  }
  return { demo: values.demo ?? false, port };
}

/** Runs Tenure without a window until a signal comes. */
async function main(): Promise<void> {
  const { demo, port } = readArgs(process.argv.slice(2));
  const host = await startHost({
    host: 'headless',
    env: process.env,
    rendererDir: join(root, 'out', 'renderer'),
    version: versionOf(),
    demo,
    port,
  });
  const end = (): void => {
    const watchdog = setTimeout(() => process.exit(1), WATCHDOG_MS);
    watchdog.unref();
    host.stop().then(
      () => process.exit(0),
      (error: unknown) => {
        console.error(String(error));
        process.exit(1);
      },
    );
  };
  for (const signal of SIGNALS) process.once(signal, end);
  // Nothing goes on in a state that nobody thought of; every gate is closed then, and the next start says so.
  const crash = (error: unknown): void => {
    const paths = pathsOf({ env: process.env, platform: process.platform, home: homedir(), demo });
    writeCrash(paths, { at: Date.now(), version: versionOf(), host: 'headless' }, error);
    console.error(error);
    process.exit(1);
  };
  process.on('uncaughtException', crash);
  process.on('unhandledRejection', crash);

  console.log(process.env.TENURE_HEADLESS_REASON ?? 'Tenure runs headless.');
  console.log(`Open ${host.loginUrl()}`);
  if (host.ownerToken !== null) {
    console.log(`Owner token, shown only now: ${host.ownerToken}`);
  }
}

await main().catch((error: unknown) => {
  console.error(error instanceof Error && error.name === 'TenureError' ? error.message : error);
  process.exitCode = 1;
});
