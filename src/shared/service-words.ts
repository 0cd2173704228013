import type { Check } from './contract/check.ts';
import type { Incident, IncidentEntry, RestartRecord, RestartState } from './contract/incidents.ts';
import type { Service, ServiceKind, ServiceState, Target, Uptime } from './contract/services.ts';
import { count, span, whole } from './format.ts';

/** Services and incidents as a person reads them, on screen and in the CLI. */
export const KIND_NAMES: Readonly<Record<ServiceKind, string>> = {
  http: 'HTTP',
  tcp: 'TCP port',
  ping: 'Ping',
  dns: 'DNS name',
  process: 'Process',
  command: 'Command',
  docker: 'Docker container',
  launchd: 'launchd job',
  systemd: 'systemd unit',
  disk: 'Disk space',
  heartbeat: 'Heartbeat (push)',
};

export const STATE_NAMES: Readonly<Record<ServiceState, string>> = {
  up: 'Up',
  pending: 'Pending',
  down: 'Down',
  paused: 'Paused',
  unknown: 'Unknown',
};

export const RESTART_NAMES: Readonly<Record<RestartState, string>> = {
  proposed: 'Waiting for you',
  shadow: 'Only shown',
  running: 'Restarting',
  verifying: 'Starting up',
  healthy: 'Healthy afterwards',
  still_down: 'Still down afterwards',
  failed: 'Did not go through',
  declined: 'Declined',
  withdrawn: 'Withdrawn',
  unknown: 'Not seen to its end',
};

/** `Up`, `Failing, 2 of 3`, `Recovering, 1 of 2`, `Up, in maintenance`. */
export function stateWords(
  service: Pick<Service, 'state' | 'pending' | 'flapping' | 'inMaintenance' | 'silencedBy'>,
): string {
  const { state, pending, flapping, inMaintenance, silencedBy } = service;
  const base = pending
    ? `${pending.toward === 'down' ? 'Failing' : 'Recovering'}, ${pending.n} of ${pending.of}`
    : STATE_NAMES[state];
  return [
    base,
    ...(flapping ? ['goes up and down'] : []),
    ...(inMaintenance ? ['in maintenance'] : []),
    ...(silencedBy ? [`because of ${silencedBy}`] : []),
  ].join(', ');
}

/** Needs a look: down, or on the way to it or from it. */
export const isFailing = ({ state, confirmed }: Pick<Service, 'state' | 'confirmed'>): boolean =>
  state !== 'paused' && (confirmed === 'down' || state === 'down');

/** A response time: `84 ms`, `1.2 s`; unknown when none was measured. */
export function responseTime(ms: number | null): string {
  if (ms === null) return 'unknown';
  return ms < 1_000 ? `${ms < 10 ? ms.toFixed(1) : Math.round(ms)} ms` : `${(ms / 1_000).toFixed(1)} s`;
}

/** `99.95 %`, cut and never rounded up to a whole hundred; unknown when nothing was known. */
export function uptimePercent(share: number | null): string {
  if (share === null) return 'unknown';
  return share === 1 ? '100 %' : `${(Math.floor(share * 10_000) / 100).toFixed(2)} %`;
}

export const UPTIME_NAMES: Readonly<Record<keyof Uptime, string>> = {
  day: '24 hours',
  week: '7 days',
  month: '30 days',
  quarter: '90 days',
};

/** `42 days`, `expired 3 days ago`; null without a certificate. */
export function certificateWords(expiresAt: number | null, now: number): string | null {
  if (expiresAt === null) return null;
  return expiresAt < now ? `expired ${span(now - expiresAt)} ago` : span(expiresAt - now);
}

/** One check in words: `Up, 84 ms`, `Failed: status 503`. */
export function checkWords({ ok, ms, detail }: Pick<Check, 'ok' | 'ms' | 'detail'>): string {
  if (ok === null) return `Unknown: ${detail}`;
  if (!ok) return `Failed: ${detail}`;
  return ms === null ? `Up: ${detail}` : `Up, ${responseTime(ms)}`;
}

/** A row of checks in words, for whoever does not see the bars. */
export function checksWords(checks: readonly Pick<Check, 'ok'>[]): string {
  if (checks.length === 0) return 'No checks yet';
  const of = (ok: boolean | null): number => checks.filter((check) => check.ok === ok).length;
  const parts = [
    `${of(true)} good`,
    ...(of(false) > 0 ? [`${of(false)} failed`] : []),
    ...(of(null) > 0 ? [`${of(null)} unknown`] : []),
  ];
  return `The last ${count(checks.length, 'check')}: ${parts.join(', ')}`;
}

/** An entry of a timeline: `Failed: refused`, `118 checks, all failed: refused`, `7 checks: 3 good, 4 failed`. */
export function entryWords({ text, checks }: Pick<IncidentEntry, 'text' | 'checks'>): string {
  if (checks === null) return text;
  const parts = (['good', 'failed', 'unknown'] as const).filter((name) => checks[name] > 0);
  const all = checks.good + checks.failed + checks.unknown;
  if (parts.length > 1) {
    return `${count(all, 'check')}: ${parts.map((name) => `${whole(checks[name])} ${name}`).join(', ')}`;
  }
  const [word = 'unknown'] = parts;
  return all === 1
    ? `${word.charAt(0).toUpperCase()}${word.slice(1)}: ${text}`
    : `${count(all, 'check')}, all ${word}: ${text}`;
}

/** `Web is down`, `3 services failed at once`. */
export function incidentTitle({ kind, title, closedAt }: Pick<Incident, 'kind' | 'title' | 'closedAt'>): string {
  if (kind === 'infrastructure') return title;
  return `${title} ${closedAt === null ? 'is' : 'was'} down`;
}

/** What is left of the budget of Tenure's own restarts. */
export const budgetWords = ({ budget }: Pick<RestartRecord, 'budget'>): string =>
  `${count(budget.service, 'restart')} left for it this hour, ${budget.all} in all`;

/** The project that a service names by its id or its name; undefined: none, or it is not there any more. */
export const projectOf = <T extends { id: string; name: string }>(
  { project }: { project: string | null },
  projects: readonly T[],
): T | undefined =>
  project === null
    ? undefined
    : (projects.find(({ id }) => id === project) ?? projects.find(({ name }) => name === project));

/** Short words for what is looked at; no secrets of a URL. */
export function targetWords(target: Target): string {
  switch (target.kind) {
    case 'http': {
      const { protocol, host, pathname } = new URL(target.url);
      return `${target.method} ${protocol}//${host}${pathname}`;
    }
    case 'tcp':
      return `${target.host}:${target.port}`;
    case 'ping':
      return `ping ${target.host}`;
    case 'dns':
      return `${target.record} of ${target.name}`;
    case 'process':
      return target.name ?? `pid file ${target.pidFile}`;
    case 'command':
      return target.argv.join(' ');
    case 'docker':
      return `container ${target.container}`;
    case 'launchd':
      return `launchd ${target.label}`;
    case 'systemd':
      return `systemd ${target.unit}`;
    case 'disk':
      return `${target.path} under ${target.maxUsedPercent} %`;
    case 'heartbeat':
      return 'a push';
  }
}
