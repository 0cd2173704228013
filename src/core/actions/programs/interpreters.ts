import { ANY, isExact, plain } from '../atoms.ts';
import { judgeUrl } from '../commands/addresses.ts';
import type { Command, Flow, Judge, Look } from '../look.ts';
import { has, isOption, type OptionSpec, optionsNamed, type Parsed, parseOptions } from '../options.ts';
import { judgeInline, judgeUnclear, languageOf } from './inline.ts';
import { understandJs } from './inline-js.ts';
import { understandPython } from './inline-python.ts';
import { judgeProgram, judgeProgramFile, type Language } from './scripts.ts';

const NODE_LANGUAGE = languageOf(understandJs);
const PYTHON_LANGUAGE = languageOf(understandPython);
const OTHER_LANGUAGE = languageOf(() => null);

/** Options that load code before the program: each names a file or an installed package. */
function judgePreloads(parsed: Parsed, names: readonly string[], command: Command, look: Look): void {
  for (const { value } of optionsNamed(parsed, ...names)) {
    if (value !== null && /^[./~]|:\/\//u.test(value)) judgeProgramFile(value, command, look, { args: [] });
    else if (value !== null && /^[a-z]+:(?!.*\.js$)/u.test(value) && !value.startsWith('node:'))
      look.find('high', 'unknown_program', `Loads the program ${plain(value).slice(0, 80)}.`);
    else look.find('medium', 'preloads', `Loads ${plain(value ?? 'something')} before the program.`);
  }
}

const NODE: OptionSpec = {
  short: 'reCp',
  long: [
    '--eval',
    '--print',
    '--require',
    '--import',
    '--loader',
    '--experimental-loader',
    '--env-file',
    '--env-file-if-exists',
    '--conditions',
    '--test-name-pattern',
    '--test-reporter',
    '--test-reporter-destination',
    '--watch-path',
    '--input-type',
    '--title',
    '--run',
    '--disable-warning',
    '--tsconfig',
    '--project',
  ],
  stops: true,
};

/** `node`, and what runs TypeScript in its place. */
export const judgeNode: Judge = (command, look) => {
  const words = command.argv.slice(1).map((word) => (word === '-pe' ? '-p' : word));
  const parsed = parseOptions(words, NODE);
  const [file, ...args] = parsed.operands[0] === 'watch' ? parsed.operands.slice(1) : parsed.operands;
  judgePreloads(parsed, ['-r', '--require', '--import', '--loader', '--experimental-loader'], command, look);
  for (const { name, value } of parsed.options)
    if (name.startsWith('--inspect') && value !== null && !/^(?:\d+|(?:localhost|127\.0\.0\.1)(?::\d+)?)$/u.test(value))
      look.find('high', 'opens_port', 'Opens a port on which other machines can run code.');
  const [inline] = optionsNamed(parsed, '-e', '--eval', '-p', '--print');
  if (inline) {
    // `-pe` and `-p` take the program as the next word too.
    judgeInline(
      inline.value ?? file ?? '',
      inline.value === null ? args : parsed.operands,
      understandJs,
      command,
      look,
    );
    return undefined;
  }
  for (const { value } of optionsNamed(parsed, '--env-file', '--env-file-if-exists'))
    look.find('high', 'uses_credentials', `Gives the program what is in ${plain(value ?? '')}.`);
  for (const { name, value } of parsed.options)
    if (value !== null && /^[/~.]/u.test(value) && /(?:dir|file|name|warnings|destination|blob|report\S*)$/u.test(name))
      look.write(value, command);
  const [script] = optionsNamed(parsed, '--run');
  if (script) return look.run(['npm', 'run', script.value ?? ''], command);
  if (has(parsed, '-v', '--version', '-h', '--help') && file === undefined) {
    look.find('read', 'version', 'Shows the version of a program.');
    return undefined;
  }
  if (has(parsed, '-c', '--check') && file !== undefined) {
    look.read(file, command);
    return undefined;
  }
  if (has(parsed, '--test')) return judgeTestRunner(parsed.operands, command, look);
  return judgeScript(file, args, command, look, NODE_LANGUAGE);
};

function judgeTestRunner(files: readonly string[], command: Command, look: Look): undefined {
  if (look.inTree(command)) look.find('low', 'project_check', "Runs the project's tests.");
  else look.find('high', 'runs_outside', 'Runs tests outside the work tree.');
  for (const file of files) if (/^[/~]|\.\.\//u.test(file)) judgeProgramFile(file, command, look, { args: [] });
  return undefined;
}

const AGENT_PACKAGE = /@anthropic-ai[/+]claude-code|\/claude-code\/(?:cli|bin)/u;
const PACKAGE_BIN = /(?:^|\/)node_modules\/(?:\.bin\/([\w.-]+)|(?:@[\w.-]+\/)?([\w.-]+)\/.*)$/u;

/** A script given to an interpreter; one of an installed tool is judged as that tool. */
export function judgeScript(
  file: string | undefined,
  args: readonly string[],
  command: Command,
  look: Look,
  language: Language,
): Flow | undefined {
  const tool = file === undefined ? null : PACKAGE_BIN.exec(file);
  if (file !== undefined && AGENT_PACKAGE.test(file)) return look.run(['claude', ...args], command);
  if (file !== undefined && tool && look.inTree(command) && !/^[/~]|\.\./u.test(file))
    return look.run([tool[1] ?? tool[2] ?? '', ...args], command);
  if (file !== undefined && /^https?:/u.test(file)) {
    judgeUrl(file, command, look);
    look.find('critical', 'runs_download', 'Runs a program straight from the network.', { irreversible: true });
    return undefined;
  }
  judgeProgram(file, args, command, look, language);
  return undefined;
}

/** Python modules run with `-m`, and the command that each one stands for. */
// biome-ignore format: pairs
const MODULES: Readonly<Record<string, readonly string[]>> = {
  pip: ['pip'], pytest: ['pytest'], unittest: ['pytest'], mypy: ['mypy'], ruff: ['ruff'], black: ['black'], isort: ['isort'],
  flake8: ['flake8'], pylint: ['pylint'], coverage: ['coverage'], tox: ['tox'], nox: ['nox'], pyright: ['pyright'], doctest: ['pytest'],
  'json.tool': ['uniq'], compileall: ['pytest'], py_compile: ['pytest'], build: ['pytest'], venv: ['mkdir'], virtualenv: ['mkdir'],
  uv: ['uv'], poetry: ['poetry'], pipx: ['pipx'], twine: ['twine'], django: ['django-admin'], awscli: ['aws'], nuitka: ['pytest'],
};
const SERVERS =
  /^(?:http\.server|flask|uvicorn|gunicorn|streamlit|jupyter|notebook|mkdocs|sphinx|fastapi|hypercorn|daphne|celery|ipython)$/u;
const RISKY =
  /^(?:smtplib|smtpd|ftplib|telnetlib|webbrowser|ensurepip|zipapp|zipfile|tarfile|pty|code|idlelib|pdb|cProfile|profile|trace|timeit|runpy|socketserver|xmlrpc.*|antigravity|lib2to3.*|pickle|pickletools|shelve|turtle.*|keyring)$/u;

export const judgePython: Judge = (command, look) => {
  const words = command.argv.slice(1);
  const parsed = parseOptions(words, { short: 'cmWX', stops: true, long: ['--check-hash-based-pycs'] });
  const ends = parsed.options.findIndex(({ name }) => name === '-c' || name === '-m');
  const [kind, value] = [parsed.options[ends]?.name, parsed.options[ends]?.value ?? ''];
  if (kind === '-c') {
    const args = words.slice(words.findIndex((word) => word === value) + 1);
    judgeInline(value, args, understandPython, command, look);
  } else if (kind === '-m') {
    const args = words.slice(words.findIndex((word) => word === value || word === `-m${value}`) + 1);
    const same = Object.hasOwn(MODULES, value) ? MODULES[value] : undefined;
    if (same) return look.run([...same, ...args], command);
    if (SERVERS.test(value)) {
      look.find('medium', 'server', `Starts ${value}.`);
      for (const { value: served } of optionsNamed(
        parseOptions(args, { short: 'd', long: ['--directory'] }),
        '-d',
        '--directory',
      ))
        look.read(served ?? ANY, command, { recursive: true });
      if (value === 'http.server' && !look.inTree(command))
        look.find('high', 'runs_outside', 'Serves files outside the work tree.');
    } else if (RISKY.test(value) || !isExact(value))
      look.find('high', 'unknown_program', `Runs the module ${plain(value)}.`);
    else if (look.inTree(command)) look.find('medium', 'project_script', `Runs the module ${value}.`);
    else look.find('high', 'runs_outside', `Runs the module ${value} outside the work tree.`);
  } else if (has(parsed, '-V', '--version', '-h', '--help') && parsed.operands.length === 0)
    look.find('read', 'version', 'Shows the version of a program.');
  else {
    const [file, ...args] = parsed.operands;
    const framework = /^(?:\.\/)?(?:manage|setup)\.py$/u.exec(file ?? '');
    if (framework && look.inTree(command)) return look.run([framework[0].replace('./', ''), ...args], command);
    return judgeScript(file, args, command, look, PYTHON_LANGUAGE);
  }
  return undefined;
};

/** `s/a/b/`, `print if /a/`: what of Perl is understood. Code in a pattern or a replacement is not. */
const PERL_STATEMENT =
  /^(?:s([/|#,])(?:(?!\1)[^\\$@(]|\$(?=\1|\))|\\[^\n]|\((?!\?\??\{))*\1(?:(?!\1)[^\\$@]|\\[^\n]|\$\d)*\1[gimsx]*|(?:print|next|last)(?: (?:if|unless) (?:\/(?:[^\\$@(/]|\\[^\n]|\((?!\?\??\{))*\/[imsx]*|\$\. ?[<>=]=? ?\d+))?)?$/u;
const isPlainPerl = (program: string): boolean =>
  program.length < 500 &&
  isExact(program) &&
  program.split(';').every((statement) => PERL_STATEMENT.test(statement.trim()));

export const judgePerl: Judge = (command, look) => {
  // `-i.bak` keeps copies; what follows the letter is no option.
  const words = command.argv.slice(1).map((word) => word.replace(/^(-[a-z0-9]*i)\..+$/u, '$1'));
  const parsed = parseOptions(words, { short: 'eEIMmF', stops: true });
  const programs = optionsNamed(parsed, '-e', '-E');
  const loads = has(parsed, '-M', '-m', '-I', '-d', '-x', '-S');
  if (programs.length === 0)
    return has(parsed, '-v')
      ? undefined
      : judgeScript(parsed.operands[0], parsed.operands.slice(1), command, look, OTHER_LANGUAGE);
  const clear = !loads && programs.every(({ value }) => value !== null && isPlainPerl(value));
  if (!clear) judgeUnclear(programs.map(({ value }) => value).join('\n'), command, look);
  else look.find('read', 'computes', 'Runs a small program that changes text.');
  const edits = parsed.options.some(({ name }) => name === '-i');
  for (const file of parsed.operands) {
    if (edits) look.write(file, command);
    else look.read(file, command);
  }
  return undefined;
};

/** An interpreter of which no inline program is understood: `ruby -e`, `php -r`, `lua -e`. */
export function judgeOther(inline: readonly string[], spec: OptionSpec): Judge {
  return (command, look) => {
    const parsed = parseOptions(command.argv.slice(1), { ...spec, stops: true });
    const [program] = parsed.options.filter(({ name }) => inline.some((option) => isOption(name, option)));
    if (program) judgeUnclear(program.value ?? '', command, look);
    else if (has(parsed, '-v', '--version', '-h', '--help') && parsed.operands.length === 0)
      look.find('read', 'version', 'Shows the version of a program.');
    else if (has(parsed, command.argv[0]?.startsWith('php') ? '-l' : '-c') && parsed.operands[0] !== undefined)
      look.read(parsed.operands[0], command);
    else return judgeScript(parsed.operands[0], parsed.operands.slice(1), command, look, OTHER_LANGUAGE);
    return undefined;
  };
}
