import type { Function as ShellFunction } from 'unbash';
import { ANY } from './atoms.ts';
import { type ActionContext, type Flow, NOTHING } from './look.ts';

const MOST_VALUES = 64;

/**
 * What a line gives its variables, whatever the order or condition in which it does: a loop or a branch
 * can run any of the assignments before a use. Grows until it is stable.
 */
export class Variables {
  readonly #values = new Map<string, Set<string>>();
  size = 0;
  #settled = false;

  /** From now on every new value is any text: values that make each other grow would never end. */
  settle(): void {
    this.#settled = true;
  }

  add(name: string, values: readonly string[]): void {
    const known = this.#values.get(name) ?? new Set<string>();
    this.#values.set(name, known);
    for (const value of values) {
      if (known.has(value) || known.has(ANY)) continue;
      const full = known.size >= MOST_VALUES;
      if (full) known.clear();
      known.add(full || this.#settled ? ANY : value);
      this.size += 1;
    }
  }

  /** Every value that the line gives it, or null when it gives none. */
  get(name: string): readonly string[] | null {
    const known = this.#values.get(name);
    return known ? (known.size > 0 ? [...known] : ['']) : null;
  }
}

/** The state of the shell at one place of a line. */
export interface Scope {
  readonly variables: Variables;
  /** Variables that certainly have one of their values here; others may still be empty. */
  readonly defined: Set<string>;
  /** Directories that the shell may be in; `ANY` when not known. */
  cwd: readonly string[];
  /** Directories that it was in before, for `cd -`. */
  readonly visited: Set<string>;
  readonly functions: Map<string, ShellFunction>;
  /** What `$1`, `$2`, … may be; null when not known. */
  positional: readonly string[] | null;
  stdin: Flow;
  /** Functions that are being run, outermost first. */
  readonly calls: readonly string[];
  /** Started in the background by the function that is being run. */
  readonly background: boolean;
  readonly depth: number;
  /** The variable that is being given a value: what it had before is any text. */
  readonly assigning: string | null;
}

export const firstScope = (cwd: string): Scope => ({
  variables: new Variables(),
  defined: new Set(),
  cwd: [cwd],
  visited: new Set([cwd]),
  functions: new Map(),
  positional: null,
  stdin: NOTHING,
  calls: [],
  background: false,
  depth: 0,
  assigning: null,
});

/** A shell that starts with this state and whose changes of directory stay its own. */
export const branchOf = (scope: Scope, changes: Partial<Scope> = {}): Scope => ({
  ...scope,
  defined: new Set(scope.defined),
  ...changes,
});

/** After this the shell is in one of the old directories or one of the new. */
export function mayHaveMoved(scope: Scope, before: readonly string[]): void {
  const all = [...new Set([...before, ...scope.cwd])];
  scope.cwd = all.includes(ANY) || all.length > 4 ? [ANY] : all;
}

/** Variables of the environment whose value says nothing dangerous. */
const HARMLESS = new Set(
  `USER LOGNAME SHELL LANG LC_ALL TERM HOSTNAME HOSTTYPE OSTYPE MACHTYPE RANDOM SECONDS LINENO UID EUID PPID COLUMNS LINES
   EPOCHSECONDS EPOCHREALTIME BASH_VERSION ZSH_VERSION SHLVL CI NODE_ENV COLORTERM FORCE_COLOR NO_COLOR TZ`.split(
    /\s+/u,
  ),
);

/** A variable that the line itself does not set: what the agent's environment may give. */
export function environmentValue(name: string, scope: Scope, context: ActionContext): readonly string[] {
  if (name === 'HOME') return [context.home];
  if (name === 'PWD') return scope.cwd;
  if (name === 'OLDPWD') return [...scope.visited];
  if (name === 'TMPDIR') return ['/tmp'];
  if (name === 'IFS') return [' '];
  return HARMLESS.has(name) ? ['x'] : [ANY];
}

/** Does the name say that it holds a secret? */
export const isSecretName = (name: string): boolean =>
  /^(?:TENURE_|ANTHROPIC_(?!MODEL|BASE_URL)|CLAUDE_CODE_OAUTH)/u.test(name) ||
  /(?:^|_)(?:TOKEN|SECRETS?|PASSWORD|PASSWD|PASS|PASSPHRASE|PAT|API_?KEY|ACCESS_?KEY(?:_ID)?|PRIVATE_?KEY|SIGNING_?KEY|ENCRYPTION_?KEY|MASTER_?KEY|CREDENTIALS?|AUTH|DATABASE_URL|DSN|CONNECTION_STRING|WEBHOOK_URL)(?:_|$)/iu.test(
    name,
  );
