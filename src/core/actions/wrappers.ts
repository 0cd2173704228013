import { ANY, plain } from './atoms.ts';
import { judgeEnvironment } from './commands/environment.ts';
import type { Flow, Judge, Look } from './look.ts';
import { has, isOption, type OptionSpec, optionsNamed, parseOptions } from './options.ts';
import { judgeShellText } from './programs/shells.ts';

/** A program that runs another one: which of its options take a value, and how many words come first. */
interface Wrapper extends OptionSpec {
  /** Words before the command: `timeout 30 cmd`. */
  skip?: number;
  /** Options whose value is shell text: `flock file -c 'text'`. */
  text?: readonly string[];
}

const WRAPPERS: Readonly<Record<string, Wrapper>> = {
  nice: { short: 'n', long: ['--adjustment'] },
  ionice: { short: 'cnpPu', long: ['--class', '--classdata'] },
  nohup: {},
  setsid: {},
  stdbuf: { short: 'ioe', long: ['--input', '--output', '--error'] },
  unbuffer: {},
  timeout: { short: 'ks', long: ['--kill-after', '--signal'], skip: 1 },
  gtimeout: { short: 'ks', long: ['--kill-after', '--signal'], skip: 1 },
  time: { short: 'fo', long: ['--format', '--output'] },
  gtime: { short: 'fo', long: ['--format', '--output'] },
  chrt: { skip: 1, short: 'TPD' },
  taskset: { skip: 1 },
  caffeinate: { short: 'tw' },
  arch: {},
  strace: { short: 'aEeIoOpPsSuX', long: ['--trace', '--output', '--string-limit'] },
  ltrace: { short: 'aeloFsuwx' },
  dtruss: { short: 'nptb' },
  flock: { skip: 1, short: 'wEc', text: ['-c', '--command'], long: ['--timeout', '--wait', '--command'] },
  'xvfb-run': { short: 'enfsp', long: ['--server-args', '--server-num', '--auth-file', '--error-file'] },
  'dbus-run-session': { long: ['--config-file', '--dbus-daemon'] },
  'cross-env': {},
  'cross-env-shell': {},
  dotenv: { short: 'evp', long: ['--env', '--file'] },
  'env-cmd': { short: 'fer', long: ['--file', '--environments'] },
  entr: {},
  ts: {},
  retry: { short: 'tdm' },
  fakeroot: {},
  proxychains: {},
  'wait-on': { short: 'tdi' },
  catchsegv: {},
  valgrind: {},
  rlwrap: {},
  tini: {},
  'dumb-init': {},
  torsocks: {},
  repeat: { skip: 1 },
};

const ASSIGNMENT = /^([A-Za-z_]\w*)=([\s\S]*)$/u;

/** Takes `NAME=value` words off the front and judges them. */
function withoutAssignments(words: readonly string[], look: Look): readonly string[] {
  let at = 0;
  for (; at < words.length; at += 1) {
    const [, name, value] = ASSIGNMENT.exec(words[at] ?? '') ?? [];
    if (name === undefined || value === undefined) break;
    judgeEnvironment(name, value, look);
  }
  return words.slice(at);
}

const judgeWrapper =
  (spec: Wrapper): Judge =>
  (command, look) => {
    const parsed = parseOptions(command.argv.slice(1), { ...spec, stops: true });
    for (const { value } of optionsNamed(parsed, ...(spec.text ?? [])))
      if (value !== null) judgeShellText(value, command, look);
    for (const { value } of optionsNamed(parsed, '-o', '--output'))
      if (value !== null && /^[./~]/u.test(value)) look.write(value, command);
    const words = parsed.operands.slice(spec.skip ?? 0);
    // `flock file -c text`: the text stands where the command would.
    if (spec.text?.includes(words[0] ?? '')) return judgeShellText(words[1] ?? ANY, command, look);
    return look.run(withoutAssignments(words[0] === '--' ? words.slice(1) : words, look), command);
  };

const judgeEnv: Judge = (command, look) => {
  const words = command.argv.slice(1);
  const parsed = parseOptions(words, {
    short: 'uCSP',
    long: ['--unset', '--chdir', '--split-string', '--argv0'],
    stops: true,
  });
  for (const { value } of optionsNamed(parsed, '-S', '--split-string'))
    return judgeShellText([value ?? ANY, ...parsed.operands].join(' '), command, look);
  const [moved] = optionsNamed(parsed, '-C', '--chdir');
  const inner = withoutAssignments(parsed.operands[0] === '-' ? parsed.operands.slice(1) : parsed.operands, look);
  if (inner.length === 0) {
    look.find('high', 'shows_environment', 'Shows every variable of the environment, secrets included.');
    return undefined;
  }
  const cwd = moved ? [moved.value?.startsWith('/') ? moved.value : ANY] : command.cwd;
  return look.run(inner, { ...command, cwd });
};

const judgeSudo: Judge = (command, look) => {
  const parsed = parseOptions(command.argv.slice(1), {
    short: 'uUgpCrtThDRac',
    long: ['--user', '--group', '--chdir', '--command'],
    stops: true,
  });
  look.find('critical', 'privileges', `Runs with the rights of another user (${command.argv[0] ?? 'sudo'}).`);
  for (const { value } of optionsNamed(parsed, '-c', '--command'))
    if (value !== null) judgeShellText(value, command, look);
  return look.run(withoutAssignments(parsed.operands, look), command);
};

/** `command -v`, `exec -a name cmd`. */
const judgeCommand: Judge = (command, look) => {
  const parsed = parseOptions(command.argv.slice(1), { short: command.argv[0] === 'exec' ? 'a' : '', stops: true });
  if (command.argv[0] !== 'exec' && has(parsed, '-v', '-V')) {
    look.find('read', 'looks_up', 'Looks up where a program is.');
    return undefined;
  }
  return look.run(parsed.operands, command);
};

/** What `xargs` and `parallel` may add: each word that they read, each line, and all words at once. */
function fed(stdin: Flow): readonly (readonly string[])[] {
  if (stdin.kind === 'names') return stdin.values.map((value) => [value]);
  if (stdin.kind !== 'text') return [[ANY]];
  const pieces = (separator: RegExp, most: number): string[] =>
    stdin.text
      .split(separator)
      .filter((piece) => piece.trim() !== '')
      .slice(0, most);
  const words = pieces(/\s+/u, 64);
  return [words, ...words.map((word) => [word]), ...pieces(/[\n\0]/u, 16).map((line) => [line])];
}

const judgeXargs: Judge = (command, look) => {
  const parsed = parseOptions(command.argv.slice(1), {
    short: 'aEIJLnPRsd',
    long: [
      '--arg-file',
      '--delimiter',
      '--max-args',
      '--max-procs',
      '--max-lines',
      '--max-chars',
      '--process-slot-var',
      '--jobs',
      '--colsep',
    ],
    stops: true,
  });
  const [file] = optionsNamed(parsed, '-a', '--arg-file');
  const [marker] = parsed.options.filter(
    ({ name }) => name === '-I' || name === '-J' || isOption(name, '--replace') || name === '-i',
  );
  const place = marker ? (marker.value ?? '{}') : null;
  const words = parsed.operands.length > 0 ? parsed.operands : ['echo'];
  const values = file ? [[ANY]] : fed(command.stdin);
  const parallel = (command.argv[0] ?? '').endsWith('parallel');
  const at = parallel ? words.findIndex((word) => /^:{3,4}\+?$/u.test(word)) : -1;
  const template = at < 0 ? words : words.slice(0, at);
  const given = at < 0 ? values : words.slice(at + 1).map((word) => [word]);
  if (parallel && (template.length <= 1 || template.some((word) => /[\s;|&$`]/u.test(word)))) {
    for (const value of given) judgeShellText(template.join(' ').replaceAll('{}', value.join(' ')), command, look);
    return undefined;
  }
  const marked = place ?? (template.some((word) => word.includes('{}')) && parallel ? '{}' : null);
  for (const value of given) {
    const argv = marked ? template.map((word) => word.replaceAll(marked, value.join(' '))) : [...template, ...value];
    look.run(argv, { ...command, stdin: { kind: 'nothing' } });
  }
  return undefined;
};

/** `watch 'text'` gives its words to a shell. */
const judgeWatch: Judge = (command, look) => {
  const { operands, options } = parseOptions(command.argv.slice(1), {
    short: 'nq',
    long: ['--interval'],
    stops: true,
  });
  if (operands.length === 0) return undefined;
  // The words as they are, or joined and read by a shell.
  if (options.some(({ name }) => isOption(name, '-x', '--exec'))) look.run(operands, command);
  return judgeShellText(operands.join(' '), command, look);
};

/** `concurrently 'a' 'b'`: every word is shell text. */
const judgeEach: Judge = (command, look) => {
  const { operands } = parseOptions(command.argv.slice(1), {
    short: 'nclpswrm',
    long: ['--names', '--prefix-colors', '--success', '--max-processes', '--warmup', '--runs'],
  });
  for (const text of operands) judgeShellText(text.replace(/^(?:npm|pnpm|yarn|bun):/u, 'npm run '), command, look);
  return undefined;
};

/** `nodemon --exec 'text'`, `script -c 'text'`. */
const judgeTextOption =
  (names: readonly string[], spec: OptionSpec): Judge =>
  (command, look) => {
    const parsed = parseOptions(command.argv.slice(1), { ...spec, stops: true });
    const texts = optionsNamed(parsed, ...names);
    for (const { value } of texts) judgeShellText(value ?? ANY, command, look);
    if (texts.length > 0) return undefined;
    if (command.argv[0] !== 'script')
      return look.run(parsed.operands.length > 0 ? ['node', ...parsed.operands] : [], command);
    // BSD: `script file cmd …`.
    if (parsed.operands[0] !== undefined) look.write(parsed.operands[0], command);
    return look.run(parsed.operands.slice(1), command);
  };

const judgeBusybox: Judge = (command, look) => look.run(command.argv.slice(1), command);

/** Tools that put an installed version or an environment in front of a command: `nvm exec 20 node x`. */
const judgeVersioned =
  (verbs: readonly string[], skip: number, spec: OptionSpec = {}): Judge =>
  (command, look) => {
    const [, verb = '', ...rest] = command.argv;
    if (!verbs.includes(verb)) {
      const reads = /^(?:--version|-v|--help|list|ls|current|which|where|version|versions|info|status|env|show)$/u.test(
        verb,
      );
      const uses = /^(?:use|local|shell|allow|activate|reload)$/u.test(verb);
      if (reads) look.find('read', 'version', 'Shows which versions are installed.');
      else if (uses)
        look.find('medium', 'environment', `Changes the versions in use (${plain(command.argv.join(' '))}).`);
      else look.find('high', 'installs', `Changes what is installed (${plain(command.argv.join(' ')).slice(0, 80)}).`);
      return undefined;
    }
    const { operands } = parseOptions(rest, { ...spec, stops: true });
    const words = operands.slice(skip);
    return look.run(words[0] === '--' ? words.slice(1) : words, command);
  };

/** Verbs by which a file of the project runs in the person's own shell from then on. */
const judgeAllowing =
  (verbs: readonly string[], otherwise: Judge): Judge =>
  (command, look) => {
    if (!verbs.includes(command.argv[1] ?? '')) return otherwise(command, look);
    look.find('high', 'startup', "Makes a file of the project run in the person's own shell.");
    return undefined;
  };

const judgeCorepack: Judge = (command, look) => {
  const [, verb = ''] = command.argv;
  if (/^(?:npm|npx|pnpm|pnpx|yarn|bun)(?:@|$)/u.test(verb))
    return look.run([verb.replace(/@.*$/u, ''), ...command.argv.slice(2)], command);
  look.find(
    'high',
    'installs',
    `Changes which package managers are installed (${plain(command.argv.join(' ')).slice(0, 80)}).`,
  );
  return undefined;
};

export const wrapperJudges: readonly (readonly [string, Judge])[] = [
  ...Object.entries(WRAPPERS).map(([name, spec]) => [name, judgeWrapper(spec)] as const),
  ['env', judgeEnv],
  ...['sudo', 'doas', 'su', 'pkexec', 'runuser', 'gosu', 'su-exec', 'sudoedit'].map(
    (name) => [name, judgeSudo] as const,
  ),
  ...['command', 'builtin', 'exec'].map((name) => [name, judgeCommand] as const),
  ...['xargs', 'gxargs', 'parallel'].map((name) => [name, judgeXargs] as const),
  ['watch', judgeWatch],
  ['concurrently', judgeEach],
  ['hyperfine', judgeEach],
  ['script', judgeTextOption(['-c', '--command'], { short: 'cEIOBmtT', long: ['--command'] })],
  [
    'nodemon',
    judgeTextOption(['-x', '--exec'], { short: 'xweid', long: ['--exec', '--watch', '--ext', '--ignore', '--delay'] }),
  ],
  ...['busybox', 'toybox'].map((name) => [name, judgeBusybox] as const),
  ['nvm', judgeVersioned(['exec', 'run'], 1)],
  ['corepack', judgeCorepack],
  ['fnm', judgeVersioned(['exec'], 0, { long: ['--using'] })],
  ['volta', judgeVersioned(['run'], 0, { long: ['--node', '--npm'] })],
  ['mise', judgeAllowing(['trust'], judgeVersioned(['exec', 'x'], 0))],
  ['asdf', judgeVersioned(['exec'], 0)],
  ['rbenv', judgeVersioned(['exec'], 0)],
  ['pyenv', judgeVersioned(['exec'], 0)],
  ['direnv', judgeAllowing(['allow', 'permit', 'grant'], judgeVersioned(['exec'], 1))],
  ['conda', judgeVersioned(['run'], 0, { short: 'np', long: ['--name', '--prefix'] })],
  ['nix', judgeVersioned([], 0)],
];
