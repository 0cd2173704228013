import { isAbsolute, join } from 'node:path';
import { TenureError } from '../../shared/errors.ts';

/** Where everything of one installation lives; all absolute. None of them need exist yet. */
export interface TenurePaths {
  /** What a person would call "Tenure's folder"; shown in messages. */
  home: string;
  /** The JSONC file that the person edits. */
  configFile: string;
  /** Database, transcripts, work trees: what a backup must hold. */
  dataDir: string;
  logsDir: string;
  /** What describes the running engine: `gateway.json`, `last-error.json`, the lock. */
  runDir: string;
}

export interface PathsInput {
  env: Readonly<Record<string, string | undefined>>;
  platform: NodeJS.Platform;
  /** The person's home directory. */
  home: string;
  /** The demo has folders of its own, so that its data never mixes with the real. */
  demo: boolean;
}

const under = (home: string): TenurePaths => ({
  home,
  configFile: join(home, 'config.jsonc'),
  dataDir: join(home, 'data'),
  logsDir: join(home, 'logs'),
  runDir: join(home, 'run'),
});

/**
 * `TENURE_HOME` overrides everything; else macOS's Library, else the XDG folders.
 *
 * The run directory is not `XDG_RUNTIME_DIR`: that one is unset in cron and emptied at logout, and
 * the engine and the CLI must find each other over both.
 * @throws TenureError `invalid` when TENURE_HOME is relative: it would name another folder in every shell.
 */
export function pathsOf({ env, platform, home, demo }: PathsInput): TenurePaths {
  const given = env.TENURE_HOME;
  if (given) {
    if (!isAbsolute(given)) {
      throw new TenureError('invalid', `TENURE_HOME must be an absolute path, but it is "${given}".`);
    }
    return under(demo ? join(given, 'demo') : given);
  }
  if (platform === 'darwin') {
    const folder = demo ? 'Tenure Demo' : 'Tenure';
    return {
      ...under(join(home, 'Library', 'Application Support', folder)),
      logsDir: join(home, 'Library', 'Logs', folder),
    };
  }
  const folder = demo ? 'tenure-demo' : 'tenure';
  // The XDG specification: a relative path in one of its variables is to be ignored.
  const xdg = (name: string, ...fallback: string[]): string => {
    const value = env[name];
    return join(value && isAbsolute(value) ? value : join(home, ...fallback), folder);
  };
  const data = xdg('XDG_DATA_HOME', '.local', 'share');
  const state = xdg('XDG_STATE_HOME', '.local', 'state');
  return {
    home: data,
    configFile: join(xdg('XDG_CONFIG_HOME', '.config'), 'config.jsonc'),
    dataDir: join(data, 'data'),
    logsDir: join(state, 'logs'),
    runDir: join(state, 'run'),
  };
}
