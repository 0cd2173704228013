import type {
  MaintenanceWindow,
  RestartSpec,
  Service,
  ServiceKind,
  ServiceSettings,
  Target,
} from '../../../shared/contract/services.ts';

/** What stands in the fields of the form, as text. */
export type Draft = Readonly<Record<FieldName, string>> & { kind: ServiceKind; restart: RestartSpec['kind'] | 'none' };

export type FieldName =
  | 'name'
  | 'group'
  | 'project'
  | 'url'
  | 'method'
  | 'status'
  | 'redirects'
  | 'headers'
  | 'body'
  | 'host'
  | 'port'
  | 'dnsName'
  | 'record'
  | 'server'
  | 'process'
  | 'pidFile'
  | 'argv'
  | 'exitCode'
  | 'container'
  | 'label'
  | 'domain'
  | 'unit'
  | 'scope'
  | 'path'
  | 'percent'
  | 'interval'
  | 'timeout'
  | 'downAfter'
  | 'upAfter'
  | 'retries'
  | 'conditions'
  | 'restartWhat'
  | 'startup'
  | 'dependsOn'
  | 'maintenance';

const FIRST: Draft = {
  kind: 'http',
  restart: 'none',
  name: '',
  group: '',
  project: '',
  url: 'http://127.0.0.1:',
  method: 'GET',
  status: '200-299',
  redirects: '10',
  headers: '',
  body: '',
  host: '127.0.0.1',
  port: '',
  dnsName: '',
  record: 'A',
  server: '',
  process: '',
  pidFile: '',
  argv: '',
  exitCode: '0',
  container: '',
  label: '',
  domain: 'gui',
  unit: '',
  scope: 'user',
  path: '/',
  percent: '90',
  interval: '60',
  timeout: '10',
  downAfter: '3',
  upAfter: '2',
  retries: '0',
  conditions: '',
  restartWhat: '',
  startup: '30',
  dependsOn: '',
  maintenance: '',
};

/** A program and its arguments, quoted where one has spaces. */
const argvText = (argv: readonly string[]): string =>
  argv.map((arg) => (/^[^\s"'\\]+$/.test(arg) ? arg : `"${arg.replaceAll(/["\\]/g, '\\$&')}"`)).join(' ');

/** Words as typed; quotes keep spaces together, a backslash keeps the next character as it is. */
export function argvOf(text: string): string[] {
  const words = text.match(/(?:"(?:[^"\\]|\\.)*"|'[^']*'|\\.|[^\s"'])+/g) ?? [];
  return words.map((word) =>
    word.replaceAll(/"((?:[^"\\]|\\.)*)"|'([^']*)'|\\(.)/g, (_all, double?: string, single?: string, one?: string) =>
      double === undefined ? (single ?? one ?? '') : double.replaceAll(/\\(.)/g, '$1'),
    ),
  );
}

const linesOf = (text: string): string[] =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');

function targetDraft(target: Target): Partial<Draft> {
  switch (target.kind) {
    case 'http': {
      const { url, method, status, headers, body = '', redirects } = target;
      return {
        url,
        method,
        status,
        body,
        redirects: String(redirects),
        headers: Object.entries(headers)
          .map(([name, value]) => `${name}: ${value}`)
          .join('\n'),
      };
    }
    case 'tcp':
      return { host: target.host, port: String(target.port) };
    case 'ping':
      return { host: target.host };
    case 'dns':
      return { dnsName: target.name, record: target.record, server: target.server ?? '' };
    case 'process':
      return { process: target.name ?? '', pidFile: target.pidFile ?? '' };
    case 'command':
      return { argv: argvText(target.argv), exitCode: String(target.exitCode) };
    case 'docker':
      return { container: target.container };
    case 'launchd':
      return { label: target.label, domain: target.domain };
    case 'systemd':
      return { unit: target.unit, scope: target.scope };
    case 'disk':
      return { path: target.path, percent: String(target.maxUsedPercent) };
    case 'heartbeat':
      return {};
  }
}

function restartDraft(restart: RestartSpec | null): Partial<Draft> {
  switch (restart?.kind) {
    case undefined:
      return { restart: 'none' };
    case 'docker':
      return { restart: 'docker', restartWhat: restart.container };
    case 'launchd':
      return { restart: 'launchd', restartWhat: restart.label, domain: restart.domain };
    case 'systemd':
      return { restart: 'systemd', restartWhat: restart.unit, scope: restart.scope };
    case 'command':
      return { restart: 'command', restartWhat: argvText(restart.argv) };
  }
}

/** The form of a service, or of a new one. */
export function draftOf(service: Service | undefined): Draft {
  if (!service) return FIRST;
  const { name, group, target, intervalMs, timeoutMs, downAfter, upAfter, retries, conditions, restart, startupMs } =
    service;
  return {
    ...FIRST,
    kind: target.kind,
    ...targetDraft(target),
    ...restartDraft(restart),
    name,
    group,
    project: service.project ?? '',
    interval: String(intervalMs / 1_000),
    timeout: String(timeoutMs / 1_000),
    downAfter: String(downAfter),
    upAfter: String(upAfter),
    retries: String(retries),
    conditions: conditions.join('\n'),
    startup: String(startupMs / 1_000),
    dependsOn: service.dependsOn.join(', '),
    maintenance: service.maintenance
      .map(({ cron, durationMs, timezone }) => [cron, durationMs / 60_000, ...(timezone ? [timezone] : [])].join(' | '))
      .join('\n'),
  };
}

function targetOf(draft: Draft): Target {
  switch (draft.kind) {
    case 'http': {
      const headers = linesOf(draft.headers).map((line): [string, string] => {
        const cut = line.indexOf(':');
        return [line.slice(0, cut < 0 ? line.length : cut).trim(), cut < 0 ? '' : line.slice(cut + 1).trim()];
      });
      const body = draft.body === '' ? {} : { body: draft.body };
      const method = draft.method as Extract<Target, { kind: 'http' }>['method'];
      return {
        kind: 'http',
        url: draft.url.trim(),
        method,
        status: draft.status,
        redirects: Number(draft.redirects),
        headers: Object.fromEntries(headers),
        ...body,
      };
    }
    case 'tcp':
      return { kind: 'tcp', host: draft.host, port: Number(draft.port) };
    case 'ping':
      return { kind: 'ping', host: draft.host };
    case 'dns': {
      const record = draft.record as Extract<Target, { kind: 'dns' }>['record'];
      return { kind: 'dns', name: draft.dnsName, record, ...(draft.server.trim() && { server: draft.server }) };
    }
    case 'process':
      return {
        kind: 'process',
        ...(draft.process.trim() && { name: draft.process }),
        ...(draft.pidFile.trim() && { pidFile: draft.pidFile }),
      };
    case 'command':
      return { kind: 'command', argv: argvOf(draft.argv), exitCode: Number(draft.exitCode) };
    case 'docker':
      return { kind: 'docker', container: draft.container };
    case 'launchd':
      return { kind: 'launchd', label: draft.label, domain: domainOf(draft) };
    case 'systemd':
      return { kind: 'systemd', unit: draft.unit, scope: scopeOf(draft) };
    case 'disk':
      return { kind: 'disk', path: draft.path, maxUsedPercent: Number(draft.percent) };
    case 'heartbeat':
      return { kind: 'heartbeat' };
  }
}

const domainOf = ({ domain }: Draft): 'gui' | 'user' | 'system' =>
  domain === 'system' || domain === 'user' ? domain : 'gui';
const scopeOf = ({ scope }: Draft): 'user' | 'system' => (scope === 'system' ? 'system' : 'user');

function restartOf(draft: Draft): RestartSpec | null {
  const what = draft.restartWhat.trim();
  switch (draft.restart) {
    case 'none':
      return null;
    case 'docker':
      return { kind: 'docker', container: what };
    case 'launchd':
      return { kind: 'launchd', label: what, domain: domainOf(draft) };
    case 'systemd':
      return { kind: 'systemd', unit: what, scope: scopeOf(draft) };
    case 'command':
      return { kind: 'command', argv: argvOf(what) };
  }
}

/** `0 3 * * * | 60 | Europe/Berlin`: cron, minutes, zone. */
function windowOf(line: string): MaintenanceWindow {
  const [cron = '', minutes = '', timezone] = line.split('|').map((part) => part.trim());
  return { cron, durationMs: Math.round(Number(minutes) * 60_000), ...(timezone && { timezone }) };
}

const ms = (seconds: string): number => Math.round(Number(seconds) * 1_000);

/** The settings that the form means. What is wrong about them is said by the engine, which checks them all. */
export function settingsOf(draft: Draft): ServiceSettings {
  return {
    name: draft.name,
    group: draft.group,
    project: draft.project || null,
    target: targetOf(draft),
    intervalMs: ms(draft.interval),
    timeoutMs: ms(draft.timeout),
    downAfter: Number(draft.downAfter),
    upAfter: Number(draft.upAfter),
    retries: Number(draft.retries),
    conditions: linesOf(draft.conditions),
    restart: restartOf(draft),
    startupMs: ms(draft.startup),
    dependsOn: draft.dependsOn
      .split(',')
      .map((name) => name.trim())
      .filter((name) => name !== ''),
    maintenance: linesOf(draft.maintenance).map(windowOf),
  };
}

/** What another kind brings along: a heartbeat that is late once is late, a unit is restarted as it is watched. */
export function withKind(draft: Draft, kind: ServiceKind): Draft {
  const downAfter = kind === 'heartbeat' ? '1' : draft.kind === 'heartbeat' ? '3' : draft.downAfter;
  const restart =
    kind === 'docker' || kind === 'launchd' || kind === 'systemd'
      ? draft.restart
      : draft.restart === 'command'
        ? 'command'
        : 'none';
  return { ...draft, kind, downAfter, restart };
}
