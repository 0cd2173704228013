import type { Risk } from '../../shared/policy.ts';
import { ANY, isExact, plain } from './atoms.ts';
import { AGENTS } from './commands/agents.ts';
import { judgeExec, judgeManagerOptions, judgeNpx } from './commands/package-bins.ts';
import { isProjectTool, judgePlace } from './commands/project-tools.ts';
import { setOf } from './list.ts';
import { type Command, inDirectory, type Judge, type Look } from './look.ts';
import { has, type OptionSpec, optionsNamed, parseOptions } from './options.ts';
import { judgeScriptName } from './programs/scripts.ts';

/** How a package manager's verbs are meant; first words only. */
const INSTALLS =
  /^(?:install|i|in|ins|inst|insta|instal|isnt|isnta|isntal|isntall|ci|clean-install|ic|install-clean|add|install-test|it|cit|install-ci-test)$/u;
const PUBLISHES =
  /^(?:publish|unpublish|deprecate|undeprecate|dist-tag|dist-tags|access|owner|author|adduser|add-user|login|logout|token|profile|team|org|hook|stage|star|unstar|set-script|trust|pub\w*|unp\w*)$/u;
const SHOWS = setOf(
  'ls list ll la explain why root prefix bin help help-search version -v --version licenses doctor fund query sbom completion get diff config pkg store dedupe-check',
);
const FETCHES = setOf(
  'view info show v search s se find outdated audit ping repo docs bugs whoami update up upgrade prune dedupe ddp rebuild rb uninstall remove rm un r unlink fetch import dedupe cache pack init version shrinkwrap approve-scripts',
);
const SCRIPTS = setOf('test t tst start stop restart');

function judgeInstall(verb: string, words: readonly string[], command: Command, look: Look): void {
  const parsed = parseOptions(words, {
    long: [
      '--prefix',
      '--workspace',
      '--filter',
      '--registry',
      '--dir',
      '--tag',
      '--save-prefix',
      '--loglevel',
      '--omit',
      '--include',
      '--cache',
    ],
    short: 'wCF',
  });
  const packages = parsed.operands;
  if (has(parsed, '-g', '--global', '--location')) look.find('high', 'installs', 'Installs for the whole machine.');
  if (packages.length === 0 || /^(?:ci|clean-install|ic|install-clean)$/u.test(verb))
    look.find('medium', 'installs', 'Installs the packages that the project declares.');
  else
    look.find(
      'high',
      'adds_package',
      `Adds packages, which may run code when they are installed (${plain(packages.join(' ')).slice(0, 120)}).`,
      { irreversible: true },
    );
  for (const word of packages) if (/^(?:[./~]|file:)/u.test(word)) look.read(word.replace(/^file:/u, ''), command);
}

/** Options that stand before the verb: `npm --prefix web run build`, `pnpm -r --filter a test`. */
const LEADING: OptionSpec = {
  short: 'CFw',
  long: [
    '--prefix',
    '--dir',
    '--filter',
    '--workspace',
    '--cwd',
    '--loglevel',
    '--cache',
    '--registry',
    '--userconfig',
    '--globalconfig',
    '--script-shell',
    '--workspace-concurrency',
    '--config',
  ],
  stops: true,
};

/** Options that only say in which packages something runs. */
const EACH = /^-[A-Za-z]+$|^--(?:all|parallel|topological\S*|interlaced|verbose|since)$/u;
/** Managers whose `exec` fetches what is not installed. */
const FETCHING = setOf('npm bun');
const EVALUATES: OptionSpec = { short: 'ep', long: ['--eval', '--print'] };

interface Manager {
  name: string;
  /** A word that is no verb is a script or a program of the project. */
  bare: boolean;
}

const judgeManager =
  ({ name, bare }: Manager): Judge =>
  (given, look) => {
    const parsed = parseOptions(given.argv.slice(1), LEADING);
    const evaluates = name === 'bun' ? parseOptions(given.argv.slice(1), EVALUATES) : { options: [], operands: [] };
    const [inline] = optionsNamed(evaluates, '-e', '--eval', '-p', '--print');
    if (inline) return look.run(['node', '-e', inline.value ?? ANY], given);
    const [place] = optionsNamed(parsed, '--prefix', '--dir', '--cwd', '-C').map(({ value }) => value ?? ANY);
    const command = place === undefined ? given : inDirectory(given, place);
    const [verb = '', ...rest] = parsed.operands;
    const own = rest.includes('--') ? rest.slice(0, rest.indexOf('--')) : rest;
    judgeManagerOptions([...parsed.options.map(({ name: option }) => option), ...own], look);
    judgePlace(name, command, look);
    if (!isExact(verb))
      look.find('high', 'unknown_program', `Runs ${name} with a verb that is only known when it runs.`);
    else if (verb === '' && parsed.options.some((option) => /^(?:-v|--version|-h|--help)$/u.test(option.name)))
      look.find('read', 'version', 'Shows the version of a program.');
    else if (verb === '') judgeInstall('install', [], command, look);
    else if (/^(?:exec|x|dlx)$/u.test(verb))
      return judgeExec(rest[0] === '--' ? rest.slice(1) : rest, command, look, verb === 'dlx' || FETCHING.has(name));
    else if (verb === 'explore') return look.run(rest.slice(rest[1] === '--' ? 2 : 1), command);
    else if (/^(?:run|run-script|rum|urn)$/u.test(verb) || SCRIPTS.has(verb))
      judgeScript(verb, rest, command, look, name);
    else if (/^(?:workspaces?|recursive|m|multi|global)$/u.test(verb)) {
      // `yarn workspace web test`, `yarn workspaces foreach -A run test`: what follows is a call of its own.
      const words = rest
        .slice(verb === 'workspace' || rest[0] === 'foreach' ? 1 : 0)
        .filter((word) => !EACH.test(word));
      return judgeManager({ name, bare })({ ...command, argv: [name, ...words] }, look);
    } else judgeVerb(verb, rest, command, look, { name, bare });
    return undefined;
  };

function judgeScript(verb: string, rest: readonly string[], command: Command, look: Look, name: string): void {
  const scripts = SCRIPTS.has(verb)
    ? [verb]
    : parseOptions(rest, { long: ['--workspace', '--prefix', '--filter'], short: 'wF', stops: true }).operands.slice(
        0,
        1,
      );
  if (scripts.length === 0) look.find('read', 'reads', "Lists the project's scripts.");
  for (const script of scripts) {
    if (name === 'bun' && /\.[cm]?[jt]sx?$/u.test(script)) look.run(['node', script], command);
    else
      judgeScriptName(
        script === 't' || script === 'tst' ? 'test' : script,
        `${name} ${verb === script ? '' : 'run '}${script}`,
        look,
      );
  }
  // What follows goes to the script: it may lead it out of the work tree.
  for (const word of rest)
    for (const path of word.split('='))
      if (/^(?:[/~]|\.\.\/)/u.test(path) && !look.inTree(inDirectory(command, path)))
        look.find('high', 'uses_outside', `Gives ${plain(path)}, outside the work tree.`);
}

const RISKS: readonly (readonly [RegExp, Risk, string, string])[] = [
  [
    /^(?:config|c|get) (?:list|ls|get(?! .*(?:auth|token|password|_auth)))|^get (?!.*(?:auth|token))|^pkg get|^config$/u,
    'read',
    'reads',
    'Shows settings',
  ],
  [/^config get|^get /u, 'critical', 'credentials', 'Shows a stored credential'],
  [/^(?:config|c|set) /u, 'high', 'package_scripts', 'Changes the settings of a package manager'],
  [/^pkg (?:set|delete|fix)/u, 'high', 'package_scripts', "Changes the project's package scripts"],
  [/^(?:init|create|innit) [^-]/u, 'high', 'foreign_program', 'Fetches and runs a program that is not known'],
  [/^create\b/u, 'high', 'foreign_program', 'Fetches and runs a program that is not known'],
  [/^(?:init|innit|pack|shrinkwrap)\b/u, 'low', 'edits_worktree', 'Writes a file of the project'],
  [
    /^(?:link|ln|plugin (?:import|remove)|set (?:version|resolution)|patch-commit|env|self-update|approve-builds|setup|policies|upgrade$)/u,
    'high',
    'package_scripts',
    'Changes what the package manager runs',
  ],
  [/^audit (?:fix|--fix)|^(?:update|up|upgrade) [^-]/u, 'high', 'adds_package', 'Changes which packages are installed'],
  [/^cache clean|^store prune/u, 'medium', 'caches', "Empties the package manager's cache"],
];

function judgeVerb(verb: string, rest: readonly string[], command: Command, look: Look, { name, bare }: Manager): void {
  const line = [verb, ...rest].join(' ');
  const rule = RISKS.find(([pattern]) => pattern.test(line));
  if (PUBLISHES.test(verb) || /^npm (?:publish|login|logout|tag)/u.test(line))
    look.find(
      'critical',
      'publishes',
      `Publishes or changes what is published (${plain(`${name} ${line}`).slice(0, 120)}).`,
      { irreversible: true },
    );
  else if (INSTALLS.test(verb)) judgeInstall(verb, rest, command, look);
  else if (rule) look.find(rule[1], rule[2], `${rule[3]} (${plain(`${name} ${line}`).slice(0, 120)}).`);
  else if (FETCHES.has(verb))
    look.find('medium', 'network', `Works with the package registry (${plain(`${name} ${line}`).slice(0, 120)}).`);
  else if (SHOWS.has(verb))
    look.find('read', 'reads', `Shows something of the packages (${plain(`${name} ${line}`).slice(0, 120)}).`);
  else if (!bare)
    look.find('high', 'unknown_program', `Does something with ${name} that is not known (${plain(verb)}).`);
  else if (/\.[cm]?[jt]sx?$/u.test(verb) || /^[-./]/u.test(verb)) look.run(['node', verb, ...rest], command);
  else if (verb === 'build' && name === 'bun') look.run(['esbuild', ...rest], command);
  else if (isProjectTool(verb) || AGENTS.has(verb) || look.knows(verb)) look.run([verb, ...rest], command);
  else judgeScript('run', [verb, ...rest], command, look, name);
}

/** `npm-run-all a b`: every word is a script. */
const judgeAll: Judge = (command, look) => {
  for (const word of command.argv.slice(1)) if (!word.startsWith('-')) judgeScriptName(word, `npm run ${word}`, look);
  judgePlace('npm', command, look);
  return undefined;
};

export const packageJudges: readonly (readonly [string, Judge])[] = [
  ['npm', judgeManager({ name: 'npm', bare: false })],
  ['pnpm', judgeManager({ name: 'pnpm', bare: true })],
  ['yarn', judgeManager({ name: 'yarn', bare: true })],
  ['yarnpkg', judgeManager({ name: 'yarn', bare: true })],
  ['bun', judgeManager({ name: 'bun', bare: true })],
  ...['npx', 'bunx', 'pnpx', 'uvx'].map((name) => [name, judgeNpx] as const),
  ...['npm-run-all', 'run-s', 'run-p'].map((name) => [name, judgeAll] as const),
];
