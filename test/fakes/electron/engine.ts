import type { NotificationChannel, ShellPort } from '../../../src/core/kernel/shell-ports.ts';
import type { ShellEngine } from '../../../src/main/host.ts';
import { Config } from '../../../src/shared/config.ts';
import type { Decision } from '../../../src/shared/contract/decisions.ts';
import type { Envelope, Fact } from '../../../src/shared/contract/index.ts';
import type { Project } from '../../../src/shared/contract/projects.ts';
import type { Session } from '../../../src/shared/contract/sessions.ts';
import type { Snapshot } from '../../../src/shared/contract/system.ts';
import type { Promotion, Trust } from '../../../src/shared/contract/trust.ts';
import { applyFact } from '../../../src/shared/state.ts';

import { ledgerAt } from '../pretend-ledger.ts';

import { evidenceFor, trustOf } from '../trust.ts';

const AT = Date.UTC(2026, 10, 20, 9);

export const project = (over: Partial<Project> = {}): Project => ({
  id: 'prj_atlas',
  name: 'atlas-api',
  path: '/projects/atlas-api',
  agent: 'claude',
  defaultPrompt: null,
  model: null,
  verifyCommand: null,
  verifyTimeoutMs: 600_000,
  worktree: true,
  base: 'current',
  include: [],
  setupCommand: null,
  setupTimeoutMs: 600_000,
  ceiling: 'full',
  protected: false,
  timeBoxMs: 2_700_000,
  schedule: null,
  createdAt: AT,
  problem: null,
  ...over,
});

export const session = (over: Partial<Session> = {}): Session => ({
  id: 'ses_1',
  projectId: 'prj_atlas',
  project: 'atlas-api',
  agent: 'claude',
  state: 'working',
  outcome: null,
  prompt: 'Fix the login',
  source: 'person',
  level: 'cautious',
  model: null,
  claudeVersion: null,
  branch: null,
  worktree: null,
  createdAt: AT,
  startedAt: AT,
  endedAt: null,
  deadlineAt: null,
  phase: 'thinking',
  activity: null,
  lastTool: null,
  inputTokens: null,
  outputTokens: null,
  costUsd: null,
  turns: null,
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
  ...over,
});

export const decision = (over: Partial<Decision> = {}): Decision => ({
  id: 'dec_1',
  sessionId: 'ses_1',
  projectId: 'prj_atlas',
  project: 'atlas-api',
  action: { tool: 'Bash', summary: 'git commit', detail: 'git commit -m "Fix the login"', cwd: '/projects/atlas-api' },
  risk: 'medium',
  level: 'cautious',
  verdict: 'ask',
  state: 'pending',
  reasons: [],
  steps: 1,
  askedAt: AT,
  deadline: AT + 14_400_000,
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
  ...over,
});

export const promotion = (over: Partial<Promotion> = {}): Promotion => ({
  id: 'pro_1',
  from: 'cautious',
  to: 'moderate',
  state: 'open',
  evidence: evidenceFor({ sessions: 31, evaluations: 31, avgScore: 3.8, days: 8 }),
  message: '31 sessions, mean 3.8 of 5, in 8 days.',
  proposedAt: AT,
  expiresAt: AT + 1_209_600_000,
  decidedAt: null,
  decidedBy: null,
  reason: null,
  askAgainAt: null,
  ...over,
});

export const trust = (over: Partial<Trust> = {}): Trust =>
  trustOf({ since: AT, sessions: 31, evaluations: 31, unscored: 0, avgScore: 3.8, days: 8, ...over });

export const snapshot = (over: Partial<Snapshot> = {}): Snapshot => ({
  seq: 0,
  engine: {
    version: '0.1.0',
    host: 'electron',
    demo: false,
    pid: 1,
    startedAt: AT,
    home: '/home',
    concurrency: 2,
    private: false,
    configuredAt: 0,
  },
  projects: [project()],
  sessions: [],
  decisions: [],
  trust: trust(),
  agents: { changes: 0, open: 0 },
  alerts: { changes: 0 },
  rules: { changes: 0 },
  ledger: ledgerAt(),
  paused: false,
  system: [],
  services: [],
  incidents: [],
  limits: { reached: null, windows: [] },
  notices: [],
  revenue: null,
  ...over,
});

export interface EngineStandIn extends ShellEngine {
  /** Something happened: the snapshot follows by the one reducer, then listeners hear. */
  emit(fact: Fact): void;
  /** Every call, in order. */
  calls: { method: string; input: unknown }[];
  /** Set: the next calls are refused with this sentence. */
  refusal: string | null;
  notices: Map<string, string>;
  wakes: number;
  config: Pick<Config, 'notifications' | 'shell'>;
  /** The person has edited the settings. */
  configure(change: { notifications?: Partial<Config['notifications']>; shell?: Partial<Config['shell']> }): void;
  channels: NotificationChannel[];
  port: ShellPort | null;
}

/** An engine for the shell alone: it records what is asked of it and changes nothing by itself. */
export function createEngineStandIn(start: Snapshot = snapshot()): EngineStandIn {
  let state = start;
  const listeners = new Set<(fact: Envelope) => void>();
  const followers = new Set<() => void>();
  const engine: EngineStandIn = {
    calls: [],
    refusal: null,
    notices: new Map(),
    wakes: 0,
    config: Config.parse({}),
    channels: [],
    port: null,
    async call(method, input) {
      engine.calls.push({ method, input });
      if (engine.refusal !== null) throw new Error(engine.refusal);
      return undefined as never;
    },
    snapshot: () => state,
    onFact(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    heat: () => undefined,
    settings: () => engine.config,
    onSettings(listener) {
      followers.add(listener);
      return () => followers.delete(listener);
    },
    configure({ notifications, shell }) {
      engine.config = {
        notifications: { ...engine.config.notifications, ...notifications },
        shell: { ...engine.config.shell, ...shell },
      };
      for (const follower of followers) follower();
    },
    register(channel) {
      engine.channels.push(channel);
      return () => void engine.channels.splice(engine.channels.indexOf(channel), 1);
    },
    attach(port) {
      engine.port = port;
    },
    wake() {
      engine.wakes++;
    },
    notice(id, sentence) {
      if (sentence === null) engine.notices.delete(id);
      else engine.notices.set(id, sentence);
    },
    emit(fact) {
      const envelope: Envelope = { ...fact, seq: state.seq + 1, at: AT };
      state = applyFact(state, envelope);
      for (const listener of listeners) listener(envelope);
    },
  };
  return engine;
}
