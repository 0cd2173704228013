import type { Risk } from '../../../shared/policy.ts';
import { ANY, isExact } from '../atoms.ts';
import type { Command, Look } from '../look.ts';
import { isOption, parseOptions } from '../options.ts';
import { judgeShellText } from '../programs/shells.ts';

/** How grave a git command is: the risk, what it does in words, and whether something is lost for good. */
type Verdict = readonly [Risk, (string | undefined)?, boolean?];
export type GitVerb = (words: readonly string[], command: Command, look: Look) => Verdict;

const READ: GitVerb = () => ['read'];
const always =
  (risk: Risk, what?: string, lost = false): GitVerb =>
  () => [risk, what, lost];

const LOSES = 'Throws away work that is in no commit';
const DELETES = 'Deletes a branch or tag';

const options = (words: readonly string[], ...names: readonly string[]): boolean =>
  parseOptions(words).options.some(({ name }) => isOption(name, ...names));
const operands = (words: readonly string[], values = ''): readonly string[] =>
  parseOptions(words, {
    short: values,
    long: ['--sort', '--format', '--points-at', '--contains', '--merged', '--no-merged', '--message', '--file'],
  }).operands;
const everything = (paths: readonly string[]): boolean =>
  paths.some((path) => /^(?:\.|\.\/|:\/|\*|:\(top\)|\/|\uE002)$/u.test(path) || !isExact(path));

const branch: GitVerb = (words) => {
  if (options(words, '-D', '--delete', '-d'))
    return words.some((word) => /^-[a-zA-Z]*D|^--force|^-[a-zA-Z]*f/u.test(word))
      ? ['high', DELETES, true]
      : ['medium', DELETES];
  if (options(words, '-M', '-C', '-f', '--force')) return ['high', 'Overwrites a branch', true];
  if (
    options(words, '-m', '-c', '--move', '--copy', '-u', '--set-upstream-to', '--unset-upstream', '--edit-description')
  )
    return ['medium'];
  const lists =
    words.every((word) => word.startsWith('-')) ||
    options(
      words,
      '-l',
      '--list',
      '-a',
      '--all',
      '-r',
      '--remotes',
      '--contains',
      '--merged',
      '--no-merged',
      '--points-at',
      '--show-current',
      '--sort',
      '--format',
      '-v',
      '-vv',
    );
  return lists ? ['read'] : ['medium', 'Makes a branch'];
};

const checkout: GitVerb = (words, command, look) => {
  const at = words.indexOf('--');
  const paths = at >= 0 ? words.slice(at + 1) : [];
  // Without `--` a word is a path as well as it is a branch.
  for (const path of at >= 0 ? paths : operands(words, 'b').slice(1))
    if (!everything([path])) look.write(path, command);
  if (options(words, '-f', '--force', '-B')) return ['high', LOSES, true];
  if (everything(paths) || (at < 0 && everything(operands(words, 'b').slice(-1)))) return ['high', LOSES, true];
  return paths.length > 0 ? ['medium', LOSES] : ['medium', 'Changes what is checked out'];
};

const restore: GitVerb = (words, command, look) => {
  for (const path of operands(words, 's')) if (!everything([path])) look.write(path, command);
  const staged = options(words, '--staged', '-S') && !options(words, '--worktree', '-W');
  if (staged) return ['low', 'Takes files out of the next commit'];
  return everything(operands(words, 's')) ? ['high', LOSES, true] : ['medium', LOSES];
};

const reset: GitVerb = (words) => {
  if (options(words, '--hard')) return ['high', LOSES, true];
  const moved = operands(words).filter((word) => !/^HEAD$/u.test(word));
  return options(words, '--soft', '--mixed', '--merge', '--keep') || moved.some((word) => /[~^@]/u.test(word))
    ? ['medium', 'Moves the branch back']
    : ['low', 'Takes files out of the next commit'];
};

const clean: GitVerb = (words) =>
  options(words, '-n', '--dry-run') ? ['read'] : ['high', 'Deletes files that are in no commit', true];

const stash: GitVerb = (words) => {
  const [verb] = words;
  if (/^(?:list|show)$/u.test(verb ?? '')) return ['read'];
  return /^(?:drop|clear)$/u.test(verb ?? '') ? ['high', LOSES, true] : ['medium', 'Sets work aside'];
};

const commit: GitVerb = (words) => {
  if (options(words, '--no-verify', '-n')) return ['high', "Commits without the project's hooks"];
  const given = parseOptions(words, {
    short: 'mFCct',
    long: ['--message', '--file', '--author', '--date', '--trailer', '--fixup', '--squash'],
  });
  if (given.operands.some((word) => word.startsWith(ANY)))
    return ['high', 'Commits with options that are only known when it runs'];
  return [
    'medium',
    options(words, '--amend') ? "Rewrites the branch's last commit" : "Commits on the session's branch",
  ];
};

const tag: GitVerb = (words) => {
  if (options(words, '-d', '--delete', '-f', '--force')) return ['high', DELETES, true];
  const lists =
    words.length === 0 ||
    options(
      words,
      '-l',
      '--list',
      '-n',
      '--contains',
      '--merged',
      '--points-at',
      '--sort',
      '--format',
      '-v',
      '--verify',
    );
  return lists ? ['read'] : ['medium', 'Makes a tag'];
};

const remote: GitVerb = (words) => {
  const [verb] = words.filter((word) => !word.startsWith('-'));
  if (verb === undefined || /^(?:show|get-url)$/u.test(verb))
    return [verb === 'show' ? 'medium' : 'read', 'Looks at the remotes'];
  return /^(?:update|prune)$/u.test(verb) ? ['medium', 'Fetches'] : ['high', 'Changes where the repository pushes to'];
};

const fetch: GitVerb = (words) => [
  operands(words).some((word) => /^\+?[^:]+:[^/]/u.test(word) && !/^\w+:\/\/|@/u.test(word)) ? 'high' : 'medium',
  'Fetches from a remote',
];

const pull: GitVerb = (words) =>
  operands(words).some((word) => /:\/\/|@.*:|^[./~]/u.test(word) || !isExact(word))
    ? ['high', 'Merges from a place that the project does not name']
    : ['medium', 'Fetches and brings the branch up to date'];

const clone: GitVerb = (words, command, look) => {
  const parsed = parseOptions(words, {
    short: 'bcjou',
    long: [
      '--branch',
      '--config',
      '--depth',
      '--jobs',
      '--origin',
      '--template',
      '--reference',
      '--upload-pack',
      '--filter',
      '--separate-git-dir',
      '--shallow-since',
    ],
  });
  const [url = '', place] = parsed.operands;
  const into = place ?? (url.replace(/\/+$/u, '').split(/[/:]/u).at(-1) ?? '').replace(/\.git$/u, '');
  look.write(into, command);
  look.wrote(into, command, { kind: 'unknown', from: 'network' });
  if (/^[/.~]|^file:/u.test(url)) look.read(url, command, { recursive: true });
  if (parsed.options.some(({ name }) => name === '-c' || isOption(name, '--config', '--template')))
    return ['critical', 'Clones with settings that can run a program'];
  return [isExact(url) ? 'medium' : 'high', 'Fetches a repository'];
};

const submodule: GitVerb = (words, command, look) => {
  const [verb, ...rest] = words.filter((word) => word !== '--quiet');
  if (verb === undefined || /^(?:status|summary)$/u.test(verb)) return ['read'];
  if (verb === 'foreach') {
    judgeShellText(rest.filter((word) => word !== '--recursive').join(' '), command, look);
    return ['low', 'Runs a command in each submodule'];
  }
  return /^(?:update|init|sync|absorbgitdirs)$/u.test(verb)
    ? ['medium', 'Fetches submodules']
    : ['high', 'Changes which repositories belong to the project'];
};

const bisect: GitVerb = (words, command, look) => {
  if (words[0] === 'run') look.run(words.slice(1), command);
  return /^(?:log|view|visualize|terms)$/u.test(words[0] ?? '') ? ['read'] : ['medium', 'Searches the history'];
};

const worktree: GitVerb = (words, command, look) => {
  const [verb, ...rest] = words;
  if (verb === 'list') return ['read'];
  if (verb === 'add') {
    const [place = ANY] = parseOptions(rest, { short: 'bB', long: ['--reason'] }).operands;
    look.write(place, command);
    return ['medium', 'Makes another work tree'];
  }
  return ['high', 'Changes work trees of the repository', true];
};

const rebase: GitVerb = (words) =>
  options(words, '--abort', '--quit', '--continue', '--skip')
    ? ['medium']
    : ['medium', "Rewrites the branch's commits"];
const switches: GitVerb = (words) =>
  options(words, '-C', '--force-create', '-f', '--force', '--discard-changes')
    ? ['high', LOSES, true]
    : ['medium', 'Changes what is checked out'];
const maintenance: GitVerb = (words) =>
  /^(?:start|register|unregister|stop)$/u.test(words[0] ?? '')
    ? ['critical', 'Makes git run by itself later, outside the gate']
    : ['medium'];
const merge: GitVerb = (words) =>
  options(words, '--abort', '--quit', '--continue') ? ['medium'] : ['high', 'Merges another branch'];
const notes: GitVerb = (words) => (/^(?:list|show|get-ref)?$/u.test(words[0] ?? '') ? ['read'] : ['medium']);
const apply: GitVerb = (words, command, look) => {
  const parsed = parseOptions(words, { short: 'pC', long: ['--directory', '--exclude', '--include'] });
  for (const path of parsed.operands) look.read(path, command);
  if (options(words, '--check', '--stat', '--numstat', '--summary')) return ['read'];
  return [options(words, '--unsafe-paths') ? 'high' : 'medium', 'Applies a patch'];
};
const symbolicRef: GitVerb = (words) =>
  operands(words).length > 1 || options(words, '-d', '--delete') ? ['high', 'Moves a reference'] : ['read'];
const reflog: GitVerb = (words) =>
  /^(?:expire|delete|drop)$/u.test(words[0] ?? '')
    ? ['critical', 'Destroys what git would need to bring work back', true]
    : ['read'];
const gc: GitVerb = (words) =>
  words.some((word) => /^--prune=?(?:now|all)?$|^--aggressive$|^--expire/u.test(word))
    ? ['critical', 'Destroys what git would need to bring work back', true]
    : ['medium', 'Tidies the repository'];
const rm: GitVerb = (words, command, look) => {
  if (options(words, '--cached')) return ['low', 'Stops tracking files'];
  const paths = operands(words);
  for (const path of paths) if (!everything([path])) look.write(path, command);
  return words.some((word) => /^-[a-z]*[rf]|^--force/u.test(word)) || everything(paths)
    ? ['high', 'Deletes tracked files', true]
    : ['medium', 'Deletes tracked files that are in a commit'];
};
const mv: GitVerb = (words, command, look) => {
  for (const path of operands(words)) look.write(path, command);
  return ['low', 'Moves tracked files'];
};
const bundle: GitVerb = (words, command, look) => {
  if (words[0] === 'create') look.write(operands(words.slice(1))[0] ?? ANY, command);
  return [words[0] === 'unbundle' ? 'high' : 'low', 'Packs commits into a file'];
};
const init: GitVerb = (words, command, look) => {
  look.write(operands(words, 'b')[0] ?? '.', command);
  // A bare repository reads its settings from ordinary files.
  return options(words, '--bare')
    ? ['high', 'Makes a folder a repository with settings of its own']
    : ['medium', 'Makes a repository'];
};
const hashObject: GitVerb = (words, command, look) => {
  for (const path of operands(words, 't')) look.read(path, command);
  return ['low', 'Stores a file in the repository'];
};
const checkoutIndex: GitVerb = (words, command, look) => {
  for (const word of words) if (word.startsWith('--prefix=')) look.write(word.slice('--prefix='.length), command);
  return ['medium', 'Writes files from the index'];
};
/** What git is told to overlook is in no status, no diff and no mark of the work tree. Git takes shortened options. */
const updateIndex: GitVerb = (words) =>
  words.some((word) => /^--(?:a|sk|fs|spl|unt)/u.test(word) || !isExact(word))
    ? ['high', 'Makes git overlook changes']
    : ['low'];
const lfs: GitVerb = (words) =>
  /^(?:ls-files|status|env|version|logs|pointer|track$)$/u.test(words[0] ?? '')
    ? ['read']
    : /^(?:pull|fetch|checkout|track|untrack|install)$/u.test(words[0] ?? '')
      ? ['medium']
      : ['high'];
const lsRemote: GitVerb = (words) => [words.every(isExact) ? 'medium' : 'high', 'Asks a remote'];
const credential = always('critical', 'Reaches stored credentials');
const rewrites = always('critical', 'Rewrites the whole history', true);

const READS =
  'status log diff show blame annotate rev-parse ls-files ls-tree cat-file describe shortlog rev-list merge-base name-rev for-each-ref show-ref show-branch whatchanged diff-tree diff-index diff-files cherry range-diff grep count-objects check-ignore check-attr check-ref-format check-mailmap var version help fsck verify-commit verify-tag merge-tree get-tar-commit-id patch-id stripspace column interpret-trailers fmt-merge-msg request-pull archive bugreport';

/** Git's commands by how grave they are. What is not here is an alias or not known: high. */
// biome-ignore format: names
export const GIT: Readonly<Record<string, GitVerb>> = {
  ...Object.fromEntries(READS.split(' ').map((verb) => [verb, READ])),
  ...Object.fromEntries('add stage write-tree format-patch rerere'.split(' ').map((verb) => [verb, always('low')])),
  ...Object.fromEntries('cherry-pick revert am commit-tree sparse-checkout pack-refs repack read-tree citool gui mergetool difftool'.split(' ').map((verb) => [verb, always('medium')])),
  ...Object.fromEntries('replace update-ref send-email imap-send daemon http-backend instaweb svn p4 cvsimport fast-import fast-export unpack-objects index-pack receive-pack upload-pack upload-archive shell hook prune prune-packed quiltimport filter-branch-help multi-pack-index for-each-repo'.split(' ').map((verb) => [verb, always('high', undefined, true)])),
  branch, checkout, restore, reset, clean, stash, commit, tag, remote, fetch, pull, clone, submodule, bisect, worktree, rebase, merge, notes, apply, reflog, gc, rm, lfs,
  mv, bundle, init, maintenance, switch: switches,
  'hash-object': hashObject,
  'checkout-index': checkoutIndex,
  'update-index': updateIndex,
  'symbolic-ref': symbolicRef,
  'ls-remote': lsRemote,
  'filter-branch': rewrites,
  'filter-repo': rewrites,
  credential, 'credential-store': credential, 'credential-cache': credential, 'credential-osxkeychain': credential,
};
