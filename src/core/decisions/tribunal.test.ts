import { beforeEach, describe, expect, test } from 'vitest';
import { bashCall, type GateRig, gateRig, rest } from '../../../test/gate-rig.ts';
import type { GateSession } from './judge.ts';

let rig: GateRig;
let session: GateSession;

beforeEach(() => {
  rig = gateRig();
  session = rig.addSession();
});

describe('a tribunal in the place of the person', () => {
  let begun: { id: string; need: string; given: unknown }[];
  beforeEach(() => {
    begun = [];
    session.level = 'moderate';
    rig.restart({
      tribunal: {
        isSet: () => true,
        patienceMs: () => 60_000,
        begin: (id, _session, given, need) => void begun.push({ id, need, given }),
      },
    });
  });

  test('is asked once where the table says so, quietly, and its yes lets the held call go', async () => {
    const { answer, id } = await rig.asked(session, 'commit');
    expect(begun).toMatchObject([
      { id, need: 'majority', given: { detail: 'commit', agent: 'claude/opus', brief: 'Do it.' } },
    ]);
    expect(rig.decisions.get(id)).toMatchObject({ tribunal: 'sitting', quietUntil: rig.clock.now() + 60_000 });
    await rig.decisions.tribunalAgreed(id, '5 of 5 validators agreed (unanimous).');
    expect(await answer).toEqual({ permission: 'allow', reason: `A tribunal approved this (${id}).` });
    expect(rig.decisions.get(id)).toMatchObject({ state: 'approved', answeredBy: 'tribunal', tribunal: 'agreed' });
  });

  test('leaves the question to the person, who is told of it then', async () => {
    const { id } = await rig.asked(session, 'commit');
    rig.decisions.tribunalLeaves(id);
    expect(rig.decisions.get(id)).toMatchObject({ state: 'pending', tribunal: 'not_agreed', quietUntil: null });
    // Too late: it has left it already.
    await rig.decisions.tribunalAgreed(id, 'late');
    expect(rig.decisions.get(id).state).toBe('pending');
  });

  test('comes too late where a person was first, and is no answer where the tree or the level has changed', async () => {
    const first = await rig.asked(session, 'commit a');
    rig.decisions.deny(first.id, 'owner', null);
    await expect(rig.decisions.tribunalAgreed(first.id, 'late')).rejects.toThrow(/already denied/);
    const second = await rig.asked(session, 'commit b');
    rig.mark = 'another tree';
    await expect(rig.decisions.tribunalAgreed(second.id, 'late')).rejects.toThrow(/work tree has changed/);
    expect(rig.decisions.get(second.id).state).toBe('void');
  });

  test('is not asked about what only a person may answer', async () => {
    await rig.asked(session, 'push');
    session.level = 'full';
    void rig.decisions.ask(session.id, bashCall('deploy', session.cwd), null);
    await rest();
    expect(begun).toEqual([]);
  });
});
