import { BELOW, globToAtoms } from '../atoms.ts';
import type { Command, Judge, Look } from '../look.ts';
import { optionsNamed, parseOptions } from '../options.ts';

const WITH_VALUE =
  /^-(?:maxdepth|mindepth|path|wholename|ipath|iwholename|regex|iregex|type|xtype|size|mtime|atime|ctime|mmin|amin|cmin|newer\w*|anewer|cnewer|user|group|uid|gid|perm|links|inum|samefile|fstype|lname|ilname|context|printf|regextype|used|flags|depth)$/u;
const RUNS = /^-(?:exec|execdir|ok|okdir)$/u;

/**
 * Which names a test lets through: only names that every way to an action passes are a limit
 * (`\( -name a -o -name b \) -delete`; but `-name a -o -delete` limits nothing).
 */
interface Group {
  /** Limit of the branch being read; null: any name. */
  names: readonly string[] | null;
  /** Limits of the branches before it, `-o` between them. */
  before: (readonly string[] | null)[];
  negated: boolean;
}

const newGroup = (): Group => ({ names: null, before: [], negated: false });

function limitOf(group: Group): readonly string[] | null {
  const branches = [...group.before, group.names];
  return branches.every((names) => names !== null) ? branches.flatMap((names) => names ?? []) : null;
}

interface Action {
  names: readonly string[] | null;
  /** The words of the command, or null for `-delete`. */
  argv: readonly string[] | null;
}

/** Reads a find expression: its actions with the names that each can meet, and the files that it writes. */
function readExpression(words: readonly string[]): {
  actions: Action[];
  names: readonly string[] | null;
  writes: string[];
  reads: string[];
} {
  const groups: Group[] = [newGroup()];
  const found = {
    actions: [] as Action[],
    names: null as readonly string[] | null,
    writes: [] as string[],
    reads: [] as string[],
  };
  const top = (): Group => groups.at(-1) ?? newGroup();
  let negated = false;
  const limit = (): readonly string[] | null => groups.findLast((group) => group.names !== null)?.names ?? null;
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] ?? '';
    const value = words[at + 1] ?? '';
    if (word === '!' || word === '-not') {
      negated = true;
      continue;
    }
    if (word === '(') groups.push({ ...newGroup(), negated });
    else if (word === ')' && groups.length > 1) {
      const group = groups.pop();
      if (group && !group.negated) top().names ??= limitOf(group);
    } else if (word === '-o' || word === '-or' || word === ',') {
      const group = top();
      group.before.push(group.names);
      group.names = null;
    } else if (word === '-name' || word === '-iname') {
      if (!negated) top().names ??= [globToAtoms(value)];
      at += 1;
    } else if (WITH_VALUE.test(word)) {
      if (/^-(?:newer|samefile|anewer|cnewer)/u.test(word)) found.reads.push(value);
      at += 1;
    } else if (word === '-delete') found.actions.push({ names: limit(), argv: null });
    else if (/^-f(?:print0?|ls|printf)$/u.test(word)) {
      found.writes.push(value);
      at += word === '-fprintf' ? 2 : 1;
    } else if (RUNS.test(word)) {
      const end = words.findIndex(
        (next, index) => index > at && (next === ';' || (next === '+' && words[index - 1] === '{}')),
      );
      const stop = end < 0 ? words.length : end;
      found.actions.push({ names: limit(), argv: words.slice(at + 1, stop) });
      at = stop;
    }
    negated = false;
  }
  const first = groups[0] ?? newGroup();
  found.names = groups.length === 1 ? limitOf(first) : null;
  return found;
}

const valuesIn = (roots: readonly string[], names: readonly string[] | null): string[] =>
  roots.flatMap((root) => (names ? names.map((name) => `${root}/${BELOW}/${name}`) : [root, `${root}/${BELOW}`]));

function judgeActions(actions: readonly Action[], roots: readonly string[], command: Command, look: Look): void {
  for (const { names, argv } of actions) {
    for (const value of valuesIn(roots, names).slice(0, 32)) {
      if (argv)
        look.run(
          argv.map((word) => word.replaceAll('{}', value)),
          { ...command, stdin: { kind: 'nothing' } },
        );
      else look.remove(value, command, false);
    }
  }
}

const judgeFind: Judge = (command, look) => {
  look.find('read', 'reads', 'Searches for files.');
  const words = command.argv.slice(1);
  const start = words.findIndex((word) => /^(?:-(?!H$|L$|P$|E$|X$|d$|s$|x$|O\d|D$|f$)|[(!,])/u.test(word));
  const roots = words
    .slice(0, start < 0 ? words.length : start)
    .filter((word) => !/^-(?:[HLPEXdsxf]|O\d)$/u.test(word));
  const places = roots.length > 0 ? roots : ['.'];
  for (const root of places) look.read(root, command, { names: true, recursive: true });
  const { actions, names, writes, reads } = readExpression(start < 0 ? [] : words.slice(start));
  for (const path of writes) look.write(path, command);
  for (const path of reads) look.read(path, command, { names: true });
  // Only what is empty goes: nothing is lost.
  const kept = words.includes('-empty') ? actions.filter(({ argv }) => argv !== null) : actions;
  if (kept.length < actions.length) look.find('low', 'deletes', 'Deletes empty files and directories.');
  judgeActions(kept, places, command, look);
  return { kind: 'names', values: valuesIn(places, names).slice(0, 32) };
};

const judgeFd: Judge = (command, look) => {
  look.find('read', 'reads', 'Searches for files.');
  const words = command.argv.slice(1);
  const at = words.findIndex((word) => /^(?:-[a-zA-Z]*[xX]|--exec(?:-batch)?)$/u.test(word));
  const parsed = parseOptions(at < 0 ? words : words.slice(0, at), {
    short: 'dEtecSo',
    long: [
      '--max-depth',
      '--exclude',
      '--type',
      '--extension',
      '--color',
      '--size',
      '--base-directory',
      '--search-path',
    ],
  });
  const given = [
    ...parsed.operands.slice(1),
    ...optionsNamed(parsed, '--base-directory', '--search-path').map(({ value }) => value ?? '.'),
  ];
  const roots = given.length > 0 ? given : ['.'];
  for (const root of roots) look.read(root, command, { names: true, recursive: true });
  const extensions = optionsNamed(parsed, '-e', '--extension').map(({ value }) => globToAtoms(`*.${value ?? ''}`));
  const names = extensions.length > 0 ? extensions : null;
  if (at >= 0) {
    const argv = words.slice(at + 1).filter((word) => word !== ';');
    const template = argv.some((word) => word.includes('{}')) ? argv : [...argv, '{}'];
    judgeActions(
      [{ names, argv: template.map((word) => word.replace(/\{[/.]{1,2}\}/gu, '{}')) }],
      roots,
      command,
      look,
    );
  }
  return { kind: 'names', values: valuesIn(roots, names).slice(0, 32) };
};

export const findJudges: readonly (readonly [string, Judge])[] = [
  ...['find', 'gfind'].map((name) => [name, judgeFind] as const),
  ...['fd', 'fdfind'].map((name) => [name, judgeFd] as const),
];
