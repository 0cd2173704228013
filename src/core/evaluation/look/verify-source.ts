import { roleOf } from './roles.ts';

/** What the verify command is made of, and whether that was changed by the session. */
export interface VerifyChange {
  kind: 'same' | 'changed' | 'weakened';
  /** The files in which it changed. */
  paths: string[];
}

const PACKAGE = /(^|\/)package\.json$/;
const DEEPEST = 5;
/** Commands that run the scripts of every package in the repository. */
const EVERY_PACKAGE = /(^|\s)(--workspaces|-ws|-r|--recursive|workspaces?)(\s|$)|\b(turbo|nx|lerna)\b/;
/** By whose settings a runner leaves tests out: the word that runs it, and the files that hold them. */
const RUNNERS: readonly (readonly [word: RegExp, files: RegExp])[] = [
  [/\b(vitest|vite)\b/, /(^|\/)(vitest|vite)\.(config|workspace)\.[cm]?[jt]s(on)?$/],
  [/\bjest\b|\breact-scripts\b/, /(^|\/)jest\.(config|conf)\.[cm]?[jt]s(on)?$/],
  [/\bmocha\b/, /(^|\/)\.mocharc\.\w+$/],
  [/\bplaywright\b/, /(^|\/)playwright\.config\.[cm]?[jt]s$/],
  [/\b(cypress|karma|ava|wdio)\b/, /(^|\/)(cypress\.config|karma\.conf|ava\.config|wdio\.conf)\.[cm]?[jt]s$/],
  [/\b(pytest|py\.test|tox|nox)\b/, /(^|\/)(pytest\.ini|tox\.ini|noxfile\.py)$/],
  [/\bphpunit\b/, /(^|\/)phpunit\.xml(\.dist)?$/],
];
const RUNS_SCRIPT =
  /(?:\b(?:npm|pnpm|yarn|bun)\b(?:\s+(?:run(?:-script)?|--silent|-s|--prefix\s+\S+))*\s+|\bnode\s+--run\s+)([\w:.-]+)/g;
/** What makes a check pass that should not. */
const WEAK =
  /\|\|\s*(?:true\b|:|exit\s+0|echo\b)|;\s*(?:true|:|exit\s+0)\s*$|^\s*(?:true|:|exit(?:\s+0)?|echo\b[^&|;]*)\s*$|--passWithNoTests|\bpassWithNoTests['"]?:\s*true|--pass-with-no-tests|--if-present|--testPathIgnorePatterns|--exit-zero|--no-fail\b|\bset\s+\+e\b|--deselect|\s-k\s*['"]?not\b/m;
const weaker = (before: string, after: string): boolean => WEAK.test(after) && !WEAK.test(before);

/** On the disk lines may end as the person's git writes them. */
const plain = (text: string): string => text.replaceAll('\r\n', '\n');

type Scripts = Readonly<Record<string, string>>;

function scriptsOf(text: string | null): Scripts {
  try {
    const scripts: unknown = (JSON.parse(text ?? '{}') as { scripts?: unknown }).scripts;
    const entries = Object.entries(typeof scripts === 'object' && scripts !== null ? scripts : {});
    return Object.fromEntries(entries.filter((entry): entry is [string, string] => typeof entry[1] === 'string'));
  } catch {
    return {};
  }
}

/** The scripts that a command comes to, with those before and after them and those that they call. */
function reached(command: string, scripts: Scripts, depth = 0): Record<string, string> {
  const found: Record<string, string> = {};
  if (depth > DEEPEST) return found;
  for (const [, called = ''] of command.matchAll(RUNS_SCRIPT)) {
    const name = called === 't' || called === 'tst' ? 'test' : called;
    for (const each of [`pre${name}`, name, `post${name}`]) {
      const script = scripts[each];
      if (script === undefined || each in found) continue;
      Object.assign(found, { [each]: script }, reached(script, scripts, depth + 1));
    }
  }
  return found;
}

/** Paths and the like in a command, as they stand there. */
const wordsOf = (command: string): string[] => command.match(/[\w@./-]+/g) ?? [];
const bare = (word: string): string => word.replace(/^\.\//, '').replace(/\/$/, '');
const folderOf = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf('/')));

/** Paths of files that a command runs or reads: `./check`, `scripts/test.mjs`. */
const filesOf = (command: string): string[] =>
  wordsOf(command)
    .filter((word) => /\.\w+$|\//.test(word))
    .map(bare);

/** A file of tests, and no script that runs them. */
const holdsTests = (path: string): boolean => roleOf(path) === 'test' && !/(\.(ba|z)?sh|\/[^./]+)$/.test(path);

type Texts = (path: string) => { before: string | null; after: string | null };

/** The packages among those paths whose scripts a command may run: the one at the top, and those whose folder it names. */
export function packagesOf(command: string, paths: readonly string[]): string[] {
  const named = new Set(['', ...wordsOf(command).map(bare)]);
  const all = EVERY_PACKAGE.test(command);
  return paths.filter((path) => PACKAGE.test(path) && (all || named.has(folderOf(path))));
}

/** The command with every script that it came to or comes to. */
function commandsOf(command: string, packages: readonly string[], file: Texts): string[] {
  const scripts = packages.flatMap((path) => [file(path).before, file(path).after]).map(scriptsOf);
  return [command, ...scripts.flatMap((each) => Object.values(reached(command, each)))];
}

/**
 * Of those paths the ones that a command is made of: the packages whose scripts it runs, scripts by their
 * path, the Makefile, and the settings of a runner of tests.
 * @param file the texts of the packages.
 */
export function sourcesOf(command: string, paths: readonly string[], file: Texts): string[] {
  const packages = packagesOf(command, paths);
  const commands = commandsOf(command, packages, file);
  const runs = (word: RegExp): boolean => commands.some((each) => word.test(each));
  const called = new Set([
    ...packages,
    ...commands.flatMap(filesOf),
    ...(runs(/(^|[\s;&|])g?make\b/) ? ['Makefile', 'makefile', 'GNUmakefile'] : []),
    ...(runs(/(^|[\s;&|])just\b/) ? ['justfile', 'Justfile'] : []),
  ]);
  const settings = RUNNERS.flatMap(([word, files]) => (runs(word) ? [files] : []));
  const named = new Set(commands.flatMap(wordsOf).map(bare));
  // `cd web && make`: by its name alone, in a folder that the command names.
  const isThere = (path: string): boolean =>
    folderOf(path) !== '' && named.has(folderOf(path)) && called.has(path.slice(folderOf(path).length + 1));
  return paths.filter((path) => called.has(path) || isThere(path) || settings.some((files) => files.test(path)));
}

/**
 * Did the session change what the verify command does, in any of the files that it is made of?
 * @param file the text of a file before and after; null on the side where it is not.
 */
export function verifyChangeOf(command: string, paths: readonly string[], file: Texts): VerifyChange {
  const changed = new Set<string>();
  let weakened = false;
  const note = (path: string, before: string, after: string): void => {
    if (plain(before) === plain(after)) return;
    changed.add(path);
    weakened ||= weaker(before, after);
  };
  const packages = packagesOf(command, paths);
  for (const path of packages) {
    const { before, after } = file(path);
    const [old, now] = [reached(command, scriptsOf(before)), reached(command, scriptsOf(after))];
    for (const name of new Set([...Object.keys(old), ...Object.keys(now)])) {
      // One that is new to the chain is a change only when something was there before.
      if (Object.keys(old).length > 0) note(path, old[name] ?? '', now[name] ?? '');
    }
  }
  for (const path of sourcesOf(command, paths, file).filter((each) => !packages.includes(each))) {
    const { before, after } = file(path);
    // Tests that a command names are there to be added to; what they lose is seen by itself.
    if (before === null || (holdsTests(path) && after !== null && !weaker(before, after))) continue;
    note(path, before, after ?? '');
  }
  return { kind: changed.size === 0 ? 'same' : weakened ? 'weakened' : 'changed', paths: [...changed] };
}
