import { type ActivityEntry, AREAS } from '../../src/shared/contract/activity.ts';
import { METRICS, type Range, type ResourcePoint } from '../../src/shared/contract/resources.ts';
import type { Answers } from './pretend-answers.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const GIB = 1024 ** 3;
const STEPS: Readonly<Record<Range, readonly [points: number, step: number]>> = {
  '1h': [60, MINUTE],
  '24h': [144, 10 * MINUTE],
  '7d': [168, HOUR],
};

/** A day on a quiet machine with one busy hour, and a gap where it slept. */
function pointAt(at: number, n: number, of: number): ResourcePoint {
  const share = n / of;
  const asleep = share > 0.35 && share < 0.45;
  const busy = share > 0.6 && share < 0.8 ? 0.5 : 0;
  const value = (base: number, swing: number, speed: number): number | null =>
    asleep ? null : Math.min(1, base + busy + swing * Math.abs(Math.sin(n / speed)));
  const bytes = (base: number, speed: number): number | null =>
    asleep ? null : Math.round(base * (1 + busy * 8) * (0.2 + Math.abs(Math.sin(n / speed))));
  return {
    at,
    cpu: value(0.08, 0.12, 3),
    cpuMax: value(0.12, 0.2, 3),
    memory: value(0.4, 0.05, 9),
    memoryMax: value(0.42, 0.05, 9),
    disk: asleep ? null : 0.81,
    temperature: null,
    received: bytes(180_000, 4),
    sent: bytes(40_000, 6),
    read: bytes(90_000, 5),
    written: bytes(420_000, 7),
  };
}

const SENTENCES: Readonly<Record<ActivityEntry['area'], readonly string[]>> = {
  sessions: ['Fix the login redirect: completed, 2 commits.', 'Look for flaky tests: started at Cautious.'],
  decisions: ['Asks: git push origin tenure/fix-login.', 'You approved: npm install zod.'],
  trust: ['Scored 4 of 5: the tests pass, two commits.', 'Moderate is proposed: 30 of 30 sessions.'],
  services: ['is down: connection refused.', 'is up again after 4 min.'],
  projects: ['was added.'],
  money: ['Today has passed $5.00 at list price.'],
  machine: ['The disk is 91 % in use, high for 2 minutes. Free some space before sessions fail.'],
};
const SUBJECTS = ['atlas-api', 'atlas-web', 'ledger', 'docs-site'];

function entries(many: number): ActivityEntry[] {
  return Array.from({ length: many }, (_, n) => {
    const area = AREAS[n % AREAS.length] ?? 'sessions';
    const told = SENTENCES[area];
    return {
      seq: many - n,
      at: Date.now() - n * 7 * MINUTE,
      area,
      routine: false,
      subject: area === 'machine' || area === 'money' ? null : (SUBJECTS[n % SUBJECTS.length] ?? null),
      sentence: told[Math.floor(n / AREAS.length) % told.length] ?? '',
      place: area === 'sessions' ? '#/window/sessions' : null,
    };
  });
}

/** What the pretend engine answers about its machine, its log and its clock; as much as the state has of projects. */
export const MACHINE_ANSWERS: Answers = {
  'activity.list': (world, { areas, text = '', subject, limit = 100 }) => {
    const all = entries(world.state().projects.length * 5);
    const found = all.filter(
      (entry) =>
        (!areas || areas.includes(entry.area)) &&
        (!subject || entry.subject === subject) &&
        `${entry.subject} ${entry.sentence}`.toLowerCase().includes(text.toLowerCase()),
    );
    const subjects = all.length === 0 ? [] : SUBJECTS;
    return { entries: found.slice(0, limit), total: found.length, subjects, from: all.at(-1)?.at ?? null };
  },
  'schedule.upcoming': (world, { days = 7 }) => {
    const planned = world.state().projects.filter(({ schedule }) => schedule !== null);
    const runs = planned.flatMap(({ id, name, schedule }) =>
      Array.from({ length: Math.min(days, 14) }, (_, n) => ({
        at: (schedule?.nextRunAt ?? 0) + n * DAY,
        kind: 'session' as const,
        projectId: id,
        project: name,
        prompt: schedule?.prompt ?? null,
      })),
    );
    return { runs: runs.toSorted((a, b) => a.at - b.at), cut: false, paused: world.state().paused };
  },
  'resources.history': (_world, { range }) => {
    const [many, stepMs] = STEPS[range];
    const to = Math.floor(Date.now() / stepMs) * stepMs + stepMs;
    const from = to - many * stepMs;
    return { from, to, stepMs, points: Array.from({ length: many }, (_, n) => pointAt(from + n * stepMs, n, many)) };
  },
  'resources.state': () => ({
    thresholds: METRICS.map((metric) => ({
      metric,
      state: metric === 'temperature' || metric === 'thermal' ? 'unknown' : 'ok',
      value: metric === 'cpu' ? 0.12 : metric === 'memory' ? 0.61 : metric === 'disk' ? 0.81 : null,
      above: metric === 'temperature' ? 90 : metric === 'thermal' ? 2 : 0.9,
      forMs: 5 * MINUTE,
      since: null,
    })),
    pressure: 'normal',
    line: 'CPU 12 %, 6.2 GiB free, disk 81 %',
  }),
  'resources.load': () => ({
    at: Date.now(),
    cores: [0.21, 0.08, 0.02, 0.31, 0.12, 0.05, 0.09, 0.14],
    load: [1.42, 1.1, 0.9],
    uptimeMs: 12 * DAY,
    swap: null,
    network: { received: 182_000, sent: 41_000 },
    disk: { read: 12_000, written: 380_000 },
    thermal: 'nominal',
    temperature: null,
    own: { cpu: 0.004, memoryBytes: 0.14 * GIB },
  }),
  'resources.alerts': () => [],
  'worktrees.list': () => ({ trees: [], totalBytes: 0 }),
};
