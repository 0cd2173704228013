import { posix } from 'node:path';
import { ANY, isOpen, plain } from '../atoms.ts';
import type { Command, Look } from '../look.ts';
import { isOption, parseOptions } from '../options.ts';
import { judgeShellText } from '../programs/shells.ts';
import { judgeSetting } from './git-config.ts';

const LEADING_VALUES =
  /^(?:-C|-c|--git-dir|--work-tree|--namespace|--exec-path|--config-env|--super-prefix|--list-cmds|--attr-source)$/u;

const HARMLESS =
  /^(?:-p|-P|--paginate|--no-pager|--bare|--no-replace-objects|--(?:no-)?literal-pathspecs|--glob-pathspecs|--noglob-pathspecs|--icase-pathspecs|--no-optional-locks|--no-advice|--no-lazy-fetch|--version|-v|-h|--help|--html-path|--man-path|--info-path|--exec-path|--namespace|--attr-source|--list-cmds)$/u;

/** Options before the verb: where git works and with which settings. */
export function leading(
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
    } else if (!HARMLESS.test(name))
      look.find('high', 'not_understood', `Uses an option of git that is not known (${plain(name)}).`);
  }
  return { command: { ...command, cwd }, rest: [] };
}

/** Transports and remote programs of git that run a command. */
export function judgeRemoteWords(words: readonly string[], look: Look): void {
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

/** Options that write a file, run a program, or compare files outside the repository. */
export function judgeVerbOptions(verb: string, words: readonly string[], command: Command, look: Look): void {
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
    short: /^(?:commit|tag|notes)$/u.test(verb) ? 'mFCct' : verb === 'difftool' || verb === 'rebase' ? 'x' : '',
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
    if (isOption(name, '--file') && /^(?:commit|notes|tag)$/u.test(verb)) look.read(value ?? ANY, command);
    if (
      (name === '-F' || isOption(name, '--template')) &&
      /^(?:commit|tag|notes|clone|init)$/u.test(verb) &&
      value !== '-'
    )
      look.read(value ?? ANY, command);
    if (isOption(name, '--template') && /^(?:clone|init)$/u.test(verb))
      look.find('high', 'git_hooks', 'Takes hooks from a template.');
    if (isOption(name, '--separate-git-dir')) look.write(value ?? ANY, command);
    if (name === '--no-index' || isOption(name, '--no-index'))
      for (const path of parsed.operands) look.read(path, command);
  }
}
