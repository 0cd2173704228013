import { isExact, plain } from '../atoms.ts';
import type { Command, Flow, Judge, Look } from '../look.ts';
import { has, optionsNamed, parseOptions } from '../options.ts';
import { judgeProgram, type Language } from './scripts.ts';

/** `sh -c 'text'`: the text is judged as the commands that it is. */
export function judgeShellText(text: string, command: Command, look: Look, args: readonly string[] = []): Flow {
  if (!isExact(text))
    look.find('high', 'unknown_program', `Runs text that is only known when it runs (${plain(text).slice(0, 80)}).`);
  return look.script(text, command, args);
}

const SHELL: Language = (text, args, command, look) => {
  judgeShellText(text, command, look, args);
};

export const judgeShell: Judge = (command, look) => {
  const words = command.argv.slice(1);
  const at = words.findIndex((word) => /^-[a-zA-Z]*c[a-zA-Z]*$/u.test(word));
  const first = words.findIndex((word) => !/^[-+]/u.test(word));
  const name = command.argv[0] ?? 'sh';
  if (/^(?:fish|csh|tcsh|xonsh|nu|elvish|pwsh)$/u.test(name.slice(name.lastIndexOf('/') + 1)))
    look.find('high', 'not_understood', `Runs ${name}, whose language is not understood here.`);
  const parsed = parseOptions(words, { short: 'oO', long: ['--rcfile', '--init-file'], stops: true });
  for (const { value } of optionsNamed(parsed, '--rcfile', '--init-file'))
    judgeProgram(value ?? undefined, [], command, look, SHELL);
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
  const file = has(parsed, '-s') ? undefined : parsed.operands[0];
  const args = has(parsed, '-s') ? parsed.operands : parsed.operands.slice(1);
  judgeProgram(file, args, command, look, SHELL);
  return undefined;
};
