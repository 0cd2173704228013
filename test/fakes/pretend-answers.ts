import { NOT_LOOKED_AT } from '../../src/core/evaluation/rules.ts';
import type { whyNot } from '../../src/shared/can.ts';
import type { Decision } from '../../src/shared/contract/decisions.ts';
import type { Fact, InputOf, MethodName, Signal } from '../../src/shared/contract/index.ts';
import { methods } from '../../src/shared/contract/index.ts';
import type { Session, SessionDetail } from '../../src/shared/contract/sessions.ts';
import type { HealthCheck, Snapshot } from '../../src/shared/contract/system.ts';
import type { TranscriptEntry, TranscriptPage } from '../../src/shared/contract/transcripts.ts';
import { TenureError } from '../../src/shared/errors.ts';
import { AGENT_ANSWERS } from './pretend-agents.ts';
import { DIALOG_ANSWERS } from './pretend-dialogs.ts';
import { LEDGER_ANSWERS } from './pretend-ledger.ts';
import { MACHINE_ANSWERS } from './pretend-machine.ts';
import { project, session } from './pretend-scenes.ts';
import { SERVICE_ANSWERS } from './pretend-services.ts';
import { pretendSettings } from './pretend-settings.ts';
import { TRUST_ANSWERS } from './pretend-trust.ts';
import { USAGE_ANSWERS } from './pretend-usage.ts';

export interface World {
  state(): Snapshot;
  tell(fact: Fact): void;
  signal(signal: Signal): void;
  whyNot: typeof whyNot;
}

export type Answers = { [M in MethodName]?: (world: World, input: InputOf<M>) => unknown };

const NOW = Date.now();
const SETTINGS = pretendSettings();
const well = (name: string, detail: string): HealthCheck => ({
  name,
  state: 'ok',
  detail,
  fix: null,
  command: null,
  act: null,
  lastOkAt: NOW,
  lastError: null,
});

const HEALTH: HealthCheck[] = [
  well('Store', 'The database is sound.'),
  well('Agent', 'Claude Code 2.1.328 at /opt/homebrew/bin/claude.'),
  {
    ...well('Login', 'Claude Code is not logged in.'),
    state: 'failing',
    fix: 'Log in to Claude Code in a terminal, then look again.',
    command: 'claude auth login',
    lastOkAt: NOW - 9 * 3_600_000,
    lastError: { at: NOW, sentence: 'Claude Code is not logged in.' },
  },
  {
    ...well('Data directory', 'Only 412 MiB are free on its disk.'),
    state: 'warning',
    fix: 'Free some space.',
  },
  {
    ...well('Notifications', 'Browser pages: Open pages that you allow to notify show what happens.'),
    state: 'unknown',
    act: { kind: 'test-notifications', label: 'Send a test', target: null },
    lastOkAt: null,
  },
  {
    ...well('Start at login', 'Tenure does not start at login.'),
    state: 'warning',
    fix: 'Let Tenure start at login.',
    act: { kind: 'start-at-login', label: 'Start at login', target: null },
    lastOkAt: null,
  },
];

function answered(world: World, id: string, changes: Partial<Decision>): Decision {
  const decision = world.state().decisions.find((one) => one.id === id);
  if (!decision) throw new TenureError('not_found', `There is no decision ${id}.`);
  const reason = world.whyNot('decision.approve', decision.state);
  if (reason) throw new TenureError('conflict', reason);
  const next = { ...decision, ...changes, answeredAt: Date.now(), answeredBy: 'you' };
  world.tell({ type: 'decision.answered', body: { decision: next } });
  const asking = world.state().sessions.find((one) => one.id === decision.sessionId);
  if (asking)
    change(world, {
      ...asking,
      phase: 'tool',
      activity: `Running ${decision.action.summary}`,
    });
  return next;
}

function change(world: World, next: Session): void {
  world.tell({ type: next.state === 'ended' ? 'session.ended' : 'session.changed', body: { session: next } });
}

function stopped(world: World, id: string) {
  const found = world.state().sessions.find((one) => one.id === id);
  if (!found) throw new TenureError('not_found', `There is no session ${id}.`);
  if (found.stillAlive.length > 0) return { id, stopped: false, stillAlive: found.stillAlive };
  change(world, { ...found, state: 'ended', outcome: 'stopped', phase: 'done', endedAt: Date.now(), commits: 0 });
  return { id, stopped: true, stillAlive: [] };
}

/** What waited, was held or was silent works. */
function letGo(world: World, id: string): Session {
  const found = world.state().sessions.find((one) => one.id === id);
  if (!found) throw new TenureError('not_found', `There is no session ${id}.`);
  const next: Session = {
    ...found,
    state: 'working',
    phase: 'thinking',
    waitingFor: null,
    retryAt: null,
    held: null,
    stall: null,
  };
  change(world, next);
  return next;
}

function detailOf(world: World, id: string): SessionDetail {
  const found = world.state().sessions.find((one) => one.id === id);
  if (!found) throw new TenureError('not_found', `There is no session ${id}.`);
  const ended = found.state === 'ended';
  return {
    ...found,
    decisions: world.state().decisions.filter((one) => one.sessionId === id),
    baseCommit: '4f1c9ab27d',
    agentSessionId: '7c0f3c0e-91a4-4a3f-a9ad-2f3c5c1c8f11',
    resultText: ended ? 'The redirect keeps its query now; a test covers it.' : null,
    transcriptPath: `${world.state().engine.home}/transcripts/${id}.jsonl`,
    followUps: [],
    evidence: ended
      ? {
          baseCommit: '4f1c9ab27d',
          headCommit: 'b02de11c90',
          commits: found.commits,
          filesChanged: found.filesChanged,
          insertions: found.insertions,
          deletions: found.deletions,
          uncommittedFiles: 0,
          historyRewritten: false,
          verify: {
            command: 'npm test',
            exitCode: 0,
            timedOut: false,
            durationMs: 8_412,
            tail: ' ✓ routes/login.test.ts (14)\n ✓ routes/checkout.test.ts (9)\n\n Tests  23 passed (23)\n',
          },
          ...NOT_LOOKED_AT,
          steps: [
            'Start at 3.',
            '2 commits on the branch: no limit.',
            'npm test passed: +1.',
            'Nothing is left uncommitted: stays 4.',
          ],
          problem: null,
        }
      : null,
  };
}

function transcript(from: number, limit: number): TranscriptPage {
  const total = 287;
  const at = Date.now() - 3_600_000;
  const output = 'export function login() {\n  return redirect("/");\n}';
  const entry = (n: number): TranscriptEntry => {
    const isCall = n % 2 === 1;
    const text = isCall
      ? `sed -n 1,${n + 40}p src/routes/login.ts`
      : 'The redirect drops the query string; I keep it and add a test.';
    return {
      n,
      at: at + n * 7_000,
      kind: isCall ? 'tool' : 'text',
      title: isCall ? 'Bash' : 'assistant',
      summary: isCall ? text : '',
      text,
      chars: text.length,
      failed: false,
      tool: isCall ? { id: `call_${n}`, ok: true, durationMs: 120, output, outputChars: output.length } : null,
      depth: 0,
      parent: null,
    };
  };
  const start = from < 0 ? Math.max(0, total - limit) : from;
  const entries = Array.from({ length: Math.max(0, Math.min(limit, total - start)) }, (_, n) => entry(start + n));
  return { entries, from: start, total, all: total, bytes: total };
}

const ANSWERS: Answers = {
  'state.snapshot': (world) => world.state(),
  'system.sample': (world) => world.state().system.at(-1),
  'config.get': () => SETTINGS.view(),
  'config.set': (_world, { changes }) => SETTINGS.set(changes),
  'system.commands': () =>
    Object.entries(methods).flatMap(([name, { kind, summary }]) => (kind === 'command' ? [{ name, summary }] : [])),
  'projects.find': (world) => ({
    repositories: ['atlas-api', 'atlas-web', 'billing', 'design-tokens', 'infra'].map((name) => ({
      path: `/Users/ada/code/${name}`,
      name,
      registered: world.state().projects.some((project) => project.name === name),
    })),
    cut: false,
  }),
  'shell.state': () => ({
    loginItem: { state: 'off', sentence: 'Tenure does not start at login.' },
    shortcuts: [],
    updates: { state: 'unsupported', version: null, sentence: 'Tenure runs from a checkout here.' },
    secrets: { state: 'file', sentence: 'Secrets lie in a file that only you can read.' },
  }),
  'notifications.channels': () => [
    {
      name: 'native',
      title: 'Notifications of macOS',
      state: 'unknown',
      sentence: 'None was shown yet.',
      lastAt: null,
    },
  ],
  'notifications.test': () => [
    { channel: 'native', title: 'Notifications of macOS', outcome: 'shown', sentence: 'It arrived.' },
  ],
  'rules.list': () => [],
  'system.doctor': (_world, { only }) => HEALTH.filter(({ name }) => only?.includes(name) ?? true),
  'decisions.list': (world) => world.state().decisions,
  'decisions.page': (world) => ({
    total: world.state().decisions.length,
    decisions: world.state().decisions,
    agents: [],
    tools: [],
  }),
  'analytics.alerts': () => [],
  'decisions.approve': (world, { id, confirm }) => {
    const critical = world.state().decisions.find((one) => one.id === id)?.steps === 2;
    if (critical && !confirm) throw new TenureError('refused', 'A critical action needs its second step.');
    return answered(world, id, { state: 'approved', outcome: 'ran' });
  },
  'decisions.deny': (world, { id, reason }) => answered(world, id, { state: 'denied', answerReason: reason ?? null }),
  'sessions.followUps': () => [],
  'imports.list': () => ({ sessions: [], elsewhere: 0, problem: null }),
  'sessions.list': (world) => world.state().sessions,
  'sessions.get': (world, { id }) => detailOf(world, id),
  'sessions.transcript': (_world, { from, limit }) => transcript(from, limit ?? 100),
  'sessions.launch': (world, { projectId, prompt }) => {
    const of = world.state().projects.find((one) => one.id === projectId);
    if (!of) throw new TenureError('not_found', `There is no project ${projectId}.`);
    if (prompt?.includes('fail'))
      throw new TenureError('unavailable', 'claude was not found on the PATH of your shell; sessions cannot start.');
    const now = Date.now();
    const launched = session(`ses_${now}`, of, {
      prompt: prompt ?? '',
      createdAt: now,
      startedAt: now,
      costUsd: null,
    });
    return launched;
  },
  'sessions.stop': (world, { id }) => stopped(world, id),
  'usage.today': (world) => ({
    day: '2026-11-20',
    runs: world.state().sessions.length === 0 ? 0 : 4,
    running: 2,
    inputTokens: 1_200_000,
    outputTokens: 80_000,
    cacheReadTokens: null,
    cacheWriteTokens: null,
    cacheUnknown: 4,
    tokensUnknown: 0,
    costUsd: 6.4,
    costUnknown: 0,
    budget: null,
  }),
  'tribunal.get': () => null,
  'sessions.goOn': (world, { id }) => letGo(world, id),
  'sessions.snooze': (world, { id }) => letGo(world, id),
  'sessions.stopAll': (world) =>
    world
      .state()
      .sessions.filter((one) => one.state !== 'ended')
      .map(({ id, project, prompt }) => ({ ...stopped(world, id), project, prompt })),
  'sessions.pauseAll': (world, { paused }) => {
    world.tell({ type: 'sessions.paused', body: { paused } });
    return { paused };
  },
  'projects.add': (world, { path, ...settings }) => {
    if (!path.startsWith('/')) throw new TenureError('invalid', `"${path}" is not a full path: it must start with /.`);
    const name = settings.name ?? path.split('/').at(-1) ?? path;
    const added = project(name, { path });
    world.tell({ type: 'project.saved', body: { project: added } });
    return added;
  },
  'projects.update': (world, { id, name }) => {
    const found = world.state().projects.find((one) => one.id === id);
    if (!found) throw new TenureError('not_found', `There is no project ${id}.`);
    const next = { ...found, name: name ?? found.name };
    world.tell({ type: 'project.saved', body: { project: next } });
    return next;
  },
  'projects.remove': (world, { id }) => {
    world.tell({ type: 'project.removed', body: { id } });
    return { id };
  },
  'projects.schedule': (_world, { schedule }) => {
    throw new TenureError('invalid', `"${schedule?.cron ?? ''}" is no cron expression: expected five fields, got one.`);
  },
  'evaluations.get': (world, { sessionId }) => {
    const { evaluation, evidence, project: name } = detailOf(world, sessionId);
    const { rating = null, ...rest } = evaluation ?? {};
    const record = { ...rest, evidence, number: 1, requestedBy: null, evidenceScore: evaluation?.score ?? null };
    return {
      sessionId,
      project: name,
      history: evaluation ? [record] : [],
      ratings: rating ? [rating] : [],
      observations: [],
      counts: rating?.rating ?? evaluation?.score ?? null,
    };
  },
  'daily.get': () => {
    const at = Math.floor(NOW / 86_400_000) * 86_400_000;
    const told = {
      from: at - 57_600_000,
      to: at + 28_800_000,
      title: 'The day: 6 sessions ended, 2 things wait for you',
      body: '6 sessions ended: 5 completed, 11 commits. Scored 3.8 of 5 on average. $4.20 at list price. Waiting for you: 2 decisions.',
    };
    const body = '2 sessions ended: 2 completed, 3 commits. Scored 4.0 of 5 on average. Nothing waits for you.';
    const now = { from: told.to, to: NOW, title: 'The day: 2 sessions ended', body };
    return { dueAt: at + 115_200_000, told, now };
  },
  'evaluations.agreement': () => {
    const none = { n: 0, exact: null, withinOne: null, bias: null };
    return { judge: none, score: none, recent: none, window: 20, least: 10, alarm: null };
  },
  ...TRUST_ANSWERS,
  ...USAGE_ANSWERS,
  ...LEDGER_ANSWERS,
  ...SERVICE_ANSWERS,
  ...AGENT_ANSWERS,
  ...MACHINE_ANSWERS,
  ...DIALOG_ANSWERS,
};

export async function answer(world: World, method: MethodName, input: unknown): Promise<unknown> {
  const run = ANSWERS[method] as ((world: World, input: unknown) => unknown) | undefined;
  if (!run) throw new TenureError('not_found', `The pretend engine does not answer ${method}.`);
  return (await run(world, input)) ?? null;
}
