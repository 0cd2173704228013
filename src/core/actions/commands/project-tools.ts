import type { Risk } from '../../../shared/policy.ts';
import { ANY, isExact, plain } from '../atoms.ts';
import { list } from '../list.ts';
import { type Command, inDirectory, type Judge, type Look } from '../look.ts';
import { spotsOf } from '../paths.ts';
import { judgeScriptName } from '../programs/scripts.ts';
import { judgeShellText } from '../programs/shells.ts';
import { judgeEnvironment } from './environment.ts';
import { riskOfVerbs, type Verbs, verbsOf } from './verbs.ts';

/** Programs that check, format or build the project, whatever their words. */
export const CHECKERS = list(`
  vitest jest mocha ava tap c8 nyc karma jasmine qunit uvu cypress tsc vue-tsc tsgo svelte-check eslint oxlint oxfmt prettier stylelint xo
  standard knip madge depcheck publint attw size-limit commitlint rollup webpack esbuild swc tsup tsdown unbuild rolldown rspack rsbuild
  parcel babel microbundle ncc typedoc api-extractor tailwindcss postcss sass lessc svgo graphql-codegen openapi-typescript
  markdownlint markdownlint-cli2 cspell alex textlint remark dprint lint-staged jscpd dependency-cruiser depcruise type-coverage tsd
  html-validate linthtml pa11y lhci lighthouse web-ext electron-rebuild electron-vite vue-cli-service react-scripts craco ng quasar
  pytest py.test mypy pyright basedpyright black isort flake8 pylint pydocstyle bandit coverage tox nox pycodestyle autopep8
  yapf vulture djlint interrogate pyupgrade sphinx-build mkdocs nosetests behave robot hatch-build stubtest ty
  rustc rustfmt clippy-driver cargo-clippy cargo-fmt cargo-nextest bindgen cbindgen wasm-pack miri gofmt gofumpt goimports golangci-lint
  staticcheck govulncheck golint gotestsum errcheck revive mockgen stringer protoc buf sqlc templ
  gcc g++ cc c++ clang clang++ clang-format clang-tidy cppcheck ld ar ranlib strip cmake ctest ninja meson ccache autoconf automake
  javac kotlinc ktlint detekt checkstyle spotbugs scalac scalafmt google-java-format groovyc
  swiftc swiftlint swiftformat xcodebuild xcbeautify xcpretty xctest ibtool actool
  rspec rubocop standardrb erb_lint brakeman reek sorbet srb minitest steep yard phpunit pest phpstan psalm php-cs-fixer phpcs phpcbf pint rector
  credo dialyzer elixirc elvis erlc ghc hlint ormolu fourmolu stylish-haskell ocamlformat ocamlc opam-lint zls luacheck stylua busted
  shellcheck shfmt bats hadolint yamllint actionlint tflint tfsec checkov kubeval kubeconform ansible-lint sqlfluff taplo editorconfig-checker vale codespell typos
  dart-analyze ktfmt nixfmt alejandra statix deadnix gleam-format buildifier ruff-lsp tree-sitter playwright-test storybook-build
`);

const SERVES = /^(?:dev|serve|start|preview|watch|develop|run|server|s|storybook|open|ui|studio)\b/u;

/** Tools of which the verb decides. */
// biome-ignore format: one tool a line
export const TOOLS: Readonly<Record<string, Verbs>> = {
  biome: { code: 'project_check', low: /^(?:check|lint|format|ci|init|rage|explain|search|migrate)/u, medium: /^(?:start|stop|lsp-proxy)/u, other: 'high' },
  ruff: { code: 'project_check', low: /^(?:check|format|rule|linter|clean|config|analyze|server)/u, other: 'low' },
  vite: { code: 'project_check', low: /^(?:build|optimize)/u, other: 'medium' },
  'vite-node': { code: 'project_check', other: 'medium' },
  next: { code: 'project_check', low: /^(?:build|lint|info|typegen|telemetry)/u, other: 'medium' },
  nuxt: { code: 'project_check', low: /^(?:build|typecheck|prepare|generate|analyze|cleanup|info)/u, other: 'medium' },
  nuxi: { code: 'project_check', low: /^(?:build|typecheck|prepare|generate|analyze|cleanup|info)/u, other: 'medium' },
  astro: { code: 'project_check', low: /^(?:build|check|sync|info)/u, medium: SERVES, other: 'medium' },
  remix: { code: 'project_check', low: /^(?:build|vite:build|typegen)/u, other: 'medium' },
  'react-router': { code: 'project_check', low: /^(?:build|typegen|routes)/u, other: 'medium' },
  'svelte-kit': { code: 'project_check', low: /^sync/u, other: 'medium' },
  gatsby: { code: 'project_check', low: /^(?:build|clean|info)/u, other: 'medium' },
  storybook: { code: 'project_check', low: /^(?:build|doctor|info)/u, other: 'medium' },
  playwright: { code: 'project_check', low: /^(?:test|show-report|merge-reports|--version)/u, medium: /^(?:install|open|codegen|screenshot|pdf|show-trace)/u, other: 'medium' },
  cypress: { code: 'project_check', low: /^(?:run|verify|info|cache (?:path|list))/u, other: 'medium' },
  expo: { code: 'project_check', low: /^(?:lint|export|config|customize)/u, critical: /^(?:login|logout|publish|upload)/u, other: 'medium' },
  'react-native': { code: 'project_check', low: /^(?:bundle|config|info|doctor)/u, other: 'medium' },
  'electron-builder': { code: 'publishes', critical: /publish/u, other: 'low' },
  electron: { code: 'project_program', other: 'medium' },
  turbo: { code: 'project_check', low: /^(?:(?:run )?(?:build|test|lint|check|typecheck|type-check|format|check-types)(?:[: ]|$)|prune|ls|query|daemon status)/u, high: /^(?:login|link|gen)/u, critical: /deploy|publish|release/u, other: 'medium' },
  nx: { code: 'project_check', low: /^(?:(?:run )?\S*:?(?:build|test|lint|typecheck|e2e|check|format\S*)(?:[: ]|$)|(?:run-many|affected)|graph|show|report|list|reset|format)/u, critical: /deploy|publish|release/u, other: 'medium' },
  lerna: { code: 'project_check', low: /^(?:run (?:build|test|lint)|ls|list|changed|diff)/u, critical: /^(?:publish|version)/u, other: 'medium' },
  changeset: { code: 'project_check', low: /^(?:status|add|$)/u, critical: /^(?:publish)/u, other: 'medium' },
  wireit: { code: 'project_check', other: 'low' },
  prisma: { code: 'project_check', low: /^(?:generate|validate|format|version|debug)/u, medium: /^(?:migrate (?:dev|status|diff)|studio|db (?:pull|seed)|init|dev)/u, critical: /^(?:migrate reset|db (?:push|execute))/u, other: 'high' },
  'drizzle-kit': { code: 'project_check', low: /^(?:generate|check)/u, medium: /^(?:migrate|studio|pull|introspect)/u, critical: /^(?:push|drop)/u, other: 'high' },
  knex: { code: 'project_check', medium: /^(?:migrate:(?:make|latest|up|list|status|currentversion)|seed:make)/u, critical: /^(?:migrate:(?:rollback|down))/u, other: 'high' },
  typeorm: { code: 'project_check', medium: /^(?:migration:(?:create|generate|show|run))/u, critical: /^(?:schema:drop|migration:revert)/u, other: 'high' },
  sequelize: { code: 'project_check', medium: /^(?:db:migrate(?::status)?$|migration:\S+|model:\S+|seed:\S+)/u, critical: /^db:(?:drop|migrate:undo|seed:undo)/u, other: 'high' },
  alembic: { code: 'project_check', low: /^(?:current|history|heads|branches|check|show)/u, medium: /^(?:revision|upgrade|stamp|merge)/u, high: /^downgrade/u, other: 'high' },
  'pre-commit': { code: 'git_hooks', low: /^(?:run|validate-\S+|sample-config|help)/u, medium: /^autoupdate/u, other: 'high' },
  husky: { code: 'git_hooks', other: 'high' },
  lefthook: { code: 'git_hooks', low: /^(?:run|dump|version)/u, other: 'high' },
  ncu: { code: 'dependencies', other: 'medium' },
  'npm-check-updates': { code: 'dependencies', other: 'medium' },
  'manage.py': { code: 'project_check', low: /^(?:test|check|makemigrations|showmigrations|diffsettings|sqlmigrate|collectstatic|compilemessages|makemessages|findstatic)/u, medium: /^(?:runserver|migrate|loaddata|startapp|createcachetable|inspectdb)/u, critical: /^(?:flush|reset_db|sqlflush|createsuperuser|changepassword|dumpdata)/u, other: 'high' },
  'django-admin': { code: 'project_check', low: /^(?:startapp|startproject|check|version|test)/u, other: 'high' },
  'setup.py': { code: 'project_check', low: /^(?:build|test|check|sdist|bdist|--)/u, medium: /^(?:develop|egg_info)/u, critical: /^(?:upload|register)/u, other: 'high' },
  rails: { code: 'project_check', low: /^(?:test|t|routes|about|stats|notes|zeitwerk:check|generate|g|assets:precompile|tmp:clear|log:clear|version|-v)(?:[: ]|$)/u, medium: /^(?:s|server|db:(?:migrate|create|prepare|schema:load|seed|status|migrate:status|rollback|test:prepare))(?: |$)/u, critical: /^(?:db:(?:drop|reset|purge|setup|truncate_all|schema:drop)|credentials|secrets|encrypted)/u, other: 'high' },
  rake: { code: 'project_check', low: /^$|^(?:test|spec|rubocop|lint|build|clean|doc|default|-T|features|cucumber)(?:[: ]|$)/u, medium: /^db:(?:migrate|create|seed|schema:load)/u, critical: /release|publish|deploy|db:(?:drop|reset|purge)/u, other: 'medium' },
  artisan: { code: 'project_check', low: /^(?:test|list|about|route:list|make:\S+|config:(?:clear|cache)|cache:clear|view:clear|optimize\S*|pint)/u, medium: /^(?:serve|migrate(?::status)?$|migrate --|db:seed|queue:work|schedule:list|tinker-never)/u, critical: /^(?:migrate:(?:fresh|reset|refresh|rollback)|db:wipe|down|key:generate|env:decrypt)/u, other: 'high' },
  dotnet: { code: 'project_check', read: /^(?:--info|--list|list|sln list)/u, low: /^(?:build|test|format|clean|msbuild|new|sln|vstest)/u, medium: /^(?:restore|run|watch|publish|tool restore|pack|ef (?:migrations|database update|dbcontext))/u, critical: /^(?:nuget (?:push|delete)|ef database drop|user-secrets|dev-certs)/u, other: 'high' },
  swift: { code: 'project_check', low: /^(?:build|test|package (?:clean|describe|dump-package|show-dependencies|tools-version)|format|--version)/u, medium: /^(?:run|package (?:resolve|update|init))/u, critical: /^package-registry/u, other: 'high' },
  mvn: { code: 'project_check', critical: /\b(?:deploy|release\S*|site-deploy)\b/u, low: /^(?:(?:clean|compile|test|test-compile|verify|package|validate|site|integration-test|spotless:\S+|checkstyle:\S+|fmt:\S+|dependency:tree|surefire:\S+|jacoco:\S+)(?: |$))+$/u, other: 'medium' },
  gradle: { code: 'project_check', critical: /publish|deploy|upload|release/iu, low: /^(?:(?:\S*:)?(?:clean|build|test|check|assemble\S*|compile\S*|lint\S*|ktlint\S*|detekt|spotless\S*|jar|classes|javadoc|tasks|dependencies|projects|properties|jacoco\S*|connected\S*|help|test\S+)(?: |$))+$/u, other: 'medium' },
  sbt: { code: 'project_check', critical: /publish|release|deploy/iu, low: /^(?:"?(?:clean|compile|test\S*|scalafmt\S*|Test\/\S+|package|doc)"?(?: |$))+$/u, other: 'medium' },
  mix: { code: 'project_check', low: /^(?:test|format|compile|credo|dialyzer|deps\.tree|help|docs|clean|xref|ecto\.gen\S*|phx\.(?:gen\S*|routes)|hex\.(?:audit|outdated))/u, medium: /^(?:deps\.get|phx\.server|run|ecto\.(?:create|migrate|setup)|deps\.(?:update|compile)|local\.\S+|assets\.\S+)/u, critical: /^(?:ecto\.(?:drop|reset|rollback)|hex\.publish|release)/u, other: 'high' },
  dart: { code: 'project_check', low: /^(?:analyze|format|test|fix|compile|doc|--version)/u, medium: /^(?:pub (?:get|upgrade|outdated|deps)|run|create)/u, critical: /^pub (?:publish|login|token)/u, other: 'high' },
  flutter: { code: 'project_check', read: /^(?:doctor|devices|--version)/u, low: /^(?:analyze|test|build|format|clean|gen-l10n)/u, medium: /^(?:pub (?:get|upgrade|outdated|deps)|run|create|drive|install)/u, critical: /^pub publish/u, other: 'high' },
  zig: { code: 'project_check', low: /^(?:build|test|fmt|ast-check|version|env|cc|c\+\+)/u, medium: /^(?:run|fetch|init)/u, other: 'high' },
  stack: { code: 'project_check', low: /^(?:build|test|haddock|clean|ide|path)/u, medium: /^(?:run|exec|setup|update|init)/u, critical: /^upload/u, other: 'high' },
  cabal: { code: 'project_check', low: /^(?:build|test|check|haddock|clean|format)/u, medium: /^(?:run|update|init|configure|freeze)/u, critical: /^upload/u, other: 'high' },
  dune: { code: 'project_check', low: /^(?:build|test|runtest|fmt|clean|utop)/u, medium: /^(?:exec|init)/u, other: 'medium' },
  bazel: { code: 'project_check', low: /^(?:build|test|query|cquery|aquery|info|clean|coverage)/u, medium: /^(?:run|fetch|sync|mod)/u, other: 'high' },
  lein: { code: 'project_check', low: /^(?:test|check|compile|clean|deps :tree)/u, medium: /^(?:run|deps|repl|uberjar)/u, critical: /^(?:deploy|release)/u, other: 'medium' },
  gleam: { code: 'project_check', low: /^(?:build|test|format|check|docs build|clean)/u, medium: /^(?:run|deps|new|add)/u, critical: /^(?:publish|hex|docs publish)/u, other: 'high' },
  'pod': { code: 'installs', medium: /^(?:install|update|outdated)/u, critical: /^(?:trunk|repo push)/u, other: 'high' },
  serve: { code: 'server', other: 'medium' }, 'http-server': { code: 'server', other: 'medium' }, 'json-server': { code: 'server', other: 'medium' }, 'live-server': { code: 'server', other: 'medium' },
  flask: { code: 'server', low: /^routes/u, other: 'medium' }, uvicorn: { code: 'server', other: 'medium' }, gunicorn: { code: 'server', other: 'medium' }, fastapi: { code: 'server', other: 'medium' }, jupyter: { code: 'server', other: 'medium' }, streamlit: { code: 'server', other: 'medium' }, air: { code: 'server', other: 'medium' },
};

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
    const publish = spec.code === 'publishes' ? words.findIndex((word) => /^(?:-p|--publish)(?:=|$)/u.test(word)) : -1;
    if (publish >= 0 && !/never/u.test(`${words[publish]} ${words[publish + 1] ?? ''}`))
      look.find('critical', 'publishes', 'Publishes what it builds.', { irreversible: true });
    judgePlace(command.argv[0] ?? '', command, look);
    judgeToolWords(words, command, look);
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
  ...['gradlew'].map((name) => [name, judgeTool(TOOLS.gradle ?? { code: 'project_check', other: 'high' })] as const),
  ...['make', 'gmake', 'just', 'task', 'invoke', 'inv', 'poe', 'mage'].map((name) => [name, judgeMake] as const),
];

/** Does the word name a tool that may come from the project's installed packages? */
export const isProjectTool = (name: string): boolean => CHECKERS.includes(name) || Object.hasOwn(TOOLS, name);
