import { parse, type Statement, type Word } from 'unbash';
import type { Form } from '../../shared/contract/standing.ts';
import type { ToolCall } from './classify.ts';

/** What runs other programs or texts: its name says nothing about what happens, so no rule may name it. */
const CARRIERS = new Set(
  `sh bash zsh dash ksh ash mksh rbash fish csh tcsh xonsh nu elvish pwsh busybox toybox eval source . exec
   node nodejs deno bun tsx ts-node python python2 python3 pypy perl ruby php lua osascript awk gawk mawk nawk sed
   sudo doas su ssh scp rsync xargs parallel find env npx pnpx bunx uvx pipx docker podman kubectl make just
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
export const carries = (program: string): boolean => CARRIERS.has(nameOf(program)) || CARRIERS.has(program);

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
  if (carries(program))
    return none(`"${nameOf(program)}" runs what it is given, so its name says nothing about what happens.`);
  return { kind: 'command', program, args };
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
    const host = /^https:\/\/([a-z0-9.-]+)(?:[:/?#]|$)/iu.exec(fieldOf(input, 'url') ?? '')?.[1];
    return host === undefined ? none('It names no host over https.') : { kind: 'web', host: host.toLowerCase() };
  }
  if (/^mcp__\w[\w-]*__\w[\w-]*$/u.test(tool)) return { kind: 'tool', tool };
  return none(`There are no rules for the tool "${tool}".`);
}
