/** What the verify command is made of, and whether that was changed by the session. */
export interface VerifyChange {
  kind: 'same' | 'changed' | 'weakened';
  /** The files in which it changed. */
  paths: string[];
}

const PACKAGE = 'package.json';
const DEEPEST = 5;
const RUNS_SCRIPT =
  /(?:\b(?:npm|pnpm|yarn|bun)\b(?:\s+(?:run(?:-script)?|--silent|-s|--prefix\s+\S+))*\s+|\bnode\s+--run\s+)([\w:.-]+)/g;
/** What makes a check pass that should not. */
const WEAK =
  /\|\|\s*(?:true\b|:|exit\s+0|echo\b)|;\s*(?:true|:|exit\s+0)\s*$|^\s*(?:true|:|exit(?:\s+0)?|echo\b[^&|;]*)\s*$|--passWithNoTests|--pass-with-no-tests|--if-present|--testPathIgnorePatterns|--exit-zero|--no-fail\b|\bset\s+\+e\b|--deselect|\s-k\s*['"]?not\b/m;
const weaker = (before: string, after: string): boolean => WEAK.test(after) && !WEAK.test(before);

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

/** Paths of files that a command runs or reads: `./check.sh`, `scripts/test.mjs`. */
const filesOf = (command: string): string[] =>
  (command.match(/[\w@./-]+/g) ?? []).map((word) => word.replace(/^\.\//, '')).filter((word) => /\.\w+$|\//.test(word));

/**
 * Did the session change what the verify command does? A command of npm is followed through the scripts
 * of `package.json`; one of make to the Makefile; a script by its path.
 * @param file the text of a file before and after; null on the side where it is not.
 */
export function verifyChangeOf(
  command: string,
  changed: readonly string[],
  file: (path: string) => { before: string | null; after: string | null },
): VerifyChange {
  const paths = new Set<string>();
  let weakened = false;
  const note = (path: string, before: string, after: string): void => {
    if (before === after) return;
    paths.add(path);
    weakened ||= weaker(before, after);
  };
  const commands = [command];
  if (changed.includes(PACKAGE)) {
    const { before, after } = file(PACKAGE);
    const [old, now] = [scriptsOf(before), scriptsOf(after)];
    const [oldReached, nowReached] = [reached(command, old), reached(command, now)];
    for (const name of new Set([...Object.keys(oldReached), ...Object.keys(nowReached)])) {
      // One that is new to the chain is a change only when something was there before.
      if (Object.keys(oldReached).length > 0) note(PACKAGE, oldReached[name] ?? '', nowReached[name] ?? '');
    }
    commands.push(...Object.values(nowReached));
  }
  const called = commands.flatMap(filesOf);
  if (commands.some((each) => /(^|[\s;&|])g?make\b/.test(each))) called.push('Makefile', 'makefile', 'GNUmakefile');
  if (commands.some((each) => /(^|[\s;&|])just\b/.test(each))) called.push('justfile', 'Justfile');
  for (const path of new Set(called)) {
    if (path === PACKAGE || !changed.includes(path)) continue;
    const { before, after } = file(path);
    if (before !== null) note(path, before, after ?? '');
  }
  return { kind: paths.size === 0 ? 'same' : weakened ? 'weakened' : 'changed', paths: [...paths] };
}
