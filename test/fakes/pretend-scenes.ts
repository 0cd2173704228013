import type { Decision } from '../../src/shared/contract/decisions.ts';
import type { Project } from '../../src/shared/contract/projects.ts';
import type { Session } from '../../src/shared/contract/sessions.ts';
import type { Snapshot, SystemSample } from '../../src/shared/contract/system.ts';
import type { Trust } from '../../src/shared/contract/trust.ts';
import { evaluationView } from './evaluations.ts';

import { ledgerAt } from './pretend-ledger.ts';

import { evidenceFor, trustOf } from './trust.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const GB = 1024 ** 3;

export function project(name: string, changes: Partial<Project> = {}): Project {
  return {
    id: `prj_${name}`,
    name,
    path: `/Users/ada/code/${name}`,
    agent: 'claude',
    defaultPrompt: null,
    model: null,
    verifyCommand: 'npm test',
    verifyTimeoutMs: 600_000,
    worktree: true,
    base: 'current',
    include: [],
    setupCommand: null,
    setupTimeoutMs: 600_000,
    ceiling: 'full',
    protected: false,
    timeBoxMs: 45 * MINUTE,
    schedule: null,
    createdAt: Date.now() - 30 * DAY,
    problem: null,
    ...changes,
  };
}

export function session(id: string, of: Project, changes: Partial<Session> = {}): Session {
  const at = Date.now();
  return {
    id,
    projectId: of.id,
    project: of.name,
    agent: of.agent,
    state: 'working',
    outcome: null,
    prompt: 'Fix the login redirect and add a test for it.',
    source: 'person',
    level: 'cautious',
    model: 'opus',
    claudeVersion: '2.1.328',
    branch: `tenure/${id}`,
    worktree: `/Users/ada/Library/Application Support/Tenure/worktrees/${id}`,
    createdAt: at - 14 * MINUTE,
    startedAt: at - 14 * MINUTE - 2 * SECOND,
    endedAt: null,
    deadlineAt: at + 31 * MINUTE,
    phase: 'tool',
    activity: 'Editing src/routes/checkout.tsx',
    lastTool: 'Edit',
    inputTokens: 48_210,
    outputTokens: 3_904,
    costUsd: 0.41,
    turns: 12,
    commits: null,
    filesChanged: null,
    insertions: null,
    deletions: null,
    evaluation: null,
    pendingDecisions: 0,
    problem: null,
    stillAlive: [],
    lineage: null,
    waitingPrompts: 0,
    waitingFor: null,
    retryAt: null,
    attempt: 0,
    held: null,
    stall: null,
    work: { state: 'open', at: null, by: null, target: 'main', note: null },
    ...changes,
  };
}

/** One that has ended `minutesAgo`, with a score (null: unscored). */
export function endedSession(
  id: string,
  of: Project,
  minutesAgo: number,
  score: number | null,
  changes: Partial<Session> = {},
): Session {
  const endedAt = Date.now() - minutesAgo * MINUTE;
  return session(id, of, {
    state: 'ended',
    outcome: 'completed',
    phase: 'done',
    activity: null,
    startedAt: endedAt - 11 * MINUTE,
    createdAt: endedAt - 11 * MINUTE,
    endedAt,
    commits: 2,
    filesChanged: 6,
    insertions: 184,
    deletions: 31,
    costUsd: 0.87,
    evaluation: evaluationView({
      id: `evl_${id}`,
      score,
      reason: score === null ? 'It was stopped by a person.' : 'Two commits, the tests pass.',
      at: endedAt,
    }),
    ...changes,
  });
}

export function decision(id: string, of: Session, detail: string, changes: Partial<Decision> = {}): Decision {
  return {
    id,
    sessionId: of.id,
    projectId: of.projectId,
    project: of.project,
    action: { tool: 'Bash', summary: detail.split('\n')[0] ?? detail, detail, cwd: of.worktree ?? '/' },
    risk: 'high',
    level: 'cautious',
    verdict: 'ask',
    state: 'pending',
    reasons: [
      { code: 'leaves_machine', text: 'Pushing leaves this machine.' },
      { code: 'level_asks', text: 'At Cautious every action of high risk asks.' },
    ],
    steps: 1,
    askedAt: Date.now() - 40 * SECOND,
    deadline: Date.now() + 12 * MINUTE + 40 * SECOND,
    answeredAt: null,
    answeredBy: null,
    answerReason: null,
    answerCode: null,
    alike: null,
    undoable: false,
    outcome: null,
    urgency: 'normal',
    escalations: 0,
    warned: false,
    quietUntil: null,
    tribunal: null,
    startedAt: null,
    settledAt: null,
    auto: false,
    wrong: null,
    ...changes,
  };
}

const progress = {
  nextLevel: 'moderate',
  scoreMet: true,
  evaluationsMet: true,
  coverageMet: true,
  windowMet: true,
} as const;

export const trustAt = (changes: Partial<Trust> = {}): Trust =>
  trustOf({
    since: Date.now() - 6.2 * DAY,
    promotionProgress: { ...progress, sessionPct: 90, daysPct: 88 },
    lack: changes.thresholds === null ? null : ['27 of 30 sessions', '6.2 of 7 days at the level'],
    alerts: { useful: 5, false: 1, unjudged: 2, falseRate: 1 / 6 },
    ...changes,
  });

export function promoted(): Trust {
  const named = (sessionId: string, score: number, prompt: string) => ({
    sessionId,
    project: 'mailroom',
    prompt,
    score,
  });
  const evidence = evidenceFor({
    best: [named('ses_done', 5, 'Add a retry to the outbox'), named('ses_done2', 5, 'Tidy the parser')],
    worst: [named('ses_done3', 2, 'Rename the settings module')],
  });
  return trustAt({
    sessions: 31,
    evaluations: 28,
    avgScore: 3.81,
    days: 8.1,
    lack: [],
    since: Date.now() - 8.1 * DAY,
    promotionProgress: { ...progress, sessionPct: 100, daysPct: 100 },
    promotion: {
      id: 'prm_1',
      from: 'cautious',
      to: 'moderate',
      state: 'open',
      evidence,
      message: 'The record at Cautious meets what Moderate needs.',
      proposedAt: Date.now() - 2 * HOUR,
      expiresAt: Date.now() + 14 * DAY,
      decidedAt: null,
      decidedBy: null,
      reason: null,
      askAgainAt: null,
    },
  });
}

export function samples(): SystemSample[] {
  const wave = (n: number) => 0.2 + 0.1 * Math.sin(n / 5) + 0.06 * Math.sin(n * 1.7) + (n % 23 === 0 ? 0.2 : 0);
  return Array.from({ length: 60 }, (_, n) => ({
    at: Date.now() - (60 - n) * SECOND,
    cpu: n > 20 && n < 24 ? null : wave(n),
    memoryUsedBytes: 9.8 * GB,
    memoryTotalBytes: 16 * GB,
    diskUsedBytes: 373 * GB,
    diskTotalBytes: 460 * GB,
    load1: 2.31,
  }));
}

export function snapshotOf(parts: Partial<Snapshot>): Snapshot {
  return {
    seq: 1,
    engine: {
      version: '0.1.0',
      host: 'headless',
      demo: false,
      pid: 4711,
      startedAt: Date.now() - 3 * HOUR,
      home: '/Users/ada/Library/Application Support/Tenure',
      concurrency: 4,
      private: false,
      configuredAt: 0,
    },
    projects: [],
    sessions: [],
    decisions: [],
    trust: trustAt(),
    agents: { changes: 1, open: 0 },
    alerts: { changes: 1 },
    rules: { changes: 1 },
    ledger: ledgerAt(),
    services: [],
    incidents: [],
    paused: false,
    system: samples(),
    revenue: null,
    limits: { reached: null, windows: [] },
    notices: [],
    ...parts,
  };
}
