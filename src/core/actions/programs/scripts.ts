import type { Risk } from '../../../shared/policy.ts';
import { isExact, plain } from '../atoms.ts';
import { touchesTenure } from '../commands/addresses.ts';
import type { Command, Flow, Look } from '../look.ts';
import { locate, shortPath, spotsOf } from '../paths.ts';
import { riskOfScript } from './script-names.ts';

/** Words after which Tenure's own program acts rather than shows. */
const ACTING =
  /^(?:approve|deny|stop|run|launch|level|promotion|project|policy|rules|pause|resume|start|config|token|login|service|schedule|abort)$/u;
const ENVIRONMENT = /(?:^|\/)bin\/activate(?:\.\w+)?$/u;
const SHELL_SETUP =
  /^\/(?:\.nvm\/nvm\.sh|\.cargo\/env|\.sdkman\/bin\/sdkman-init\.sh|\.asdf\/asdf\.sh|\.bun\/_bun|\.(?:zshrc|bashrc|bash_profile|zprofile|profile))$/u;

/** Does sourcing the file only set up an environment (`.venv/bin/activate`, `~/.nvm/nvm.sh`)? */
export const isSetup = (file: string): boolean =>
  ENVIRONMENT.test(file) || SHELL_SETUP.test(file.slice(Math.max(file.indexOf('/.'), 0)));

/** Judges a call of Tenure's own program by its words. */
export function judgeTenureProgram(args: readonly string[], look: Look): void {
  const verb = args.find((word) => !word.startsWith('-')) ?? '';
  touchesTenure(look, ACTING.test(verb) || !isExact(verb));
}

const TEXT: Readonly<Record<Risk, (name: string) => string>> = {
  read: (name) => `Runs ${name}.`,
  low: (name) => `Runs ${name}, one of the project's own checks.`,
  medium: (name) => `Runs the project's own program ${name}.`,
  high: (name) => `Runs ${name}, whose name says that it changes more than the work tree.`,
  critical: (name) => `Runs ${name}, whose name says that it publishes or deploys.`,
};

/** Judges a script of the project by its name (`npm run …`, `make …`, `scripts/….sh`). */
export function judgeScriptName(name: string, shown: string, look: Look): void {
  const risk = isExact(name) ? riskOfScript(name) : 'high';
  look.find(
    risk,
    risk === 'critical' ? 'publishes' : 'project_script',
    TEXT[risk](plain(shown)),
    risk === 'critical' ? { irreversible: true } : {},
  );
}

/** Judges the text of a program in its language. */
export type Language = (text: string, args: readonly string[], command: Command, look: Look) => void;

interface ProgramFile {
  args: readonly string[];
  /** Runs in the shell itself. */
  sourced?: boolean;
  /** The language of the file; without one it is what its first line says. */
  language?: Language;
}

/** Judges text that is run as a program without anybody having seen it. */
export function judgeUnseen(flow: Flow, look: Look): void {
  const from = flow.kind === 'unknown' ? flow.from : 'program';
  if (from === 'network')
    look.find('critical', 'runs_download', 'Runs a program straight from the network.', { irreversible: true });
  else if (from === 'decoder')
    look.find('critical', 'runs_hidden', 'Runs a program that is hidden in encoded text.', { irreversible: true });
  else look.find('high', 'unknown_program', 'Runs a program that is only known when it runs.', { irreversible: true });
}

/** Judges what the line itself has just put into the file that it runs; false when it put nothing there. */
function judgeWritten(real: string, command: Command, look: Look, { args, language }: ProgramFile): boolean {
  const flow = look.written(real);
  if (flow?.kind === 'text') {
    const shell = !/^#!.*\b(?:node|python|perl|ruby|php|deno|bun)/u.test(flow.text);
    if (language) language(flow.text, args, command, look);
    else if (shell) look.script(flow.text, command, args);
    else look.suspect(flow.text, command);
  } else if (flow) judgeUnseen(flow, look);
  return flow !== null && flow.kind !== 'text';
}

/** Judges a file that is run: by where it lies, and inside the work tree by its name. */
export function judgeProgramFile(file: string, command: Command, look: Look, given: ProgramFile): void {
  if (!isExact(file))
    return look.find('high', 'unknown_program', `Runs ${plain(file)}, a program that is only known when it runs.`);
  for (const { real } of spotsOf(file, command.cwd, look.context)) {
    const { location, path } = locate(real, look.context);
    look.context.note?.('held', real);
    const shown = shortPath(real, look.context);
    if (location === 'tenure') judgeTenureProgram(given.args, look);
    else if (location === 'tree') {
      if (judgeWritten(real, command, look, given)) continue;
      look.glimpse(file, command);
      if (/^\/(?:.*\/)?\.(?:git|claude)\//u.test(path))
        look.find('high', 'project_script', `Runs ${shown}, which is hidden away.`);
      else if (given.sourced && ENVIRONMENT.test(path))
        look.find('low', 'project_script', `Enters the environment of ${shown}.`);
      else judgeScriptName(path.slice(path.lastIndexOf('/') + 1), shown, look);
    } else if (given.sourced && SHELL_SETUP.test(path) && location !== 'elsewhere')
      look.find('medium', 'shell_setup', `Runs ${shown}, the person's own shell set-up.`);
    else look.find('high', 'runs_outside', `Runs ${shown}, a program outside the work tree.`, { irreversible: true });
  }
}

/** Judges a program that is read from a file, a substitution or the standard input. */
export function judgeProgram(
  file: string | undefined,
  args: readonly string[],
  command: Command,
  look: Look,
  language: Language,
): void {
  const given = file === undefined || file === '-' || /^\/dev\/(?:stdin|fd\/0)$/u.test(file);
  const flow = given ? command.stdin : look.substituted(file);
  if (flow === null) judgeProgramFile(file ?? '', command, look, { args, language });
  else if (flow.kind === 'text') language(flow.text, args, command, look);
  else if (flow.kind === 'nothing') look.find('medium', 'interactive', 'Starts an interpreter that reads its program.');
  else judgeUnseen(flow, look);
}
