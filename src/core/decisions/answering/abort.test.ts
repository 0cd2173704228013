import { describe, expect, test } from 'vitest';
import { gateRig } from '../../../../test/gate-rig.ts';

describe('abort', () => {
  /** Regression 27 (T-059). */
  test('a late success after it stays aborted, and so does a late failure', async () => {
    const rig = gateRig();
    const session = rig.addSession();
    const { answer, id } = await rig.ask(session, 'push');
    await rig.decisions.approve(id, 'owner', false);
    await answer;
    rig.decisions.abort(id, 'owner');
    const { settledAt } = rig.decisions.get(id);
    rig.clock.advance(1_000);
    expect(rig.decisions.settle(session.id, 'toolu_push', true)).toBe(true);
    rig.decisions.settle(session.id, 'toolu_push', false);
    rig.journal.commit((emit) => rig.decisions.closeSession(emit, session.id, 'over', 'timed_out'));
    expect(rig.decisions.get(id)).toMatchObject({ state: 'approved', outcome: 'aborted', settledAt });
    rig.decisions.abortEnded(id, 'owner', [42]);
    expect(rig.decisions.acts(id).map(({ act, detail }) => [act, detail])).toEqual([
      ['approved', null],
      ['abort_asked', null],
      ['abort_resisted', 'still alive: 42'],
    ]);
  });

  test.each(['pending', 'denied', 'ran'] as const)('what is %s cannot be aborted', async (how) => {
    const rig = gateRig();
    const session = rig.addSession();
    const { answer, id } = await rig.ask(session, 'push');
    if (how === 'denied') rig.decisions.deny(id, 'owner', null);
    if (how === 'ran') {
      await rig.decisions.approve(id, 'owner', false);
      await answer;
      rig.decisions.settle(session.id, 'toolu_push', true);
    }
    expect(() => rig.decisions.abort(id, 'owner')).toThrow(/Only what is executing/);
  });

  test.each(['aborted', 'timed_out'] as const)('a session that ends says of what still ran that it %s', async (as) => {
    const rig = gateRig();
    const session = rig.addSession();
    await rig.decisions.ask(
      session.id,
      { tool: 'Bash', input: { command: 'look' }, cwd: session.cwd, toolUseId: 't', agentId: null },
      null,
    );
    rig.journal.commit((emit) => rig.decisions.closeSession(emit, session.id, 'over', as));
    expect(rig.decisions.recent(1)).toMatchObject([{ outcome: as }]);
  });
});
