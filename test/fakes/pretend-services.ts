import type { Check } from '../../src/shared/contract/check.ts';
import type { Candidate } from '../../src/shared/contract/detect.ts';
import type { IncidentEntry } from '../../src/shared/contract/incidents.ts';
import type { RevenueSource, SourceWeek, Total } from '../../src/shared/contract/revenue.ts';
import { SourceSettings } from '../../src/shared/contract/revenue-sources.ts';
import { type HistorySpan, type Service, ServiceSettings } from '../../src/shared/contract/services.ts';
import type { Snapshot } from '../../src/shared/contract/system.ts';
import type { Answers } from './pretend-answers.ts';
import { project, snapshotOf } from './pretend-scenes.ts';
import { incident, restart, service } from './services/views.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const STEPS: Readonly<Record<HistorySpan, readonly [stepMs: number, count: number]>> = {
  hour: [MINUTE, 60],
  day: [HOUR, 24],
  week: [HOUR, 168],
  quarter: [DAY, 90],
};

const http = (url: string): Service['target'] =>
  ServiceSettings.parse({ name: 'x', target: { kind: 'http', url } }).target;
const good = (ms: number, detail = 'status 200'): Check => ({ at: Date.now() - 20 * SECOND, ok: true, ms, detail });
const bad = (detail: string): Check => ({ at: Date.now() - 20 * SECOND, ok: false, ms: null, detail });
const down = (detail: string): Partial<Service> => ({
  state: 'down',
  confirmed: 'down',
  since: Date.now() - 14 * MINUTE,
  last: bad(detail),
});

function mixed(): Service[] {
  const now = Date.now();
  return [
    service({
      id: 'svc_shop',
      name: 'Shop',
      project: 'atlas-web',
      target: http('https://shop.example/'),
      last: good(84),
      certificateExpiresAt: now + 12 * DAY,
    }),
    service({
      id: 'svc_media',
      name: 'Media server',
      group: 'Home',
      target: { kind: 'docker', container: 'jellyfin' },
      restart: { kind: 'docker', container: 'jellyfin' },
      ...down('exited, exit code 137, out of memory'),
      incidentId: 'inc_media',
      restarting: restart({
        serviceId: 'svc_media',
        service: 'Media server',
        action: 'docker restart jellyfin',
        at: now - 12 * MINUTE,
      }),
    }),
    service({
      id: 'svc_queue',
      name: 'Queue',
      group: 'Data',
      project: 'atlas-api',
      target: { kind: 'tcp', host: '127.0.0.1', port: 5672 },
      state: 'pending',
      confirmed: 'up',
      pending: { toward: 'down', n: 2, of: 3 },
      last: bad('the connection was refused (ECONNREFUSED)'),
    }),
    service({
      id: 'svc_model',
      name: 'Model server',
      target: http('http://127.0.0.1:8080/health'),
      ...down('status 503, expected 200-299'),
      silencedBy: 'Media server',
      flapping: true,
    }),
    service({
      id: 'svc_miner',
      name: 'Miner',
      target: { kind: 'launchd', label: 'com.ada.xmrig', domain: 'gui' },
      inMaintenance: true,
      last: good(3, 'running, pid 812'),
    }),
    service({
      id: 'svc_nas',
      name: 'Backup disk',
      target: { kind: 'disk', path: '/Volumes/Backup', maxUsedPercent: 90 },
      state: 'unknown',
      confirmed: null,
      since: null,
      last: { at: now - MINUTE, ok: null, ms: null, detail: '/Volumes/Backup could not be looked at (ENOENT)' },
    }),
    service({
      id: 'svc_night',
      name: 'Nightly backup with a name that is longer than what any row of a list has room for',
      target: { kind: 'heartbeat' },
      state: 'paused',
      last: null,
      since: null,
      confirmed: null,
    }),
    service({
      id: 'svc_dns',
      name: 'Name server',
      target: { kind: 'dns', name: 'example.com', record: 'A' },
      last: good(7, 'NOERROR: 93.184.216.34'),
      source: 'config',
    }),
  ];
}

const incidents = () => [
  incident({
    id: 'inc_media',
    serviceId: 'svc_media',
    title: 'Media server',
    cause: 'exited, exit code 137, out of memory',
    services: ['Media server'],
    failingSince: Date.now() - 16 * MINUTE,
    openedAt: Date.now() - 14 * MINUTE,
    toldAt: Date.now() - 14 * MINUTE,
    needsPerson: 'The budget of restarts for this hour is spent (its own).',
  }),
  incident({
    id: 'inc_all',
    kind: 'infrastructure',
    serviceId: null,
    title: '3 services failed at once',
    cause: 'Shop, Queue and Model server began to fail within 2 minutes.',
    services: ['Shop', 'Queue', 'Model server'],
    failingSince: Date.now() - 3 * DAY,
    openedAt: Date.now() - 3 * DAY,
    closedAt: Date.now() - 3 * DAY + 22 * MINUTE,
    toldAt: Date.now() - 3 * DAY,
    reminders: 1,
    verdict: 'useful',
  }),
];

const RESTARTS = () => [
  restart({
    id: 'rst_2',
    serviceId: 'svc_media',
    service: 'Media server',
    action: 'docker restart jellyfin',
    at: Date.now() - 12 * MINUTE,
  }),
  restart({
    id: 'rst_1',
    serviceId: 'svc_media',
    service: 'Media server',
    action: 'docker restart jellyfin',
    state: 'still_down',
    at: Date.now() - 26 * HOUR,
    finishedAt: Date.now() - 26 * HOUR + MINUTE,
    detail: 'exited, exit code 1',
    by: 'ada',
    reason: 'A person asked for it.',
  }),
];

/** Services in every state, with revenue beside. */
export const served = (): Snapshot =>
  snapshotOf({
    projects: [project('atlas-api'), project('atlas-web')],
    sessions: [],
    decisions: [],
    services: mixed(),
    incidents: incidents(),
    revenue: { at: Date.now(), sources: 4, failing: 1, week: WEEK_TOTAL, change: { ratio: 0.12, why: null } },
  });

/** Five hundred services, as many as somebody may have. */
export const fleet = (): Snapshot =>
  snapshotOf({
    projects: [],
    sessions: [],
    decisions: [],
    services: Array.from({ length: 500 }, (_, n) =>
      service({
        id: `svc_${n}`,
        name: `Service ${n}`,
        group: `Rack ${n % 12}`,
        ...(n % 41 === 0 ? down('no connection within 10000 ms') : { last: good(10 + (n % 90)) }),
      }),
    ),
  });

/** The newest 60 checks of a service, as its state says. */
function checksOf({ id, state, last, intervalMs }: Service): Check[] {
  if (last === null) return [];
  const turn = Array.from(id, (letter) => letter.charCodeAt(0)).reduce((sum, code) => sum + code, 0);
  return Array.from({ length: 60 }, (_, n) => {
    const at = Date.now() - (60 - n) * intervalMs;
    const isLate = state === 'down' ? n > 45 : state === 'pending' && n > 57;
    if (isLate || (turn + n) % 29 === 0)
      return { at, ok: false, ms: null, detail: last.ok === false ? last.detail : 'status 502' };
    if (state === 'unknown' || (turn + n) % 23 === 0)
      return { at, ok: null, ms: null, detail: 'This machine has no network.' };
    return { at, ok: true, ms: 20 + ((turn * 7 + n * 13) % 60), detail: 'status 200' };
  });
}

const micro = (usd: number): number => usd * 1_000_000;
const total = (usd: number | null, unknown = 0): Total => ({
  microUsd: usd === null ? null : micro(usd),
  unknown,
  incomplete: 0,
});
const WEEK_TOTAL = total(31.2, 1);

function week(name: string, kind: SourceWeek['kind'], usd: number | null, more: Partial<SourceWeek> = {}): SourceWeek {
  const figure = {
    microUsd: usd === null ? null : micro(usd),
    complete: usd !== null,
    why: usd === null ? 'It was never seen.' : null,
  };
  const none = { asset: null, amount: null, requests: null, tokens: null };
  return {
    sourceId: `src_${kind}`,
    name,
    kind,
    projectId: null,
    figure,
    previous: figure,
    change: { ratio: usd === null ? null : 0, why: usd === null ? 'unknown' : null },
    ...none,
    ...more,
  };
}
const WEEKS = [
  week('Pool', 'pool', 8.4, { asset: 'XMR', amount: '41200000000', change: { ratio: 0.31, why: null } }),
  week('Model server', 'server', 22.8, { projectId: 'prj_atlas-api', requests: 18_204, tokens: 5_120_000 }),
  week('Shop log', 'access-log', null),
];

function source(name: string, settings: unknown, more: Partial<RevenueSource> = {}): RevenueSource {
  const now = Date.now();
  const parsed = SourceSettings.parse(settings);
  const times = { createdAt: now - 40 * DAY, lastTryAt: now - 4 * MINUTE, lastGoodAt: now - 4 * MINUTE };
  return {
    id: `src_${parsed.kind}`,
    kind: parsed.kind,
    name,
    projectId: null,
    settings: parsed,
    intervalMs: 10 * MINUTE,
    paused: false,
    ...times,
    lastError: null,
    stale: false,
    flag: null,
    reading: null,
    stableDays: 14,
    ...more,
  };
}

const CANDIDATES: Candidate[] = [
  {
    key: 'container:db',
    found: 'container',
    name: 'db',
    detail: 'postgres:17, running',
    watched: true,
    draft: ServiceSettings.parse({ name: 'db', target: { kind: 'docker', container: 'db' } }),
  },
  {
    key: 'launchd:com.ada.xmrig',
    found: 'launchd',
    name: 'com.ada.xmrig',
    detail: 'pid 812',
    watched: false,
    draft: ServiceSettings.parse({ name: 'com.ada.xmrig', target: { kind: 'launchd', label: 'com.ada.xmrig' } }),
  },
  {
    key: 'port:8080',
    found: 'port',
    name: 'node (8080)',
    detail: 'listens on loopback',
    watched: false,
    draft: ServiceSettings.parse({ name: 'node (8080)', target: { kind: 'tcp', host: '127.0.0.1', port: 8080 } }),
  },
];

/** What the pretend engine answers about services, what runs here, and revenue. */
export const SERVICE_ANSWERS: Answers = {
  'services.list': (world) => world.state().services,
  'services.status': (world, { ids, checks }) =>
    world
      .state()
      .services.filter(({ id }) => ids === undefined || ids.includes(id))
      .map((one) => {
        const isKnown = one.last !== null && one.state !== 'unknown';
        const uptime = isKnown
          ? { day: one.state === 'down' ? 0.9712 : 1, week: 0.9951, month: 0.9987, quarter: null }
          : { day: null, week: null, month: null, quarter: null };
        return { id: one.id, uptime, checks: checks ? checksOf(one) : [] };
      }),
  'services.history': (_world, { id, span }) => {
    const [stepMs, steps] = STEPS[span];
    const from = Math.floor(Date.now() / stepMs) * stepMs - (steps - 1) * stepMs;
    if (id === 'svc_night' || id === 'svc_nas') return { stepMs, from, points: [] };
    const points = Array.from({ length: steps }, (_, n) => {
      const p50 = 30 + 18 * Math.sin(n / 4) + (n % 5);
      const isDown = n > steps * 0.9;
      const times = isDown
        ? { min: null, p50: null, p95: null, max: null }
        : { min: p50 / 2, p50, p95: p50 * 2.4, max: p50 * 4 };
      return {
        at: from + n * stepMs,
        up: isDown ? 0 : 60,
        down: isDown ? 60 : n % 17 === 3 ? 4 : 0,
        unknown: 0,
        ...times,
      };
    });
    // The machine slept.
    return { stepMs, from, points: points.filter((_, n) => n < steps * 0.3 || n > steps * 0.4) };
  },
  'services.restarts': (_world, { id }) => RESTARTS().filter(({ serviceId }) => id === undefined || serviceId === id),
  'incidents.list': (world, { all, serviceId }) =>
    world
      .state()
      .incidents.filter(
        (one) => (all || one.closedAt === null) && (serviceId === undefined || one.serviceId === serviceId),
      ),
  'incidents.get': (world, { id }) => {
    const found = world.state().incidents.find((one) => one.id === id);
    const at = found?.failingSince ?? 0;
    const timeline: IncidentEntry[] = [
      {
        at,
        kind: 'check',
        text: 'exited, exit code 137, out of memory',
        checks: { until: at + 2 * MINUTE, good: 0, failed: 3, unknown: 0 },
      },
      {
        at: at + 2 * MINUTE,
        kind: 'state',
        text: 'Down after 3 failed checks in a row: exited, exit code 137, out of memory',
        checks: null,
      },
      {
        at: at + 2 * MINUTE,
        kind: 'message',
        text: 'Media server is down. exited, exit code 137, out of memory',
        checks: null,
      },
      {
        at: at + 3 * MINUTE,
        kind: 'restart',
        text: 'A restart is proposed by Tenure (docker restart jellyfin). At Cautious a restart is asked about. Budget left this hour: 2 for it, 2 in all.',
        checks: null,
      },
    ];
    return { ...found, timeline };
  },
  'incidents.checks': (_world, { from, to }) =>
    [from, from + MINUTE, to].map((at) => ({
      at,
      ok: false,
      ms: null,
      detail: 'exited, exit code 137, out of memory',
    })),
  'detect.candidates': () => ({
    candidates: CANDIDATES,
    notes: ['systemd units were not looked for: systemctl is not here.'],
  }),
  'revenue.sources': () => [
    source('Pool', { kind: 'pool', url: 'https://pool.example/api', address: 'env:WALLET' }),
    source('Model server', { kind: 'server', url: 'http://127.0.0.1:8080/metrics' }, { projectId: 'prj_atlas-api' }),
    source('Entries', { kind: 'manual' }, { intervalMs: null, lastTryAt: null, lastGoodAt: null, stableDays: 3 }),
  ],
  'revenue.week': () => {
    const now = Date.now();
    return {
      from: now - 7 * DAY,
      to: now,
      previousFrom: now - 14 * DAY,
      timezone: 'Europe/Berlin',
      total: WEEK_TOTAL,
      previous: total(27.9),
      change: { ratio: 0.12, why: null },
      sources: WEEKS,
      stable: false,
    };
  },
  'revenue.weeks': (_world, { count }) =>
    Array.from({ length: count }, (_, n) => {
      const from = Date.now() - (count - n) * 7 * DAY;
      return { from, to: from + 7 * DAY, total: n === 3 ? total(null, 2) : total(12 + n * 2.1, n % 4 === 1 ? 1 : 0) };
    }),
  'revenue.projects': (world) =>
    world.state().projects.map(({ id, name }, n) => ({
      projectId: id,
      name,
      revenue: n === 0 ? total(22.8) : total(null),
      sources: n === 0 ? 1 : 0,
      costMicroUsd: micro(4.2),
      costUnknown: n,
      netMicroUsd: n === 0 ? micro(18.6) : null,
      sessions: 12,
      commits: 31,
      meanScore: 3.8,
      uptime: n === 0 ? 0.9987 : null,
    })),
  'revenue.entries': () => [],
};
