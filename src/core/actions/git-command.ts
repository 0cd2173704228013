import { posix } from 'node:path';
import type { Risk } from '../../shared/policy.ts';
import { ANY, BELOW, isExact, isOpen, plain, STAR } from './atoms.ts';
import { judgeConfig, judgeSetting } from './commands/git-config.ts';
import { judgePush } from './commands/git-push.ts';
import { GIT, type GitVerb } from './commands/git-verbs.ts';
import { type Command, type Flow, type Judge, type Look, UNKNOWN } from './look.ts';
import { isOption, parseOptions } from './options.ts';
import { judgeShellText } from './programs/shells.ts';

const LEADING_VALUES =
  /^(?:-C|-c|--git-dir|--work-tree|--namespace|--exec-path|--config-env|--super-prefix|--list-cmds|--attr-source)$/u;

/** Options before the verb: where git works and with which settings. */
function leading(
  words: readonly string[],
  command: Command,
  look: Look,
): { command: Command; rest: readonly string[] } {
  let { cwd } = command;
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] ?? '';
    if (!word.startsWith('-')) return { command: { ...command, cwd }, rest: words.slice(at) };
    const equals = word.startsWith('--') ? word.indexOf('=') : -1;
    const name = equals < 0 ? word : word.slice(0, equals);
    const takes = LEADING_VALUES.test(name);
    const value = equals >= 0 ? word.slice(equals + 1) : takes ? (words[at + 1] ?? ANY) : '';
    if (takes && equals < 0) at += 1;
    if (name === '-C')
      cwd = cwd.map((from) =>
        isOpen(value) ? ANY : posix.resolve(from, value.replace(/^~(?=\/|$)/u, look.context.home)),
      );
    else if (name === '-c' || name === '--config-env') judgeSetting(value, look);
    else if (name === '--exec-path' && value !== '')
      look.find('critical', 'git_settings', `Takes git's own programs from ${plain(value)}.`);
    else if (name === '--git-dir' || name === '--work-tree') {
      look.write(value, { cwd });
      look.find('high', 'git_settings', `Works on another repository (${plain(value)}).`);
    } else if (
      !/^(?:-p|-P|--paginate|--no-pager|--bare|--no-replace-objects|--(?:no-)?literal-pathspecs|--glob-pathspecs|--noglob-pathspecs|--icase-pathspecs|--no-optional-locks|--no-advice|--no-lazy-fetch|--version|-v|-h|--help|--html-path|--man-path|--info-path|--exec-path|--namespace|--attr-source|--list-cmds)$/u.test(
        name,
      )
    )
      look.find('high', 'not_understood', `Uses an option of git that is not known (${plain(name)}).`);
  }
  return { command: { ...command, cwd }, rest: [] };
}

/** Transports and remote programs of git that run a command. */
function judgeRemoteWords(words: readonly string[], look: Look): void {
  words.forEach((word, at) => {
    if (/^(?:ext|fd)::/u.test(word)) look.find('critical', 'runs_option', 'Runs a program as if it were a remote.');
    if (
      /^--(?:upload-pack|receive-pack|exec|server-option)(?:=|$)|^-u$/u.test(word) &&
      (word !== '-u' || words.includes('clone'))
    )
      look.find(
        'critical',
        'runs_option',
        `Runs ${plain(word.split('=')[1] ?? words[at + 1] ?? '')} as the other side.`,
      );
    if (/-oProxyCommand/iu.test(word)) look.find('critical', 'runs_option', 'Runs a program to reach a remote.');
  });
}

const NAMED: Readonly<Record<Risk, string>> = {
  read: 'Looks at the repository',
  low: 'Prepares a commit',
  medium: "Changes the session's branch",
  high: 'Changes what others see, or drops work',
  critical: 'Changes history or settings for good',
};

/** Options that write a file, run a program, or compare files outside the repository. */
function judgeVerbOptions(verb: string, words: readonly string[], command: Command, look: Look): void {
  const parsed = parseOptions(words, {
    long: [
      '--output',
      '--open-files-in-pager',
      '--exec',
      '--extcmd',
      '--file',
      '--template',
      '--reference',
      '--separate-git-dir',
      '--author',
      '--message',
      '--directory',
      '--tool',
      '--output-directory',
    ],
    short: verb === 'commit' || verb === 'tag' ? 'mFCct' : verb === 'difftool' || verb === 'rebase' ? 'x' : '',
  });
  for (const { name, value } of parsed.options) {
    if (
      isOption(name, '--output', '--output-directory') &&
      /^(?:log|diff|show|archive|format-patch|shortlog|whatchanged|diff-tree|stash|bundle|bugreport|diagnose|range-diff)$/u.test(
        verb,
      )
    )
      look.write(value ?? ANY, command);
    const attached = words.find((word) => /^-o./u.test(word))?.slice(2);
    if (name === '-o' && /^(?:archive|format-patch|bugreport)$/u.test(verb))
      look.write(attached ?? words[words.indexOf('-o') + 1] ?? ANY, command);
    if (isOption(name, '--open-files-in-pager') || (name === '-O' && verb === 'grep'))
      look.find('high', 'runs_option', `Opens what it finds in ${plain(value ?? 'a program')}.`);
    if (
      (isOption(name, '--exec', '--extcmd') || (name === '-x' && /^(?:rebase|difftool)$/u.test(verb))) &&
      /^(?:rebase|difftool|archive)$/u.test(verb)
    ) {
      look.find('high', 'runs_option', 'Runs a command for each step.');
      judgeShellText(value ?? ANY, command, look);
    }
    if (isOption(name, '--ext-diff', '--textconv') && name.length > 6)
      look.find('medium', 'runs_option', 'Uses the programs that the settings name for comparing.');
    if (isOption(name, '--file') && verb === 'commit') look.read(value ?? ANY, command);
    if ((name === '-F' || isOption(name, '--template')) && /^(?:commit|tag|clone|init)$/u.test(verb) && value !== '-')
      look.read(value ?? ANY, command);
    if (isOption(name, '--template') && /^(?:clone|init)$/u.test(verb))
      look.find('high', 'git_hooks', 'Takes hooks from a template.');
    if (isOption(name, '--separate-git-dir')) look.write(value ?? ANY, command);
    if (name === '--no-index' || isOption(name, '--no-index'))
      for (const path of parsed.operands) look.read(path, command);
  }
}

/** `git show HEAD:.env` shows a file of the repository; `:(glob)` and plain words are paths too. */
function judgeContent(verb: string, words: readonly string[], command: Command, look: Look): void {
  if (WRITES_TEXT.test(verb)) return;
  const patches = verb === 'log' && words.some((word) => /^(?:-p|-u|--patch|-L.*)$/u.test(word));
  const shows = patches || SHOWS.test(verb);
  for (const word of words) {
    const value = word.startsWith('-') ? word.slice(word.indexOf('=') + 1) : word;
    const path = value.slice(value.indexOf(':') + 1);
    // Outside a repository, or with a path of its own, git compares and stores any file.
    if (/^(?:[/~]|\.{1,2}\/)/u.test(value)) look.read(value, command);
    else if (shows) look.glimpse(path, command);
  }
}

/** Verbs that show, or keep, what is in the files that they name. */
const SHOWS = /^(?:show|cat-file|blame|annotate|diff|diff-\w+|grep|archive|add|stage|hash-object|range-diff)$/u;
/** Verbs whose words are text for people, or judged on their own. */
const WRITES_TEXT =
  /^(?:commit|tag|notes|stash|config|clone|push|mv|bundle|worktree|submodule|bisect|clean|check-ignore)$/u;

export const judgeGit: Judge = (given, look) => {
  const { command, rest } = leading(given.argv.slice(1), given, look);
  const [verb, ...words] = rest;
  if (verb === undefined) {
    look.find('read', 'version', 'Shows help or a version.');
    return undefined;
  }
  judgeRemoteWords(rest, look);
  if (verb === 'config') judgeConfig(words, command, look);
  else if (verb === 'push') judgePush(words, look);
  else {
    const spec = isExact(verb) && Object.hasOwn(GIT, verb) ? GIT[verb] : undefined;
    if (spec) judgeVerb(verb, spec, words, command, look);
    else look.find('high', 'unknown_program', `Uses ${plain(verb)}, a command or alias of git that is not known.`);
  }
  judgeVerbOptions(verb, words, command, look);
  judgeContent(verb, words, command, look);
  return flowOf(verb, words, command, look);
};

function judgeVerb(verb: string, spec: GitVerb, words: readonly string[], command: Command, look: Look): void {
  const [risk, what, lost] = spec(words, command, look);
  const shown = plain(`git ${[verb, ...words].join(' ')}`)
    .replace(/\s+/gu, ' ')
    .slice(0, 120);
  look.find(
    risk,
    risk === 'read' ? 'reads' : `git_${verb.replaceAll('-', '_')}`,
    `${what ?? NAMED[risk]} (${shown}).`,
    lost ? { irreversible: true } : {},
  );
  // Outside the work tree the same words change somebody else's repository.
  if (look.inTree(command)) return;
  if (risk === 'read') for (const cwd of command.cwd) look.read(cwd, command, { names: true });
  else look.find('high', 'writes_outside', 'Changes a repository outside the work tree.');
}

/** What git prints, where that is known: the top of the work tree, names of files. */
function flowOf(verb: string, words: readonly string[], command: Command, look: Look): Flow {
  const line = words.join(' ');
  if (verb === 'rev-parse' && line === '--show-toplevel' && look.inTree(command))
    return { kind: 'text', text: look.context.worktree };
  if (verb === 'branch' && line === '--show-current') return { kind: 'text', text: look.context.branch ?? 'HEAD' };
  if (verb === 'rev-parse' && /^(?:--short )?(?:HEAD|--abbrev-ref HEAD)$/u.test(line))
    return { kind: 'text', text: 'HEAD' };
  if (verb === 'merge-base' || (verb === 'rev-parse' && isExact(line)) || verb === 'describe')
    return { kind: 'text', text: 'HEAD' };
  const names =
    verb === 'ls-files' ||
    (/^(?:diff|show|log|diff-tree|diff-index|grep|ls-tree)$/u.test(verb) &&
      words.some((word) => /^--name-only$|^-l$|^--files-with-matches$/u.test(word)));
  if (!names || words.some((word) => /^(?:-o|--others|--no-index)$/u.test(word))) return UNKNOWN;
  const paths = words.filter((word) => /^\*\.\w+$/u.test(word));
  return {
    kind: 'names',
    values: paths.length > 0 ? paths.map((path) => `${BELOW}/${STAR}${path.slice(1)}`) : [BELOW],
  };
}
