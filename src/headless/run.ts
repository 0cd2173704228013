import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { type Host, type HostOptions, startHost } from '../core/host.ts';
import { writeCrash } from '../core/kernel/crash.ts';
import { pathsOf } from '../core/kernel/paths.ts';
import { TenureError } from '../shared/errors.ts';
import { caffeinate, keepAwake } from './awake.ts';

/** After this many milliseconds a stop that hangs is cut off. */
const WATCHDOG_MS = 9_500;
/** How soon a service sees that the folder is free. */
const LOOK_AGAIN_MS = 5_000;
const SIGNALS = ['SIGTERM', 'SIGINT', 'SIGHUP'] as const;

const versionOf = (root: string): string =>
  (JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string }).version;

function readArgs(argv: readonly string[]) {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      demo: { type: 'boolean' },
      headless: { type: 'boolean' },
      service: { type: 'boolean' },
      port: { type: 'string' },
    },
  });
  const port = values.port === undefined ? undefined : Number(values.port);
  if (port !== undefined && (!Number.isInteger(port) || port < 0 || port > 65_535)) {
    throw new TenureError('invalid', `--port takes a number from 0 to 65535, but got "${values.port}".`);
  }
  return { demo: values.demo ?? false, service: values.service ?? false, port };
}

/**
 * Waits while another engine has the folder, the app for example, and takes over when it ends: a service
 * that failed instead would be started again and again.
 */
async function startWhenFree(options: HostOptions): Promise<Host> {
  for (let tries = 0; ; tries++) {
    try {
      return await startHost(options);
    } catch (error) {
      if (!(error instanceof TenureError && error.kind === 'conflict')) throw error;
      if (tries === 0) console.log(`${error.message} Waiting for its end.`);
      await sleep(LOOK_AGAIN_MS);
    }
  }
}

async function main(root: string): Promise<void> {
  const { demo, service, port } = readArgs(process.argv.slice(2));
  const rendererDir = join(root, 'out', 'renderer');
  const tool = join(root, 'bin', 'tenure.mjs');
  const options: HostOptions = {
    host: 'headless',
    env: process.env,
    rendererDir,
    version: versionOf(root),
    demo,
    port,
    // As it can be pasted anywhere: `tenure` itself is only where somebody has put it on the PATH.
    ...(existsSync(tool) && { cli: `"${tool}"` }),
  };
  const host = await (service ? startWhenFree(options) : startHost(options));
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
    writeCrash(paths, { at: Date.now(), version: versionOf(root), host: 'headless' }, error);
    console.error(error);
    process.exit(1);
  };
  process.on('uncaughtException', crash);
  process.on('unhandledRejection', crash);
  if (process.platform === 'darwin') keepAwake(host.engine, caffeinate);

  // A setting that does not hold, a crash before: who has just started it looks here.
  const warnings = [host.secretsWarning, ...host.engine.snapshot().notices].filter((words) => words !== null);
  // What a service says goes to a file: no token and no login belong there.
  if (service) {
    console.log('Tenure runs as a service; "tenure open" shows its screens.');
    for (const words of warnings) console.log(words);
    return;
  }
  console.log(process.env.TENURE_HEADLESS_REASON ?? 'Tenure runs headless.');
  console.log(`Open ${host.loginUrl()}`);
  if (host.ownerToken !== null) {
    console.log(`Owner token, shown only now: ${host.ownerToken}`);
  }
  for (const words of warnings) console.log(words);
}

/**
 * Runs Tenure without a window until a signal comes; resolves once it runs, or has said why it does not.
 * @param root of the checkout, or of what was packed.
 */
export const run = (root: string): Promise<void> =>
  main(root).catch((error: unknown) => {
    console.error(error instanceof Error && error.name === 'TenureError' ? error.message : error);
    process.exitCode = 1;
  });
