import { ANY, isExact, plain } from './atoms.ts';
import { namesTenurePort, touchesTenure } from './commands/addresses.ts';
import { AGENTS, asksNobody, denyUnchecked, judgeAgent } from './commands/agents.ts';
import { archiveJudges } from './commands/archives.ts';
import { cloudJudges } from './commands/cloud.ts';
import { containerJudges } from './commands/containers.ts';
import { curlJudges } from './commands/curl.ts';
import { databaseJudges } from './commands/databases.ts';
import { diskJudges, isWiper, judgeWipe } from './commands/disks.ts';
import { fileJudges } from './commands/files.ts';
import { findJudges } from './commands/find.ts';
import { networkJudges } from './commands/network.ts';
import { otherPackageJudges } from './commands/other-packages.ts';
import { judgeToolWords, projectJudges } from './commands/project-tools.ts';
import { readerJudges } from './commands/readers.ts';
import { systemJudges } from './commands/system.ts';
import { textJudges } from './commands/text-tools.ts';
import { judgeGit } from './git-command.ts';
import { setOf } from './list.ts';
import { type Command, type Flow, type Judge, type Look, madeFrom } from './look.ts';
import { parseOptions } from './options.ts';
import { packageJudges } from './packages.ts';
import { type Location, locate, spotsOf } from './paths.ts';
import { judgeNode, judgeOther, judgePerl, judgePython } from './programs/interpreters.ts';
import { judgeProgramFile, judgeTenureProgram } from './programs/scripts.ts';
import { judgeShell } from './programs/shells.ts';
import { wrapperJudges } from './wrappers.ts';

const named = (names: string, judge: Judge): (readonly [string, Judge])[] =>
  names.split(' ').map((name) => [name, judge] as const);

/** `php artisan …` is the project's own tool. */
const judgePhp: Judge = (command, look) => {
  if (command.argv[1] === 'artisan' && look.inTree(command)) return look.run(command.argv.slice(1), command);
  const { options } = parseOptions(command.argv.slice(1), { short: 'StdcrRBEF', stops: true });
  for (const { name, value } of options) if (name === '-t') look.read(value ?? ANY, command, { recursive: true });
  return judgeOther(['-r', '-R', '-B', '-E'], { short: 'rRBEdcSt' })(command, look);
};

/** Agents, class paths and files of options are code as much as the program is. */
const judgeJava: Judge = (command, look) => {
  judgeToolWords(command.argv.slice(1), command, look);
  return judgeOther([], { oneDash: true, long: ['-cp', '-classpath', '--class-path', '-p'] })(command, look);
};

const judgeTenure: Judge = ({ argv }, look) => {
  judgeTenureProgram(argv.slice(1), look);
  return undefined;
};

/** Every program that Tenure knows, by the name that it is called by. */
const COMMANDS: ReadonlyMap<string, Judge> = new Map<string, Judge>([
  ...readerJudges,
  ...textJudges,
  ...findJudges,
  ...fileJudges,
  ...archiveJudges,
  ...diskJudges,
  ...systemJudges,
  ...networkJudges,
  ...curlJudges,
  ...databaseJudges,
  ...containerJudges,
  ...cloudJudges,
  ...projectJudges,
  ...packageJudges,
  ...otherPackageJudges,
  ...wrapperJudges,
  ...named('sh bash zsh dash ksh ash mksh rbash fish csh tcsh xonsh nu elvish pwsh', judgeShell),
  ...named('node nodejs tsx ts-node ts-node-dev esno babel-node', judgeNode),
  ...named('python python3 python2 pypy pypy3 py', judgePython),
  ...named('perl', judgePerl),
  ...named('ruby irb jruby', judgeOther(['-e'], { short: 'erICx' })),
  ...named('php', judgePhp),
  ...named('lua luajit', judgeOther(['-e'], { short: 'el' })),
  ...named('Rscript', judgeOther(['-e'], { short: 'e' })),
  ...named('java', judgeJava),
  ...named(
    'tclsh expect elixir scala groovy guile clojure clj bb julia ghci runghc runhaskell octave jshell kotlin erl',
    judgeOther(['-e', '-c', '--eval', '-eval'], { short: 'ec' }),
  ),
  ...[...AGENTS].map((name) => [name, judgeAgent] as const),
  ['git', judgeGit],
  ['tenure', judgeTenure],
]);

const SYSTEM_BIN =
  /^(?:\/(?:usr\/(?:local\/)?)?s?bin|\/opt\/(?:homebrew|local)\/s?bin|\/usr\/libexec|\/usr\/local\/opt\/[^/]+\/bin)\/([^/]+)$/u;
const PROJECT_BIN =
  /\/(?:node_modules\/\.bin|\.venv\/bin|venv\/bin|vendor\/bin|\.bundle\/bin|\.tox\/[^/]+\/bin)\/([^/]+)$/u;
const WRAPPER_SCRIPTS = /^(?:gradlew|mvnw|artisan|manage\.py|setup\.py|rails|rake|rspec|bundle)$/u;

/** The judge of a name: as written, or in small letters where the disk makes no difference. */
function judgeOf(name: string, look: Look): Judge | undefined {
  const found = COMMANDS.get(name) ?? (look.context.caseInsensitive ? COMMANDS.get(name.toLowerCase()) : undefined);
  if (found) return found;
  if (isWiper(name)) return judgeWipe;
  return /^(?:python|pip|ruby|php|perl|lua|node|gcc|g\+\+|clang)-?\d[\d.]*$/u.test(name)
    ? COMMANDS.get(/^[a-z+]+/u.exec(name)?.[0] ?? '')
    : undefined;
}

export const isKnownProgram = (name: string, look: Look): boolean => judgeOf(name, look) !== undefined;

/** What any word of any command may say: Tenure's own places, a credential, permission checks switched off. */
function judgeAnyWords(command: Command, look: Look): void {
  const { tenurePaths } = look.context;
  const shortest = Math.min(...tenurePaths.map((path) => path.length));
  for (const word of command.argv) {
    for (const path of word.length < shortest ? [] : tenurePaths) {
      const at = word.toLowerCase().indexOf(path.toLowerCase());
      if (at < 0) continue;
      const rest = /^[^\s'"`;:,)]*/u.exec(word.slice(at + path.length))?.[0] ?? '';
      const found = word.slice(at, at + path.length) + rest;
      const spots = spotsOf(found, ['/'], look.context);
      if (spots.some(({ real }) => locate(real, look.context).location === 'tenure')) touchesTenure(look, false);
    }
    if (word.includes('TENURE_') && /\bTENURE_[A-Z]/u.test(word) && /[$.[]/u.test(word)) touchesTenure(look, false);
  }
  const name = command.argv[0] ?? '';
  if (QUOTES.has(name.slice(name.lastIndexOf('/') + 1))) return;
  judgePaths(command, look);
  if (asksNobody(command.argv.slice(1))) denyUnchecked(look);
}

/** Whatever an option means: a word that names a credential, or something of Tenure's, may be opened. */
function judgePaths(command: Command, look: Look): void {
  for (const word of command.argv.slice(1, 200)) {
    const value = word.replace(/^-{1,2}[\w-]*=?/u, '').replace(/^[\w.-]*=@?|^@/u, '');
    for (const path of value.length < 1_000 ? value.split(/[:,]/u) : [])
      if (/^[/~]/u.test(path)) look.glimpse(path, command);
  }
}

/** Programs whose words are text that they print or search for, or names of which they show no more. */
const QUOTES = setOf(
  'echo printf print grep egrep fgrep rg ag ack git sed awk gawk jq yq gh test [ ls find fd stat file du df tree basename dirname realpath readlink which ln',
);

/** A program that is not known: its words may still say what it touches. */
function judgeUnknown(command: Command, look: Look): void {
  const [name = '', ...words] = command.argv;
  const asks =
    words.length === 1 && /^(?:--version|-version|-v|-V|version|--help|-help|-h|help)$/u.test(words[0] ?? '');
  if (asks && isExact(name) && !name.includes('/'))
    return look.find('read', 'version', 'Shows the version of a program.');
  look.find(
    'high',
    isExact(name) ? 'unknown_program' : 'unknown_executable',
    `Runs ${plain(name)}, a program that is not known.`,
  );
  for (const word of words) {
    const path = word.replace(/^-{1,2}[\w-]+=?/u, '');
    if (/^[/~.]|\//u.test(path) || !isExact(path))
      if (!/^[a-z+]+:\/\//iu.test(path)) look.read(path === '' ? ANY : path, command);
    if (/^https?:|localhost|127\.0\.0\.1/iu.test(word) && namesTenurePort(word, look)) touchesTenure(look, false);
  }
}

/** Is the place one where programs are installed, and that only a person or an installer writes to? */
const isInstalled = (location: Location, path: string): boolean =>
  location === 'tree'
    ? PROJECT_BIN.test(path) || WRAPPER_SCRIPTS.test(path.slice(path.lastIndexOf('/') + 1))
    : /\/bin\/[^/]+$/u.test(path) && (/^(?:tools|system)$/u.test(location) || path.startsWith('/.local/bin/'));

/** A program called by its path: the system's own by its name, the project's as its script, others not at all. */
function judgePath(path: string, command: Command, look: Look): Flow | undefined {
  const system = SYSTEM_BIN.exec(path)?.[1];
  if (system !== undefined) return judgeNamed(system, command, look);
  for (const { real, open } of spotsOf(path, command.cwd, look.context)) {
    const { location, path: inside } = locate(real, look.context);
    const base = inside.slice(inside.lastIndexOf('/') + 1);
    const target = SYSTEM_BIN.exec(real)?.[1];
    if (open) judgeUnknown(command, look);
    else if (location === 'tenure') judgeTenureProgram(command.argv.slice(1), look);
    else if (target !== undefined) judgeNamed(target, command, look);
    else if (isInstalled(location, inside) && judgeOf(base, look)) return judgeNamed(base, command, look);
    else {
      judgeProgramFile(path, command, look, { args: command.argv.slice(1) });
      if (location !== 'tree' && judgeOf(base, look)) judgeNamed(base, command, look);
    }
    if (AGENTS.has(base) || base === 'tenure') judgeNamed(base, command, look);
  }
  return undefined;
}

function judgeNamed(name: string, command: Command, look: Look): Flow | undefined {
  look.context.note?.('program', name);
  const judge = judgeOf(name, look);
  if (!judge) judgeUnknown(command, look);
  return judge?.({ ...command, argv: [name, ...command.argv.slice(1)] }, look);
}

/** Judges one command with its words resolved: everything it would do, and what it prints. */
export function judgeCommand(command: Command, look: Look): Flow {
  const [name = ''] = command.argv;
  judgeAnyWords(command, look);
  const { worktree, verifyCommand } = look.context;
  const verifies =
    verifyCommand !== null && /^[\w\s./:@=-]+$/u.test(verifyCommand) && command.argv.join(' ') === verifyCommand.trim();
  if (verifies && command.env.size === 0 && command.cwd.every((cwd) => cwd === worktree)) {
    look.find('low', 'verify_command', "Runs the project's verify command.");
    return madeFrom(command.stdin);
  }
  const flow = name.includes('/') ? judgePath(name, command, look) : judgeNamed(name, command, look);
  return flow ?? madeFrom(command.stdin);
}
