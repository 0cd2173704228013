import { ANY, plain } from '../atoms.ts';
import type { Command, Judge, Look } from '../look.ts';
import { has, isOption, type OptionSpec, optionsNamed, parseOptions } from '../options.ts';
import { locate, spotsOf } from '../paths.ts';

const judgeRemove: Judge = (command, look) => {
  const parsed = parseOptions(command.argv.slice(1), { short: '', long: ['--interactive'] });
  const recursive =
    has(parsed, '-r', '-R', '--recursive', '--no-preserve-root') ||
    parsed.operands.some((word) => word.startsWith(ANY));
  for (const path of parsed.operands) look.remove(path, command, recursive);
  if (parsed.operands.every((path) => path === '')) look.find('low', 'deletes', 'Deletes nothing that is named.');
  return undefined;
};

/** `rimraf` always goes below. */
const judgeRemoveAll: Judge = (command, look) => {
  for (const path of parseOptions(command.argv.slice(1)).operands) look.remove(path, command, true);
  return undefined;
};

const judgeMove: Judge = (command, look) => {
  const parsed = parseOptions(command.argv.slice(1), { short: 'tS', long: ['--target-directory', '--suffix'] });
  const [target] = optionsNamed(parsed, '-t', '--target-directory');
  const sources = target ? parsed.operands : parsed.operands.slice(0, -1);
  const goal = target?.value ?? parsed.operands.at(-1) ?? ANY;
  for (const source of sources) {
    look.write(source, command);
    // What leaves the work tree, or was never in it, is gone from where it was.
    if (!inside(source, command, look) || !inside(goal, command, look)) look.remove(source, command, true);
    look.write(isDirectory(goal) ? `${goal}/${base(source)}` : goal, command);
  }
  if (sources.length === 0) look.write(goal, command);
  return undefined;
};

const base = (path: string): string => path.replace(/\/+$/u, '').split('/').at(-1) ?? '';
const isDirectory = (path: string): boolean => /(?:^|\/)\.{0,2}$/u.test(path);
const inside = (path: string, command: Command, look: Look): boolean =>
  spotsOf(path, command.cwd, look.context).every(
    ({ real, open }) => !open && locate(real, look.context).location === 'tree',
  );

/** `cp`, `install`, `rsync` between places of this machine: reads all but the last, writes the last. */
const judgeCopy =
  (spec: OptionSpec, target: readonly string[] = ['-t', '--target-directory']): Judge =>
  (command, look) => {
    const parsed = parseOptions(command.argv.slice(1), spec);
    const [into] = optionsNamed(parsed, ...target);
    const goal = into?.value ?? parsed.operands.at(-1) ?? ANY;
    const sources = into ? parsed.operands : parsed.operands.slice(0, -1);
    for (const source of sources) {
      look.read(source, command, { recursive: true });
      look.write(`${goal}/${base(source)}`, command);
    }
    look.write(goal, command);
    return undefined;
  };

const judgeLink: Judge = (command, look) => {
  const parsed = parseOptions(command.argv.slice(1), { short: 'tS', long: ['--target-directory', '--suffix'] });
  const [into] = optionsNamed(parsed, '-t', '--target-directory');
  const targets = into || parsed.operands.length === 1 ? parsed.operands : parsed.operands.slice(0, -1);
  const link = into?.value ?? (parsed.operands.length > 1 ? (parsed.operands.at(-1) ?? ANY) : '.');
  for (const target of targets) {
    // A symbolic link is read from where it lies: beside the link, or in it when that is a directory.
    const symbolic = parsed.options.some(({ name }) => name === '-s' || isOption(name, '--symbolic'));
    const from = symbolic && !/^[/~]/u.test(target) ? [`${link}/../${target}`, `${link}/${target}`] : [target];
    for (const path of from) {
      look.read(path, command);
      if (!inside(path, command, look))
        look.find('high', 'links_outside', `Links to ${plain(target)}, outside the work tree.`);
    }
  }
  look.write(link, command);
  return undefined;
};

/** Writes every operand: `touch`, `mkdir`, `tee`. */
const judgeWriter =
  (spec: OptionSpec = {}, skip = 0): Judge =>
  (command, look) => {
    const parsed = parseOptions(command.argv.slice(1), spec);
    const copies = (command.argv[0] ?? '').endsWith('tee');
    look.find('read', 'writes', `Runs ${plain(command.argv[0] ?? '')}.`);
    for (const path of parsed.operands.slice(skip)) {
      look.write(path, command);
      if (copies) look.wrote(path, command, command.stdin);
    }
    return copies ? command.stdin : undefined;
  };

/** Harmless ways to set a mode: what a checkout or an editor does too. */
const PLAIN_MODE = /^(?:[ugoa]*[-+=][rwxX]+|0?[4-7][0-7][0-7])$/u;
const FOR_OTHERS = /o[ugoa]*[+=][rxX]*w|a[ugo]*[+=][rxX]*w|^[0-7]+[2367]$/u;

const judgeMode: Judge = (command, look) => {
  const words = command.argv.slice(1).filter((word) => !/^-[RfvcHLP]+$|^--/u.test(word));
  const byReference = command.argv.some((word) => word.startsWith('--reference'));
  const [mode = ANY, ...paths] = byReference ? [ANY, ...words] : words;
  const recursive = command.argv.some((word) => /^-[a-zA-Z]*R/u.test(word));
  if (/s|t/u.test(mode) || /^[2467]\d{3}$/u.test(mode))
    look.find('critical', 'privileges', `Lets others run with the owner's rights (${plain(mode)}).`);
  for (const path of paths) {
    look.write(path, command);
    const ordinary = /^g?chmod$/u.test(base(command.argv[0] ?? '')) && PLAIN_MODE.test(mode) && !FOR_OTHERS.test(mode);
    const wide = recursive && /^(?:\.|\.\/|\/)$/u.test(path);
    if (!ordinary || wide || !inside(path, command, look))
      look.find('high', 'permissions', `Changes who may use ${plain(path)} (${plain(mode)}).`);
  }
  return undefined;
};

const judgePatch: Judge = (command, look) => {
  const parsed = parseOptions(command.argv.slice(1), {
    short: 'pidoDrBzYFg',
    long: ['--input', '--directory', '--output'],
  });
  for (const { value } of optionsNamed(parsed, '-i', '--input')) if (value) look.read(value, command);
  for (const { value } of optionsNamed(parsed, '-o', '--output')) if (value) look.write(value, command);
  look.write(optionsNamed(parsed, '-d', '--directory')[0]?.value ?? '.', command);
  for (const path of parsed.operands) look.write(path, command);
  look.find('medium', 'patches', 'Changes files whose names are not known yet.');
  return undefined;
};

const judgeMktemp: Judge = (command, look) => {
  look.find('low', 'temporary', 'Makes a temporary file.');
  const parsed = parseOptions(command.argv.slice(1), { short: 'pt', long: ['--tmpdir', '--suffix'] });
  for (const path of parsed.operands)
    if (path.startsWith('/') && !/^\/(?:var\/)?tmp\//u.test(path)) look.write(path, command);
  return { kind: 'names', values: ['/tmp/made-now'] };
};

const COMPRESSORS = [
  'gzip',
  'bzip2',
  'xz',
  'zstd',
  'lz4',
  'pigz',
  'bunzip2',
  'unxz',
  'brotli',
  'dos2unix',
  'unix2dos',
  'sponge',
  'truncate',
  'mkfifo',
  'touch',
  'mkdir',
  'tee',
  'csplit',
  'plutil',
];

export const fileJudges: readonly (readonly [string, Judge])[] = [
  ...['rm', 'unlink', 'grm', 'trash'].map((name) => [name, judgeRemove] as const),
  ...['rimraf', 'del-cli', 'del'].map((name) => [name, judgeRemoveAll] as const),
  ['rmdir', judgeWriter()],
  ['mv', judgeMove],
  ['gmv', judgeMove],
  ['cp', judgeCopy({ short: 'tS', long: ['--target-directory', '--suffix'] })],
  ['gcp', judgeCopy({ short: 'tS', long: ['--target-directory', '--suffix'] })],
  ['install', judgeCopy({ short: 'tSmog', long: ['--target-directory', '--mode', '--owner', '--group'] })],
  ['ditto', judgeCopy({}, [])],
  ['ln', judgeLink],
  ...COMPRESSORS.map(
    (name) =>
      [
        name,
        judgeWriter({
          short:
            name === 'truncate' ? 'sr' : name === 'mkdir' || name === 'mkfifo' ? 'm' : name === 'touch' ? 'tdrA' : '',
        }),
      ] as const,
  ),
  ['split', judgeCopy({ short: 'blnaC' })],
  ...['chmod', 'chown', 'chgrp', 'chflags', 'setfacl', 'chattr', 'gchmod'].map((name) => [name, judgeMode] as const),
  ['patch', judgePatch],
  ['mktemp', judgeMktemp],
];
