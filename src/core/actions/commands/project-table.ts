import { list, setOf } from '../list.ts';
import type { Verbs } from './verbs.ts';

/** Programs that check, format or build the project, whatever their words, and that come as npm packages of the same name. */
const NPM_CHECKERS = list(`
  vitest jest mocha ava tap c8 nyc karma jasmine qunit uvu cypress tsc vue-tsc tsgo svelte-check eslint oxlint oxfmt prettier stylelint xo
  standard knip madge depcheck publint attw size-limit commitlint rollup webpack esbuild swc tsup tsdown unbuild rolldown rspack rsbuild
  parcel babel microbundle ncc typedoc api-extractor tailwindcss postcss sass lessc svgo graphql-codegen openapi-typescript
  markdownlint markdownlint-cli2 cspell alex textlint remark dprint lint-staged jscpd dependency-cruiser depcruise type-coverage tsd
  html-validate linthtml pa11y lhci lighthouse web-ext electron-rebuild electron-vite vue-cli-service react-scripts craco ng quasar
  sort-package-json license-checker source-map-explorer syncpack shadow-cljs elm-test vuepress pyright wasm-pack
`);

/** The same as Python packages. */
const PYTHON_CHECKERS = list(`
  pytest py.test mypy pyright basedpyright black isort flake8 pylint pydocstyle bandit coverage tox nox pycodestyle autopep8
  yapf vulture djlint interrogate pyupgrade sphinx-build mkdocs nosetests behave robot hatch-build stubtest ty
`);

/** The same for everything else: a package of that name on npm or PyPI is somebody else's. */
const OTHER_CHECKERS = list(`
  rustc rustfmt clippy-driver cargo-clippy cargo-fmt cargo-nextest bindgen cbindgen wasm-pack miri gofmt gofumpt goimports golangci-lint
  staticcheck govulncheck golint gotestsum errcheck revive mockgen stringer protoc buf sqlc templ
  gcc g++ cc c++ clang clang++ clang-format clang-tidy cppcheck ld ar ranlib strip cmake ctest ninja meson ccache autoconf automake
  javac kotlinc ktlint detekt checkstyle spotbugs scalac scalafmt google-java-format groovyc
  swiftc swiftlint swiftformat xcodebuild xcbeautify xcpretty xctest ibtool actool
  rspec rubocop standardrb erb_lint brakeman reek sorbet srb minitest steep yard phpunit pest phpstan psalm php-cs-fixer phpcs phpcbf pint rector
  credo dialyzer elixirc elvis erlc ghc hlint ormolu fourmolu stylish-haskell ocamlformat ocamlc opam-lint zls luacheck stylua busted
  shellcheck shfmt bats hadolint yamllint actionlint tflint tfsec checkov kubeval kubeconform ansible-lint sqlfluff taplo editorconfig-checker vale codespell typos
  dart-analyze ktfmt nixfmt alejandra statix deadnix gleam-format buildifier ruff-lsp tree-sitter playwright-test storybook-build
  asciidoctor doxygen pdoc antora eleventy spectral swagger-cli plantuml d2 mmdc dot wasm-bindgen wasm-opt wasm-tools optipng pngquant oxipng
  jpegoptim cwebp mockery wire ginkgo nbqa xcodegen purs hspec hspec-discover syft
`);

export const CHECKERS: readonly string[] = [...NPM_CHECKERS, ...PYTHON_CHECKERS, ...OTHER_CHECKERS];

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
  hugo: { code: 'project_check', low: /^(?:build|list|config|env|--|$)/u, medium: /^(?:server?|new|convert)/u, critical: /^deploy/u, other: 'high' },
  jekyll: { code: 'project_check', low: /^(?:build|b|clean|doctor)/u, medium: /^(?:serve|server|s)(?: |$)/u, other: 'high' },
  hexo: { code: 'project_check', low: /^(?:generate|g|clean|list)(?: |$)/u, medium: /^(?:server|s|new)(?: |$)/u, critical: /^(?:deploy|d)(?: |$)/u, other: 'high' },
  docusaurus: { code: 'project_check', low: /^(?:build|clear|write-\S+)/u, medium: /^(?:start|serve)/u, critical: /^deploy/u, other: 'high' },
  quarto: { code: 'project_check', low: /^(?:render|check|inspect)/u, medium: /^preview/u, critical: /^publish/u, other: 'high' },
  redocly: { code: 'project_check', low: /^(?:lint|bundle|stats|join|split|build-docs|check-config)/u, medium: /^preview/u, critical: /^(?:push|login)/u, other: 'high' },
  'openapi-generator': { code: 'project_check', low: /^(?:generate|validate|list|config-help|meta)/u, other: 'high' },
  typst: { code: 'project_check', low: /^(?:compile|c|fonts|query)(?: |$)/u, medium: /^(?:watch|init)/u, other: 'high' },
  nim: { code: 'project_check', low: /^(?:check|c|cc|cpp|js|compile|doc|pretty)(?: |$)/u, medium: /^r(?: |$)/u, other: 'high' },
  crystal: { code: 'project_check', low: /^(?:spec|build|docs|tool)/u, medium: /^run/u, other: 'high' },
  elm: { code: 'project_check', low: /^(?:make|diff)/u, medium: /^reactor/u, critical: /^(?:publish|bump)/u, other: 'high' },
  rebar3: { code: 'project_check', low: /^(?:compile|eunit|ct|dialyzer|xref|edoc|clean|tree|as test (?:eunit|ct))(?: |$)/u, medium: /^(?:get-deps|deps|shell|release|lock)/u, critical: /^hex/u, other: 'high' },
  spago: { code: 'project_check', low: /^(?:build|test|docs)/u, medium: /^(?:run|install$|bundle)/u, critical: /^publish/u, other: 'high' },
  mill: { code: 'project_check', critical: /publish|deploy|release/iu, low: /^(?:\S*\b(?:test|compile|checkFormat|reformat|docJar)\S*(?: |$))+$/u, other: 'medium' },
  'scala-cli': { code: 'project_check', low: /^(?:test|compile|fmt|doc)/u, medium: /^run/u, critical: /^publish/u, other: 'high' },
  tuist: { code: 'project_check', low: /^(?:generate|build|test|graph|clean)/u, medium: /^install/u, other: 'high' },
  carthage: { code: 'installs', medium: /^(?:update|bootstrap|build|checkout|outdated)/u, other: 'high' },
  ember: { code: 'project_check', low: /^(?:test|build|exam)/u, medium: SERVES, other: 'high' },
  buck2: { code: 'project_check', low: /^(?:build|test|query|cquery|uquery|targets|clean)/u, medium: /^run/u, other: 'high' },
  pants: { code: 'project_check', low: /^(?:test|lint|fmt|check|tailor|list|dependencies|package)(?: |$)/u, medium: /^run/u, critical: /^publish/u, other: 'high' },
  tauri: { code: 'project_check', low: /^(?:build|info|icon)/u, medium: /^(?:dev|android dev|ios dev)/u, critical: /^signer/u, other: 'high' },
  trunk: { code: 'project_check', low: /^(?:build|clean|config)/u, medium: /^(?:serve|watch)/u, other: 'high' },
  dbt: { code: 'project_check', low: /^(?:parse|compile|ls|list|docs generate|clean|show)/u, medium: /^(?:deps|debug|test|source freshness)/u, other: 'high' },
  dvc: { code: 'project_check', read: /^(?:status|diff|list|dag|metrics (?:show|diff)|params diff|plots (?:show|diff))/u, medium: /^(?:pull|fetch|repro|checkout)/u, other: 'high' },
  semgrep: { code: 'project_check', medium: /^(?:scan|--config|$)/u, critical: /^(?:login|publish)/u, other: 'medium' },
  trivy: { code: 'project_check', medium: /^(?:fs|filesystem|config|image|repo|repository|rootfs|sbom)/u, other: 'high' },
  grype: { code: 'project_check', other: 'medium' }, 'osv-scanner': { code: 'project_check', other: 'medium' }, 'pip-audit': { code: 'project_check', other: 'medium' }, 'pip-compile': { code: 'dependencies', other: 'medium' },
  serve: { code: 'server', other: 'medium' }, 'http-server': { code: 'server', other: 'medium' }, 'json-server': { code: 'server', other: 'medium' }, 'live-server': { code: 'server', other: 'medium' },
  flask: { code: 'server', low: /^(?:routes|db (?:current|history|heads|branches|check|show))/u, medium: /^(?:run|db (?:migrate|revision|upgrade|stamp|merge|init)|--version)/u, other: 'high' }, uvicorn: { code: 'server', other: 'medium' }, gunicorn: { code: 'server', other: 'medium' }, fastapi: { code: 'server', other: 'medium' }, jupyter: { code: 'server', other: 'medium' }, streamlit: { code: 'server', other: 'medium' }, air: { code: 'server', other: 'medium' },
};

// biome-ignore format: names
const NPM_TOOLS = setOf(`
  biome vite vite-node next nuxt nuxi astro remix react-router svelte-kit gatsby storybook playwright cypress expo react-native
  electron-builder electron turbo nx lerna changeset wireit prisma drizzle-kit knex typeorm sequelize husky lefthook ncu
  npm-check-updates hexo docusaurus ember serve http-server json-server live-server
`);

/** Is the name that of one of the project's own tools in the registry that it is fetched from? */
export const isPublished = (name: string, registry: 'npm' | 'pypi'): boolean =>
  registry === 'npm'
    ? NPM_CHECKERS.includes(name) || NPM_TOOLS.has(name)
    : PYTHON_CHECKERS.includes(name) || name === 'ruff' || name === 'pre-commit';
