import { posix } from 'node:path';
import { ANY, isExact, isOpen, plain } from './atoms.ts';
import { judgeEnvironment } from './commands/environment.ts';
import { type Command, type Flow, type Look, NOTHING } from './look.ts';
import { parseOptions } from './options.ts';
import { isSetup, judgeProgramFile, judgeUnseen } from './programs/scripts.ts';
import { isSecretName, mayHaveMoved, type Scope } from './scope.ts';
import type { Runner } from './simple-command.ts';
import { judgeSubscripts } from './subscripts.ts';

type Builtin = (command: Command, scope: Scope, runner: Runner) => Flow;

const ASSIGNMENT = /^([A-Za-z_]\w*)(\+?)=([\s\S]*)$/u;

const changeDirectory: Builtin = ({ argv }, scope, { line }) => {
  const target = argv.slice(1).find((word) => !/^-[LPe@]+$/u.test(word) && word !== '--') ?? '~';
  if (target === '~' || argv[0] === 'popd' || target === '-' || /^[+-]\d+$/u.test(target)) {
    scope.cwd = target === '~' ? [line.look.context.home] : [...scope.visited];
  } else if (isOpen(target)) scope.cwd = [ANY];
  else {
    const path = target.replace(/^~(?=\/|$)/u, line.look.context.home);
    scope.cwd = scope.cwd.map((cwd) =>
      path.startsWith('/') ? posix.normalize(path) : isOpen(cwd) ? ANY : `${cwd}/${path}`,
    );
  }
  for (const cwd of scope.cwd) scope.visited.add(cwd);
  return NOTHING;
};

/** `export`, `declare`, …: sets variables; with nothing to set it prints them all. */
const declare: Builtin = ({ argv }, scope, { line }) => {
  const words = argv.slice(1).filter((word) => !/^[-+][A-Za-z]+$/u.test(word));
  if (argv.some((word) => /^-[A-Za-z]*n/u.test(word)) && argv[0] !== 'export')
    line.look.find('high', 'not_understood', 'Makes one variable stand for another.');
  for (const word of words) {
    const [, name, append, value] = ASSIGNMENT.exec(word) ?? [];
    if (name === undefined || value === undefined) continue;
    scope.variables.add(name, append ? [value, ANY] : [value]);
    scope.defined.add(name);
    judgeEnvironment(name, value, line.look);
  }
  // What the line gave it before counts from here on for other programs.
  for (const name of words)
    for (const value of ASSIGNMENT.test(name) ? [] : (scope.variables.get(name) ?? []))
      judgeEnvironment(name, value, line.look);
  for (const name of words) if (/^-\w*p/u.test(argv[1] ?? '') && isSecretName(name)) showsSecret(name, line.look);
  if (words.length === 0 && !argv.some((word) => /^-[A-Za-z]*[fF]/u.test(word)))
    line.look.find('high', 'shows_environment', 'Shows every variable of the environment, secrets included.');
  return NOTHING;
};

function showsSecret(name: string, look: Look): void {
  look.find('critical', 'credentials', `Shows $${name}, which holds a secret of the environment.`);
}

const linesOf = (stdin: Flow): readonly string[] => {
  if (stdin.kind === 'names') return stdin.values;
  return stdin.kind === 'text' ? stdin.text.split('\n') : [ANY];
};

const read: Builtin = ({ argv, stdin }, scope, { line }) => {
  const names = argv.slice(1).filter((word) => /^[A-Za-z_]\w*$/u.test(word));
  for (const name of names) {
    scope.variables.add(name, names.length === 1 || !isExact(linesOf(stdin).join('')) ? linesOf(stdin) : [ANY]);
    scope.defined.add(name);
    judgeEnvironment(name, ANY, line.look);
  }
  if (names.length === 0) scope.variables.add('REPLY', linesOf(stdin));
  return NOTHING;
};

const evaluate: Builtin = (command, scope, runner) => {
  const text = command.argv.slice(command.argv[1] === '--' ? 2 : 1).join(' ');
  if (!isExact(text))
    runner.line.look.find(
      'high',
      'unknown_program',
      `Runs text that is only known when it runs (${plain(text).slice(0, 80)}).`,
    );
  return runner.evaluate(text, scope);
};

const source: Builtin = (command, scope, runner) => {
  const file = command.argv[1];
  if (file === undefined) return NOTHING;
  const flow = runner.line.look.substituted(file) ?? (/^\/dev\/(?:stdin|fd\/0)$/u.test(file) ? command.stdin : null);
  if (flow?.kind === 'text') return runner.evaluate(flow.text, scope);
  const look = runner.line.look;
  if (flow) judgeUnseen(flow, look);
  else judgeProgramFile(file, command, look, { args: command.argv.slice(2), sourced: true });
  // A script may change the directory; setting up an environment does not.
  if (!isSetup(file)) mayHaveMoved(scope, [ANY]);
  return NOTHING;
};

const trap: Builtin = ({ argv }, scope, runner) => {
  const action = argv.slice(1).find((word) => !/^-[lp-]$/u.test(word));
  if (action !== undefined && action !== '-' && argv.length > 2) runner.evaluate(action, scope);
  return NOTHING;
};

const alias: Builtin = ({ argv }, scope, runner) => {
  for (const word of argv.slice(1)) {
    const at = word.indexOf('=');
    if (at > 0) judgeHiding(word.slice(0, at), runner.line.look);
    if (at > 0) judgeRenaming(word.slice(0, at), word.slice(at + 1), runner.line.look);
    if (at > 0) runner.evaluate(word.slice(at + 1), { ...scope });
  }
  return NOTHING;
};

/** A known name that stands for another program from the next line on: what follows is not what it says. */
function judgeRenaming(name: string, value: string, look: Look): void {
  if (look.knows(name) && value.trim().split(/\s/u)[0] !== name)
    look.find('high', 'not_understood', `Gives ${plain(name)} another meaning.`, { irreversible: true });
}

const set: Builtin = ({ argv }, scope, { line }) => {
  const at = argv.indexOf('--');
  if (at >= 0) scope.positional = argv.slice(at + 1);
  if (argv.length === 1)
    line.look.find('high', 'shows_environment', 'Shows every variable of the shell, secrets included.');
  return NOTHING;
};

const mapfile: Builtin = ({ argv, stdin }, scope, runner) => {
  for (const { value } of parseOptions(argv.slice(1), { short: 'dnOsuCc' }).options.filter(({ name: n }) => n === '-C'))
    if (value !== null) runner.evaluate(value, scope);
  const name = argv.slice(1).findLast((word) => /^[A-Za-z_]\w*$/u.test(word)) ?? 'MAPFILE';
  scope.variables.add(name, linesOf(stdin));
  scope.defined.add(name);
  judgeEnvironment(name, ANY, runner.line.look);
  return NOTHING;
};

const unset: Builtin = ({ argv }, scope) => {
  for (const name of argv.slice(1)) {
    scope.defined.delete(name);
    scope.variables.add(name, ['']);
  }
  return NOTHING;
};

const anyValue: Builtin = ({ argv }, scope, { line }) => {
  for (const name of argv.slice(1)) {
    if (!/^[A-Za-z_]\w*$/u.test(name)) continue;
    scope.variables.add(name, [ANY]);
    judgeEnvironment(name, ANY, line.look);
  }
  return NOTHING;
};

const hash: Builtin = ({ argv }, _scope, { line }) => {
  if (argv.some((word) => /^-\w*p/u.test(word)))
    line.look.find('high', 'changes_lookup', 'Makes a name mean another program for the rest of the line.');
  return NOTHING;
};

/** Options after which a glob means more than it says. */
const options: Builtin = ({ argv }, _scope, { line }) => {
  if (argv.some((word) => /dot_?glob|glob_?dots|glob_?subst|glob_?assign|aliases/iu.test(word)))
    line.look.find('high', 'not_understood', `Changes how the shell reads what follows (${plain(argv.join(' '))}).`);
  return NOTHING;
};

const quiet: Builtin = () => NOTHING;

const BUILTINS = new Map<string, Builtin>([
  ...['cd', 'chdir', 'pushd', 'popd'].map((name): [string, Builtin] => [name, changeDirectory]),
  ...['export', 'declare', 'typeset', 'local', 'readonly'].map((name): [string, Builtin] => [name, declare]),
  ...['mapfile', 'readarray'].map((name): [string, Builtin] => [name, mapfile]),
  ...['source', '.'].map((name): [string, Builtin] => [name, source]),
  ...[':', 'shift', 'return', 'exit', 'break', 'continue', 'wait', 'jobs', 'fg', 'bg', 'disown', 'umask', 'ulimit'].map(
    (name): [string, Builtin] => [name, quiet],
  ),
  ...['unsetopt', 'rehash', 'let', 'dirs', 'logout', 'deactivate'].map((name): [string, Builtin] => [name, quiet]),
  ['shopt', options],
  ['setopt', options],
  ['hash', hash],
  ['eval', evaluate],
  ['read', read],
  ['trap', trap],
  ['alias', alias],
  ['set', set],
  ['unset', unset],
  ['getopts', anyValue],
]);

/** Does a function or alias of this name change what the rest of the line means? */
export const isBuiltin = (name: string): boolean => BUILTINS.has(name) || /^(?:command|builtin|exec)$/u.test(name);

export function judgeHiding(name: string, look: Look): void {
  if (isBuiltin(name)) look.find('high', 'not_understood', `Gives ${name} of the shell another meaning.`);
}

/** Runs what the shell itself does; null when the command is a program. */
export function runBuiltin(command: Command, scope: Scope, runner: Runner): Flow | null {
  const name = command.argv[0] ?? '';
  if (/^(?:test|\[|printf)$/u.test(name)) judgeSubscripts(command.argv, runner.line.look);
  if (name === 'printf' && command.argv[1] === '-v')
    return anyValue({ ...command, argv: ['printf', command.argv[2] ?? ''] }, scope, runner);
  const builtin = BUILTINS.get(name);
  if (!builtin) return null;
  runner.line.look.find('read', 'shell', `Runs the shell's own ${name}.`);
  judgeSubscripts(command.argv, runner.line.look);
  return builtin(command, scope, runner);
}
