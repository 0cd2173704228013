import { posix } from 'node:path';
import { forEachChild, parse, type Statement, type SyntaxNode, type Word } from 'unbash';
import type { Form, Mention } from '../../shared/contract/standing.ts';
import type { ToolCall } from './classify.ts';

/** What runs other programs or texts: its name says nothing about what happens, so no rule may name it. */
const CARRIERS = new Set(
  `sh bash zsh dash ksh ash mksh rbash fish csh tcsh xonsh nu elvish pwsh busybox toybox eval source . exec
   node nodejs deno bun tsx ts-node python python2 python3 pypy perl ruby php lua osascript awk gawk mawk nawk sed
   sudo doas su ssh scp rsync xargs parallel find env npx pnpx bunx uvx pipx uv docker podman kubectl make gmake just rake
   corepack go cargo tclsh wish rscript ghci julia elixir erl scala groovy jshell swift dotnet mono java psql mysql sqlite3
   setsid flock stdbuf unbuffer arch strace ltrace builtin time nohup nice timeout gtimeout caffeinate dotenv cross-env
   screen tmux script expect at batch crontab launchctl systemd-run watch entr vim vi nvim emacs ed`
    .split(/\s+/u)
    .filter((name) => name !== ''),
);
/** Wrappers that change how, not what runs, with the number of words of their own. */
const WRAPPERS: ReadonlyMap<string, number> = new Map([
  ['nohup', 0],
  ['time', 0],
  ['command', 0],
  ['nice', 0],
  ['timeout', 1],
  ['caffeinate', 0],
]);

const FILE_TOOLS = new Set(['Read', 'Edit', 'MultiEdit', 'Write', 'NotebookEdit']);

const none = (why: string): Form => ({ kind: 'none', why });
const fieldOf = (input: unknown, name: string): string | null => {
  const value: unknown = typeof input === 'object' && input !== null ? Reflect.get(input, name) : undefined;
  return typeof value === 'string' ? value : null;
};

/** The base name of a program without its path; a version at its end is no part of what it is (`python3.12`). */
const nameOf = (program: string): string => (program.split('/').at(-1) ?? program).replace(/(?<=[a-z])[\d.]+$/u, '');

/** Does a program run what its arguments or its input say? */
const carries = (program: string): boolean =>
  CARRIERS.has(nameOf(program).toLowerCase()) || CARRIERS.has(program.toLowerCase());

/** Words of package managers and of git that run a program or a text of their own. */
const RUNNERS: ReadonlyMap<string, ReadonlySet<string>> = new Map([
  ...['npm', 'pnpm', 'yarn', 'bun'].map((name) => [name, new Set(['exec', 'dlx', 'x', 'create', 'init'])] as const),
  ['git', new Set(['bisect', 'submodule', 'rebase', 'filter-branch', 'difftool', 'mergetool', 'config'])],
]);

/**
 * Does a command run something that its words do not settle: a shell or interpreter, what a path leads to, a
 * manager's or git's way to run a program, with options before the verb that hide it? No rule can allow it.
 */
export function runsAnything(program: string, args: readonly string[]): boolean {
  const verbs = RUNNERS.get(nameOf(program));
  const [first = ''] = args;
  return (
    program.includes('/') || carries(program) || (verbs !== undefined && (first.startsWith('-') || verbs.has(first)))
  );
}

/** Is a word the same whenever it runs: no variable, pattern, brace, tilde or substitution in it? */
const isWritten = (word: Word): boolean =>
  !/^[~=]/u.test(word.text) &&
  (word.parts?.every(
    (part) =>
      part.type === 'Literal' ||
      part.type === 'SingleQuoted' ||
      (part.type === 'DoubleQuoted' && part.parts.every((inner) => inner.type === 'Literal')),
  ) ??
    true);

/** The words of a simple command when each is written out; null: it is no such command. */
function wordsOf(node: Statement['command']): readonly string[] | null {
  if (node.type !== 'Command' || !node.name || node.prefix.length > 0) return null;
  const words: string[] = [];
  for (const word of [node.name, ...node.suffix]) {
    if (word.type !== 'Word' || !isWritten(word)) return null;
    words.push(word.value);
  }
  return words;
}

function unwrapped(words: readonly string[]): readonly string[] {
  const own = WRAPPERS.get(words[0] ?? '');
  if (own === undefined || words.length <= own + 1 || words[1]?.startsWith('-')) return words;
  return unwrapped(words.slice(own + 1));
}

/** Longer than anybody would make a rule of. */
const LONGEST = 4_000;
/** Longer ones are critical anyway. */
const LONGEST_LINE = 64_000;

function commandForm(text: string): Form {
  if (text.length > LONGEST) return none('It is too long for a rule.');
  const script = parse(text);
  if (script.errors?.length) return none('It is no shell command that can be understood.');
  const [statement] = script.commands;
  if (!statement || script.commands.length !== 1) return none('It is more than one command.');
  const words = statement.background ? null : wordsOf(statement.command);
  if (words === null)
    return none(
      'It is not one plain command with every word written out: a pipe, a redirection or a variable changes what it does.',
    );
  const [program, ...args] = unwrapped(words);
  if (program === undefined || program === '') return none('It runs nothing.');
  if (runsAnything(program, args))
    return none(`"${nameOf(program)}" runs what it is given, so its name says nothing about what happens.`);
  return { kind: 'command', program, args };
}

/** The host that a request goes to; null where a login, a port or anything odd stands beside it. */
function hostOf(text: string): string | null {
  if (!URL.canParse(text)) return null;
  const url = new URL(text);
  const isPlain = url.protocol === 'https:' && url.username === '' && url.password === '' && url.port === '';
  return isPlain && /^[a-z0-9.-]+$/u.test(url.hostname) ? url.hostname : null;
}

/** Every simple command in a node, whatever stands around it: pipes, conditions, functions, substitutions. */
function commandsIn(node: SyntaxNode, found: (Word | null)[][] = []): (Word | null)[][] {
  if (node.type === 'Command' && node.name)
    found.push([node.name, ...node.suffix.flatMap((word) => (word.type === 'Word' ? [word] : []))]);
  forEachChild(node, (child) => void commandsIn(child, found));
  return found;
}

const isWrapper = (word: string | null | undefined): boolean => WRAPPERS.has(word ?? '') || word === 'env';

/** Without wrappers and their own words: options, numbers and assignments. */
function innerOf(words: readonly (string | null)[]): readonly (string | null)[] {
  let at = 0;
  while (at < words.length - 1 && isWrapper(words[at]))
    do at += 1;
    while (at < words.length - 1 && /^(?:-|\d|\w+=)/u.test(words[at] ?? ''));
  return words.slice(at);
}

/** What a call names, for a prohibition: each command of a line with its words but for options; null: not written out. */
export function mentionsOf({ tool, input }: ToolCall): Mention[] {
  const text = tool === 'Bash' ? (fieldOf(input, 'command') ?? '') : '';
  if (text === '' || text.length > LONGEST_LINE) return [];
  return commandsIn(parse(text)).flatMap((nodes) => {
    const [program, ...args] = innerOf(nodes.map((word) => (word && isWritten(word) ? word.value : null)));
    if (typeof program !== 'string') return [];
    const rest = args.filter((arg) => arg === null || !arg.startsWith('-'));
    return [{ program: nameOf(program), args: rest.map((arg) => (arg === null ? null : posix.normalize(arg))) }];
  });
}

/**
 * What of a call a rule can be about: the inner program with its words, a file, a host, a tool by its name;
 * `none` with a sentence why there is nothing that stays the same. Pure and total.
 * @param treePath where a path of the call lies, relative to the work tree; null: outside of it.
 */
export function formOf({ tool, input, cwd }: ToolCall, treePath: (path: string) => string | null): Form {
  if (treePath(cwd) === null) return none('It runs outside of the work tree.');
  if (tool === 'Bash') return commandForm(fieldOf(input, 'command') ?? '');
  if (FILE_TOOLS.has(tool)) {
    const path = fieldOf(input, 'file_path') ?? fieldOf(input, 'notebook_path');
    const place = path === null ? null : treePath(path);
    return place === null ? none('It names no file inside the work tree.') : { kind: 'file', tool, path: place };
  }
  if (tool === 'WebFetch') {
    const host = hostOf(fieldOf(input, 'url') ?? '');
    return host === null ? none('It names no plain host over https.') : { kind: 'web', host };
  }
  if (/^mcp__\w[\w-]*__\w[\w-]*$/u.test(tool)) return { kind: 'tool', tool };
  return none(`There are no rules for the tool "${tool}".`);
}
