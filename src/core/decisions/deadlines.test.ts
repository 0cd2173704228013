import { beforeEach, describe, expect, test } from 'vitest';
import { DEADLINE, type GateRig, gateRig, HOUR } from '../../../test/gate-rig.ts';
import { silentLog } from '../kernel/log.ts';
import { createDeadlines } from './deadlines.ts';
import type { GateSession } from './judge.ts';

const SECOND = 1_000;

let rig: GateRig;
let session: GateSession;
let answered: string[];

beforeEach(() => {
  rig = gateRig();
  session = rig.addSession();
  answered = [];
});

const deadlines = (expireDue = () => rig.decisions.expireDue()) =>
  createDeadlines({
    clock: rig.clock,
    journal: rig.journal,
    log: silentLog,
    decisions: { nextDeadline: () => rig.decisions.nextDeadline(), expireDue },
    answered: (sessionId) => answered.push(sessionId),
  });

describe('the deadline of a question', () => {
  test('ends it within a second, whatever the beat does', async () => {
    deadlines();
    const { id } = await rig.asked(session, 'push');
    rig.clock.advance(DEADLINE - 1);
    expect(rig.decisions.get(id).state).toBe('pending');
    rig.clock.advance(SECOND);
    expect(rig.decisions.get(id)).toMatchObject({ state: 'expired', answeredBy: 'deadline' });
    expect(answered).toEqual([session.id]);
  });

  test('is known again after a restart, from the first beat on', async () => {
    const first = await rig.asked(session, 'push');
    rig.clock.advance(HOUR / 4);
    const second = await rig.asked(session, 'push again');
    const { look } = deadlines();
    look();
    rig.clock.advance(DEADLINE - HOUR / 4 + SECOND);
    expect([first, second].map(({ id }) => rig.decisions.get(id).state)).toEqual(['expired', 'pending']);
    rig.clock.advance(HOUR / 4);
    expect(rig.decisions.get(second.id).state).toBe('expired');
  });

  test('is left to the beat while the store cannot be written', async () => {
    let tries = 0;
    let fails = true;
    const { look } = deadlines(() => {
      tries += 1;
      if (fails) throw new Error('database or disk is full');
      return rig.decisions.expireDue();
    });
    const { id } = await rig.asked(session, 'push');
    rig.clock.advance(DEADLINE + HOUR);
    expect([tries, rig.decisions.get(id).state]).toEqual([1, 'pending']);
    expect(look).toThrow('disk is full');
    fails = false;
    look();
    expect(rig.decisions.get(id).state).toBe('expired');
  });

  test('holds no timer once all is answered or the engine stops', async () => {
    const { stop } = deadlines();
    const { id } = await rig.asked(session, 'push');
    rig.decisions.deny(id, 'owner', 'no');
    const before = rig.clock.pending();
    rig.clock.advance(DEADLINE + SECOND);
    expect(answered).toEqual([]);
    expect(rig.clock.pending()).toBe(before - 1);
    await rig.asked(session, 'push again');
    stop();
    rig.clock.advance(2 * DEADLINE);
    expect(answered).toEqual([]);
  });
});
