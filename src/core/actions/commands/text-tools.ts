import { ANY, isExact, NUMBER, plain } from '../atoms.ts';
import { type Command, type Flow, type Judge, type Look, madeFrom, UNKNOWN } from '../look.ts';
import { has, optionsNamed, parseOptions } from '../options.ts';
import { understandAwk } from '../programs/awk.ts';
import { judgeProgram } from '../programs/scripts.ts';
import { understandSed } from '../programs/sed.ts';
import { judgeShellText } from '../programs/shells.ts';

function notUnderstood(name: string, script: string, look: Look): void {
  look.find(
    'high',
    'unknown_program',
    `Runs ${name === 'awk' ? 'an' : 'a'} ${name} program that is not understood: ${plain(script).slice(0, 80)}`,
  );
}

const judgeSed: Judge = (command, look) => {
  look.find('read', 'reads', 'Runs sed.');
  const words = command.argv.slice(1);
  // BSD takes the suffix of `-i` as a word of its own: `sed -i '' …`.
  const at = words.findIndex((word) => /^-[nErsuz]*i$/u.test(word));
  if (at >= 0 && /^(?:\.\w+)?$/u.test(words[at + 1] ?? 'x')) words.splice(at + 1, 1);
  const edits = words.some((word) => /^-[nErsuzl]*i|^--i/u.test(word));
  // What follows `i` in its word is the suffix of the copies.
  const parsed = parseOptions(
    words.map((word) => word.replace(/^(-[nErsuz]*i).+$/u, '$1')),
    { short: 'efl', long: ['--expression', '--file', '--line-length'] },
  );
  const scripts = optionsNamed(parsed, '-e', '--expression').map(({ value }) => value ?? ANY);
  const files = optionsNamed(parsed, '-f', '--file').map(({ value }) => value ?? ANY);
  const operands = [...parsed.operands];
  if (scripts.length + files.length === 0) scripts.push(operands.shift() ?? '');
  for (const file of files) judgeProgram(file, [], command, look, (text) => void scripts.push(text));
  for (const script of scripts) {
    // A number says only which lines.
    const plainScript = script.replaceAll(NUMBER, '1');
    const found = isExact(plainScript) ? understandSed(plainScript) : null;
    if (!found) notUnderstood('sed', script, look);
    for (const path of found?.reads ?? []) look.read(path, command);
    for (const path of found?.writes ?? []) look.write(path, command);
  }
  for (const path of operands) {
    look.read(path, command);
    if (edits) look.write(path, command);
  }
  return printed(operands, command);
};

const printed = (operands: readonly string[], command: Command): Flow =>
  operands.length > 0 ? { kind: 'unknown', from: 'program' } : madeFrom(command.stdin);

const judgeAwk: Judge = (command, look) => {
  look.find('read', 'reads', 'Runs awk.');
  const parsed = parseOptions(command.argv.slice(1), {
    short: 'Fvfeil',
    long: ['--field-separator', '--assign', '--file', '--source', '--include', '--load'],
    stops: true,
  });
  const files = optionsNamed(parsed, '-f', '--file', '-i', '--include', '-l', '--load', '-E', '--exec');
  const scripts = optionsNamed(parsed, '-e', '--source').map(({ value }) => value ?? ANY);
  const operands = [...parsed.operands];
  for (const { value } of files) judgeProgram(value ?? ANY, [], command, look, (text) => void scripts.push(text));
  if (scripts.length + files.length === 0) scripts.push(operands.shift() ?? '');
  for (const script of scripts) {
    const found = isExact(script) ? understandAwk(script) : null;
    if (!found) notUnderstood('awk', script, look);
    for (const path of found?.reads ?? []) look.read(path, command);
    for (const path of found?.writes ?? []) look.write(path, command);
    for (const text of found?.runs ?? []) judgeShellText(text, { ...command, stdin: UNKNOWN }, look);
  }
  const edits = files.some(({ value }) => value === 'inplace');
  for (const path of operands.filter((word) => !/^[A-Za-z_]\w*=/u.test(word))) {
    look.read(path, command);
    if (edits) look.write(path, command);
  }
  return printed(operands, command);
};

/** Line editors take commands that run programs: nothing of theirs is understood. */
const judgeEditor: Judge = (command, look) => {
  const parsed = parseOptions(command.argv.slice(1), { short: 'cSusT' });
  const scripted =
    has(
      parsed,
      '-c',
      '-S',
      '-s',
      '-E',
      '-u',
      '--batch',
      '--eval',
      '--headless',
      '--cmd',
      '-l',
      '--load',
      '-f',
      '--funcall',
      '--script',
    ) ||
    parsed.operands.some((word) => word.startsWith('+')) ||
    /^(?:ed|ex|red)$/u.test(command.argv[0] ?? '');
  if (scripted) look.find('high', 'unknown_program', 'Runs an editor with commands that are not understood.');
  for (const path of parsed.operands.filter((word) => !word.startsWith('+'))) look.write(path, command);
  look.find('medium', 'interactive', 'Starts an editor.');
  return undefined;
};

export const textJudges: readonly (readonly [string, Judge])[] = [
  ...['sed', 'gsed'].map((name) => [name, judgeSed] as const),
  ...['awk', 'gawk', 'mawk', 'nawk'].map((name) => [name, judgeAwk] as const),
  ...['ed', 'ex', 'red', 'vi', 'vim', 'nvim', 'view', 'nano', 'emacs', 'pico', 'micro', 'hx'].map(
    (name) => [name, judgeEditor] as const,
  ),
];
