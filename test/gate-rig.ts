import type { ClassifiedAction } from '../src/core/actions/classify.ts';
import { createIds } from '../src/core/adapters/ids.ts';
import type { DecisionDeps } from '../src/core/decisions/book.ts';
import type { GateSession, GateSettings } from '../src/core/decisions/judge.ts';
import { createDecisions, type Decisions } from '../src/core/decisions/service.ts';
import type { GateCall } from '../src/core/drivers/driver.ts';
import { type Binding, NO_OPERANDS } from '../src/core/kernel/binding.ts';
import { createJournal, type Journal } from '../src/core/kernel/journal.ts';
import { silentLog } from '../src/core/kernel/log.ts';
import type { Risk } from '../src/shared/policy.ts';
import { insertProject, insertSession, testDatabase } from './builders.ts';
import { createFakeClock } from './fakes/clock.ts';

export const HOUR = 3_600_000;
/** How long a call is held, and how long a question stands, in the settings of the rig. */
export const HOLD = 60_000;
export const DEADLINE = 60 * 60_000;

export const GATE_SETTINGS: GateSettings = {
  holdMs: HOLD,
  undoMs: 0,
  deadlineMs: DEADLINE,
  timeouts: { immediateMs: HOUR / 4, highMs: HOUR, normalMs: 4 * HOUR, lowMs: 24 * HOUR },
  escalations: 3,
  auto: { minScore: 800, perHour: 3, failureWindowMs: 24 * HOUR },
  failures: { rate: 0.3, windowMs: HOUR, min: 4 },
  sessionActions: null,
  risks: {},
  paths: {
    immediate: { begins: 'repeated', louder: true },
    high: { begins: 'notification', louder: true },
    normal: { begins: 'notification', louder: false },
    low: { begins: 'badge', louder: false },
  },
};

const RISK_OF: Readonly<Record<string, Risk>> = {
  look: 'read',
  edit: 'low',
  commit: 'medium',
  push: 'high',
  deploy: 'critical',
};
const BOUND: Binding = { cwd: ['/', '/'], environment: '', paths: [], programs: [], settings: null, server: null };

export const bashCall = (command: string, cwd: string, toolUseId: string | null = `toolu_${command}`): GateCall => ({
  tool: 'Bash',
  input: { command },
  cwd,
  toolUseId,
  agentId: null,
});

/** The class is the first word's: look, edit, commit, push, deploy. */
export const classify = (call: GateCall): ClassifiedAction => {
  const { command } = call.input as { command: string };
  return {
    tool: call.tool,
    summary: command,
    detail: command,
    cwd: call.cwd,
    risk: RISK_OF[command.split(' ')[0] ?? ''] ?? 'high',
    reasons: [{ code: 'test', text: 'Because it is a test.' }],
    irreversible: false,
    hardDeny: command === 'mkfs' ? { code: 'wipes_disk', text: 'It would wipe a disk.' } : null,
    form: { kind: 'none', why: 'A test.' },
    mentions: [],
    operands: NO_OPERANDS,
    changes: [],
    files: [],
    canonical: JSON.stringify([call.tool, command, call.cwd]),
  };
};

/** Decisions on a real database, without an engine: sessions, clock and work trees by hand. */
export function gateRig(settings: Partial<GateSettings> = {}) {
  const store = testDatabase();
  const clock = createFakeClock();
  const projectId = insertProject(store.db, { name: 'app' });
  const sessions = new Map<string, GateSession>();
  let journal: Journal;
  const given: Omit<DecisionDeps, 'db' | 'journal'> = {
    clock,
    ids: createIds(),
    log: silentLog,
    limits: () => ({ ...GATE_SETTINGS, ...settings }),
    scoreOf: () => null,
    quietEnds: () => null,
    tribunal: { isSet: () => false, patienceMs: () => 60_000, begin: () => undefined },
    rules: { wordFor: () => null, use: () => undefined },
    session: (id) => sessions.get(id) ?? null,
    classify,
    mark: () => Promise.resolve(rig.mark),
    effect: () => Promise.resolve({ bind: () => BOUND, drift: () => rig.drift }),
    mayDefer: () => rig.deferrable,
  };
  const start = (over: Partial<DecisionDeps> = {}): Decisions => {
    journal = createJournal(store.db, clock, (error) => {
      throw error;
    });
    return createDecisions({ db: store.db, journal, ...given, ...over });
  };
  let decisions = start();
  const addSession = (): GateSession => {
    const id = insertSession(store.db, { projectId });
    const session: GateSession = {
      id,
      projectId,
      project: 'app',
      level: 'cautious',
      source: 'person',
      open: true,
      running: true,
      cwd: `/trees/${id}`,
      projectPath: '/app',
      branch: null,
      verifyCommand: null,
      agent: 'claude/opus',
      brief: 'Do it.',
    };
    sessions.set(id, session);
    return session;
  };
  /** Asks, and lets everything that waits for no clock and no person come to rest. */
  const ask = async (session: GateSession, command: string, toolUseId?: string | null) => {
    const before = new Set(decisions.pending().map(({ id }) => id));
    const answer = decisions.ask(session.id, bashCall(command, session.cwd, toolUseId), null);
    await rest();
    return { answer, id: decisions.pending().find(({ id }) => !before.has(id))?.id ?? '' };
  };
  const rig = {
    /** What the work tree is like, as an approval is bound to it. */
    mark: 'tree',
    /** What has changed of what the action runs; null: nothing. */
    drift: null as string | null,
    deferrable: true,
    store,
    clock,
    projectId,
    addSession,
    get journal() {
      return journal;
    },
    get decisions() {
      return decisions;
    },
    /** As after a restart of the program: nothing in memory is left. What is given is as `over` says from then on. */
    restart(over: Partial<DecisionDeps> = {}): void {
      decisions = start(over);
    },
    ask,
    /** Asks what a person has to answer. Throws when that is no question of its own. */
    async asked(session: GateSession, command: string, toolUseId?: string | null) {
      const made = await ask(session, command, toolUseId);
      if (made.id === '') throw new Error(`nothing new is pending for "${command}"`);
      return made;
    },
  };
  return rig;
}

export type GateRig = ReturnType<typeof gateRig>;

/** How it went: `ok`, or the kind of the refusal. */
export const kindOf = async (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => 'ok',
    (error: { kind?: string; message: string }) => error.kind ?? error.message,
  );

/** Lets everything that waits for no clock and no person come to rest. */
export const rest = async (): Promise<void> => {
  for (let turn = 0; turn < 30; turn++) await Promise.resolve();
};
