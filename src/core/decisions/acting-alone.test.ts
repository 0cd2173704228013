import { beforeEach, describe, expect, test } from 'vitest';
import { bashCall, type GateRig, gateRig, HOUR, rest } from '../../../test/gate-rig.ts';
import type { GateSession } from './judge.ts';
import type { Decisions } from './service.ts';

let rig: GateRig;
let session: GateSession;

beforeEach(() => {
  rig = gateRig();
  session = rig.addSession();
});

describe("an agent's record", () => {
  const CERTIFIED = 900;
  /** One `edit` from the question to its end. Whether the gate let it through by itself. */
  async function edit(name: string, ok: boolean): Promise<boolean> {
    const toolUseId = `toolu_${name}`;
    const answer = rig.decisions.ask(session.id, bashCall(`edit ${name}`, session.cwd, toolUseId), null);
    await rest();
    const [pending] = rig.decisions.pending();
    if (pending) await rig.decisions.approve(pending.id, 'owner', false);
    expect(await answer).toMatchObject({ permission: 'allow' });
    rig.decisions.settle(session.id, toolUseId, ok);
    rig.clock.advance(1_000);
    return pending === undefined;
  }

  test('a certified agent is asked the first time, acts alone afterwards, up to the rate, and no longer after a failure', async () => {
    rig.restart({ scoreOf: () => CERTIFIED });
    expect(await edit('a', true)).toBe(false);
    for (const name of ['b', 'c', 'd']) expect(await edit(name, true)).toBe(true);
    const [newest] = rig.decisions.recent(1);
    expect(newest).toMatchObject({ auto: true, answeredBy: 'gate', state: 'allowed' });
    // Three an hour: the fourth asks, and says so.
    expect(await edit('e', true)).toBe(false);
    expect(rig.decisions.recent(1)[0]?.reasons.map(({ code }) => code)).toContain('unmet_within_rate');
    rig.clock.advance(HOUR);
    expect(await edit('f', false)).toBe(true);
    expect(await edit('g', true)).toBe(false);
    expect(rig.decisions.recent(1)[0]?.reasons.map(({ code }) => code)).toContain('unmet_no_recent_failure');
    rig.clock.advance(25 * HOUR);
    expect(await edit('h', true)).toBe(true);
  });

  test('the record of one model says nothing about another', async () => {
    rig.restart({ scoreOf: () => CERTIFIED });
    await edit('a', true);
    session.agent = 'claude/other';
    expect(await edit('b', true)).toBe(false);
  });

  test('what was refused or is not known to have ended counts nowhere', async () => {
    rig.restart({ scoreOf: () => CERTIFIED });
    const { answer, id } = await rig.asked(session, 'edit a');
    rig.decisions.deny(id, 'owner', null);
    await answer;
    expect(await edit('b', true)).toBe(false);
  });

  test('a failure rate over the bound stops even what a certified agent may', async () => {
    rig.restart({ scoreOf: () => CERTIFIED });
    await edit('a', true);
    for (const name of ['look 1', 'look 2', 'look 3']) {
      await rig.decisions.ask(session.id, bashCall(name, session.cwd), null);
      rig.decisions.settle(session.id, `toolu_${name}`, false);
    }
    expect(await edit('b', true)).toBe(false);
    expect(rig.decisions.recent(1)[0]?.reasons.map(({ code }) => code)).toContain('unmet_failure_rate');
  });

  test('a draft changes nothing: no row, no rate used, and the answers of what-if', async () => {
    rig.restart({ scoreOf: () => CERTIFIED });
    await edit('a', true);
    const before = rig.decisions.recent(10);
    const whatIf = (asIf: Parameters<Decisions['whatIf']>[2]) =>
      rig.decisions.whatIf(session, bashCall('edit x', session.cwd), asIf).verdict;
    for (let i = 0; i < 10; i++) expect(whatIf({})).toBe('allow');
    expect(whatIf({ history: 'new' })).toBe('ask');
    expect(whatIf({ history: 'clean' })).toBe('allow');
    expect(whatIf({ score: 799 })).toBe('ask');
    expect(whatIf({ level: 'observe', score: 1000, history: 'clean' })).toBe('ask');
    expect(rig.decisions.recent(10)).toEqual(before);
    expect(await edit('b', true)).toBe(true);
  });

  test('a yes of the gate can be marked wrong, once, and stays a yes of the gate', async () => {
    rig.restart({ scoreOf: () => CERTIFIED });
    await edit('a', true);
    await edit('b', true);
    const [auto, approved] = rig.decisions.recent(2);
    expect(rig.decisions.markWrong(auto?.id ?? '', 'owner', 'It was the wrong file.')).toMatchObject({
      state: 'allowed',
      auto: true,
      outcome: 'ran',
      wrong: { by: 'owner', reason: 'It was the wrong file.', at: rig.clock.now() },
    });
    expect(() => rig.decisions.markWrong(auto?.id ?? '', 'owner', null)).toThrow(/already/);
    expect(() => rig.decisions.markWrong(approved?.id ?? '', 'owner', null)).toThrow(/by itself/);
    expect(() => rig.decisions.markWrong('dec_none', 'owner', null)).toThrow(/no decision/);
  });
});
