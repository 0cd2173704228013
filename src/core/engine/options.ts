import type { Database } from 'better-sqlite3';
import type { Config } from '../../shared/config.ts';
import type { EngineInfo } from '../../shared/contract/system.ts';
import type { ConfigStore } from '../config/load.ts';
import type { Auth } from '../gateway/auth.ts';
import type { Log } from '../kernel/log.ts';
import type { TenurePaths } from '../kernel/paths.ts';
import type { Ports } from '../kernel/ports.ts';
import type { Vault } from '../kernel/vault.ts';

export interface EngineOptions {
  db: Database;
  config: ConfigStore;
  /** Throws TenureError for what the schema of the configuration cannot see. */
  checkConfig(config: Config): void;
  ports: Ports;
  log: Log;
  paths: TenurePaths;
  info: Omit<EngineInfo, 'concurrency' | 'private' | 'configuredAt'>;
  auth: Auth;
  /** The program's own secrets. */
  vault: Vault;
  /** Tenure's own environment; agents get an environment built from it, never it. */
  env: NodeJS.ProcessEnv;
  /** How the command line is started here. */
  cli: string;
  /** The loopback address, once it is known. */
  gatewayUrl(): string;
  /** Milliseconds between two steps of the demo agent; what a person can follow unless given. */
  demoPaceMs?: number | undefined;
}
