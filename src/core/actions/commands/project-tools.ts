import type { Risk } from '../../../shared/policy.ts';
import { ANY, isExact, plain } from '../atoms.ts';
import { type Command, inDirectory, type Judge, type Look } from '../look.ts';
import { spotsOf } from '../paths.ts';
import { judgeScriptName } from '../programs/scripts.ts';
import { judgeShellText } from '../programs/shells.ts';
import { judgeEnvironment } from './environment.ts';
import { CHECKERS, TOOLS } from './project-table.ts';
import { riskOfVerbs, type Verbs, verbsOf } from './verbs.ts';

/** Options that make a tool run a command, and words that set one. */
const RUNS =
  /^--?(?:exec|toolexec|vettool|eval|shell|wrapper|run_under|call|use-shell|runner-cmd|exec-path)(?:=|$)|^-wrapper$|^-fplugin|^(?:SHELL|MAKESHELL|\.SHELLFLAGS)=|-D(?:exec\.|.*argLine)|--config=?.*(?:wrapper|runner|linker)|^--init-script|^-(?:javaagent|agentlib|agentpath)/u;
const WRITES =
  /^--?(?:o|out|output|outfile|out-?dir|output-?(?:file|dir|path)|outputFile|outFile|outDir|declarationDir|report-?(?:file|dir)|log-?file|coverage-?dir\w*|junit-?xml|html-report|target-dir|dist-?dir)$/u;

/** Options whose value chooses tests by their names. */
const PATTERN =
  /^(?:-t|--testNamePattern|--test-name-pattern|-k|-g|--grep|--filter|--testPathPatterns?|--test-path-pattern|-run|-skip)$/u;

/** A path in a word: `/a`, `../a`, `--config=/a`, `-I../a`. */
function pathsIn(word: string): string[] {
  return word
    .split(/[=,]/u)
    .map((part) => part.replace(/^-[A-Za-z](?=[/~.])/u, ''))
    .filter((part) => /^(?:[/~\uE000]|\.\.(?:\/|$))|\/\.\.(?:\/|$)/u.test(part) && !part.startsWith('//'));
}

/** A file that may hold credentials, by its name: a compiler shows what it cannot read, line by line. */
const CREDENTIAL =
  /^[\w./-]*(?:(?:^|\/)(?:\.(?:netrc|pypirc|pgpass|npmrc|git-credentials)|credentials|id_[a-z\d]+)|\.(?:env(?:\.[\w-]+)?|pem|key|p12|pfx|p8|jks|kdbx))$/iu;

/** What any tool of the project may be led to: code or output outside the work tree, commands in its options. */
export function judgeToolWords(words: readonly string[], command: Command, look: Look): void {
  words.forEach((word, at) => {
    const next = words[at + 1] ?? '';
    if (RUNS.test(word)) {
      look.find('high', 'runs_option', `Runs a program by the option ${plain(word).slice(0, 80)}.`);
      judgeShellText(word.includes('=') ? word.slice(word.indexOf('=') + 1) : next, command, look);
    }
    const [name, value] =
      word.startsWith('-') && word.includes('=')
        ? [word.slice(0, word.indexOf('=')), word.slice(word.indexOf('=') + 1)]
        : [word, next];
    if (WRITES.test(name) && value !== '' && !value?.startsWith('-')) look.write(value ?? ANY, command);
    for (const path of PATTERN.test(words[at - 1] ?? '') || PATTERN.test(name) ? [] : pathsIn(word)) {
      look.read(path, command);
      if (!isExact(path) || !look.inTree(inDirectory(command, path)))
        look.find('high', 'uses_outside', `Uses ${plain(path)}, outside the work tree.`);
    }
    for (const part of word.split(/[=,@]/u)) if (CREDENTIAL.test(part)) look.glimpse(part, command);
    if (/^https?:/u.test(word)) look.find('medium', 'network', `Reaches ${plain(word).slice(0, 120)}.`);
  });
}

/** Runs code of the project: only inside the work tree is that what the person asked for. */
export function judgePlace(name: string, command: Command, look: Look): void {
  if (!look.inTree(command)) look.find('high', 'runs_outside', `Runs ${plain(name)} outside the work tree.`);
  const fetched = command.cwd.some((cwd) =>
    spotsOf(cwd, ['/'], look.context).some(({ real }) => look.written(real) !== null),
  );
  if (fetched)
    look.find('high', 'foreign_program', `Runs ${plain(name)} on what this line has just fetched.`, {
      irreversible: true,
    });
}

const judgeChecker: Judge = (command, look) => {
  const name = command.argv[0] ?? '';
  if (command.argv.length === 2 && command.argv[1] === '--version') {
    look.find('read', 'version', 'Shows the version of a program.');
    return undefined;
  }
  look.find('low', 'project_check', `Runs ${plain(name)}, one of the project's own checks.`);
  judgePlace(name, command, look);
  judgeToolWords(command.argv.slice(1), command, look);
  return undefined;
};

const TEXT: Readonly<Record<Risk, string>> = {
  read: 'Shows something of the project',
  low: "Runs one of the project's own checks",
  medium: 'Starts a server, fetches, or runs a program of the project',
  high: 'Changes more than the work tree',
  critical: 'Publishes, deploys or destroys data',
};

const DATABASE = /(?:^| )(?:db[: ]|\S*migrat|ef database|ecto\.|seed|schema:)/u;
const PRODUCTION = /^(?:\w*ENV(?:IRONMENT)?=|--env(?:ironment)?=|-e=?)(?:prod|production|live|staging)$/iu;

/** A migration says by its environment whose data it changes; back to an earlier state, data is lost. */
function judgeProduction({ argv, env }: Command, look: Look): void {
  const words = argv.slice(1);
  if (!DATABASE.test(words.join(' '))) return;
  const set = [...env].map(([name, value]) => `${name}=${value}`);
  const pairs = words.map((word, at) =>
    /^(?:-e|--env(?:ironment)?)$/u.test(word) ? `-e=${words[at + 1] ?? ''}` : word,
  );
  if ([...set, ...pairs].some((word) => PRODUCTION.test(word)))
    look.find('critical', 'changes_data', "Changes the database that people work with, by the environment's name.", {
      irreversible: true,
    });
  if (/(?:^| )(?:migrate(?: \S+)+ zero|ef database update 0)(?: |$)/u.test(words.join(' ')))
    look.find('critical', 'destroys_data', 'Undoes every migration, with the data in it.', { irreversible: true });
}

const judgeTool =
  (spec: Verbs): Judge =>
  (command, look) => {
    const words = command.argv.slice(1);
    const risk = riskOfVerbs(words, spec);
    look.find(
      risk,
      spec.code,
      `${TEXT[risk]} (${plain(command.argv.join(' ')).slice(0, 120)}).`,
      risk === 'critical' ? { irreversible: true } : {},
    );
    judgeProduction(command, look);
    const publish = spec.code === 'publishes' ? words.findIndex((word) => /^(?:-p|--publish)(?:=|$)/u.test(word)) : -1;
    if (publish >= 0 && !/never/u.test(`${words[publish]} ${words[publish + 1] ?? ''}`))
      look.find('critical', 'publishes', 'Publishes what it builds.', { irreversible: true });
    judgePlace(command.argv[0] ?? '', command, look);
    judgeToolWords(words, command, look);
    return /^(?:lerna|nx)$/u.test(command.argv[0] ?? '') ? judgeExecuted(words, command, look) : undefined;
  };

/** `lerna exec -- cmd`, `nx exec -- cmd`: the command in each package. */
function judgeExecuted(words: readonly string[], command: Command, look: Look): undefined {
  const at = words.indexOf('exec');
  if (at < 0) return;
  const rest = words.slice(at + 1).filter((word, index, all) => all.indexOf('--') < index || !word.startsWith('-'));
  judgeShellText(rest.filter((word) => word !== '--').join(' '), command, look);
}

/** `prove -l t` runs the tests of a Perl project, with `-e` by another program. */
const judgeProve: Judge = (command, look) => {
  const words = command.argv.slice(1);
  look.find('low', 'project_check', "Runs the project's tests.");
  judgePlace('prove', command, look);
  judgeToolWords(words, command, look);
  if (words.some((word) => /^(?:-[a-zA-Z]*[eMP]|--(?:exec|source|formatter|harness|ssh|rc))/u.test(word)))
    look.find('high', 'runs_option', 'Has its tests run by a program of its own choice.');
  return undefined;
};

const MAKE_VALUES = /^-[CfIjlo]$|^--(?:directory|file|makefile|jobs|include-dir|load-average)$/u;

/** `make a b VAR=value`: each target is a script of the project. */
const judgeMake: Judge = (command, look) => {
  const words = command.argv.slice(1);
  const at = words.findIndex((word) => /^(?:-C|--directory|--justfile-dir\S*|--working-directory|-d)$/u.test(word));
  const place = at >= 0 ? inDirectory(command, words[at + 1] ?? ANY) : command;
  const targets = verbsOf(words, MAKE_VALUES).filter((word) => !/^\w+[:+?]?=/u.test(word));
  judgePlace(command.argv[0] ?? 'make', place, look);
  judgeToolWords(words, command, look);
  for (const word of words) {
    const [, name, value] = /^(\w+)[:+?]?=([\s\S]*)$/u.exec(word) ?? [];
    if (name !== undefined && value !== undefined) judgeEnvironment(name, value, look);
    if (/^\w+[:+?]?=[\s\S]*[$`;|&]/u.test(word))
      look.find('high', 'runs_option', `Sets ${plain(word).slice(0, 80)}, which may run something.`);
  }
  const read = words.some(
    (word, index) =>
      /^(?:-f-|--file=-|--makefile=-)$/u.test(word) ||
      (/^(?:-f|--file|--makefile|--justfile)$/u.test(word) && words[index + 1] === '-'),
  );
  if (read)
    look.find('high', 'unknown_program', 'Runs a makefile that is written into the command.', { irreversible: true });
  const shows = (command.argv[0] ?? '').endsWith('make')
    ? /^(?:-n|--dry-run|--just-print)$/u
    : /^(?:-n|--dry(?:-run)?|-l|--list|--summary|--evaluate)$/u;
  if (words.some((word) => shows.test(word))) look.find('low', 'project_check', 'Shows what would be run.');
  else if (targets.length === 0) look.find('low', 'project_check', 'Builds the project.');
  else for (const target of targets) judgeScriptName(target, `${command.argv[0]} ${target}`, look);
  return undefined;
};

export const projectJudges: readonly (readonly [string, Judge])[] = [
  ...CHECKERS.map((name) => [name, judgeChecker] as const),
  ...Object.entries(TOOLS).map(([name, spec]) => [name, judgeTool(spec)] as const),
  ...['mvnw', 'maven'].map((name) => [name, judgeTool(TOOLS.mvn ?? { code: 'project_check', other: 'high' })] as const),
  ['prove', judgeProve],
  ['bazelisk', judgeTool(TOOLS.bazel ?? { code: 'project_check', other: 'high' })],
  ...['gradlew'].map((name) => [name, judgeTool(TOOLS.gradle ?? { code: 'project_check', other: 'high' })] as const),
  ...['make', 'gmake', 'ant', 'just', 'task', 'invoke', 'inv', 'poe', 'mage'].map((name) => [name, judgeMake] as const),
];

/** Does the word name a tool that may come from the project's installed packages? */
export const isProjectTool = (name: string): boolean => CHECKERS.includes(name) || Object.hasOwn(TOOLS, name);
