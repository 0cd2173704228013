import { beforeEach, describe, expect, test } from 'vitest';
import { bashCall, type GateRig, gateRig } from '../../../test/gate-rig.ts';
import { createJournal } from '../kernel/journal.ts';
import type { GateSession } from './judge.ts';

let rig: GateRig;
let session: GateSession;

beforeEach(() => {
  rig = gateRig();
  session = rig.addSession();
});

describe('what happened afterwards', () => {
  test('a result without a decision behind it is a bypass', () => {
    expect(rig.decisions.settle(session.id, 'toolu_unknown', true)).toBe(false);
  });

  test('a refused call that ran all the same is a bypass', async () => {
    await rig.decisions.ask(session.id, bashCall('mkfs', session.cwd), null);
    expect(rig.decisions.settle(session.id, 'toolu_mkfs', true)).toBe(false);
  });

  /** Regression 28 (T-061). */
  test('cut off while it ran: the outcome is unknown, never a success', async () => {
    const { answer, id } = await rig.asked(session, 'push');
    await rig.decisions.approve(id, 'owner', false);
    await answer;
    rig.store.reopen();
    rig.restart();
    const journal = createJournal(rig.store.db, rig.clock, () => undefined);
    journal.commit((emit) => rig.decisions.settleUnknown(emit, session.id));
    expect(rig.decisions.get(id).outcome).toBe('unknown');
    rig.decisions.settle(session.id, 'toolu_push', true);
    expect(rig.decisions.get(id).outcome).toBe('unknown');
  });
});
