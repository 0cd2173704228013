import fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';
import { bashCall, DEADLINE, type GateRig, gateRig, HOLD, kindOf, rest } from '../../../test/gate-rig.ts';
import type { Level } from '../../shared/policy.ts';
import type { ClassifiedAction } from '../actions/classify.ts';
import type { DecisionDeps } from './book.ts';
import type { GateSession } from './judge.ts';

let rig: GateRig;
let session: GateSession;

beforeEach(() => {
  rig = gateRig();
  session = rig.addSession();
});

describe('the gate answers by itself', () => {
  test('reading is allowed, and the row says why', async () => {
    const answer = await rig.decisions.ask(session.id, bashCall('look', session.cwd), null);
    expect(answer.permission).toBe('allow');
    expect(rig.decisions.recent(10)).toMatchObject([
      { state: 'allowed', risk: 'read', level: 'cautious', verdict: 'allow', answeredBy: 'gate', deadline: null },
    ]);
  });

  test('a hard deny is refused with every reason', async () => {
    session.level = 'full';
    const answer = await rig.decisions.ask(session.id, bashCall('mkfs', session.cwd), null);
    expect(answer).toEqual({ permission: 'deny', reason: 'It would wipe a disk. Because it is a test.' });
  });

  test('a lowered level holds at the very next call', async () => {
    session.level = 'moderate';
    expect((await rig.decisions.ask(session.id, bashCall('edit', session.cwd), null)).permission).toBe('allow');
    session.level = 'observe';
    const { id } = await rig.asked(session, 'edit');
    expect(rig.decisions.get(id)).toMatchObject({ state: 'pending', level: 'observe' });
  });

  test('a draft on which the gate fails is denied, as the call itself would be', () => {
    rig.restart({
      classify: () => {
        throw new Error('x');
      },
    });
    expect(rig.decisions.whatIf(session, bashCall('look', session.cwd), { level: 'full' })).toMatchObject({
      verdict: 'deny',
      risk: 'critical',
      reasons: [{ code: 'gate_failed' }],
    });
  });

  test('what is told of a decision, whatever it says, is what the store then has of it', async () => {
    const told: unknown[] = [];
    rig.journal.subscribe(({ type, body }) => {
      if (type === 'decision.recorded') told.push(body.decision, rig.decisions.get(body.decision.id));
    });
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom<Level>('observe', 'cautious', 'moderate', 'full'),
        fc.constantFrom('look', 'edit', 'commit', 'push', 'deploy', 'mkfs'),
        fc.string({ unit: 'binary' }),
        async (level, what, words) => {
          session.level = level;
          told.splice(0);
          void rig.decisions.ask(session.id, bashCall(`${what} ${words}`, session.cwd), null);
          await rest();
          expect(told).toHaveLength(2);
          expect(told[0]).toEqual(told[1]);
          for (const { id } of rig.decisions.pending()) rig.decisions.deny(id, 'test', null);
        },
      ),
      { numRuns: 60 },
    );
  });

  test.each([
    ['is not known', () => ({ session: () => null })],
    ['does not run', () => ({ session: () => ({ ...session, running: false }) })],
  ])('a session that %s is denied', async (_name, over) => {
    rig.restart(over());
    expect((await rig.decisions.ask(session.id, bashCall('look', session.cwd), null)).permission).toBe('deny');
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
    rig.restart(over());
    expect((await rig.decisions.ask(session.id, bashCall('push', session.cwd), null)).permission).toBe('deny');
  });

  test('denied when the record cannot be written, even for reading', async () => {
    rig.store.db.pragma('query_only = ON');
    expect((await rig.decisions.ask(session.id, bashCall('look', session.cwd), null)).permission).toBe('deny');
  });
});

describe('a question to a person', () => {
  /** Regression 24 (T-052): nothing lets an action through because a field was left out. */
  test('is pending, with a deadline, and nobody has answered', async () => {
    const { id } = await rig.asked(session, 'push');
    expect(rig.decisions.get(id)).toMatchObject({
      state: 'pending',
      verdict: 'ask',
      deadline: rig.clock.now() + DEADLINE,
      answeredAt: null,
      outcome: null,
    });
  });

  test('approved while held: the very call goes on', async () => {
    const { answer, id } = await rig.asked(session, 'push');
    await rig.decisions.approve(id, 'owner', false);
    expect(await answer).toMatchObject({ permission: 'allow' });
    expect(rig.decisions.settle(session.id, 'toolu_push', true)).toBe(true);
    expect(rig.decisions.get(id)).toMatchObject({ state: 'approved', answeredBy: 'owner', outcome: 'ran' });
  });

  test('denied while held: the reason reaches the agent', async () => {
    const { answer, id } = await rig.asked(session, 'push');
    rig.decisions.deny(id, 'owner', 'not on a Friday');
    expect(await answer).toEqual({ permission: 'deny', reason: 'A person denied this: not on a Friday.' });
  });

  test('the level rises while it is pending: asked again, it goes by the new level', async () => {
    rig.deferrable = false;
    const { id, answer } = await rig.asked(session, 'edit');
    rig.clock.advance(HOLD);
    await answer;
    session.level = 'moderate';
    expect((await rig.decisions.ask(session.id, bashCall('edit', session.cwd, 'toolu_2'), null)).permission).toBe(
      'allow',
    );
    expect(rig.decisions.get(id).state).toBe('void');
  });

  test('an approval is for one run: the same action asks again', async () => {
    const first = await rig.asked(session, 'push');
    await rig.decisions.approve(first.id, 'owner', false);
    await first.answer;
    const second = await rig.asked(session, 'push', 'toolu_2');
    expect(second.id).not.toBe(first.id);
    expect(rig.decisions.get(second.id).state).toBe('pending');
  });

  test('held long enough: deferred when it may be, and the question stays open', async () => {
    const { answer, id } = await rig.asked(session, 'push');
    rig.clock.advance(HOLD);
    expect((await answer).permission).toBe('defer');
    expect(rig.decisions.get(id).state).toBe('pending');
  });

  test('held long enough among other calls: told to ask again, and then it gets the answer', async () => {
    rig.deferrable = false;
    const { answer, id } = await rig.asked(session, 'push');
    rig.clock.advance(HOLD);
    expect(await answer).toMatchObject({
      permission: 'deny',
      reason: expect.stringContaining('ask for exactly the same'),
    });
    await rig.decisions.approve(id, 'owner', false);
    expect((await rig.decisions.ask(session.id, bashCall('push', session.cwd, 'toolu_again'), null)).permission).toBe(
      'allow',
    );
    expect(rig.decisions.settle(session.id, 'toolu_again', true)).toBe(true);
  });

  test('a deferred call that comes back gets its answer, also after a restart', async () => {
    const { answer, id } = await rig.asked(session, 'push');
    rig.clock.advance(HOLD);
    await answer;
    rig.store.reopen();
    rig.restart();
    await rig.decisions.approve(id, 'owner', false);
    expect((await rig.decisions.ask(session.id, bashCall('push', session.cwd), null)).permission).toBe('allow');
  });

  test('another action is never covered by an approval', async () => {
    const { answer, id } = await rig.asked(session, 'push origin main');
    rig.clock.advance(HOLD);
    await answer;
    await rig.decisions.approve(id, 'owner', false);
    const other = await rig.asked(session, 'push origin main --tags');
    expect(other.id).not.toBe(id);
  });

  test('the caller gives up: the question stays open for when it comes back', async () => {
    const gone = new AbortController();
    const answer = rig.decisions.ask(session.id, bashCall('push', session.cwd), gone.signal);
    await rest();
    gone.abort();
    expect((await answer).permission).toBe('deny');
    expect(rig.decisions.pending()).toHaveLength(1);
  });
});

test('a flood of questions is bounded, and answering makes room', async () => {
  rig.deferrable = false;
  const answers = Array.from({ length: 100 }, (_, n) =>
    rig.decisions.ask(session.id, bashCall(`push ${n}`, session.cwd), null),
  );
  await rest();
  rig.clock.advance(HOLD);
  expect((await Promise.all(answers)).every((answer) => answer.permission === 'deny')).toBe(true);
  const open = rig.decisions.pending();
  expect(open.length).toBeLessThanOrEqual(40);
  const more = await rig.decisions.ask(session.id, bashCall('push more', session.cwd), null);
  expect(more.reason).toContain('Too many questions');
  for (const { id } of open) rig.decisions.deny(id, 'owner', null);
  await rig.asked(session, 'push once more');
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
            const answer = rig.decisions.ask(session.id, bashCall(step.what, session.cwd, null), null);
            await rest();
            rig.clock.advance(HOLD);
            const free = step.what === 'look' || (step.what === 'edit' && (level === 'moderate' || level === 'full'));
            const { permission } = await answer;
            if (!free || step.what === 'look') expect(permission === 'allow').toBe(free);
          } else if (step.do === 'level') session.level = step.to;
          else if (step.do === 'time') rig.clock.advance(step.ms);
          else if (step.do === 'tree') rig.mark += '+';
          else if (step.do === 'expire') rig.decisions.expireDue();
          else
            for (const open of rig.decisions.pending())
              await kindOf(new Promise((done) => done(rig.decisions.deny(open.id, 'p', null))));
        }
      },
    ),
    { numRuns: 60 },
  );
});
