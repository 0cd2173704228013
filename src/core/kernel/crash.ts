import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { redact } from './redact.ts';

const KEPT = 5;
const NEWS = 'crash.json';

export interface Crash {
  /** Epoch ms. */
  at: number;
  version: string;
  host: string;
}

interface CrashDirs {
  logsDir: string;
  runDir: string;
}

/**
 * Writes down what ended the program, without credentials: `crash-<time>.json` beside the log, and word of
 * it for the next start. The newest five are kept. Never throws: the program is ending already.
 */
export function writeCrash({ logsDir, runDir }: CrashDirs, crash: Crash, error: unknown): void {
  try {
    for (const dir of [logsDir, runDir]) mkdirSync(dir, { recursive: true, mode: 0o700 });
    const name = `crash-${new Date(crash.at).toISOString().replaceAll(/[:.]/g, '-')}.json`;
    const told = (what: unknown): string =>
      redact(what instanceof Error ? (what.stack ?? what.message) : (JSON.stringify(what) ?? 'nothing'));
    const cause = error instanceof Error && error.cause !== undefined ? told(error.cause) : undefined;
    const { platform, arch, versions } = process;
    const report = { ...crash, platform, arch, node: versions.node, electron: versions['electron'] ?? null };
    const file = join(logsDir, name);
    writeFileSync(file, `${JSON.stringify({ ...report, error: told(error), cause }, null, 2)}\n`, { mode: 0o600 });
    writeFileSync(join(runDir, NEWS), JSON.stringify({ at: crash.at, file }), { mode: 0o600 });
    const old = readdirSync(logsDir).filter((each) => /^crash-.*\.json$/.test(each));
    for (const each of old.toSorted().slice(0, -KEPT)) rmSync(join(logsDir, each), { force: true });
  } catch {
    // A full disk may be what ended it.
  }
}

/** Once after a crash: when it was, and the file that says what is known. Null: the last end was none. */
export function takeCrash(runDir: string): { at: number; file: string } | null {
  const news = join(runDir, NEWS);
  try {
    return JSON.parse(readFileSync(news, 'utf8')) as { at: number; file: string };
  } catch {
    return null;
  } finally {
    rmSync(news, { force: true });
  }
}
