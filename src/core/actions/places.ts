import type { Risk } from '../../shared/policy.ts';
import { list, setOf } from './list.ts';

/** Where a protection holds: anywhere, directly in the person's home, inside the work tree, or anywhere but there. */
type Scope = 'any' | 'home' | 'tree' | 'outside';

/**
 * A protected place. `pattern` is tested on the lower-case path from the root that holds it (work tree,
 * project or home; else the disk), which starts with a slash.
 */
export interface Protection {
  code: string;
  scope: Scope;
  pattern: RegExp;
  read: Risk | null;
  write: Risk;
  /** Ends the sentence "Reads X, …". */
  what: string;
}

const credentials = (scope: Scope, pattern: RegExp, risk: Risk = 'critical', write = risk): Protection => ({
  code: 'credentials',
  scope,
  pattern,
  read: risk,
  write,
  what: 'which holds credentials',
});
const settings = (code: string, write: Risk, what: string, scope: Scope, pattern: RegExp): Protection => ({
  code,
  scope,
  pattern,
  read: null,
  write,
  what,
});

const AGENT = 'which sets what an agent may do';
const HOOK = 'which git runs by itself later';
const LATER = 'which runs by itself later, outside the gate';
const SOURCES = 'which says where packages come from and what they run';

export const PROTECTIONS: readonly Protection[] = [
  credentials('any', /\/\.(?:ssh|aws|azure|gnupg|kube|password-store|electrum|ethereum|bitcoin)(?:\/(?!.*\.pub$)|$)/u),
  credentials(
    'any',
    /\/(?:\.netrc|_netrc|\.pypirc|\.git-credentials|\.pgpass|\.my\.cnf|\.vault-token|\.vault_pass|\.boto|\.s3cfg|\.htpasswd|\.dockercfg|\.credentials\.json)$/u,
  ),
  credentials(
    'any',
    /\/(?:\.docker\/config\.json|\.config\/(?:gcloud|gh|hub|op|doctl|github-copilot|rclone)(?:\/|$)|\.config\/git\/credentials|\.cargo\/credentials|\.gem\/credentials|\.terraform\.d\/credentials|\.codex\/auth|\.fly\/|\.local\/share\/keyrings|keychains(?:\/|$))/u,
  ),
  credentials('home', /^\/(?:\.npmrc|\.yarnrc\.yml|\.claude\.json|\.rclone\.conf|\.config\/configstore)(?:\/|$)/u),
  credentials(
    'any',
    /\/(?:\.mozilla|\.config\/(?:google-chrome|chromium)|library\/(?:cookies|safari|messages|mail|application support\/(?:google|firefox|brave[^/]*|com\.apple\.tcc)))(?:\/|$)/u,
  ),
  credentials('any', /\/\.[a-z_-]*_history$/u, 'high'),
  credentials('any', /\/(?:id_(?:rsa|dsa|ecdsa|ed25519)(?:_sk)?(?:\.[^/]*)?)(?<!\.pub)$/u),
  credentials(
    'any',
    /\/[^/]*\.env(?:\.(?!(?:[^/]*\.)?(?:example|sample|template|dist|defaults?|schema|d\.ts|[cm]?[jt]sx?|py|go|rs|rb|md)$)[^/]*)?$/u,
    'critical',
    'high',
  ),
  credentials('any', /\/(?:credentials\.(?:json|ya?ml|toml|csv)|service[-_]account[^/]*\.json)$/u),
  credentials('any', /\/(?:secrets?\.(?:json|ya?ml|toml|enc|txt)|\.secrets|master\.key)$/u),
  credentials('any', /\/[^/]*\.(?:tfstate(?:\.backup)?|tfvars|kdbx)$/u, 'high'),
  credentials('outside', /^(?!\/(?:private\/)?etc\/ssl\/|\/usr\/).*\/[^/]*\.(?:pem|key|p12|pfx|jks|keystore|ppk|p8)$/u),
  credentials(
    'tree',
    /\/[^/]*\.(?:key|p12|pfx|jks|keystore|ppk|p8)$|\/(?:[^/]*(?:private|priv|key)[^/]*)\.pem$|\/\.git\/credentials$/u,
    'high',
  ),
  credentials(
    'any',
    /^(?:\/private)?\/(?:etc\/(?:g?shadow-?|sudoers(?:\.d\/.*)?|master\.passwd|ssh\/ssh_host.*)|(?:var\/)?run\/secrets(?:\/|$)|proc\/[^/]+\/(?:environ|mem|auxv|fd(?:\/|$)|root(?:\/|$)|cwd(?:\/|$)))/u,
  ),
  credentials('any', /^(?:\/private)?\/etc\/(?:passwd|group)$/u, 'high'),

  settings('agent_settings', 'critical', AGENT, 'any', /\/\.claude\/(?!plans\/|projects\/[^/]+\/memory\/)/u),
  settings('agent_settings', 'critical', AGENT, 'any', /\/\.claude$/u),
  settings(
    'agent_settings',
    'critical',
    AGENT,
    'any',
    /\/(?:\.claude\.json|\.mcp\.json|managed-settings\.json|claude_desktop_config\.json)$|\/\.claude-plugin(?:\/|$)/u,
  ),
  settings(
    'agent_settings',
    'critical',
    AGENT,
    'any',
    /\/(?:\.codex|\.gemini|\.cursor|\.continue|\.windsurf|\.opencode|\.config\/opencode)(?:\/|$)|\/(?:opencode\.jsonc?|\.aider[^/]*)$/u,
  ),
  // Read by every later session as the person's own word: what is smuggled in here outlives the one that wrote it.
  settings(
    'agent_instructions',
    'high',
    'which tells later agents what to do',
    'tree',
    /\/(?:(?:claude|agents|gemini|qwen|crush|warp)(?:\.(?:local|override))?\.md|\.(?:cursor|windsurf|cline|roo)rules(?:-[^/]*)?|\.goosehints|\.augment-guidelines|copilot-instructions\.md)$/u,
  ),
  settings(
    'agent_instructions',
    'high',
    'which tells later agents what to do',
    'tree',
    /\/(?:\.(?:clinerules|roo|junie|augment|amazonq|trae|agents|kiro\/(?:steering|hooks))|\.github\/(?:instructions|prompts|chatmodes|agents))(?:\/|$)/u,
  ),

  settings(
    'git_internals',
    'critical',
    HOOK,
    'any',
    /\/(?:[^/]*\.git|\.git\/(?:modules|worktrees)\/.+)\/(?:hooks(?:\/|$)|config(?:\.worktree)?$)/u,
  ),
  settings('git_internals', 'critical', 'which is the repository itself', 'any', /\/\.git$/u),
  settings('git_internals', 'high', "which is git's own record", 'any', /\/\.git\//u),
  settings(
    'git_hooks',
    'high',
    HOOK,
    'any',
    /\/(?:\.husky|\.githooks|\.git-hooks)(?:\/|$)|\/(?:\.?lefthook\.ya?ml|\.pre-commit-config\.ya?ml|\.lintstagedrc[^/]*|lint-staged\.config\.[^/]*|\.overcommit\.yml)$/u,
  ),
  settings(
    'git_hooks',
    'high',
    HOOK,
    'any',
    /\/hooks\/(?:(?:pre|post)-(?:commit|checkout|merge|push|rewrite|receive|applypatch|auto-gc|update)|commit-msg|prepare-commit-msg|update|applypatch-msg|pre-rebase|fsmonitor-watchman)$/u,
  ),
  settings('git_hooks', 'high', 'which points git at other repositories', 'any', /\/\.gitmodules$/u),

  settings(
    'ci',
    'high',
    'which changes what CI runs',
    'any',
    /\/\.(?:(?:github|forgejo|gitea)\/(?:workflows|actions)|circleci|buildkite|gitlab|woodpecker|teamcity)(?:\/|$)/u,
  ),
  settings(
    'ci',
    'high',
    'which changes what CI runs',
    'any',
    /\/(?:\.gitlab-ci[^/]*\.ya?ml|jenkinsfile[^/]*|azure-pipelines[^/]*\.ya?ml|\.travis\.ya?ml|bitbucket-pipelines\.ya?ml|\.drone\.ya?ml|\.woodpecker\.ya?ml|\.?appveyor\.ya?ml|cloudbuild\.ya?ml|buildspec\.ya?ml|codeowners|\.github\/dependabot\.ya?ml)$/u,
  ),

  settings(
    'package_scripts',
    'high',
    SOURCES,
    'any',
    /\/(?:package\.json|\.pnp\.(?:c|m)?js|\.pnp\.loader\.mjs|binding\.gyp|\.npmrc|\.yarnrc(?:\.ya?ml)?|\.pnpmfile\.c?js|pnpm-workspace\.yaml|bunfig\.toml|\.pypirc|pip\.conf|composer\.json)$/u,
  ),
  settings(
    'package_scripts',
    'high',
    SOURCES,
    'any',
    /\/(?:\.yarn|\.cargo|\.mvn|gradle\/wrapper|(?:node_modules|vendor)\/\.?bin|\.?venv\/(?:bin|pyvenv\.cfg))(?:\/|$)/u,
  ),
  settings(
    'package_scripts',
    'high',
    'which other programs run by themselves',
    'any',
    /\/(?:(?:site|user)customize\.py|[^/]+\.pth|\.bazelrc|gradlew(?:\.bat)?|mvnw(?:\.cmd)?|gradle\.properties)$/u,
  ),
  settings(
    'dependencies',
    'medium',
    'which says what the project depends on',
    'tree',
    /\/(?:package-lock\.json|npm-shrinkwrap\.json|yarn\.lock|pnpm-lock\.yaml|bun\.lockb?|requirements[^/]*\.(?:txt|in)|pyproject\.toml|setup\.(?:py|cfg)|poetry\.lock|uv\.lock|pipfile(?:\.lock)?|cargo\.(?:toml|lock)|go\.(?:mod|sum|work)|gemfile(?:\.lock)?|composer\.lock|pom\.xml|build\.gradle(?:\.kts)?|deno\.jsonc?|mix\.exs|package\.swift|pubspec\.yaml)$/u,
  ),
  settings('dependencies', 'medium', 'which is an installed package', 'tree', /\/node_modules\//u),
  settings(
    'opens_code',
    'high',
    'which an editor or shell runs when it opens the folder',
    'any',
    /\/(?:\.vscode|\.idea|\.devcontainer|\.zed|\.fleet)(?:\/|$)|\/(?:\.envrc|\.?mise\.toml|\.gitconfig|\.dir-locals\.el|\.(?:gdb|lldb)init)$/u,
  ),

  settings(
    'opens_code',
    'high',
    'which a program reads from the folder that it starts in',
    'tree',
    /^\/\.(?:n?vimrc|nvim\.lua|exrc|rprofile|renviron|(?:irb|pry|psql|sqlite|curl|wget|input|bash|zsh|ksh)rc|(?:bash_|z)?profile|zshenv)$/u,
  ),
  settings(
    'containers',
    'high',
    'which decides what containers of this machine may reach',
    'any',
    /\/(?:docker-)?compose(?:[.-][^/]*)?\.ya?ml$/u,
  ),
  settings('git_internals', 'high', 'which may make a folder a repository with settings of its own', 'any', /\/head$/u),
  settings(
    'startup',
    'critical',
    LATER,
    'home',
    /^\/\.(?:zshrc|zshenv|zprofile|zlogin|zlogout|bashrc|bash_profile|bash_login|bash_logout|bash_aliases|profile|kshrc|cshrc|tcshrc|inputrc|xinitrc|xprofile|xsession|gitconfig|gitignore|vimrc|emacs|tmux\.conf|screenrc|curlrc|wgetrc|condarc)$/u,
  ),
  settings(
    'startup',
    'critical',
    LATER,
    'home',
    /^\/(?:\.config\/(?:fish|autostart|systemd|git|nvim|pip)|\.oh-my-zsh|\.emacs\.d|\.vim|\.local\/bin|bin|library\/(?:launchagents|launchdaemons|services|scripts))(?:\/|$)/u,
  ),
  settings(
    'startup',
    'critical',
    LATER,
    'any',
    /^(?:\/private)?\/(?:library\/(?:launchagents|launchdaemons|startupitems)|etc|var\/spool|var\/at|usr\/lib\/cron)(?:\/|$)/u,
  ),
];

/** Names that a glob is tried against: does `~/.s*h/id_*` reach anything that is protected? */
export const SENSITIVE_NAMES = list(`
  .ssh id_rsa id_ed25519 id_ecdsa authorized_keys .aws credentials .gnupg .kube .netrc .npmrc .pypirc .git-credentials
  .docker config.json .env .env.local .env.production prod.env .git hooks config pre-commit .claude settings.json
  settings.local.json .claude.json .mcp.json .zshrc .bashrc .profile .gitconfig .config gh gcloud hosts.yml etc shadow
  passwd sudoers .github workflows .husky package.json server.key key.pem keychains library credentials.json
  .envrc .vscode .gitmodules .gitlab-ci.yml .yarnrc.yml .pgpass secrets.yml environ self proc .credentials.json .codex auth.json
`);

/** Directories whose content a build or a tool makes again by itself. */
export const BUILD_DIRS = setOf(`
  dist build out target coverage node_modules .next .nuxt .output .turbo .cache .parcel-cache .vite .svelte-kit .astro
  .nyc_output .rollup.cache __pycache__ .pytest_cache .mypy_cache .ruff_cache .tox .nox .venv venv htmlcov .gradle
  deriveddata .build .dart_tool _build .angular .docusaurus .vercel .serverless .wrangler test-results
  playwright-report storybook-static tmp .tmp temp .temp logs .swc .expo
`);

/** Files that a build or a tool makes again by itself. */
export const BUILD_FILES =
  /^(?:\.eslintcache|\.stylelintcache|\.ds_store|thumbs\.db|[^/]*\.egg-info|[^/]*\.(?:pyc|pyo|o|obj|class|tsbuildinfo|log|tmp|temp|bak|orig|rej|swp|cache|gcda|gcno|lcov|tgz))$/u;
