import { beforeEach, describe, expect, test } from 'vitest';
import { GATE_SETTINGS, type GateRig, gateRig, HOUR } from '../../../test/gate-rig.ts';
import type { GateSession, GateSettings } from './judge.ts';

let rig: GateRig;
let session: GateSession;

beforeEach(() => {
  rig = gateRig();
  session = rig.addSession();
});

describe('a question that nobody answers', () => {
  const MINUTE = 60_000;
  const byUrgency = (over: Partial<GateSettings> = {}) =>
    rig.restart({ limits: () => ({ ...GATE_SETTINGS, deadlineMs: null, holdMs: 0, ...over }) });
  const state = (id: string) => {
    const { state: now, urgency, escalations, warned, deadline } = rig.decisions.get(id);
    return {
      state: now,
      urgency,
      escalations,
      warned,
      left: deadline === null ? null : (deadline - rig.clock.now()) / MINUTE,
    };
  };

  test('is warned of, asked louder with a time of its own, and denied at the end of the chain', async () => {
    byUrgency();
    const { id } = await rig.asked(session, 'push');
    expect(state(id)).toEqual({ state: 'pending', urgency: 'high', escalations: 0, warned: false, left: 60 });
    rig.clock.advance(45 * MINUTE);
    rig.decisions.remind();
    expect(state(id)).toMatchObject({ warned: true, left: 15 });
    rig.clock.advance(15 * MINUTE + 1);
    expect(rig.decisions.expireDue()).toEqual([]);
    expect(state(id)).toMatchObject({ state: 'pending', escalations: 1, warned: false, left: 60 });
    rig.clock.advance(60 * MINUTE + 1);
    rig.decisions.expireDue();
    rig.clock.advance(60 * MINUTE + 1);
    expect(rig.decisions.expireDue().map((one) => one.id)).toEqual([id]);
    expect(rig.decisions.get(id)).toMatchObject({ state: 'expired', answeredBy: 'deadline', escalations: 2 });
  });

  test('can be answered between its deadline and the look at it: it is asked louder, not lost', async () => {
    byUrgency();
    const { id } = await rig.asked(session, 'push');
    rig.clock.advance(60 * MINUTE + 1);
    expect(await rig.decisions.approve(id, 'owner', false)).toMatchObject({ state: 'approved', escalations: 1 });
  });

  test('that can wait is kept quiet until the quiet hours end, and told of then', async () => {
    const ends = rig.clock.now() + 8 * HOUR;
    rig.restart({ limits: () => ({ ...GATE_SETTINGS, deadlineMs: null, holdMs: 0 }), quietEnds: () => ends });
    const { id } = await rig.asked(session, 'edit');
    expect(rig.decisions.get(id)).toMatchObject({ quietUntil: ends, deadline: ends + 4 * HOUR });
    rig.decisions.remind();
    expect(rig.decisions.get(id).quietUntil).toBe(ends);
    rig.clock.advance(8 * HOUR);
    rig.decisions.remind();
    expect(rig.decisions.get(id)).toMatchObject({ state: 'pending', quietUntil: null });
  });

  test('of a session that nobody launched by hand can wait a step longer', async () => {
    byUrgency();
    session.source = 'schedule';
    const { id } = await rig.asked(session, 'push');
    expect(state(id)).toMatchObject({ urgency: 'normal', left: 240 });
  });

  test('every raise, warning and end survives a restart: it stands in the row', async () => {
    byUrgency();
    const { id } = await rig.asked(session, 'push');
    rig.clock.advance(60 * MINUTE + 1);
    rig.decisions.expireDue();
    byUrgency();
    expect(state(id)).toMatchObject({ escalations: 1 });
    rig.clock.advance(59 * MINUTE);
    expect(rig.decisions.expireDue()).toEqual([]);
  });
});
