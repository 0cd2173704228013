import type { Assignment, Command as CommandSyntax, Redirection, Word, WordPart } from 'unbash';
import { ANY } from './atoms.ts';
import { runBuiltin } from './builtins.ts';
import { judgeEnvironment } from './commands/environment.ts';
import { type Command, type Flow, NOTHING, UNKNOWN } from './look.ts';
import { judgeRedirects } from './redirects.ts';
import type { Scope } from './scope.ts';
import { callFunction, joined, type Line } from './shell.ts';
import { judgeSubscripts } from './subscripts.ts';

/** Names that only change how the shell looks up the command that follows. */
const PREFIXES = new Set(['command', 'builtin', 'noglob', 'nocorrect', 'exec', '-']);
const MOST_ALTERNATIVES = 64;

export interface Runner {
  line: Line;
  /** Judges one command that is no builtin and no function of the line. */
  judge(command: Command, scope: Scope): Flow;
  /** Counts a command of the line. */
  count(node: CommandSyntax, scope: Scope): void;
  /** Runs one of several ways in which a command can come out: a guess never denies for good. */
  guess<T>(unsure: boolean, run: () => T): T;
  /** Runs shell text in the shell itself, as `eval` does. */
  evaluate(text: string, scope: Scope): Flow;
}

/** Sets the variables of an assignment and says what it gives them. */
function assign(node: Assignment, scope: Scope, { words, look }: Line): readonly string[] {
  if (node.index) words.values(node.index, scope);
  const inner = { ...scope, assigning: node.name };
  const values =
    node.value.type === 'Word'
      ? words.values(node.value, inner)
      : node.value.elements.flatMap((word) => words.lists(word, inner).flat());
  scope.variables.add(node.name, node.append ? [...values, ANY] : values);
  judgeSubscripts(values, look);
  return values.length > 0 ? values : [''];
}

const isRedirect = (node: Word | Assignment | Redirection): node is Redirection =>
  node.type === 'Redirect' || node.type === 'HereDoc' || node.type === 'HereString';

/** Is the word put together when it runs, rather than written out? */
const isPutTogether = (parts: readonly WordPart[] | undefined): boolean =>
  parts?.some((part) =>
    part.type === 'DoubleQuoted' || part.type === 'LocaleString'
      ? isPutTogether(part.parts)
      : part.type.endsWith('Expansion'),
  ) ?? false;

/** Every list of words that the command can become; beyond 64 the rest is any text. */
function argvsOf(node: CommandSyntax, scope: Scope, line: Line): readonly (readonly string[])[] {
  let found: string[][] = [[]];
  for (const word of node.name ? [node.name, ...node.suffix] : []) {
    if (isRedirect(word)) continue;
    const lists =
      word.type === 'Assignment'
        ? assign(word, scope, line).map((value) => [`${word.name}=${value}`])
        : line.words.lists(word, scope);
    const fits = lists.length > 0 && found.length * lists.length <= MOST_ALTERNATIVES;
    const [only = [ANY]] = fits ? lists : [];
    if (fits && lists.length > 1) found = found.flatMap((head) => lists.map((list) => [...head, ...list]));
    else for (const head of found) head.push(...only);
  }
  return found;
}

/** Runs a simple command in each way that its words can come out. */
export function runSimple(node: CommandSyntax, scope: Scope, runner: Runner): Flow {
  const { look, words } = runner.line;
  runner.count(node, scope);
  const env = new Map<string, string>();
  for (const part of node.prefix) {
    if (part.type !== 'Assignment') continue;
    const separates = node.name?.value === 'read' && part.name === 'IFS';
    for (const value of assign(part, scope, runner.line)) {
      env.set(part.name, value);
      if (!separates) judgeEnvironment(part.name, value, look);
    }
    if (!node.name) scope.defined.add(part.name);
  }
  const redirects = [...node.prefix, ...node.suffix].filter(isRedirect);
  let argvs: readonly (readonly string[])[] = [];
  const expand = (): void => {
    argvs = argvsOf(node, scope, runner.line);
  };
  if (/^(?:\[|test)$/u.test(node.name?.value ?? '')) runner.line.inTest(expand);
  else expand();
  const stdin = judgeRedirects(redirects, scope, words, look) ?? scope.stdin;
  if (!node.name) return redirects.length > 0 ? stdin : NOTHING;
  if (isPutTogether(node.name.parts))
    look.find('high', 'unknown_executable', `Runs ${node.name.text}, a name that is put together when it runs.`);
  const start = scope.cwd;
  const ends = new Set<string>();
  const flows = argvs.map((argv) => {
    scope.cwd = start;
    const flow = runner.guess(argvs.length > 1, () => execute({ argv, cwd: start, stdin, env }, scope, runner));
    for (const cwd of scope.cwd) ends.add(cwd);
    return flow;
  });
  if (argvs.length > 1) scope.cwd = ends.size > 4 ? [ANY] : [...ends];
  const flow = alternatives(flows);
  remember(redirects, flow, { ...scope, cwd: start }, runner.line);
  return flow;
}

/** What a redirection puts into a file, in case the line runs that file later. */
function remember(redirects: readonly Redirection[], flow: Flow, scope: Scope, { words, look }: Line): void {
  for (const redirect of redirects) {
    if (redirect.type !== 'Redirect' || !redirect.operator.includes('>') || !redirect.target) continue;
    if (redirect.descriptor?.type === 'FileDescriptor' && redirect.descriptor.value !== 1) continue;
    for (const target of words.values(redirect.target, scope)) look.wrote(target, scope, flow);
  }
}

/** One of these is what it prints. */
function alternatives(flows: readonly Flow[]): Flow {
  const [first] = flows;
  if (first && flows.length === 1) return first;
  if (first?.kind === 'nothing' && flows.every((flow) => flow.kind === 'nothing')) return first;
  if (flows.every((flow) => flow.kind === 'names')) return joined(flows);
  return flows.find((flow) => flow.kind === 'unknown' && flow.from !== 'program') ?? UNKNOWN;
}

function execute(given: Command, scope: Scope, runner: Runner): Flow {
  let { argv } = given;
  while (argv.length > 1 && PREFIXES.has(argv[0] ?? '') && !argv[1]?.startsWith('-')) argv = argv.slice(1);
  if (argv.length === 0) return NOTHING;
  const command = { ...given, argv };
  const built = runBuiltin(command, scope, runner);
  if (built) return built;
  const name = argv[0] ?? '';
  const own = scope.functions.get(name);
  if (!own) return runner.judge(command, scope);
  const inner = { ...scope, positional: argv.slice(1), stdin: command.stdin };
  const flow = callFunction(own, inner, runner.line);
  scope.cwd = inner.cwd;
  // A function may hide a program, but hiding one makes nothing harmless.
  if (runner.line.look.knows(name)) runner.judge(command, scope);
  return flow;
}
