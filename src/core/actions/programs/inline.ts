import { isExact, plain } from '../atoms.ts';
import { namesTenurePort, touchesTenure } from '../commands/addresses.ts';
import { asksNobody, denyUnchecked } from '../commands/agents.ts';
import type { Command, Look } from '../look.ts';
import { isSecretName } from '../scope.ts';
import type { Understood } from './inline-js.ts';
import { ARGUMENTS } from './inline-python.ts';
import { judgeProgramFile, type Language } from './scripts.ts';

type Understand = (text: string) => Understood | null;

const FORK_BOMB =
  /fork\s*(?:\(\s*\))?\s*(?:;\s*)?while|while\s*(?:\(?\s*(?:1|True|true|fork)\b)[^\n]*\s[^\n]*fork|while\s*\(?(?:1|True|true)[^\n]*\n[^\n]*fork|loop\s*\{\s*fork/u;
const VARIABLE =
  /(?:env(?:iron)?|ENV)(?:\.|\[\s*['"]|\.get\(\s*['"]|\.fetch\(\s*['"])([A-Z][A-Z0-9_]+)|getenv\(\s*['"]([A-Z][A-Z0-9_]+)|\$ENV\{['"]?([A-Z][A-Z0-9_]+)/gu;
const ENVIRONMENT = /process\.env(?![.[\w])|os\.environ(?![.[\w])|\bENV\.(?:to_h|each|inspect|map)|%ENV\b|getenv\(\)/u;
const LITERAL = /(["'`])((?:\\[^\n]|(?!\1)[^\\\n])*)\1/gu;

/** A program that is not understood: high, and more when something critical can be seen in it. */
export function judgeUnclear(text: string, command: Command, look: Look): void {
  look.find('high', 'unknown_program', `Runs a program that is not understood: ${plain(text).slice(0, 80)}`);
  for (const [, a, b, c] of text.matchAll(VARIABLE)) {
    const name = a ?? b ?? c ?? '';
    if (isSecretName(name))
      look.find('critical', 'credentials', `Uses ${name}, which holds a secret of the environment.`);
  }
  if (ENVIRONMENT.test(text)) look.find('high', 'shows_environment', 'Looks at every variable of the environment.');
  if (namesTenurePort(text, look) || /TENURE_[A-Z]/u.test(text)) touchesTenure(look, false);
  if (asksNobody(text.split(/[\s"'`,]+/u))) denyUnchecked(look);
  for (const [, , literal = ''] of [...text.matchAll(LITERAL)].slice(0, 24))
    if (literal.length > 2) look.suspect(literal, command);
}

/** Judges a program written into the command itself. What is not understood is high. */
export function judgeInline(
  text: string,
  args: readonly string[],
  understand: Understand,
  command: Command,
  look: Look,
): void {
  if (FORK_BOMB.test(text.slice(0, 4_000)))
    return look.find('critical', 'fork_bomb', 'Starts copies of itself without end.', { hardDeny: true });
  const found = isExact(text) ? understand(text) : null;
  if (!found) return judgeUnclear(text, command, look);
  look.find('read', 'computes', 'Runs a small program that was understood.');
  for (const file of found.reads) for (const path of file === ARGUMENTS ? args : [file]) look.read(path, command);
  for (const file of found.writes) for (const path of file === ARGUMENTS ? args : [file]) look.write(path, command);
  for (const file of found.runs) judgeProgramFile(file, command, look, { args });
}

export const languageOf =
  (understand: Understand): Language =>
  (text, args, command, look) =>
    judgeInline(text, args, understand, command, look);
