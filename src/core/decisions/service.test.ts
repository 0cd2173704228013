import fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';
import { insertProject, insertSession, type TestDatabase, testDatabase } from '../../../test/builders.ts';
import { createFakeClock, type FakeClock } from '../../../test/fakes/clock.ts';
import type { Level, Risk } from '../../shared/policy.ts';
import type { ClassifiedAction } from '../actions/classify.ts';
import { createIds } from '../adapters/ids.ts';
import type { GateAnswer, GateCall } from '../drivers/driver.ts';
import { type Binding, NO_OPERANDS } from '../kernel/binding.ts';
import { createJournal } from '../kernel/journal.ts';
import { silentLog } from '../kernel/log.ts';
import type { DecisionDeps } from './book.ts';
import type { GateSession, GateSettings } from './judge.ts';
import { createDecisions, type Decisions } from './service.ts';

const HOLD = 60_000;
const DEADLINE = 3_600_000;
const HOUR = 3_600_000;
const SETTINGS: GateSettings = {
  holdMs: HOLD,
  deadlineMs: DEADLINE,
  timeouts: { immediateMs: 15 * 60_000, highMs: HOUR, normalMs: 4 * HOUR, lowMs: 24 * HOUR },
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
  undoMs: 0,
};

const call = (command: string, toolUseId: string | null = `toolu_${command}`): GateCall => ({
  tool: 'Bash',
  input: { command },
  cwd: '/tree',
  toolUseId,
  agentId: null,
});

const RISK_OF: Record<string, Risk> = { look: 'read', edit: 'low', commit: 'medium', push: 'high', deploy: 'critical' };

const classify = (c: GateCall): ClassifiedAction => {
  const { command } = c.input as { command: string };
  return {
    tool: c.tool,
    summary: command,
    detail: command,
    cwd: c.cwd,
    risk: RISK_OF[command.split(' ')[0] ?? ''] ?? 'high',
    reasons: [{ code: 'test', text: 'Because it is a test.' }],
    irreversible: false,
    hardDeny: command === 'mkfs' ? { code: 'wipes_disk', text: 'It would wipe a disk.' } : null,
    form: { kind: 'none', why: 'A test.' },
    mentions: [],
    operands: NO_OPERANDS,
    changes: [],
    files: [],
    canonical: `${c.tool}\n${command}\n${c.cwd}`,
  };
};

const BOUND: Binding = {
  cwd: ['/tree', '/tree'],
  environment: '',
  paths: [],
  programs: [],
  settings: null,
  server: null,
};

let store: TestDatabase;
let clock: FakeClock;
let session: GateSession;
let mark: string;
/** What has changed of what the action runs; null: nothing. */
let drift: string | null;
let deferrable: boolean;
let decisions: Decisions;

function start(over: Partial<DecisionDeps> = {}): Decisions {
  return createDecisions({
    db: store.db,
    journal: createJournal(store.db, clock, (error) => {
      throw error;
    }),
    clock,
    ids: createIds(),
    log: silentLog,
    limits: () => SETTINGS,
    scoreOf: () => null,
    quietEnds: () => null,
    tribunal: { isSet: () => false, patienceMs: () => 60_000, begin: () => undefined },
    rules: { wordFor: () => null, use: () => undefined },
    session: (id) => (id === session.id ? session : null),
    classify,
    mark: () => Promise.resolve(mark),
    effect: () => Promise.resolve({ bind: () => BOUND, drift: () => drift }),
    mayDefer: () => deferrable,
    ...over,
  });
}

beforeEach(() => {
  store = testDatabase();
  clock = createFakeClock();
  const projectId = insertProject(store.db, { name: 'app' });
  const id = insertSession(store.db, { projectId });
  session = {
    id,
    projectId,
    project: 'app',
    level: 'cautious',
    source: 'person',
    open: true,
    running: true,
    cwd: '/tree',
    projectPath: '/tree',
    branch: null,
    verifyCommand: null,
    agent: 'claude/opus',
    brief: 'Do it.',
  };
  mark = 'tree-1';
  drift = null;
  deferrable = true;
  decisions = start();
});

/** Lets everything that is not waiting for the clock or for a person come to rest. */
const settle = async (): Promise<void> => {
  for (let turn = 0; turn < 20; turn++) await Promise.resolve();
};

async function asked(command: string, toolUseId?: string | null): Promise<{ answer: Promise<GateAnswer>; id: string }> {
  const answer = decisions.ask(session.id, call(command, toolUseId), null);
  await settle();
  const id = decisions.pending().at(0)?.id;
  if (id === undefined) throw new Error('nothing is pending');
  return { answer, id };
}

const kindOf = async (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => 'ok',
    (error: { kind?: string; message: string }) => error.kind ?? error.message,
  );

describe('the gate answers by itself', () => {
  test('reading is allowed, and the row says why', async () => {
    const answer = await decisions.ask(session.id, call('look'), null);
    expect(answer.permission).toBe('allow');
    expect(decisions.recent(10)).toMatchObject([
      { state: 'allowed', risk: 'read', level: 'cautious', verdict: 'allow', answeredBy: 'gate', deadline: null },
    ]);
  });

  test('a hard deny is refused with every reason', async () => {
    session.level = 'full';
    const answer = await decisions.ask(session.id, call('mkfs'), null);
    expect(answer).toEqual({ permission: 'deny', reason: 'It would wipe a disk. Because it is a test.' });
  });

  test('a lowered level holds at the very next call', async () => {
    session.level = 'moderate';
    expect((await decisions.ask(session.id, call('edit'), null)).permission).toBe('allow');
    session.level = 'observe';
    const { id } = await asked('edit');
    expect(decisions.get(id)).toMatchObject({ state: 'pending', level: 'observe' });
  });

  test.each([
    ['is not known', () => ({ session: () => null })],
    ['does not run', () => ({ session: () => ({ ...session, running: false }) })],
  ])('a session that %s is denied', async (_name, over) => {
    decisions = start(over());
    expect((await decisions.ask(session.id, call('look'), null)).permission).toBe('deny');
  });

  /** Regression 23 (traps T-050, T-051): a gate that throws, rejects or knows nothing blocks. */
  test.each<[string, () => Partial<DecisionDeps>]>([
    [
      'the classifier throws',
      () => ({
        classify: () => {
          throw new Error('x');
        },
      }),
    ],
    [
      'the session lookup throws',
      () => ({
        session: () => {
          throw new Error('x');
        },
      }),
    ],
    ['the mark cannot be made', () => ({ mark: () => Promise.reject(new Error('x')) })],
    [
      'the limits are unreadable',
      () => ({
        limits: () => {
          throw new Error('x');
        },
      }),
    ],
    ['the classifier answers nothing', () => ({ classify: () => JSON.parse('null') as ClassifiedAction })],
  ])('denied when %s', async (_name, over) => {
    decisions = start(over());
    expect((await decisions.ask(session.id, call('push'), null)).permission).toBe('deny');
  });

  test('denied when the record cannot be written, even for reading', async () => {
    store.db.pragma('query_only = ON');
    expect((await decisions.ask(session.id, call('look'), null)).permission).toBe('deny');
  });
});

describe('a question to a person', () => {
  /** Regression 24 (T-052): nothing lets an action through because a field was left out. */
  test('is pending, with a deadline, and nobody has answered', async () => {
    const { id } = await asked('push');
    expect(decisions.get(id)).toMatchObject({
      state: 'pending',
      verdict: 'ask',
      deadline: clock.now() + DEADLINE,
      answeredAt: null,
      outcome: null,
    });
  });

  test('approved while held: the very call goes on', async () => {
    const { answer, id } = await asked('push');
    await decisions.approve(id, 'owner', false);
    expect(await answer).toMatchObject({ permission: 'allow' });
    expect(decisions.settle(session.id, 'toolu_push', true)).toBe(true);
    expect(decisions.get(id)).toMatchObject({ state: 'approved', answeredBy: 'owner', outcome: 'ran' });
  });

  test('denied while held: the reason reaches the agent', async () => {
    const { answer, id } = await asked('push');
    decisions.deny(id, 'owner', 'not on a Friday');
    expect(await answer).toEqual({ permission: 'deny', reason: 'A person denied this: not on a Friday.' });
  });

  test('the level rises while it is pending: asked again, it goes by the new level', async () => {
    deferrable = false;
    const { id, answer } = await asked('edit');
    clock.advance(HOLD);
    await answer;
    session.level = 'moderate';
    expect((await decisions.ask(session.id, call('edit', 'toolu_2'), null)).permission).toBe('allow');
    expect(decisions.get(id).state).toBe('void');
  });

  test('an approval is for one run: the same action asks again', async () => {
    const first = await asked('push');
    await decisions.approve(first.id, 'owner', false);
    await first.answer;
    const second = await asked('push', 'toolu_2');
    expect(second.id).not.toBe(first.id);
    expect(decisions.get(second.id).state).toBe('pending');
  });

  test('held long enough: deferred when it may be, and the question stays open', async () => {
    const { answer, id } = await asked('push');
    clock.advance(HOLD);
    expect((await answer).permission).toBe('defer');
    expect(decisions.get(id).state).toBe('pending');
  });

  test('held long enough among other calls: told to ask again, and then it gets the answer', async () => {
    deferrable = false;
    const { answer, id } = await asked('push');
    clock.advance(HOLD);
    expect(await answer).toMatchObject({
      permission: 'deny',
      reason: expect.stringContaining('ask for exactly the same'),
    });
    await decisions.approve(id, 'owner', false);
    expect((await decisions.ask(session.id, call('push', 'toolu_again'), null)).permission).toBe('allow');
    expect(decisions.settle(session.id, 'toolu_again', true)).toBe(true);
  });

  test('a deferred call that comes back gets its answer, also after a restart', async () => {
    const { answer, id } = await asked('push');
    clock.advance(HOLD);
    await answer;
    store.reopen();
    decisions = start();
    await decisions.approve(id, 'owner', false);
    expect((await decisions.ask(session.id, call('push'), null)).permission).toBe('allow');
  });

  test('another action is never covered by an approval', async () => {
    const { answer, id } = await asked('push origin main');
    clock.advance(HOLD);
    await answer;
    await decisions.approve(id, 'owner', false);
    const other = await asked('push origin main --tags');
    expect(other.id).not.toBe(id);
  });

  test('the caller gives up: the question stays open for when it comes back', async () => {
    const gone = new AbortController();
    const answer = decisions.ask(session.id, call('push'), gone.signal);
    await settle();
    gone.abort();
    expect((await answer).permission).toBe('deny');
    expect(decisions.pending()).toHaveLength(1);
  });
});

describe('who answers first', () => {
  /** Regression 25 (T-057). */
  test('at the deadline an approval holds, one millisecond later it has expired', async () => {
    const { id } = await asked('push');
    clock.advance(DEADLINE + 1);
    expect(await kindOf(decisions.approve(id, 'owner', false))).toBe('expired');
    expect(decisions.get(id)).toMatchObject({ state: 'expired', answeredBy: 'deadline' });
    const onTime = await asked('commit');
    clock.advance(DEADLINE);
    expect(await kindOf(decisions.approve(onTime.id, 'owner', false))).toBe('ok');
  });

  test('nobody answers: denied and recorded, and the held agent hears it', async () => {
    decisions = start({ limits: () => ({ ...SETTINGS, holdMs: DEADLINE * 2 }) });
    const { answer, id } = await asked('push');
    clock.advance(DEADLINE + 1);
    expect(decisions.expireDue().map((d) => d.id)).toEqual([id]);
    expect(decisions.expireDue()).toEqual([]);
    expect(await answer).toEqual({
      permission: 'deny',
      reason: `Nobody answered in time, so this is denied (${id}).`,
    });
    expect(decisions.get(id)).toMatchObject({ state: 'expired', answeredBy: 'deadline' });
  });

  /** Regression 26 (T-058). */
  test('approve and deny at once: exactly one wins, the other is told', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.shuffledSubarray(['approve', 'deny', 'approve again', 'expire'], { minLength: 2 }),
        async (order) => {
          const { id, answer } = await asked('push', null);
          const outcomes = await Promise.all(
            order.map((act) => {
              if (act === 'deny') return kindOf(new Promise((done) => done(decisions.deny(id, 'b', null))));
              if (act === 'expire') return kindOf(new Promise((done) => done(decisions.expireDue())));
              return kindOf(decisions.approve(id, 'a', false));
            }),
          );
          const answers = outcomes.filter((_, at) => order[at] !== 'expire');
          expect(answers.filter((how) => how === 'ok')).toHaveLength(1);
          expect(answers.filter((how) => how !== 'ok').every((how) => how === 'conflict')).toBe(true);
          await answer;
        },
      ),
      { numRuns: 20 },
    );
  });

  test('critical takes two steps', async () => {
    const { id } = await asked('deploy');
    expect(decisions.get(id).steps).toBe(2);
    expect(await kindOf(decisions.approve(id, 'owner', false))).toBe('refused');
    expect(decisions.get(id).state).toBe('pending');
    expect(await kindOf(decisions.approve(id, 'owner', true))).toBe('ok');
  });
});

describe('an approval is bound to what was asked', () => {
  test.each<[string, () => void, RegExp]>([
    [
      'the level',
      () => {
        session.level = 'moderate';
      },
      /level is now moderate/,
    ],
    [
      'the work tree',
      () => {
        mark = 'tree-2';
      },
      /work tree has changed/,
    ],
    [
      'what it runs',
      () => {
        drift = '"/tree/deploy.sh" has changed since this was asked.';
      },
      /deploy\.sh" has changed/,
    ],
    [
      'the session',
      () => {
        session.open = false;
      },
      /session has ended/,
    ],
  ])('%s has changed: refused, withdrawn, and the agent may ask afresh', async (_name, change, why) => {
    const { id, answer } = await asked('push');
    change();
    await expect(decisions.approve(id, 'owner', false)).rejects.toThrow(why);
    expect(decisions.get(id).state).toBe('void');
    expect((await answer).permission).toBe('deny');
  });

  test('what it runs changes while it waits: asked again, it is a question of its own', async () => {
    deferrable = false;
    const { id, answer } = await asked('push');
    clock.advance(HOLD);
    await answer;
    drift = '"/tree/deploy.sh" has changed since this was asked.';
    void decisions.ask(session.id, call('push', 'toolu_2'), null);
    await settle();
    expect(decisions.get(id)).toMatchObject({ state: 'void', answerReason: drift });
    expect(decisions.pending()).toHaveLength(1);
  });

  test('what it runs changes between the approval and the run: it is asked again', async () => {
    const { id, answer } = await asked('push');
    clock.advance(HOLD);
    await answer;
    await decisions.approve(id, 'owner', false);
    drift = 'The program "git" is another one now.';
    const again = await asked('push');
    expect(again.id).not.toBe(id);
    expect(decisions.get(id)).toMatchObject({ state: 'void', answerReason: drift });
  });

  test('the work tree changes between the approval and the run: it is asked again', async () => {
    const { id, answer } = await asked('push');
    clock.advance(HOLD);
    await answer;
    await decisions.approve(id, 'owner', false);
    mark = 'tree-2';
    const again = await asked('push');
    expect(again.id).not.toBe(id);
    expect(decisions.get(id).state).toBe('void');
  });
});

describe('what happened afterwards', () => {
  test('a result without a decision behind it is a bypass', () => {
    expect(decisions.settle(session.id, 'toolu_unknown', true)).toBe(false);
  });

  test('a refused call that ran all the same is a bypass', async () => {
    await decisions.ask(session.id, call('mkfs'), null);
    expect(decisions.settle(session.id, 'toolu_mkfs', true)).toBe(false);
  });

  /** Regression 28 (T-061). */
  test('cut off while it ran: the outcome is unknown, never a success', async () => {
    const { answer, id } = await asked('push');
    await decisions.approve(id, 'owner', false);
    await answer;
    store.reopen();
    decisions = start();
    const journal = createJournal(store.db, clock, () => undefined);
    journal.commit((emit) => decisions.settleUnknown(emit, session.id));
    expect(decisions.get(id).outcome).toBe('unknown');
    decisions.settle(session.id, 'toolu_push', true);
    expect(decisions.get(id).outcome).toBe('unknown');
  });
});

describe('what happens while git is being asked', () => {
  /** A mark that is taken only when `go` is called. */
  function slowMark(): { go: () => void } {
    let go = (): void => undefined;
    const gate = new Promise<void>((resolve) => {
      go = resolve;
    });
    decisions = start({ mark: () => gate.then(() => mark) });
    return { go };
  }

  test('the session is stopped: no question is left behind', async () => {
    const { go } = slowMark();
    const answer = decisions.ask(session.id, call('push'), null);
    await settle();
    session.running = session.open = false;
    go();
    expect((await answer).permission).toBe('deny');
    expect(decisions.pending()).toEqual([]);
  });

  test('the level falls: it is judged by the new one', async () => {
    const { go } = slowMark();
    const answer = decisions.ask(session.id, call('deploy'), null);
    await settle();
    session.level = 'observe';
    go();
    expect((await answer).permission).toBe('deny');
    expect(decisions.recent(1)).toMatchObject([{ state: 'refused', level: 'observe' }]);
  });

  test('somebody denies while another approves: the denial and its reason stand', async () => {
    const { id, answer } = await asked('push');
    const { go } = slowMark();
    const approval = kindOf(decisions.approve(id, 'ann', false));
    await settle();
    decisions.deny(id, 'bert', 'not this');
    mark = 'tree-2';
    go();
    expect(await approval).toBe('conflict');
    expect(decisions.get(id)).toMatchObject({ state: 'denied', answeredBy: 'bert', answerReason: 'not this' });
    clock.advance(HOLD);
    await answer;
  });

  test('the level falls between the approval and its delivery: nothing runs', async () => {
    const { id, answer } = await asked('push');
    clock.advance(HOLD);
    await answer;
    await decisions.approve(id, 'owner', false);
    const { go } = slowMark();
    const again = decisions.ask(session.id, call('push'), null);
    await settle();
    session.level = 'observe';
    go();
    await settle();
    clock.advance(HOLD);
    expect((await again).permission).not.toBe('allow');
    expect(decisions.get(id).state).toBe('void');
  });
});

test('a flood of questions is bounded, and answering makes room', async () => {
  deferrable = false;
  const answers = Array.from({ length: 100 }, (_, n) => decisions.ask(session.id, call(`push ${n}`), null));
  await settle();
  clock.advance(HOLD);
  expect((await Promise.all(answers)).every((answer) => answer.permission === 'deny')).toBe(true);
  const open = decisions.pending();
  expect(open.length).toBeLessThanOrEqual(40);
  const more = await decisions.ask(session.id, call('push more'), null);
  expect(more.reason).toContain('Too many questions');
  for (const { id } of open) decisions.deny(id, 'owner', null);
  await asked('push once more');
});

test('no schedule of calls, answers, level changes and time ever lets through what the table asks about', async () => {
  const levels: Level[] = ['observe', 'cautious', 'moderate', 'full'];
  await fc.assert(
    fc.asyncProperty(
      fc.array(
        fc.oneof(
          fc.record({
            do: fc.constant('ask' as const),
            what: fc.constantFrom('look', 'edit', 'commit', 'push', 'deploy', 'mkfs'),
          }),
          fc.record({ do: fc.constant('level' as const), to: fc.constantFrom(...levels) }),
          fc.record({ do: fc.constant('time' as const), ms: fc.integer({ min: 0, max: DEADLINE }) }),
          fc.record({ do: fc.constantFrom('tree' as const, 'deny' as const, 'expire' as const) }),
        ),
        { maxLength: 30 },
      ),
      async (steps) => {
        for (const step of steps) {
          if (step.do === 'ask') {
            const { level } = session;
            const answer = decisions.ask(session.id, call(step.what, null), null);
            await settle();
            clock.advance(HOLD);
            const free = step.what === 'look' || (step.what === 'edit' && (level === 'moderate' || level === 'full'));
            const { permission } = await answer;
            if (!free || step.what === 'look') expect(permission === 'allow').toBe(free);
          } else if (step.do === 'level') session.level = step.to;
          else if (step.do === 'time') clock.advance(step.ms);
          else if (step.do === 'tree') mark += '+';
          else if (step.do === 'expire') decisions.expireDue();
          else
            for (const open of decisions.pending())
              await kindOf(new Promise((done) => done(decisions.deny(open.id, 'p', null))));
        }
      },
    ),
    { numRuns: 60 },
  );
});

describe("an agent's record", () => {
  const CERTIFIED = 900;
  /** One `edit` from the question to its end. Whether the gate let it through by itself. */
  async function edit(name: string, ok: boolean): Promise<boolean> {
    const toolUseId = `toolu_${name}`;
    const answer = decisions.ask(session.id, call(`edit ${name}`, toolUseId), null);
    await settle();
    const [pending] = decisions.pending();
    if (pending) await decisions.approve(pending.id, 'owner', false);
    expect(await answer).toMatchObject({ permission: 'allow' });
    decisions.settle(session.id, toolUseId, ok);
    clock.advance(1_000);
    return pending === undefined;
  }

  test('a certified agent is asked the first time, acts alone afterwards, up to the rate, and no longer after a failure', async () => {
    decisions = start({ scoreOf: () => CERTIFIED });
    expect(await edit('a', true)).toBe(false);
    for (const name of ['b', 'c', 'd']) expect(await edit(name, true)).toBe(true);
    const [newest] = decisions.recent(1);
    expect(newest).toMatchObject({ auto: true, answeredBy: 'gate', state: 'allowed' });
    // Three an hour: the fourth asks, and says so.
    expect(await edit('e', true)).toBe(false);
    expect(decisions.recent(1)[0]?.reasons.map(({ code }) => code)).toContain('unmet_within_rate');
    clock.advance(HOUR);
    expect(await edit('f', false)).toBe(true);
    expect(await edit('g', true)).toBe(false);
    expect(decisions.recent(1)[0]?.reasons.map(({ code }) => code)).toContain('unmet_no_recent_failure');
    clock.advance(25 * HOUR);
    expect(await edit('h', true)).toBe(true);
  });

  test('the record of one model says nothing about another', async () => {
    decisions = start({ scoreOf: () => CERTIFIED });
    await edit('a', true);
    session.agent = 'claude/other';
    expect(await edit('b', true)).toBe(false);
  });

  test('what was refused or is not known to have ended counts nowhere', async () => {
    decisions = start({ scoreOf: () => CERTIFIED });
    const { answer, id } = await asked('edit a');
    decisions.deny(id, 'owner', null);
    await answer;
    expect(await edit('b', true)).toBe(false);
  });

  test('a failure rate over the bound stops even what a certified agent may', async () => {
    decisions = start({ scoreOf: () => CERTIFIED });
    await edit('a', true);
    for (const name of ['look 1', 'look 2', 'look 3']) {
      await decisions.ask(session.id, call(name), null);
      decisions.settle(session.id, `toolu_${name}`, false);
    }
    expect(await edit('b', true)).toBe(false);
    expect(decisions.recent(1)[0]?.reasons.map(({ code }) => code)).toContain('unmet_failure_rate');
  });

  test('a draft changes nothing: no row, no rate used, and the answers of what-if', async () => {
    decisions = start({ scoreOf: () => CERTIFIED });
    await edit('a', true);
    const before = decisions.recent(10);
    const whatIf = (asIf: Parameters<Decisions['whatIf']>[2]) =>
      decisions.whatIf(session, call('edit x'), asIf).verdict;
    for (let i = 0; i < 10; i++) expect(whatIf({})).toBe('allow');
    expect(whatIf({ history: 'new' })).toBe('ask');
    expect(whatIf({ history: 'clean' })).toBe('allow');
    expect(whatIf({ score: 799 })).toBe('ask');
    expect(whatIf({ level: 'observe', score: 1000, history: 'clean' })).toBe('ask');
    expect(decisions.recent(10)).toEqual(before);
    expect(await edit('b', true)).toBe(true);
  });

  test('a yes of the gate can be marked wrong, once, and stays a yes of the gate', async () => {
    decisions = start({ scoreOf: () => CERTIFIED });
    await edit('a', true);
    await edit('b', true);
    const [auto, approved] = decisions.recent(2);
    expect(decisions.markWrong(auto?.id ?? '', 'owner', 'It was the wrong file.')).toMatchObject({
      state: 'allowed',
      auto: true,
      outcome: 'ran',
      wrong: { by: 'owner', reason: 'It was the wrong file.', at: clock.now() },
    });
    expect(() => decisions.markWrong(auto?.id ?? '', 'owner', null)).toThrow(/already/);
    expect(() => decisions.markWrong(approved?.id ?? '', 'owner', null)).toThrow(/by itself/);
    expect(() => decisions.markWrong('dec_none', 'owner', null)).toThrow(/no decision/);
  });
});

describe('a question that nobody answers', () => {
  const MINUTE = 60_000;
  const byUrgency = (over: Partial<GateSettings> = {}) =>
    start({ limits: () => ({ ...SETTINGS, deadlineMs: null, holdMs: 0, ...over }) });
  const state = (id: string) => {
    const { state: now, urgency, escalations, warned, deadline } = decisions.get(id);
    return {
      state: now,
      urgency,
      escalations,
      warned,
      left: deadline === null ? null : (deadline - clock.now()) / MINUTE,
    };
  };

  test('is warned of, asked louder with a time of its own, and denied at the end of the chain', async () => {
    decisions = byUrgency();
    const { id } = await asked('push');
    expect(state(id)).toEqual({ state: 'pending', urgency: 'high', escalations: 0, warned: false, left: 60 });
    clock.advance(45 * MINUTE);
    decisions.remind();
    expect(state(id)).toMatchObject({ warned: true, left: 15 });
    clock.advance(15 * MINUTE + 1);
    expect(decisions.expireDue()).toEqual([]);
    expect(state(id)).toMatchObject({ state: 'pending', escalations: 1, warned: false, left: 60 });
    clock.advance(60 * MINUTE + 1);
    decisions.expireDue();
    clock.advance(60 * MINUTE + 1);
    expect(decisions.expireDue().map((one) => one.id)).toEqual([id]);
    expect(decisions.get(id)).toMatchObject({ state: 'expired', answeredBy: 'deadline', escalations: 2 });
  });

  test('can be answered between its deadline and the look at it: it is asked louder, not lost', async () => {
    decisions = byUrgency();
    const { id } = await asked('push');
    clock.advance(60 * MINUTE + 1);
    expect(await decisions.approve(id, 'owner', false)).toMatchObject({ state: 'approved', escalations: 1 });
  });

  test('that can wait is kept quiet until the quiet hours end, and told of then', async () => {
    const ends = clock.now() + 8 * HOUR;
    decisions = start({ limits: () => ({ ...SETTINGS, deadlineMs: null, holdMs: 0 }), quietEnds: () => ends });
    const { id } = await asked('edit');
    expect(decisions.get(id)).toMatchObject({ quietUntil: ends, deadline: ends + 4 * HOUR });
    decisions.remind();
    expect(decisions.get(id).quietUntil).toBe(ends);
    clock.advance(8 * HOUR);
    decisions.remind();
    expect(decisions.get(id)).toMatchObject({ state: 'pending', quietUntil: null });
  });

  test('of a session that nobody launched by hand can wait a step longer', async () => {
    decisions = byUrgency();
    session.source = 'schedule';
    const { id } = await asked('push');
    expect(state(id)).toMatchObject({ urgency: 'normal', left: 240 });
  });

  test('every raise, warning and end survives a restart: it stands in the row', async () => {
    decisions = byUrgency();
    const { id } = await asked('push');
    clock.advance(60 * MINUTE + 1);
    decisions.expireDue();
    decisions = byUrgency();
    expect(state(id)).toMatchObject({ escalations: 1 });
    clock.advance(59 * MINUTE);
    expect(decisions.expireDue()).toEqual([]);
  });
});

describe('a tribunal in the place of the person', () => {
  let begun: { id: string; need: string; given: unknown }[];
  beforeEach(() => {
    begun = [];
    session.level = 'moderate';
    decisions = start({
      tribunal: {
        isSet: () => true,
        patienceMs: () => 60_000,
        begin: (id, _session, given, need) => void begun.push({ id, need, given }),
      },
    });
  });

  test('is asked once where the table says so, quietly, and its yes lets the held call go', async () => {
    const { answer, id } = await asked('commit');
    expect(begun).toMatchObject([
      { id, need: 'majority', given: { detail: 'commit', agent: 'claude/opus', brief: 'Do it.' } },
    ]);
    expect(decisions.get(id)).toMatchObject({ tribunal: 'sitting', quietUntil: clock.now() + 60_000 });
    await decisions.tribunalAgreed(id, '5 of 5 validators agreed (unanimous).');
    expect(await answer).toEqual({ permission: 'allow', reason: `A tribunal approved this (${id}).` });
    expect(decisions.get(id)).toMatchObject({ state: 'approved', answeredBy: 'tribunal', tribunal: 'agreed' });
  });

  test('leaves the question to the person, who is told of it then', async () => {
    const { id } = await asked('commit');
    decisions.tribunalLeaves(id);
    expect(decisions.get(id)).toMatchObject({ state: 'pending', tribunal: 'not_agreed', quietUntil: null });
    // Too late: it has left it already.
    await decisions.tribunalAgreed(id, 'late');
    expect(decisions.get(id).state).toBe('pending');
  });

  test('comes too late where a person was first, and is no answer where the tree or the level has changed', async () => {
    const first = await asked('commit a');
    decisions.deny(first.id, 'owner', null);
    await expect(decisions.tribunalAgreed(first.id, 'late')).rejects.toThrow(/already denied/);
    const second = await asked('commit b');
    mark = 'another tree';
    await expect(decisions.tribunalAgreed(second.id, 'late')).rejects.toThrow(/work tree has changed/);
    expect(decisions.get(second.id).state).toBe('void');
  });

  test('is not asked about what only a person may answer', async () => {
    await asked('push');
    session.level = 'full';
    void decisions.ask(session.id, call('deploy'), null);
    await settle();
    expect(begun).toEqual([]);
  });
});

describe('the same call, meaning something else than when it was asked', () => {
  let risk: Risk;
  let refused: ClassifiedAction['hardDeny'];
  let forbidden: boolean;
  beforeEach(() => {
    risk = 'high';
    refused = null;
    forbidden = false;
    decisions = start({
      limits: () => ({ ...SETTINGS, holdMs: 0 }),
      classify: (c) => ({ ...classify(c), risk, hardDeny: refused }),
      rules: {
        wordFor: () =>
          forbidden
            ? { id: 'rul_1', effect: 'deny', reason: { code: 'rule_denies', text: 'A person has forbidden it.' } }
            : null,
        use: () => undefined,
      },
    });
  });
  /** Nobody answers while the call is held, so the agent goes on without. */
  async function askedAndLeft(): Promise<string> {
    const { answer, id } = await asked('push');
    clock.advance(1);
    await answer;
    return id;
  }
  const again = async (): Promise<GateAnswer> => {
    const answer = decisions.ask(session.id, call('push'), null);
    await settle();
    clock.advance(1);
    return answer;
  };

  test.each<[what: string, change: () => void]>([
    ['it is refused now', () => (refused = { code: 'wipes_disk', text: 'It would wipe a disk.' })],
    ['a person has forbidden it since', () => (forbidden = true)],
    ['it has become critical', () => (risk = 'critical')],
  ])('an approval no longer stands: %s', async (_what, change) => {
    const id = await askedAndLeft();
    await decisions.approve(id, 'owner', false);
    change();
    expect((await again()).permission).not.toBe('allow');
    expect(decisions.get(id).state).toBe('void');
  });

  test('a question that has become critical is asked anew, in two steps', async () => {
    const id = await askedAndLeft();
    risk = 'critical';
    expect((await again()).permission).toBe('defer');
    expect(decisions.get(id).state).toBe('void');
    const [now] = decisions.pending();
    expect(now).toMatchObject({ risk: 'critical', steps: 2 });
    await expect(decisions.approve(now?.id ?? '', 'owner', false)).rejects.toThrow(/two steps/);
  });

  test('what is no graver than when it was asked stands', async () => {
    const id = await askedAndLeft();
    await decisions.approve(id, 'owner', false);
    risk = 'medium';
    expect((await again()).permission).toBe('allow');
  });
});
