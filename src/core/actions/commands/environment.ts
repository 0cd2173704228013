import type { Risk } from '../../../shared/policy.ts';
import { isExact, plain } from '../atoms.ts';
import type { Look } from '../look.ts';

interface Rule {
  name: RegExp;
  risk: Risk;
  code: string;
  /** Ends the sentence "Sets NAME, …". */
  what: string;
  /** Values that do no harm. */
  unless?: RegExp;
}

const RUNS = 'which makes other programs run code';
const LEADS = 'which leads the network or packages elsewhere';
/** A command that does nothing or only prints, given where a pager or an editor is expected. */
const IDLE = /^(?:cat|true|false|:|less(?: -\w+)*|more|none|head|echo)?$/u;

// biome-ignore format: one rule a line
const RULES: readonly Rule[] = [
  { name: /^TENURE_/u, risk: 'critical', code: 'touches_tenure', what: "which is Tenure's own" },
  { name: /^(?:ANTHROPIC|CLAUDE)(?:_|$)/u, risk: 'critical', code: 'agent_settings', what: 'which sets what an agent may do and where it connects' },
  { name: /^(?:LD_\w+|DYLD_\w+|BASH_ENV|ENV|ZDOTDIR|PROMPT_COMMAND|PS4|SHELLOPTS|BASHOPTS|IFS|CDPATH|GLOBIGNORE|FPATH|GCONV_PATH|GLIBC_TUNABLES|LOCPATH|INPUTRC|TERMINFO(?:_DIRS)?|SHELL)$/u, risk: 'high', code: 'runs_by_environment', what: RUNS },
  { name: /^PATH$/iu, risk: 'high', code: 'runs_by_environment', what: 'which decides what program a name means' },
  { name: /^NODE_OPTIONS$/u, risk: 'high', code: 'runs_by_environment', what: RUNS, unless: /^(?:\s*--(?:max-(?:old|semi)-space-size=\d+|experimental-(?:vm-modules|strip-types|transform-types|test-\w+)|no-(?:warnings|deprecation)|enable-source-maps|trace-[\w-]+|stack-trace-limit=\d+|unhandled-rejections=\w+|disable-warning=\w+|openssl-legacy-provider|dns-result-order=\w+))*\s*$/u },
  { name: /^(?:NODE_PATH|PYTHON(?:STARTUP|HOME|INSPECT|BREAKPOINT)|PERL5(?:OPT|LIB|DB)|PYTHON(?:WARNINGS|USERBASE|EXECUTABLE|PLATLIBDIR|PYCACHEPREFIX)|PERLLIB|RUBY(?:OPT|LIB)|LUA_INIT|LUA_PATH|TCLLIBPATH|JULIA_\w+|DOTNET_(?:STARTUP_HOOKS|ROOT\w*|ADDITIONAL_DEPS|SHARED_STORE)|CORECLR_\w+|COR_PROFILER\w*|PHPRC|PHP_INI_SCAN_DIR|ERL_\w*FLAGS|ELIXIR_ERL_OPTIONS|R_(?:PROFILE|ENVIRON|HOME|LIBS)\w*|GUILE_LOAD_PATH|EMACSLOADPATH|CLASSPATH|TS_NODE_\w+|OPENSSL_(?:CONF|MODULES|ENGINES)|GTK_MODULES|QT_PLUGIN_PATH|GIO_\w+MODULES?)$/u, risk: 'high', code: 'runs_by_environment', what: RUNS },
  { name: /^PYTHONPATH$/u, risk: 'high', code: 'runs_by_environment', what: RUNS, unless: /^(?:\.|(?:\.\/)?[\w-]+(?:\/[\w-]+)*)?(?::(?:\.|[\w-]+(?:\/[\w-]+)*)?)*$/u },
  { name: /^(?:PAGER|MANPAGER|GIT_PAGER|GH_PAGER|BAT_PAGER|SYSTEMD_PAGER|EDITOR|VISUAL|GIT_EDITOR|GIT_SEQUENCE_EDITOR|FCEDIT|BROWSER|LESSOPEN|LESSCLOSE|LESSKEY\w*|PSQL_(?:PAGER|EDITOR)|SYSTEMD_EDITOR|SUDO_EDITOR|HGEDITOR|GH_(?:EDITOR|BROWSER)|ACK_PAGER\w*|GIT_ASKPASS|SSH_ASKPASS|SUDO_ASKPASS)$/u, risk: 'high', code: 'runs_by_environment', what: RUNS, unless: IDLE },
  { name: /^(?:LESS|PYTEST_ADDOPTS|MOCHA_OPTIONS|ACK_OPTIONS|XZ_OPT|GZIP)$/u, risk: 'high', code: 'runs_by_environment', what: 'which gives a program further options', unless: /^(?:\s*(?:-[A-Za-z]{1,8}|-[nk]\s+\w+|--(?:tb|color|maxfail|cov|no-\w+|verbose|quiet|strict-\w+|durations)(?:=[\w.-]+)?|-\d+))*\s*$/u },
  { name: /^(?:TAR_OPTIONS|ZIPOPT|UNZIP(?:OPT)?|RIPGREP_CONFIG_PATH|BAT_(?:CONFIG_PATH|CONFIG_DIR|OPTS)|ACKRC|FZF_DEFAULT_\w+|RSYNC_(?:RSH|CONNECT_PROG|PROXY)|CVS_RSH|SVN_SSH|HGRCPATH|VIMINIT|EXINIT|MYVIMRC|VIM|VIMRUNTIME|NVIM_APPNAME|PYTEST_PLUGINS|PSQLRC|PG(?:SERVICE|PASS)FILE|PGSYSCONFDIR|MYSQL_HOME|WGETRC|CURL_HOME|NETRC|MANOPT|COMPOSE_FILE|DOCKER_CONTEXT|TF_CLI_\w+|ANSIBLE_(?!NOCOLOR|FORCE_COLOR|STDOUT)\w+|HELM_(?:PLUGINS|\w+_HOME)|CLOUDSDK_(?!CORE_DISABLE)\w+|GNUPGHOME|GH_(?:HOST|CONFIG_DIR)|SSH_SK_PROVIDER|SSH_ASKPASS_REQUIRE|KRB5_CONFIG|MAILCAPS?)$/u, risk: 'high', code: 'runs_by_environment', what: 'which decides what a program runs or where it connects', unless: /^(?:(?:docker-)?compose[\w.-]*\.ya?ml|default)$/u },
  { name: /^GIT_(?!PAGER$|EDITOR$|SEQUENCE_EDITOR$|ASKPASS$|TERMINAL_PROMPT$|AUTHOR_|COMMITTER_|TRACE|OPTIONAL_LOCKS$|MERGE_AUTOEDIT$|LFS_SKIP_SMUDGE$|CURL_VERBOSE$|ADVICE$|PS1_)\w+$/u, risk: 'high', code: 'git_settings', what: 'which changes what git runs or works on' },
  { name: /^(?:(?:GNU)?MAKEFLAGS|MAKEFILES|MAKE|MFLAGS|CC|CXX|CPP|AS|LD|AR|NM|RANLIB|STRIP|PKG_CONFIG\w*|CONFIG_(?:SITE|SHELL)|CMAKE_(?:TOOLCHAIN_FILE|\w+_LAUNCHER|\w+_COMPILER|PROGRAM_PATH|PREFIX_PATH)|RUSTC|RUSTDOC|RUSTFMT|RUSTUP_(?:TOOLCHAIN|HOME|DIST_SERVER|UPDATE_ROOT)|CARGO|JAVA_HOME|JDK_HOME|GRADLE_USER_HOME|MAVEN_(?:CONFIG|USER_HOME|HOME)|M2_HOME|GOENV|GOBIN|GOPATH|GOINSECURE|GOVCS|RUSTC_WRAPPER|RUSTC_WORKSPACE_WRAPPER|CARGO_(?:BUILD|TARGET|REGISTRIES|HTTP|NET|HOME)\w*|GOROOT|GOPROXY|GOSUMDB|GONOSUMDB|GOTOOLCHAIN)$/u, risk: 'high', code: 'runs_by_environment', what: RUNS, unless: /^(?:gcc|g\+\+|clang|clang\+\+|cc|c\+\+|sccache|local|auto|off|direct|-j\s?\d+|stable|nightly|beta|\d+\.\d+(?:\.\d+)?|make|pkg-config|(?:\/(?:usr\/lib\/jvm|Library\/Java\/JavaVirtualMachines|opt\/homebrew\/opt)\/(?!.*\.\.)[\w./+-]+))$/u },
  { name: /^(?:GOFLAGS|RUSTFLAGS|JAVA_TOOL_OPTIONS|_JAVA_OPTIONS|JDK_JAVA_OPTIONS|JAVA_OPTS|MAVEN_OPTS|MAVEN_ARGS|GRADLE_OPTS|ANT_OPTS|SBT_OPTS|CARGO_ENCODED_RUSTFLAGS|C(?:PP)?FLAGS|LDFLAGS|CXXFLAGS|CGO_\w*FLAGS)$/u, risk: 'high', code: 'runs_by_environment', what: RUNS, unless: /^(?!.*(?:toolexec|-exec|vettool|linker|agent|plugin|wrapper|exec[.=]|classpath|-B\s|\.\.|(?:^|[=\s,])[/~]))[^\uE000]*$/u },
  { name: /^npm_config_(?!yes$|loglevel$|fund$|audit$|progress$|color$|silent$|update_notifier$)\w+$/iu, risk: 'high', code: 'package_scripts', what: LEADS },
  { name: /^(?:YARN_(?!ENABLE_(?:TELEMETRY|PROGRESS|COLORS|IMMUTABLE))\w+|PIP_(?:INDEX|EXTRA_INDEX|TRUSTED|CONFIG|FIND_LINKS|TARGET|PREFIX)\w*|UV_(?:INDEX|DEFAULT_INDEX|EXTRA_INDEX)\w*|BUNDLE_\w+|GEM_\w+|COREPACK_NPM_REGISTRY|npm_(?:execpath|node_execpath)|ELECTRON_(?:MIRROR|CUSTOM_DIR|OVERRIDE_DIST_PATH)|(?:PLAYWRIGHT|PUPPETEER|CYPRESS)_(?:DOWNLOAD_\w+|INSTALL_BINARY)|SASS_BINARY_\w+|NVM_(?:NODEJS|IOJS)_ORG_MIRROR|BUN_CONFIG_\w+|DENO_(?:DIR|INSTALL_ROOT|TLS_CA_STORE)|MVNW_\w+|COMPOSER_HOME|SSLKEYLOGFILE)$/u, risk: 'high', code: 'package_scripts', what: LEADS },
  { name: /^(?:(?:HTTPS?|ALL|FTP|NO)_PROXY|NODE_EXTRA_CA_CERTS|SSL_CERT_(?:FILE|DIR)|CURL_CA_BUNDLE|REQUESTS_CA_BUNDLE|DOCKER_HOST|DOCKER_CONFIG|KUBECONFIG|AWS_\w+|GOOGLE_APPLICATION_CREDENTIALS|SSH_AUTH_SOCK|HOSTALIASES|RESOLV_\w+)$/iu, risk: 'high', code: 'leads_elsewhere', what: LEADS, unless: /^(?:test|testing|dummy|fake|us-east-1|us-west-2|eu-west-1|x)$/u },
  { name: /^NODE_TLS_REJECT_UNAUTHORIZED$/u, risk: 'high', code: 'leads_elsewhere', what: 'which trusts any server', unless: /^1?$/u },
  { name: /^(?:HOME|XDG_(?:CONFIG|DATA|STATE)_HOME|USERPROFILE)$/u, risk: 'high', code: 'runs_by_environment', what: 'which decides whose settings other programs read' },
];

/** Judges a variable that is set for a command or for the rest of the line. */
export function judgeEnvironment(name: string, value: string, look: Look): void {
  for (const rule of RULES) {
    if (!rule.name.test(name)) continue;
    if (rule.unless?.test(value) && isExact(value)) continue;
    look.find(rule.risk, rule.code, `Sets ${name} to ${plain(value).slice(0, 80) || 'nothing'}, ${rule.what}.`);
  }
}
