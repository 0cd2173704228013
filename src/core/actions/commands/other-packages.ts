import { ANY, plain } from '../atoms.ts';
import type { Command, Flow, Judge, Look } from '../look.ts';
import { has, type OptionSpec, optionsNamed, parseOptions } from '../options.ts';
import { judgeInline, judgeUnclear, languageOf } from '../programs/inline.ts';
import { understandJs } from '../programs/inline-js.ts';
import { understandPython } from '../programs/inline-python.ts';
import { judgeScript } from '../programs/interpreters.ts';
import { judgeScriptName } from '../programs/scripts.ts';
import { judgePlace, judgeToolWords } from './project-tools.ts';
import { riskOfVerbs, type Verbs, verbsOf } from './verbs.ts';

/** A package manager or build tool: its verbs, and the verbs after which another command follows. */
interface Manager extends Verbs {
  /** Verbs that run the command that follows. */
  runs?: RegExp;
  runOptions?: OptionSpec;
  /** Verbs that install what the project declares when nothing else is named, and add packages otherwise. */
  installs?: RegExp;
  /** Options that mean "what the project declares". */
  declared?: RegExp;
  /** Verbs after which the name of a script of the project follows. */
  scripts?: RegExp;
}

// biome-ignore format: one manager a line
const MANAGERS: Readonly<Record<string, Manager>> = {
  pip: { code: 'installs', installs: /^install\b/u, declared: /^(?:-r|--requirement|-e|--editable|-c|--constraint|\.|\.\[[\w,-]*\]|--upgrade-strategy)$/u, read: /^(?:list|show|freeze|check|debug|help|inspect|config (?:list|get|debug)|cache (?:dir|info|list)|hash)/u, medium: /^(?:uninstall|cache|index versions|search)/u, high: /^(?:download|wheel|config)/u, other: 'high' },
  uv: { code: 'installs', runs: /^(?:run)$/u, runOptions: { long: ['--python', '--with', '--extra', '--group', '--package', '--directory', '--project', '--env-file', '--index', '--with-requirements'], short: 'p' }, read: /^(?:tree|version|pip (?:list|show|freeze|check|tree)|python (?:list|find|dir)|cache dir|tool list|help|export)/u, low: /^(?:venv|build|format|init)/u, medium: /^(?:sync|lock|pip (?:sync|compile|uninstall)|python (?:install|pin)|cache|remove)/u, critical: /^(?:publish|auth)/u, other: 'high' },
  poetry: { code: 'installs', runs: /^run$/u, read: /^(?:show|version|env (?:info|list)|about|list|check|config --list|search)/u, low: /^(?:build|format)/u, medium: /^(?:install|lock|update|remove|sync|env)/u, critical: /^(?:publish)/u, other: 'high' },
  pipenv: { code: 'installs', runs: /^run$/u, installs: /^(?:install|sync)/u, read: /^(?:graph|check|--where|--venv|scripts|verify)/u, medium: /^(?:lock|update|uninstall|clean)/u, other: 'high' },
  pdm: { code: 'installs', runs: /^run$/u, read: /^(?:list|show|info)/u, low: /^build/u, medium: /^(?:install|sync|lock|update|remove)/u, critical: /^publish/u, other: 'high' },
  hatch: { code: 'installs', runs: /^run$/u, read: /^(?:version|status|env show|project metadata|config show)/u, low: /^(?:build|test|fmt|clean)/u, medium: /^(?:env)/u, critical: /^publish/u, other: 'high' },
  rye: { code: 'installs', runs: /^run$/u, read: /^(?:list|show)/u, low: /^(?:build|test|fmt|lint)/u, medium: /^(?:sync|lock)/u, critical: /^publish/u, other: 'high' },
  pipx: { code: 'installs', read: /^(?:list|environment)/u, other: 'high' },
  cargo: { code: 'project_check', read: /^(?:tree|metadata|version|pkgid|locate-project|read-manifest|verify-project|help|config get|--list)/u, low: /^(?:build|b|check|c|test|t|bench|clippy|fmt|doc|d|clean|nextest|llvm-cov|tarpaulin|expand|miri|insta|hack|machete|sort|deny|audit|outdated|msrv|udeps|init|new|rustc|rustdoc|criterion|fix|semver-checks|careful|mutants|shear|hakari)(?: |$)/u, medium: /^(?:run|r|fetch|update|vendor|generate-lockfile|search|package|watch|xtask|leptos|tauri (?:dev|build)|make|remove|rm)(?: |$)/u, critical: /^(?:publish|yank|login|logout|owner|release)/u, other: 'high' },
  rustup: { code: 'installs', read: /^(?:show|which|--version|toolchain list|component list|target list|doc)/u, runs: /^run$/u, medium: /^(?:component add|target add|toolchain install|update|override)/u, other: 'high' },
  go: { code: 'project_check', read: /^(?:list|version|env(?!.* -\w*[wu])|doc|mod (?:graph|why|verify)|tool(?! )|help)/u, low: /^(?:build|test|vet|fmt|fix|clean|tool (?:cover|pprof|nm|objdump|trace)|work (?:sync|use|init|edit)|mod (?:init|edit)|telemetry)(?: |$)/u, medium: /^(?:mod (?:tidy|download|vendor)|run|generate|tool )/u, high: /^(?:get|install)/u, other: 'high' },
  bundle: { code: 'installs', values: /^(?:--path|--jobs|-j|--retry|--without|--with|--gemfile)$/u, runs: /^(?:exec|e)$/u, installs: /^(?:install|check)/u, read: /^(?:list|show|info|outdated|config(?: list| get|$)|platform|env|version|licenses)/u, medium: /^(?:update|lock|clean|remove|package|pack|cache)/u, other: 'high' },
  gem: { code: 'installs', read: /^(?:list|info|search|which|environment|env|contents|dependency|specification|outdated|help|--version)/u, low: /^build/u, critical: /^(?:push|yank|owner|signin|signout)/u, other: 'high' },
  composer: { code: 'installs', scripts: /^(?:run|run-script)$/u, read: /^(?:show|info|outdated|validate|licenses|why|why-not|depends|prohibits|status|diagnose|check-platform-reqs|about|--version|fund|suggests)/u, low: /^(?:dump-autoload|dumpautoload|run(?:-script)? (?:test|lint|check|phpstan|cs\S*|stan|analyse|format|fix)|test|lint|cs\S*|phpstan|check|analyse|format)(?: |$)/u, medium: /^(?:install|i|update|u|upgrade|remove|archive|audit|run|run-script|search|browse|clear-cache)(?: |$)/u, other: 'high' },
  brew: { code: 'installs', read: /^(?:list|ls|info|search|outdated|deps|uses|config|doctor|--version|--prefix|--cellar|leaves|desc|cat|home|services list|tap$|commands|shellenv|bundle (?:list|check))/u, medium: /^(?:update|fetch|services info)/u, other: 'high' },
  apt: { code: 'installs', read: /^(?:list|show|search|policy|depends|rdepends)/u, other: 'high' },
  dpkg: { code: 'installs', read: /^$/u, other: 'high' },
  conda: { code: 'installs', read: /^(?:list|info|search|env list|config --show)/u, medium: /^(?:activate|deactivate)/u, other: 'high' },
  deno: { code: 'project_check', scripts: /^task$/u, read: /^(?:info|types|doc|--version|completions)/u, low: /^(?:test|lint|fmt|check|bench|coverage|compile|init)/u, medium: /^(?:task|cache|install$|install --|outdated|serve)/u, critical: /^(?:publish|deploy)/u, other: 'high' },
};

const RISKY_PIP =
  /^(?:-i|--index-url|--extra-index-url|--trusted-host|-f|--find-links|--target|-t|--prefix|--root|--break-system-packages|--index|--default-index)(?:=|$)/u;

function judgeInstall(words: readonly string[], spec: Manager, command: Command, look: Look): void {
  const rest = words.slice(words.findIndex((word) => !word.startsWith('-')) + 1);
  const named = rest.filter(
    (word, at) =>
      !word.startsWith('-') &&
      !spec.declared?.test(word) &&
      !spec.declared?.test(rest[at - 1] ?? '') &&
      !spec.values?.test(rest[at - 1] ?? ''),
  );
  rest.forEach((word, at) => {
    if (/^(?:-r|--requirement|-c|--constraint|-e|--editable)$/u.test(word))
      judgeRequirements(rest[at + 1] ?? ANY, command, look);
  });
  if (named.length === 0) look.find('medium', 'installs', 'Installs the packages that the project declares.');
  else
    look.find(
      'high',
      'adds_package',
      `Adds packages, which may run code when they are installed (${plain(named.join(' ')).slice(0, 120)}).`,
      { irreversible: true },
    );
}

/** A list of requirements from the network is not what the project declares. */
function judgeRequirements(file: string, command: Command, look: Look): void {
  if (/^[a-z+]+:\/\//iu.test(file))
    look.find('high', 'adds_package', `Installs what ${plain(file).slice(0, 120)} lists.`, { irreversible: true });
  else look.read(file, command);
}

const judgeManager =
  (spec: Manager): Judge =>
  (command, look): Flow | undefined => {
    const words = command.argv.slice(1);
    const verbs = verbsOf(words, spec.values);
    const verb = verbs[0] ?? '';
    judgePlace(command.argv[0] ?? '', command, look);
    if (words.some((word) => RISKY_PIP.test(word)) && /pip|uv|poetry|pdm|pipenv/u.test(command.argv[0] ?? ''))
      look.find('high', 'package_scripts', 'Takes packages from somewhere else, or puts them somewhere else.');
    if (words.some((word) => /^(?:-g|--global|--user|--system)$/u.test(word)) && /install|add/u.test(verb))
      look.find('high', 'installs', 'Installs for more than the project.');
    const at = words.indexOf(verb);
    if (command.argv[0] === 'uv' && verb === 'pip') return look.run(words.slice(at), command);
    if (words.some((word) => /^--with(?:-requirements|-editable)?(?:=|$)/u.test(word)))
      look.find('high', 'adds_package', 'Adds packages for one run.', { irreversible: true });
    if (verb !== '' && spec.runs?.test(verb)) {
      const { operands } = parseOptions(words.slice(at + 1), { ...spec.runOptions, stops: true });
      const argv = operands[0] === '--' ? operands.slice(1) : operands;
      return (argv[0] ?? '').endsWith('.py') ? look.run(['python', ...argv], command) : look.run(argv, command);
    }
    const script = words.slice(at + 1).find((word) => !word.startsWith('-'));
    if (spec.scripts?.test(verb) && script !== undefined)
      judgeScriptName(script, `${command.argv[0]} ${verb} ${script}`, look);
    else if (spec.installs?.test(verb)) judgeInstall(words, spec, command, look);
    else {
      const risk = riskOfVerbs(words, spec);
      look.find(
        risk,
        spec.code,
        `Runs ${plain(command.argv.join(' ')).slice(0, 120)}.`,
        risk === 'critical' || (risk === 'high' && spec.code === 'installs') ? { irreversible: true } : {},
      );
    }
    judgeToolWords(words.slice(at + 1), command, look);
    judgeRuns(command, verb, words.slice(at + 1), look);
    return undefined;
  };

/** Verbs that run a program named by their words. */
function judgeRuns({ argv, ...rest }: Command, verb: string, words: readonly string[], look: Look): void {
  const command = { argv, ...rest };
  const name = argv[0] ?? '';
  if (
    name === 'go' &&
    /^(?:run|test|build)$/u.test(verb) &&
    words.some((word) => /^(?:[\w.-]+\.[a-z]+\/\S*@|[a-z]+:\/\/)/u.test(word))
  )
    look.find('high', 'foreign_program', 'Fetches and runs a program from the network.', { irreversible: true });
  if (name === 'go' && verb === 'env' && words.some((word) => /^-\w*[wu]/u.test(word)))
    look.find('high', 'package_scripts', "Changes Go's settings.");
  if (name === 'cargo' && words.some((word) => word.startsWith('--config')))
    look.find('high', 'runs_option', 'Gives cargo settings that can run a program.');
  if (name !== 'deno') return;
  const parsed = parseOptions(words, {
    short: 'cLr',
    long: ['--config', '--import-map', '--lock', '--reload'],
    stops: true,
  });
  if (verb === 'eval') judgeUnclear(parsed.operands[0] ?? ANY, command, look);
  if (verb === 'run' || /\.[cm]?[jt]sx?$/u.test(verb)) {
    const [file, ...args] = verb === 'run' ? parsed.operands : [verb, ...words];
    if (/^(?:npm|jsr|https?):/u.test(file ?? ''))
      look.find('critical', 'runs_download', 'Runs a program straight from the network.', { irreversible: true });
    else judgeScript(file, args, command, look, languageOf(understandJs));
  }
  if (verb !== 'test' && has(parsed, '-A', '--allow-all'))
    look.find('medium', 'project_script', 'Runs with every permission.');
}

const judgeUvPython: Judge = (command, look) => {
  for (const { value } of optionsNamed(parseOptions(command.argv.slice(1), { short: 'c' }), '-c'))
    judgeInline(value ?? ANY, [], understandPython, command, look);
  return undefined;
};

const aliases = (names: readonly string[], of: string): (readonly [string, Judge])[] => {
  const spec = MANAGERS[of];
  return spec ? names.map((name) => [name, judgeManager(spec)] as const) : [];
};

export const otherPackageJudges: readonly (readonly [string, Judge])[] = [
  ...Object.entries(MANAGERS).map(([name, spec]) => [name, judgeManager(spec)] as const),
  ...aliases(['pip3', 'pip3.11', 'pip3.12', 'pip3.13'], 'pip'),
  ...aliases(['bundler'], 'bundle'),
  ...aliases(
    [
      'apt-get',
      'apt-cache',
      'aptitude',
      'yum',
      'dnf',
      'apk',
      'pacman',
      'zypper',
      'port',
      'snap',
      'flatpak',
      'choco',
      'winget',
      'nix-env',
      'mas',
    ],
    'apt',
  ),
  ...aliases(['mamba', 'micromamba'], 'conda'),
  ['ipython', judgeUvPython],
];
