import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import pino, { type Logger } from 'pino';
import roll from 'pino-roll';
import { redactUnseen } from './redact.ts';

export type Log = Pick<Logger, 'debug' | 'info' | 'warn' | 'error'>;

export interface LogHandle {
  log: Log;
  /** Writes what is still buffered. */
  close(): Promise<void>;
}

const PATHS = ['token', 'authorization', 'cookie', '*.token', '*.authorization', '*.cookie', 'env', '*.env'];

/**
 * JSON lines in `<dir>/tenure.<n>.log`, at most five files of 10 MiB; credentials are replaced by
 * name and by shape before they are written.
 */
export async function openLog(
  dir: string,
  level: string,
  limits: { size: string; files: number } = { size: '10m', files: 5 },
): Promise<LogHandle> {
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  const stream = await roll({
    file: join(dir, 'tenure'),
    extension: '.log',
    size: limits.size,
    // Those of earlier runs count too, else every restart would begin its own five.
    limit: { count: limits.files, removeOtherLogFiles: true },
    mkdir: true,
    mode: 0o600,
  });
  // A full disk must not end the engine: the log is the first thing to go without.
  stream.on('error', () => undefined);
  const log = pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      redact: { paths: PATHS, censor: '[redacted]' },
      // Few lines: the tables of the quick look are not worth their memory here.
      hooks: { streamWrite: redactUnseen },
    },
    stream,
  );
  return {
    log,
    close: () =>
      new Promise((done) => {
        stream.once('close', () => done());
        stream.end();
      }),
  };
}

/** For tests and for before the log is open. */
export const silentLog: Log = pino({ level: 'silent' });
