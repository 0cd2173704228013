import { chmodSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Config } from '../shared/config.ts';
import { absolute } from '../shared/format.ts';
import { createClock } from './adapters/clock.ts';
import { createCron, localZone } from './adapters/cron.ts';
import { createFetcher } from './adapters/fetcher.ts';
import { createIds } from './adapters/ids.ts';
import { createLoadReader } from './adapters/load.ts';
import { createSockets } from './adapters/sockets.ts';
import { createSpawner } from './adapters/spawner.ts';
import { createSystemReader, type MemoryLook } from './adapters/system-info.ts';
import { openConfig } from './config/load.ts';
import { openDatabase } from './db/open.ts';
import { DEMO_DEFAULTS, furnishDemo } from './demo.ts';
import { createEngine, type Engine } from './engine.ts';
import { createGateway } from './gateway/app.ts';
import { createAuth } from './gateway/auth.ts';
import { type Listener, listen } from './gateway/listen.ts';
import { takeCrash } from './kernel/crash.ts';
import { folderTrouble } from './kernel/folder.ts';
import { takeLock } from './kernel/lock.ts';
import { openLog } from './kernel/log.ts';
import { pathsOf, type TenurePaths } from './kernel/paths.ts';
import type { Ports } from './kernel/ports.ts';
import { fileGuard, type KeyGuard, openVault } from './kernel/vault.ts';

export interface HostOptions {
  host: 'electron' | 'headless';
  env: NodeJS.ProcessEnv;
  /** Where the built screens are. */
  rendererDir: string;
  version: string;
  demo: boolean;
  /** Stands above the config; 0: any free port. */
  port?: number | undefined;
  /** How the command line is started here; `tenure` unless given. */
  cli?: string;
  /** Keeps the key to the secrets; without one, a file does. */
  guard?: KeyGuard;
  /** Memory as the shell reads it, without starting a program. */
  memory?: () => MemoryLook | null;
}

export interface Host {
  engine: Engine;
  /** The one app. `trusted`: the request came through our own Electron window, a gesture of the owner. */
  fetch(request: Request, principal?: 'owner'): Promise<Response>;
  /** The loopback address, `http://127.0.0.1:4517`. */
  url: string;
  /** The owner token, only at the very first start and only when none was given: to be shown once. */
  ownerToken: string | null;
  /** Where the program's own secrets lie, when that is not a keychain: a sentence to be said at the start. */
  secretsWarning: string | null;
  /** A fresh login URL for one use. */
  loginUrl(): string;
  /** Ends everything, at the latest after ten seconds; nothing is lost. Safe to call twice. */
  stop(): Promise<void>;
}

const realPorts = (dataDir: string, memory: HostOptions['memory']): Ports => ({
  clock: createClock(),
  spawner: createSpawner(),
  ids: createIds(),
  system: createSystemReader(dataDir, memory),
  load: createLoadReader(process.platform),
  cron: createCron(),
  fetcher: createFetcher(),
  sockets: createSockets(),
});

/** @throws TenureError `invalid` for a zone or a cron expression that is none. */
function checkTimes({ timezone, trust, revenue }: Config, { cron, clock }: Ports): void {
  cron.next(trust.promotionCheckCron, timezone ?? localZone(), clock.now());
  if (revenue.weekly !== null) cron.next(revenue.weekly, timezone ?? localZone(), clock.now());
}

/** Tells the command line why there is nothing to talk to. */
function noteFailure(paths: TenurePaths, at: number, error: unknown): void {
  try {
    const message = error instanceof Error ? error.message : String(error);
    writeFileSync(join(paths.runDir, 'last-error.json'), JSON.stringify({ at, message }), { mode: 0o600 });
  } catch {
    // The directory itself may be the problem; the sentence is shown to the person in any case.
  }
}

/**
 * Opens everything in order and starts the engine behind its gateway.
 * @throws TenureError whose message is a sentence for the person; then nothing is left running or half-open.
 */
export async function startHost(options: HostOptions): Promise<Host> {
  const { env, demo } = options;
  const paths = pathsOf({ env, platform: process.platform, home: homedir(), demo });
  const ports = realPorts(paths.dataDir, options.memory);
  const now = ports.clock.now();
  await using open = new AsyncDisposableStack();
  let isOurs = false;
  try {
    for (const dir of [paths.dataDir, paths.runDir, paths.logsDir]) {
      mkdirSync(dir, { recursive: true });
      chmodSync(dir, 0o700);
    }
    const lock = takeLock(paths.dataDir, { pid: process.pid, host: options.host, since: now });
    open.defer(() => lock.release());
    isOurs = true;
    const checkConfig = (read: Config): void => checkTimes(read, ports);
    const config = openConfig(paths.configFile, paths.runDir, checkConfig, demo ? DEMO_DEFAULTS : {});
    open.defer(() => config.close());
    const { log, close } = await openLog(paths.logsDir, config.current().log.level);
    open.defer(close);
    const db = openDatabase({ dir: paths.dataDir, now });
    open.defer(() => void db.close());
    const auth = createAuth({ db, clock: ports.clock, ids: ports.ids });
    auth.refuseShort(env.TENURE_OWNER_TOKEN);

    const guard = options.guard ?? fileGuard('Without the menubar app there is no keychain.');
    const vault = await openVault({ dir: join(paths.home, 'vault'), guard, ids: ports.ids });

    let listener: Listener | null = null;
    const port = (): number => listener?.port ?? 0;
    const url = (): string => `http://127.0.0.1:${port()}`;
    const info = {
      version: options.version,
      host: options.host,
      demo,
      pid: process.pid,
      startedAt: now,
      home: paths.home,
    };
    const engine = createEngine({
      db,
      config,
      checkConfig,
      ports,
      log,
      paths,
      info,
      auth,
      vault,
      env,
      gatewayUrl: url,
      cli: options.cli ?? 'tenure',
      demoPaceMs: env.TENURE_DEMO_PACE_MS === undefined ? undefined : Number(env.TENURE_DEMO_PACE_MS),
    });
    const gateway = createGateway({
      auth,
      clock: ports.clock,
      journal: engine.journal,
      log,
      rendererDir: options.rendererDir,
      health: engine.health,
      address: () => ({ port: port(), url: url() }),
      call: engine.callAs,
      ask: engine.ask,
      postRevenue: engine.postRevenue,
      propose: engine.propose,
      watch: engine.watch,
      onReaders: engine.readersChanged,
    });
    listener = await listen((request) => gateway.fetch(request, false), options.port ?? config.current().gateway.port);
    open.defer(() => listener?.close());
    open.defer(() => gateway.close());
    open.defer(() => engine.stop());
    await engine.start();
    if (demo) await furnishDemo(engine, paths);

    const gatewayFile = join(paths.runDir, 'gateway.json');
    const handover = { url: url(), port: port(), pid: process.pid, readToken: auth.readToken, startedAt: now };
    rmSync(gatewayFile, { force: true });
    writeFileSync(gatewayFile, JSON.stringify(handover), { mode: 0o600 });
    rmSync(join(paths.runDir, 'last-error.json'), { force: true });
    open.defer(() => rmSync(gatewayFile, { force: true }));
    const crash = takeCrash(paths.runDir);
    if (crash) {
      const sentence = `Tenure ended unexpectedly on ${absolute(crash.at)}; what is known of it is in ${crash.file}.`;
      engine.notice('crash', sentence);
    }
    log.info({ version: options.version, host: options.host, demo, url: url() }, 'Tenure has started');
    if (vault.state !== 'keychain') log.warn({ secrets: vault.state }, vault.sentence);

    // Last, so that a start that fails has not shown, or lost, the one token there is.
    const ownerToken = auth.ensureOwner(env.TENURE_OWNER_TOKEN);
    const owned = open.move();
    let stopped: Promise<void> | null = null;
    return {
      engine,
      fetch: (request, principal) => gateway.fetch(request, principal === 'owner'),
      url: url(),
      ownerToken,
      secretsWarning: vault.state === 'keychain' ? null : vault.sentence,
      loginUrl: () => `${url()}/login?code=${auth.mintLoginCode()}`,
      stop: () => (stopped ??= owned.disposeAsync()),
    };
  } catch (thrown) {
    const error = folderTrouble(thrown, paths.home);
    // While somebody else runs there, nothing of that one has failed.
    if (isOurs) noteFailure(paths, now, error);
    throw error;
  }
}
