import type { Risk } from '../../shared/policy.ts';
import type { Finding } from './findings.ts';

export interface ActionContext {
  /** Where the session works (its work tree, or the project itself), symlinks resolved. */
  worktree: string;
  /** The repository that the project registered; writes there are outside the work tree unless equal. */
  project: string;
  home: string;
  /** Everything of Tenure's own: home dir, data, run, logs, config, its program folder. */
  tenurePaths: readonly string[];
  /** Ports of loopback on which Tenure answers; 4517 is always among them. */
  tenurePorts?: readonly number[];
  platform: NodeJS.Platform;
  /** realpath of the longest existing prefix, rest appended; injected so that this stays pure. */
  resolve(path: string): string;
  caseInsensitive: boolean;
  /** The session's own branch, or null. */
  branch: string | null;
  /** The project's verify command: running exactly it is low. */
  verifyCommand: string | null;
  /** How grave reasons count by a person's own classes; see `classedAs`. */
  risks?: Readonly<Record<string, Risk>>;
  /** Told of what an approval is to be bound to, beside the paths that are resolved; see `operands.ts`. */
  note?(what: 'program' | 'written' | 'held', name: string): void;
}

/** What a command prints, as far as that is known before it runs; and so what the next one reads. */
export type Flow =
  | { kind: 'nothing' }
  /** Exactly this text. */
  | { kind: 'text'; text: string }
  /** Lines, each one of these values (with atoms: `src/…`). */
  | { kind: 'names'; values: readonly string[] }
  | { kind: 'unknown'; from: 'program' | 'network' | 'decoder' };

export const NOTHING: Flow = { kind: 'nothing' };
export const UNKNOWN: Flow = { kind: 'unknown', from: 'program' };

/** What a program makes of what it reads: where that came from stays known. */
export const madeFrom = (stdin: Flow, from: 'program' | 'decoder' = 'program'): Flow =>
  stdin.kind === 'unknown' && stdin.from !== 'program' ? stdin : { kind: 'unknown', from };

/** One command of a line with its words resolved; a word may hold atoms where it is not known. */
export interface Command {
  /** The name as written, then its words. Never empty. */
  readonly argv: readonly string[];
  /** The directories that it may run in, absolute; `ANY` when not known. */
  readonly cwd: readonly string[];
  readonly stdin: Flow;
  /** Variables set for this command alone. */
  readonly env: ReadonlyMap<string, string>;
}

/** The command as it runs in another directory, seen from where it was. */
export const inDirectory = <T extends Pick<Command, 'cwd'>>(command: T, place: string): T => ({
  ...command,
  cwd: command.cwd.map((cwd) => (/^[/~\uE000]/u.test(place) ? place : `${cwd}/${place}`)),
});

export interface ReadHow {
  /** Names only (`ls`), not what is in the files. */
  names?: boolean;
  /** With everything below. */
  recursive?: boolean;
}

export type Mark = Pick<Finding, 'irreversible' | 'hardDeny'>;

/** What a judge sees and does: it looks at a command and says what it found. */
export interface Look {
  readonly context: ActionContext;
  /** The whole line, for the few judgements that depend on it. */
  readonly line: string;
  find(risk: Risk, code: string, text: string, mark?: Mark): void;
  read(path: string, command: Pick<Command, 'cwd'>, how?: ReadHow): void;
  write(path: string, command: Pick<Command, 'cwd'>): void;
  remove(path: string, command: Pick<Command, 'cwd'>, recursive: boolean): void;
  /** Is the name that of a program that Tenure knows? */
  knows(name: string): boolean;
  /** Is every directory that the command may run in inside the work tree? */
  inTree(command: Pick<Command, 'cwd'>): boolean;
  /** Judges another command that this one runs; `argv` empty means nothing is run. */
  run(argv: readonly string[], from: Command): Flow;
  /** Judges shell text that this command runs. */
  script(text: string, from: Command, positional?: readonly string[]): Flow;
  /** Looks at what may be a path: only what is critical to read counts. */
  glimpse(path: string, command: Pick<Command, 'cwd'>): void;
  /** Judges what only looks like a command inside a program that was not understood: what is critical counts. */
  suspect(text: string, from: Command): void;
  /** What a `<(…)` given as a word prints; null for any other word. */
  substituted(word: string): Flow | null;
  /** Remembers what the line puts into a file or directory of the work tree. */
  wrote(path: string, command: Pick<Command, 'cwd'>, flow: Flow): void;
  /** What the line itself has put where this lies; null when nothing. */
  written(real: string): Flow | null;
}

/** Judges one command. What it prints matters only to what reads it; undefined means not known. */
export type Judge = (command: Command, look: Look) => Flow | undefined;
