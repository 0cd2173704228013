import fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';
import {
  bashCall,
  DEADLINE,
  GATE_SETTINGS,
  type GateRig,
  gateRig,
  HOLD,
  kindOf,
  rest,
} from '../../../test/gate-rig.ts';
import type { GateSession } from './judge.ts';

let rig: GateRig;
let session: GateSession;

beforeEach(() => {
  rig = gateRig();
  session = rig.addSession();
});

describe('who answers first', () => {
  /** Regression 25 (T-057). */
  test('at the deadline an approval holds, one millisecond later it has expired', async () => {
    const { id } = await rig.asked(session, 'push');
    rig.clock.advance(DEADLINE + 1);
    expect(await kindOf(rig.decisions.approve(id, 'owner', false))).toBe('expired');
    expect(rig.decisions.get(id)).toMatchObject({ state: 'expired', answeredBy: 'deadline' });
    const onTime = await rig.asked(session, 'commit');
    rig.clock.advance(DEADLINE);
    expect(await kindOf(rig.decisions.approve(onTime.id, 'owner', false))).toBe('ok');
  });

  test('nobody answers: denied and recorded, and the held agent hears it', async () => {
    rig.restart({ limits: () => ({ ...GATE_SETTINGS, holdMs: DEADLINE * 2 }) });
    const { answer, id } = await rig.asked(session, 'push');
    rig.clock.advance(DEADLINE + 1);
    expect(rig.decisions.expireDue().map((d) => d.id)).toEqual([id]);
    expect(rig.decisions.expireDue()).toEqual([]);
    expect(await answer).toEqual({
      permission: 'deny',
      reason: `Nobody answered in time, so this is denied (${id}).`,
    });
    expect(rig.decisions.get(id)).toMatchObject({ state: 'expired', answeredBy: 'deadline' });
  });

  /** Regression 26 (T-058). */
  test('approve and deny at once: exactly one wins, the other is told', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.shuffledSubarray(['approve', 'deny', 'approve again', 'expire'], { minLength: 2 }),
        async (order) => {
          const { id, answer } = await rig.asked(session, 'push', null);
          const outcomes = await Promise.all(
            order.map((act) => {
              if (act === 'deny') return kindOf(new Promise((done) => done(rig.decisions.deny(id, 'b', null))));
              if (act === 'expire') return kindOf(new Promise((done) => done(rig.decisions.expireDue())));
              return kindOf(rig.decisions.approve(id, 'a', false));
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
    const { id } = await rig.asked(session, 'deploy');
    expect(rig.decisions.get(id).steps).toBe(2);
    expect(await kindOf(rig.decisions.approve(id, 'owner', false))).toBe('refused');
    expect(rig.decisions.get(id).state).toBe('pending');
    expect(await kindOf(rig.decisions.approve(id, 'owner', true))).toBe('ok');
  });
});

describe('what happens while git is being asked', () => {
  /** A mark that is taken only when `go` is called. */
  function slowMark(): { go: () => void } {
    let go = (): void => undefined;
    const gate = new Promise<void>((resolve) => {
      go = resolve;
    });
    rig.restart({ mark: () => gate.then(() => rig.mark) });
    return { go };
  }

  test('the session is stopped: no question is left behind', async () => {
    const { go } = slowMark();
    const answer = rig.decisions.ask(session.id, bashCall('push', session.cwd), null);
    await rest();
    session.running = session.open = false;
    go();
    expect((await answer).permission).toBe('deny');
    expect(rig.decisions.pending()).toEqual([]);
  });

  test('the level falls: it is judged by the new one', async () => {
    const { go } = slowMark();
    const answer = rig.decisions.ask(session.id, bashCall('deploy', session.cwd), null);
    await rest();
    session.level = 'observe';
    go();
    expect((await answer).permission).toBe('deny');
    expect(rig.decisions.recent(1)).toMatchObject([{ state: 'refused', level: 'observe' }]);
  });

  test('somebody denies while another approves: the denial and its reason stand', async () => {
    const { id, answer } = await rig.asked(session, 'push');
    const { go } = slowMark();
    const approval = kindOf(rig.decisions.approve(id, 'ann', false));
    await rest();
    rig.decisions.deny(id, 'bert', 'not this');
    rig.mark = 'tree-2';
    go();
    expect(await approval).toBe('conflict');
    expect(rig.decisions.get(id)).toMatchObject({ state: 'denied', answeredBy: 'bert', answerReason: 'not this' });
    rig.clock.advance(HOLD);
    await answer;
  });

  test('the level falls between the approval and its delivery: nothing runs', async () => {
    const { id, answer } = await rig.asked(session, 'push');
    rig.clock.advance(HOLD);
    await answer;
    await rig.decisions.approve(id, 'owner', false);
    const { go } = slowMark();
    const again = rig.decisions.ask(session.id, bashCall('push', session.cwd), null);
    await rest();
    session.level = 'observe';
    go();
    await rest();
    rig.clock.advance(HOLD);
    expect((await again).permission).not.toBe('allow');
    expect(rig.decisions.get(id).state).toBe('void');
  });
});
