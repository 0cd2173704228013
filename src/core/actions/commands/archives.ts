import { ANY, isExact, plain } from '../atoms.ts';
import { inDirectory, type Judge } from '../look.ts';
import { has, optionsNamed, parseOptions } from '../options.ts';
import { judgeShellText } from '../programs/shells.ts';

/** Options of archivers that run another program. */
const RUNS = [
  '--to-command',
  '--checkpoint-action',
  '--use-compress-program',
  '--rsh-command',
  '--rmt-command',
  '--info-script',
  '--new-volume-script',
  '-I',
  '-F',
  '--unzip-command',
];

const judgeTar: Judge = (command, look) => {
  const [first = '', ...rest] = command.argv.slice(1);
  // The old style has no dash: `tar xzf file`.
  const words = /^[a-zA-Z]+$/u.test(first) ? [`-${first}`, ...rest] : [first, ...rest];
  const parsed = parseOptions(words, {
    short: 'fCTXbIFNKVg',
    long: [
      '--file',
      '--directory',
      '--files-from',
      '--exclude',
      '--exclude-from',
      '--transform',
      '--use-compress-program',
      '--to-command',
      '--checkpoint-action',
      '--strip-components',
      '--rsh-command',
      '--one-top-level',
    ],
  });
  for (const { name, value } of optionsNamed(parsed, ...RUNS))
    if (name !== '-F' || /linux/u.test(look.context.platform)) {
      look.find('high', 'runs_option', `Runs ${plain(value ?? 'a program')} while it packs or unpacks.`);
      judgeShellText((value ?? ANY).replace(/^exec=/u, ''), command, look);
    }
  const [file] = optionsNamed(parsed, '-f', '--file');
  const [into] = optionsNamed(parsed, '-C', '--directory');
  if (file?.value?.includes(':'))
    look.find('high', 'sends', `Uses an archive on another machine (${plain(file.value)}).`);
  if (has(parsed, '-x', '--extract', '--get')) {
    if (file?.value) look.read(file.value, command);
    look.write(into?.value ?? '.', command);
    for (const { value } of optionsNamed(parsed, '--one-top-level')) if (value) look.write(value, command);
    look.find('medium', 'unpacks', 'Unpacks files whose names are not known yet.');
    if (has(parsed, '-P', '--absolute-names')) look.find('high', 'unpacks', 'Unpacks to wherever the archive says.');
  } else if (has(parsed, '-t', '--list')) look.read(file?.value ?? ANY, command);
  else {
    if (file?.value && file.value !== '-') look.write(file.value, command);
    const place = into?.value ?? '.';
    const from = inDirectory(command, place);
    for (const path of parsed.operands) look.read(path, from, { recursive: true });
    if (has(parsed, '--remove-files')) for (const path of parsed.operands) look.remove(path, from, true);
  }
  return undefined;
};

const judgeUnzip: Judge = (command, look) => {
  const parsed = parseOptions(command.argv.slice(1), { short: 'dxP' });
  if (parsed.operands[0] !== undefined) look.read(parsed.operands[0], command);
  if (has(parsed, '-l', '-Z', '-t', '-v', '-p', '-z')) return { kind: 'unknown', from: 'decoder' };
  look.write(optionsNamed(parsed, '-d')[0]?.value ?? '.', command);
  look.find('medium', 'unpacks', 'Unpacks files whose names are not known yet.');
  return undefined;
};

const judgeZip: Judge = (command, look) => {
  const parsed = parseOptions(command.argv.slice(1), {
    short: 'xinbPt',
    long: ['--unzip-command', '--exclude', '--include'],
  });
  const [archive, ...paths] = parsed.operands;
  if (
    parsed.options.some(({ name }) => name === '-T') &&
    command.argv.some((word) => /^-\w*TT|^--unzip-command/u.test(word))
  )
    look.find('high', 'runs_option', 'Runs a program while it packs.');
  if (archive !== undefined) look.write(archive, command);
  for (const path of paths) look.read(path, command, { recursive: true });
  return undefined;
};

const judgeRsync: Judge = (command, look) => {
  const parsed = parseOptions(command.argv.slice(1), {
    short: 'efBTM',
    long: [
      '--rsh',
      '--exclude',
      '--include',
      '--filter',
      '--files-from',
      '--exclude-from',
      '--rsync-path',
      '--log-file',
      '--port',
      '--bwlimit',
    ],
  });
  if (parsed.operands.some((path) => /^[^/]*:|^rsync:/u.test(path) || !isExact(path)))
    look.find('high', 'sends', 'Copies files to or from another machine.', { irreversible: true });
  for (const { value } of optionsNamed(parsed, '-e', '--rsh', '--rsync-path'))
    judgeShellText(value ?? ANY, command, look);
  if (has(parsed, '-e', '--rsh', '--rsync-path'))
    look.find('high', 'runs_option', 'Runs a program of its own choice to connect.');
  for (const { value } of optionsNamed(parsed, '--log-file')) if (value) look.write(value, command);
  for (const path of parsed.operands.slice(0, -1))
    if (!path.includes(':')) look.read(path, command, { recursive: true });
  const goal = parsed.operands.at(-1) ?? ANY;
  if (!goal.includes(':')) {
    look.write(goal, command);
    if (
      has(
        parsed,
        '--delete',
        '--del',
        '--delete-after',
        '--delete-before',
        '--delete-excluded',
        '--remove-source-files',
      )
    )
      look.remove(`${goal}/`, command, true);
  }
  return undefined;
};

export const archiveJudges: readonly (readonly [string, Judge])[] = [
  ...['tar', 'gtar', 'bsdtar', 'cpio'].map((name) => [name, judgeTar] as const),
  ['unzip', judgeUnzip],
  ['zip', judgeZip],
  ['rsync', judgeRsync],
];
