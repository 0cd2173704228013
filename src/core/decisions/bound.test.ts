import { beforeEach, describe, expect, test } from 'vitest';
import { bashCall, classify, GATE_SETTINGS, type GateRig, gateRig, HOLD, rest } from '../../../test/gate-rig.ts';
import type { Risk } from '../../shared/policy.ts';
import type { ClassifiedAction } from '../actions/classify.ts';
import type { GateAnswer } from '../drivers/driver.ts';
import type { GateSession } from './judge.ts';

let rig: GateRig;
let session: GateSession;

beforeEach(() => {
  rig = gateRig();
  session = rig.addSession();
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
        rig.mark = 'tree-2';
      },
      /work tree has changed/,
    ],
    [
      'what it runs',
      () => {
        rig.drift = '"/tree/deploy.sh" has changed since this was asked.';
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
    const { id, answer } = await rig.asked(session, 'push');
    change();
    await expect(rig.decisions.approve(id, 'owner', false)).rejects.toThrow(why);
    expect(rig.decisions.get(id).state).toBe('void');
    expect((await answer).permission).toBe('deny');
  });

  test('what it runs changes while it waits: asked again, it is a question of its own', async () => {
    rig.deferrable = false;
    const { id, answer } = await rig.asked(session, 'push');
    rig.clock.advance(HOLD);
    await answer;
    rig.drift = '"/tree/deploy.sh" has changed since this was asked.';
    void rig.decisions.ask(session.id, bashCall('push', session.cwd, 'toolu_2'), null);
    await rest();
    expect(rig.decisions.get(id)).toMatchObject({ state: 'void', answerReason: rig.drift });
    expect(rig.decisions.pending()).toHaveLength(1);
  });

  test('what it runs changes between the approval and the run: it is asked again', async () => {
    const { id, answer } = await rig.asked(session, 'push');
    rig.clock.advance(HOLD);
    await answer;
    await rig.decisions.approve(id, 'owner', false);
    rig.drift = 'The program "git" is another one now.';
    const again = await rig.asked(session, 'push');
    expect(again.id).not.toBe(id);
    expect(rig.decisions.get(id)).toMatchObject({ state: 'void', answerReason: rig.drift });
  });

  test('the work tree changes between the approval and the run: it is asked again', async () => {
    const { id, answer } = await rig.asked(session, 'push');
    rig.clock.advance(HOLD);
    await answer;
    await rig.decisions.approve(id, 'owner', false);
    rig.mark = 'tree-2';
    const again = await rig.asked(session, 'push');
    expect(again.id).not.toBe(id);
    expect(rig.decisions.get(id).state).toBe('void');
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
    rig.restart({
      limits: () => ({ ...GATE_SETTINGS, holdMs: 0 }),
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
    const { answer, id } = await rig.asked(session, 'push');
    rig.clock.advance(1);
    await answer;
    return id;
  }
  const again = async (): Promise<GateAnswer> => {
    const answer = rig.decisions.ask(session.id, bashCall('push', session.cwd), null);
    await rest();
    rig.clock.advance(1);
    return answer;
  };

  test.each<[what: string, change: () => void]>([
    ['it is refused now', () => (refused = { code: 'wipes_disk', text: 'It would wipe a disk.' })],
    ['a person has forbidden it since', () => (forbidden = true)],
    ['it has become critical', () => (risk = 'critical')],
  ])('an approval no longer stands: %s', async (_what, change) => {
    const id = await askedAndLeft();
    await rig.decisions.approve(id, 'owner', false);
    change();
    expect((await again()).permission).not.toBe('allow');
    expect(rig.decisions.get(id).state).toBe('void');
  });

  test('a question that has become critical is asked anew, in two steps', async () => {
    const id = await askedAndLeft();
    risk = 'critical';
    expect((await again()).permission).toBe('defer');
    expect(rig.decisions.get(id).state).toBe('void');
    const [now] = rig.decisions.pending();
    expect(now).toMatchObject({ risk: 'critical', steps: 2 });
    await expect(rig.decisions.approve(now?.id ?? '', 'owner', false)).rejects.toThrow(/two steps/);
  });

  test('what is no graver than when it was asked stands', async () => {
    const id = await askedAndLeft();
    await rig.decisions.approve(id, 'owner', false);
    risk = 'medium';
    expect((await again()).permission).toBe('allow');
  });
});
