import { type RestartSpec, type ServiceInput, ServiceSettings, type Target } from '../../shared/contract/services.ts';
import { issueWords } from '../../shared/issue-words.ts';
import { UsageError, wholeNumber } from '../verb.ts';

const WEEK_S = 604_800;

/** What is looked at, as one word each: `https://…`, `tcp:host:port`, `docker:name`. */
export const TARGET_HELP =
  'http(s)://…, tcp:<host>:<port>, ping:<host>, dns:<name>[/<record>], process:<name>, pidfile:<path>, command:<program>, docker:<container>, launchd:[system/]<label>, systemd:[system/]<unit>, disk:<path>[=<percent>], heartbeat, or found:<key> of "tenure probe detect"';

export const SERVICE_OPTIONS = {
  interval: { type: 'string', value: '<seconds>', help: 'between two checks; default: 60' },
  timeout: { type: 'string', value: '<seconds>', help: 'of one check, or the grace of a heartbeat; default: 10' },
  down: { type: 'string', value: '<checks>', help: 'failed in a row until it is down; default: 3, a heartbeat 1' },
  up: { type: 'string', value: '<checks>', help: 'good in a row until it is up again; default: 2' },
  retries: { type: 'string', value: '<n>', help: 'further tries within one check; default: 0' },
  condition: {
    type: 'string',
    multiple: true,
    value: '<condition>',
    help: '[RESPONSE_TIME] < 300 and the like; may be repeated',
  },
  status: { type: 'string', value: '<ranges>', help: 'of HTTP: 200-299 or 200,204; default: 200-299' },
  redirects: { type: 'string', value: '<n>', help: 'of HTTP, followed at the most; default: 10, 0: none' },
  method: { type: 'string', value: '<method>', help: 'of HTTP; default: GET' },
  arg: { type: 'string', multiple: true, value: '<argument>', help: 'of command:; may be repeated' },
  restart: {
    type: 'string',
    value: '<how>',
    help: 'docker:<container>, launchd:[system/]<label>, systemd:[system/]<unit> or command:<program> (arguments by --restart-arg)',
  },
  'restart-arg': {
    type: 'string',
    multiple: true,
    value: '<argument>',
    help: 'of the restart command; may be repeated',
  },
  startup: { type: 'string', value: '<seconds>', help: 'a restarted service gets until it is looked at; default: 30' },
  'depends-on': {
    type: 'string',
    multiple: true,
    value: '<service>',
    help: 'silent while that one is down; may be repeated',
  },
  maintenance: {
    type: 'string',
    multiple: true,
    value: '<cron|minutes|zone>',
    help: 'nothing is told or restarted then',
  },
  group: { type: 'string', value: '<name>', help: 'where it stands in lists' },
  project: {
    type: 'string',
    value: '<project>',
    help: 'that it belongs to, by name: its uptime stands beside what that earns',
  },
} as const;

export interface ServiceValues {
  interval?: string | undefined;
  timeout?: string | undefined;
  down?: string | undefined;
  up?: string | undefined;
  retries?: string | undefined;
  condition?: string[] | undefined;
  status?: string | undefined;
  redirects?: string | undefined;
  method?: string | undefined;
  arg?: string[] | undefined;
  restart?: string | undefined;
  'restart-arg'?: string[] | undefined;
  startup?: string | undefined;
  'depends-on'?: string[] | undefined;
  maintenance?: string[] | undefined;
  group?: string | undefined;
  project?: string | undefined;
}

/** The part before the first colon and the rest. */
function cut(text: string): [kind: string, rest: string] {
  const at = text.indexOf(':');
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
}

/** `system/com.example` → its scope and its name. */
function scoped(text: string, fallback: string): { scope: string; name: string } {
  const found = /^(system|user|gui)\/(.+)$/.exec(text);
  return { scope: found?.[1] ?? fallback, name: found?.[2] ?? text };
}

function targetOf(text: string, { status, method, redirects, arg = [] }: ServiceValues): unknown {
  if (/^https?:\/\//.test(text))
    return { kind: 'http', url: text, status, method, redirects: wholeNumber(redirects, 'redirects', 0, 20) };
  const [kind, rest] = cut(text);
  switch (kind) {
    case 'tcp': {
      const at = rest.lastIndexOf(':');
      return { kind, host: rest.slice(0, at), port: Number(rest.slice(at + 1)) };
    }
    case 'ping':
      return { kind, host: rest };
    case 'dns': {
      const [name, record] = rest.split('/');
      return { kind, name, record };
    }
    case 'process':
      return { kind, name: rest };
    case 'pidfile':
      return { kind: 'process', pidFile: rest };
    case 'command':
      return { kind, argv: [rest, ...arg] };
    case 'docker':
      return { kind, container: rest };
    case 'launchd': {
      const { scope, name } = scoped(rest, 'gui');
      return { kind, label: name, domain: scope };
    }
    case 'systemd': {
      const { scope, name } = scoped(rest, 'user');
      return { kind, unit: name, scope };
    }
    case 'disk': {
      const at = rest.lastIndexOf('=');
      return at < 0
        ? { kind, path: rest }
        : { kind, path: rest.slice(0, at), maxUsedPercent: Number(rest.slice(at + 1)) };
    }
    case 'heartbeat':
      return { kind };
    default:
      throw new UsageError(`A target is ${TARGET_HELP}, but got "${text}".`);
  }
}

function restartOf({ restart, 'restart-arg': args = [] }: ServiceValues): unknown {
  if (restart === undefined) return undefined;
  const [kind, rest] = cut(restart);
  const words = { docker: 0, launchd: 0, systemd: 0, command: 0 } satisfies Record<RestartSpec['kind'], number>;
  if (!Object.hasOwn(words, kind))
    throw new UsageError(`--restart takes docker:, launchd:, systemd: or command:, but got "${restart}".`);
  if (kind === 'command') return { kind, argv: [rest, ...args] };
  return targetOf(restart, {});
}

function windowOf(text: string): unknown {
  const [cron, minutes, timezone] = text.split('|').map((part) => part.trim());
  return { cron, durationMs: Math.round(Number(minutes) * 60_000), ...(timezone && { timezone }) };
}

const seconds = (text: string | undefined, option: string): number | undefined => {
  const whole = wholeNumber(text, option, 0, WEEK_S);
  return whole === undefined ? undefined : whole * 1_000;
};

/**
 * The settings that a command line means; what is absent gets its default, or is as in `found`, which was
 * detected here. @throws UsageError
 */
export function settingsOf(name: string, target: string, values: ServiceValues, found?: ServiceInput): ServiceSettings {
  const isHeartbeat = target === ('heartbeat' satisfies Target['kind']);
  const settings = {
    name,
    group: values.group,
    project: values.project,
    target: found ? found.target : defined(targetOf(target, values)),
    intervalMs: seconds(values.interval, 'interval'),
    timeoutMs: seconds(values.timeout, 'timeout'),
    downAfter: wholeNumber(values.down, 'down', 1, 20) ?? (isHeartbeat ? 1 : undefined),
    upAfter: wholeNumber(values.up, 'up', 1, 20),
    retries: wholeNumber(values.retries, 'retries', 0, 5),
    conditions: values.condition,
    restart: restartOf(values),
    startupMs: seconds(values.startup, 'startup'),
    dependsOn: values['depends-on'],
    maintenance: values.maintenance?.map(windowOf),
  };
  const parsed = ServiceSettings.safeParse({ ...found, ...defined(settings) }, { error: issueWords });
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new UsageError(`The service "${name}" cannot be watched so: ${issue?.path.join('.')}: ${issue?.message}.`);
}

/** Without what was not given, so that defaults fill in. */
function defined(value: unknown): Record<string, unknown> {
  return Object.fromEntries(Object.entries(value as object).filter(([, one]) => one !== undefined));
}
