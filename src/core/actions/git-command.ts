import type { Risk } from '../../shared/policy.ts';
import { BELOW, isExact, plain, STAR } from './atoms.ts';
import { judgeConfig } from './commands/git-config.ts';
import { judgeRemoteWords, judgeVerbOptions, leading } from './commands/git-options.ts';
import { judgePush } from './commands/git-push.ts';
import { GIT, type GitVerb } from './commands/git-verbs.ts';
import { type Command, type Flow, type Judge, type Look, UNKNOWN } from './look.ts';

const NAMED: Readonly<Record<Risk, string>> = {
  read: 'Looks at the repository',
  low: 'Prepares a commit',
  medium: "Changes the session's branch",
  high: 'Changes what others see, or drops work',
  critical: 'Changes history or settings for good',
};

/** `git show HEAD:.env` shows a file of the repository; `:(glob)` and plain words are paths too. */
function judgeContent(verb: string, words: readonly string[], command: Command, look: Look): void {
  if (WRITES_TEXT.test(verb)) return;
  const patches = verb === 'log' && words.some((word) => /^(?:-p|-u|--patch|-L.*)$/u.test(word));
  const shows = patches || SHOWS.test(verb);
  for (const [at, word] of words.entries()) {
    if (TAKES_PATTERN.test(words[at - 1] ?? '')) continue;
    const value = word.startsWith('-') ? word.slice(word.indexOf('=') + 1) : word;
    const path = value.slice(value.indexOf(':') + 1);
    // Outside a repository, or with a path of its own, git compares and stores any file.
    if (/^(?:[/~]|\.{1,2}\/)/u.test(value)) look.read(value, command);
    else if (shows) look.glimpse(path, command);
  }
}

/** Verbs that show, or keep, what is in the files that they name. */
const SHOWS = /^(?:show|cat-file|blame|annotate|diff|diff-\w+|grep|archive|add|stage|hash-object|range-diff)$/u;
/** Options whose value is a pattern or a range, however much it looks like a path. */
const TAKES_PATTERN = /^(?:-L|-S|-G|-e|--grep|--author|--format|--pretty)$/u;
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
    risk === 'read' ? 'reads' : `git_${verb.replaceAll(/[^a-z]/gu, '_')}`,
    `${what ?? NAMED[risk]} (${shown}).`,
    lost ? { irreversible: true } : {},
  );
  // Outside the work tree the same words change somebody else's repository.
  if (look.inTree(command)) return;
  if (risk === 'read') for (const cwd of command.cwd) look.read(cwd, command, { names: true });
  else look.find('high', 'writes_outside', 'Changes a repository outside the work tree.');
}

const COMMIT = /^(?:[\w@][\w./@~^{}-]*|--short(?:=\d+)?|--abbrev-ref|--verify|--symbolic-full-name)$/u;

/** What git prints, where that is known: the top of the work tree, names of files. */
function flowOf(verb: string, words: readonly string[], command: Command, look: Look): Flow {
  const line = words.join(' ');
  if (verb === 'rev-parse' && line === '--show-toplevel' && look.inTree(command))
    return { kind: 'text', text: look.context.worktree };
  if (verb === 'branch' && line === '--show-current') return { kind: 'text', text: look.context.branch ?? 'HEAD' };
  if (verb === 'rev-parse' && /--(?:absolute-)?git-(?:dir|common-dir|path)/u.test(line)) {
    const inside = words[0] === '--git-path' ? `/${words[1] ?? ''}` : '';
    return {
      kind: 'names',
      values: [look.context.worktree, look.context.project].map((root) => `${root}/.git${inside}`),
    };
  }
  // Some name of a commit: no path, no option.
  const commit =
    verb === 'merge-base' || verb === 'describe' || (verb === 'rev-parse' && words.every((word) => COMMIT.test(word)));
  if (commit && isExact(line)) return { kind: 'text', text: 'commit' };
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
