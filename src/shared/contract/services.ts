import { z } from 'zod';
import { Check } from './check.ts';
import { command, query } from './define.ts';
import { RestartRecord } from './incidents.ts';

const MINUTE = 60_000;
const DAY = 86_400_000;
const line = (max: number) => z.string().trim().min(1).max(max);
const host = line(253);
const argv = z.array(z.string().max(4_096)).min(1).max(64);
const container = line(200);
const socket = z.string().max(1_024).optional();
const launchdDomain = z.enum(['gui', 'user', 'system']);
const systemdScope = z.enum(['user', 'system']);

/** `200`, `200-299`, `200,204,301-308`. */
const StatusRange = z
  .string()
  .trim()
  .regex(
    /^[1-5]\d\d(-[1-5]\d\d)?(\s*,\s*[1-5]\d\d(-[1-5]\d\d)?)*$/,
    'expected statuses or ranges such as 200-299 or 200,204',
  );

/** Header names that decide how a request is framed; they are ours to set. */
const FRAMING = /^(host|connection|content-length|transfer-encoding|upgrade|keep-alive|te|trailer)$/i;
const Headers = z
  .record(z.string().regex(/^[\w!#$%&'*+.^`|~-]+$/, 'expected a header name'), z.string().max(4_096))
  .refine((headers) => !Object.keys(headers).some((name) => FRAMING.test(name)), 'these headers are set by Tenure');

/** What is looked at, and how. Times in milliseconds. */
export const Target = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('http'),
    url: z.url({ protocol: /^https?$/, error: 'expected an http:// or https:// URL' }).max(2_048),
    method: z.enum(['GET', 'HEAD', 'POST', 'PUT', 'OPTIONS']).default('GET'),
    headers: Headers.default({}),
    body: z.string().max(10_000).optional(),
    status: StatusRange.default('200-299'),
    /** Redirects that are followed at the most; one that is expected itself is the answer. */
    redirects: z.number().int().min(0).max(20).default(10),
  }),
  z.object({ kind: z.literal('tcp'), host, port: z.number().int().min(1).max(65_535) }),
  z.object({ kind: z.literal('ping'), host }),
  z.object({
    kind: z.literal('dns'),
    name: host,
    record: z.enum(['A', 'AAAA', 'CNAME', 'MX', 'NS', 'TXT']).default('A'),
    /** Address of the server to ask, with `:port` when it is not 53; absent: the system's own. */
    server: line(260).optional(),
  }),
  z
    .object({ kind: z.literal('process'), name: line(200).optional(), pidFile: line(1_024).optional() })
    .refine(({ name, pidFile }) => (name === undefined) !== (pidFile === undefined), 'expected a name or a pid file'),
  z.object({ kind: z.literal('command'), argv, exitCode: z.number().int().min(0).max(255).default(0) }),
  z.object({ kind: z.literal('docker'), container, socket }),
  z.object({ kind: z.literal('launchd'), label: line(200), domain: launchdDomain.default('gui') }),
  z.object({ kind: z.literal('systemd'), unit: line(200), scope: systemdScope.default('user') }),
  z.object({ kind: z.literal('disk'), path: line(1_024), maxUsedPercent: z.number().min(1).max(100).default(90) }),
  z.object({ kind: z.literal('heartbeat') }),
]);
export type Target = z.infer<typeof Target>;
export type ServiceKind = Target['kind'];

/** How it is brought back: an action of risk *medium* that passes the policy and the budget. */
export const RestartSpec = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('docker'), container, socket }),
  z.object({ kind: z.literal('launchd'), label: line(200), domain: launchdDomain.default('gui') }),
  z.object({ kind: z.literal('systemd'), unit: line(200), scope: systemdScope.default('user') }),
  z.object({ kind: z.literal('command'), argv }),
]);
export type RestartSpec = z.infer<typeof RestartSpec>;

export const MaintenanceWindow = z.object({
  cron: line(200),
  durationMs: z
    .number()
    .int()
    .min(MINUTE)
    .max(7 * DAY),
  /** IANA zone; absent: the configured one. */
  timezone: z.string().max(64).optional(),
});
export type MaintenanceWindow = z.infer<typeof MaintenanceWindow>;

const settings = {
  name: line(80),
  group: z.string().trim().max(80).default(''),
  /** Id or name of the project that it belongs to: its uptime stands beside what that earns and costs. */
  project: line(80).nullable().default(null),
  target: Target,
  intervalMs: z
    .number()
    .int()
    .min(1_000)
    .max(7 * DAY)
    .default(MINUTE),
  timeoutMs: z
    .number()
    .int()
    .min(100)
    .max(5 * MINUTE)
    .default(10_000),
  /** Checks in a row until it counts as down, and as up again. */
  downAfter: z.number().int().min(1).max(20).default(3),
  upAfter: z.number().int().min(1).max(20).default(2),
  /** Further tries within one check before it counts as failed. */
  retries: z.number().int().min(0).max(5).default(0),
  /** All must hold; see `core/probes/conditions.ts` for the grammar. */
  conditions: z.array(line(500)).max(20).default([]),
  restart: RestartSpec.nullable().default(null),
  /** Time given to a restarted service before it is looked at again. */
  startupMs: z
    .number()
    .int()
    .min(0)
    .max(30 * MINUTE)
    .default(30_000),
  /** Names or ids of services; while one of them is down, this one is not judged. */
  dependsOn: z.array(line(80)).max(20).default([]),
  maintenance: z.array(MaintenanceWindow).max(10).default([]),
};

export const ServiceSettings = z.object(settings);
export type ServiceSettings = z.infer<typeof ServiceSettings>;
export type ServiceInput = z.input<typeof ServiceSettings>;

export const ServiceState = z.enum(['up', 'pending', 'down', 'paused', 'unknown']);
export type ServiceState = z.infer<typeof ServiceState>;

export const Service = z.object({
  id: z.string(),
  ...ServiceSettings.shape,
  /** Where it was set up: here, or in the configuration, where it is changed then. */
  source: z.enum(['person', 'config']),
  state: ServiceState,
  /** Confirmed up or down; null while neither is known. */
  confirmed: z.enum(['up', 'down']).nullable(),
  /** While pending: `n` of the `of` checks in a row that it takes. */
  pending: z.object({ toward: z.enum(['up', 'down']), n: z.number(), of: z.number() }).nullable(),
  /** Epoch ms at which it came into its confirmed state. */
  since: z.number().nullable(),
  last: Check.nullable(),
  certificateExpiresAt: z.number().nullable(),
  flapping: z.boolean(),
  inMaintenance: z.boolean(),
  /** The name of the failing service that explains this one's failure. */
  silencedBy: z.string().nullable(),
  incidentId: z.string().nullable(),
  /** The restart that is proposed or under way. */
  restarting: RestartRecord.nullable(),
  createdAt: z.number(),
});
export type Service = z.infer<typeof Service>;

/** Shares of the known checks that were good, 0–1; null while nothing was known in that time. */
export const Uptime = z.object({
  day: z.number().nullable(),
  week: z.number().nullable(),
  month: z.number().nullable(),
  quarter: z.number().nullable(),
});
export type Uptime = z.infer<typeof Uptime>;

/** A roll-up: counts and response times (ms) of one span that began at `at`. */
export const HistoryPoint = z.object({
  at: z.number(),
  up: z.number(),
  down: z.number(),
  unknown: z.number(),
  min: z.number().nullable(),
  p50: z.number().nullable(),
  p95: z.number().nullable(),
  max: z.number().nullable(),
});
export type HistoryPoint = z.infer<typeof HistoryPoint>;

export const HISTORY_SPANS = ['hour', 'day', 'week', 'quarter'] as const;
const Span = z.enum(HISTORY_SPANS);
export type HistorySpan = z.infer<typeof Span>;

const one = z.object({ id: z.string() });

export const serviceMethods = {
  'services.list': query({ summary: 'Every watched service.', input: z.object({}), output: z.array(Service) }),
  'services.status': query({
    summary: 'Uptime and the last 60 checks of services; of all unless ids are given.',
    input: z.object({ ids: z.array(z.string()).max(10_000).optional(), checks: z.boolean().optional() }),
    output: z.array(z.object({ id: z.string(), uptime: Uptime, checks: z.array(Check) })),
  }),
  'services.history': query({
    summary: 'Counts and response times of one service over a span.',
    input: z.object({ id: z.string(), span: Span }),
    output: z.object({ stepMs: z.number(), from: z.number(), points: z.array(HistoryPoint) }),
  }),
  'services.restarts': query({
    summary: 'Restarts of one service or of all, newest first, each with who, why and the budget left.',
    input: z.object({ id: z.string().optional(), limit: z.number().int().min(1).max(500).optional() }),
    output: z.array(RestartRecord),
  }),
  'services.try': command({
    summary: 'Check settings once, now, without keeping anything.',
    input: ServiceSettings,
    output: z.object({
      ok: z.boolean().nullable(),
      ms: z.number().nullable(),
      detail: z.string(),
      values: z.record(z.string(), z.string()),
    }),
  }),
  'services.add': command({
    summary: 'Watch a service. For a heartbeat the answer holds its push URL, which is shown only this once.',
    input: ServiceSettings,
    output: z.object({ service: Service, pushUrl: z.string().nullable() }),
  }),
  'services.update': command({
    summary: 'Change settings of a service.',
    input: z.object({ id: z.string(), settings: ServiceSettings }),
    output: Service,
  }),
  'services.remove': command({ summary: 'Forget a service and its history.', input: one, output: one }),
  'services.check': command({ summary: 'Check a service now.', input: one, output: Service }),
  'services.pause': command({
    summary: 'Pause or resume the watching of a service.',
    input: z.object({ id: z.string(), paused: z.boolean() }),
    output: Service,
  }),
  'services.restart': command({
    summary: 'Restart a service now, or say yes to the restart that is proposed.',
    input: one,
    output: RestartRecord,
  }),
  'services.declineRestart': command({
    summary: 'Say no to the restart that is proposed.',
    input: one,
    output: RestartRecord,
  }),
  'services.renewPushUrl': command({
    summary: 'Make a new push URL for a heartbeat; the old one ends.',
    input: one,
    output: z.object({ pushUrl: z.string() }),
  }),
};

export const serviceFacts = {
  'service.changed': z.object({ service: Service }),
  'service.removed': one,
};

export const serviceSignals = {
  /** Checks of the last moments, each service's newest. */
  'services.checked': z.object({ checks: z.array(Check.extend({ id: z.string() })) }),
};
