import { isExact, plain } from '../atoms.ts';
import type { Command, Flow, Judge, Look } from '../look.ts';
import { has, optionsNamed, parseOptions } from '../options.ts';
import { judgeProgramFile, judgeUnseen } from './scripts.ts';

/** Judges a program that is read from a file, a substitution or the standard input. */
export function judgeOperand(
  file: string | undefined,
  args: readonly string[],
  command: Command,
  look: Look,
): Flow | undefined {
  if (file !== undefined && file !== '-' && !/^\/dev\/(?:stdin|fd\/0)$/u.test(file))
    judgeProgramFile(file, command, look, { args, flow: look.substituted(file) });
  else if (command.stdin.kind === 'nothing')
    look.find('medium', 'interactive', 'Starts an interpreter that reads its program.');
  else judgeUnseen(command.stdin, look);
  return undefined;
}

/** `sh -c 'text'`: the text is judged as the commands that it is. */
export function judgeShellText(text: string, command: Command, look: Look, args: readonly string[] = []): Flow {
  if (!isExact(text))
    look.find('high', 'unknown_program', `Runs text that is only known when it runs (${plain(text).slice(0, 80)}).`);
  return look.script(text, command, args);
}

export const judgeShell: Judge = (command, look) => {
  const words = command.argv.slice(1);
  const at = words.findIndex((word) => /^-[a-zA-Z]*c[a-zA-Z]*$/u.test(word));
  const first = words.findIndex((word) => !/^[-+]/u.test(word));
  const name = command.argv[0] ?? 'sh';
  if (/^(?:fish|csh|tcsh|xonsh|nu|elvish)$/u.test(name.slice(name.lastIndexOf('/') + 1)))
    look.find('high', 'not_understood', `Runs ${name}, whose language is not understood here.`);
  const parsed = parseOptions(words, { short: 'oO', long: ['--rcfile', '--init-file'], stops: true });
  for (const { value } of optionsNamed(parsed, '--rcfile', '--init-file'))
    judgeOperand(value ?? undefined, [], command, look);
  if (words.length === 1 && has(parsed, '--version', '--help')) return undefined;
  if (at >= 0 && (first < 0 || at < first || words.slice(0, at).some((word) => /^[-+][oO]$/u.test(word)))) {
    const rest = words.slice(at + 1);
    // Options may still follow `-c`: `sh -c -x 'text'`.
    const text = rest.findIndex((word) => !/^[-+]/u.test(word));
    if (text < 0) look.find('high', 'not_understood', 'Runs a shell without saying what.');
    else return judgeShellText(rest[text] ?? '', command, look, rest.slice(text + 1));
    return undefined;
  }
  if (has(parsed, '-n') && parsed.operands[0] !== undefined) {
    look.read(parsed.operands[0], command);
    return undefined;
  }
  const reads = has(parsed, '-s') || parsed.operands[0] === undefined;
  if (reads && command.stdin.kind === 'text') return look.script(command.stdin.text, command, parsed.operands);
  return judgeOperand(reads ? undefined : parsed.operands[0], parsed.operands.slice(1), command, look);
};
