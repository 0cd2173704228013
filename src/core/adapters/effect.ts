import { createHash } from 'node:crypto';
import { closeSync, constants, fstatSync, lstatSync, openSync, readdirSync, readSync, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { type Binding, MOST_PATHS, type Operands } from '../kernel/binding.ts';
import { realPath } from './places.ts';

/** Bytes of a file that are hashed, and of all files of one binding; beyond these size, times and inode stand for it. */
const MOST_OF_ONE = 4 << 20;
const MOST_OF_ALL = 32 << 20;

/** Files by which the tools of a project are told what to run, whether or not git knows them. */
const SETTINGS =
  `package.json .npmrc .yarnrc .yarnrc.yml .pnpmfile.cjs bunfig.toml Makefile makefile GNUmakefile justfile
  Justfile .justfile Taskfile.yml Rakefile .envrc .env mise.toml .mise.toml .tool-versions .pre-commit-config.yaml
  lefthook.yml .mcp.json .claude/settings.json .claude/settings.local.json`.split(/\s+/u);
/** Directories of hooks; git may be told of one that it ignores. */
const HOOKS = ['.husky', '.husky/_', '.githooks'];

/** Changes by themselves, and decides nothing that runs. */
const VOLATILE = /^(?:SSH_AUTH_SOCK|TERM|LANG|LC_.*|XDG_SESSION_.*|TZ|TMPDIR|ANTHROPIC_API_KEY|ANTHROPIC_AUTH_TOKEN)$/u;

const sha = (text: string | Buffer): string => createHash('sha256').update(text).digest('base64url');

interface Room {
  bytes: number;
}

/** The content of a regular file; what is none is never opened for longer than a look. */
function contentOf(path: string, room: Room): string {
  let file: number | null = null;
  try {
    // A pipe put in its place must not make us wait.
    file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW);
    const found = fstatSync(file, { bigint: true });
    const { mode, size, ino, mtimeNs, ctimeNs } = found;
    if (!found.isFile()) return `other ${mode} ${ino}`;
    const bytes = Number(size);
    if (bytes > MOST_OF_ONE || bytes > room.bytes) return `large ${mode} ${size} ${ino} ${mtimeNs} ${ctimeNs}`;
    room.bytes -= bytes;
    const buffer = Buffer.alloc(bytes);
    const read = bytes === 0 ? 0 : readSync(file, buffer, 0, bytes, 0);
    return `${mode} ${sha(buffer.subarray(0, read))}`;
  } finally {
    if (file !== null) closeSync(file);
  }
}

/** What is at a real path: a file by its content, a directory by being that directory, or why it cannot be told. */
function stampOf(real: string, room: Room): string {
  try {
    const found = lstatSync(real, { bigint: true });
    if (found.isDirectory()) return `directory ${found.dev} ${found.ino}`;
    return found.isFile() ? contentOf(real, room) : `other ${found.mode} ${found.ino}`;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return code === 'ENOENT' || code === 'ENOTDIR' ? 'gone' : `unreadable ${code}`;
  }
}

function filesIn(directory: string): string[] {
  try {
    return readdirSync(directory).toSorted().slice(0, 200);
  } catch {
    return [];
  }
}

/** The program that a name means: first on the PATH, by where it leads, its size and its times. */
function programOf(name: string, directories: readonly string[]): string {
  for (const directory of directories) {
    const real = realPath(join(directory, name));
    try {
      const found = statSync(real, { bigint: true });
      const { mode, size, ino, mtimeNs, ctimeNs } = found;
      if (found.isFile() && (mode & 0o111n) !== 0n) return `${real} ${mode} ${size} ${ino} ${mtimeNs} ${ctimeNs}`;
    } catch {
      // Not in this one.
    }
  }
  return 'none';
}

interface EffectDeps {
  home: string;
  environment: Readonly<Record<string, string>>;
  /** The repository that was registered. */
  project: string;
  worktree: string;
  /** How the MCP server behind a tool is set up; null: the tool is of none. */
  server: string | null;
}

/**
 * Looks at what an action would really run and touch at this moment, and whether that is still what it
 * was. Synchronous, so that nothing of ours comes between the look and what is let go by it.
 */
export function createEffect({ home, environment, project, worktree, server }: EffectDeps) {
  const directories = (environment.PATH ?? '').split(delimiter).filter((directory) => directory !== '');
  const environmentNow = (): string =>
    sha(
      JSON.stringify(
        Object.entries(environment)
          .filter(([name]) => !VOLATILE.test(name))
          .toSorted(([a], [b]) => (a < b ? -1 : 1)),
      ),
    );

  function settingsNow(cwd: string, programs: readonly string[], room: Room): string {
    const places = [...new Set([cwd, worktree, project])];
    const files = [
      ...places.flatMap((place) => SETTINGS.map((name) => join(place, name))),
      ...places.flatMap((place) => programs.map((name) => join(place, 'node_modules', '.bin', name))),
      ...[join(project, '.git', 'hooks'), ...places.flatMap((place) => HOOKS.map((name) => join(place, name)))].flatMap(
        (directory) => filesIn(directory).map((name) => join(directory, name)),
      ),
      join(project, '.git', 'config'),
      join(project, '.git', 'config.worktree'),
      join(home, '.gitconfig'),
      join(home, '.config', 'git', 'config'),
      join(home, '.npmrc'),
    ];
    const seen = files.map((file) => {
      const real = realPath(file);
      return [file, real, stampOf(real, room)];
    });
    return sha(JSON.stringify(seen));
  }

  return {
    /** What an approval of that action is to be bound to. Total. */
    bind({ paths, programs, runs }: Operands, cwd: string): Binding {
      const room = { bytes: MOST_OF_ALL };
      return {
        cwd: [cwd, realPath(cwd)],
        environment: environmentNow(),
        paths: paths
          .slice(0, MOST_PATHS + 1)
          .map(({ path, real, held }) => [path, real, held ? stampOf(real, room) : null] as const),
        programs: programs.map((name) => [name, programOf(name, directories)] as const),
        settings: runs ? settingsNow(cwd, programs, room) : null,
        server,
      };
    },

    /** What has changed since, as a sentence; null: it is all as it was. */
    drift(before: Binding): string | null {
      const room = { bytes: MOST_OF_ALL };
      if (before.paths.length > MOST_PATHS)
        return `It touches more than ${MOST_PATHS} files, which no approval can be held to.`;
      if (realPath(before.cwd[0]) !== before.cwd[1]) return `The folder it runs in leads elsewhere now.`;
      for (const [path, real, stamp] of before.paths) {
        if (realPath(path) !== real) return `"${path}" leads elsewhere now.`;
        if (stamp !== null && stampOf(real, room) !== stamp) return `"${path}" has changed since this was asked.`;
      }
      for (const [name, found] of before.programs)
        if (programOf(name, directories) !== found) return `The program "${name}" is another one now.`;
      const names = before.programs.map(([name]) => name);
      if (before.settings !== null && settingsNow(before.cwd[0], names, room) !== before.settings)
        return 'What git or the tools of the project run by their settings (hooks, scripts, environment files) has changed since this was asked.';
      if (environmentNow() !== before.environment) return "The agent's environment has changed since this was asked.";
      return before.server === server ? null : 'The MCP server that it calls is set up otherwise now.';
    },
  };
}
