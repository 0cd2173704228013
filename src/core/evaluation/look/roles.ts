import type { FileRole } from '../../../shared/contract/evidence.ts';

const CI = [
  /^\.(github|gitea|forgejo)\/(workflows|actions)\//,
  /^\.(circleci|buildkite|woodpecker|husky|githooks)\//,
  /(^|\/)(\.gitlab-ci|\.travis|\.drone|azure-pipelines|bitbucket-pipelines|appveyor|\.pre-commit-config|codecov|\.codecov)\.ya?ml$/,
  /(^|\/)Jenkinsfile$/,
];
const AGENT = [/(^|\/)\.claude\//, /(^|\/)\.mcp\.json$/, /(^|\/)\.claude\.json$/];
const GOLDEN = [
  /(^|\/)(__snapshots__|__image_snapshots__|snapshots?|goldens?|approvals?)\//i,
  /(^|\/)(expected|testdata)\/.+\.(txt|json|ya?ml|html|xml|svg|png|golden|out)$/i,
  /\.(snap|golden|approved\.\w+|expected|ambr)$/i,
  /-snapshots\//,
];
const TEST = [
  /(^|\/)(tests?|__tests__|specs?|e2e|integration-tests?)\//i,
  /[._-](test|spec|tests|specs|cy)\.[cm]?[jt]sx?$/i,
  /(^|\/)test_[^/]*\.py$/,
  /(^|\/)conftest\.py$/,
  /_test\.(py|go|rb|dart|exs|c|cc|cpp)$/,
  /_spec\.rb$/,
  /(Tests?|Spec|IT)\.(java|kt|kts|scala|swift|cs|php|groovy)$/,
];
const VERIFY = [
  /(^|\/)(package\.json|deno\.jsonc?|Makefile|makefile|GNUmakefile|[Jj]ustfile|Taskfile\.ya?ml|Rakefile|noxfile\.py)$/,
  /(^|\/)(tox\.ini|pytest\.ini|setup\.cfg|pyproject\.toml|Cargo\.toml|phpunit\.xml(\.dist)?|build\.gradle(\.kts)?|pom\.xml)$/,
  /(^|\/)(vitest|vite|jest|karma|playwright|cypress|ava|mocha|wdio|web-test-runner)\.(config|workspace|conf)\.[cm]?[jt]s(on)?$/,
  /(^|\/)\.mocharc\.\w+$/,
];

const has = (patterns: readonly RegExp[], path: string): boolean => patterns.some((pattern) => pattern.test(path));

/** What a file is to the measurement, by its name alone. The first that fits, the most telling first. */
export function roleOf(path: string): FileRole {
  if (has(AGENT, path)) return 'agent';
  if (has(CI, path)) return 'ci';
  if (has(GOLDEN, path)) return 'golden';
  if (has(TEST, path)) return 'test';
  if (has(VERIFY, path)) return 'verify';
  return 'source';
}
