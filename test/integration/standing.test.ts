import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { bash, say } from '../fakes/messages-api.ts';
import { type Rig, startRig } from '../rig.ts';

/** Each session of the real CLI touches one file and ends. */
const SESSION = [bash('touch notes.txt'), say('Done.')];

describe('a standing rule, made from a question', () => {
  let rig: Rig;
  let projectId: string;
  beforeAll(async () => {
    rig = await startRig({ script: [...SESSION, ...SESSION, ...SESSION] });
    const { project } = await rig.addProject();
    projectId = project.id;
    await rig.raiseTo('cautious');
  });
  afterAll(() => rig.stop());

  test('is previewed, answers the next one by itself, and no longer once it is revoked', async () => {
    const first = await rig.call('sessions.launch', { projectId, prompt: 'Touch it.' });
    const asked = await rig.pending();
    expect(asked).toMatchObject({ risk: 'low', verdict: 'ask' });
    const { patterns, why } = await rig.call('rules.draft', { decisionId: asked.id });
    expect(why).toBeNull();
    const [pattern] = patterns;
    if (!pattern) throw new Error('no pattern was offered');
    expect(pattern).toEqual({ kind: 'command', program: 'touch', args: ['notes.txt'], rest: false });
    expect(await rig.call('rules.preview', { projectId, effect: 'allow', pattern })).toMatchObject({
      matched: 1,
      compared: 1,
      asked: 1,
      samples: [{ decisionId: asked.id, state: 'pending' }],
    });
    const rule = await rig.call('rules.add', { projectId, effect: 'allow', pattern });
    await expect(rig.call('rules.add', { projectId, effect: 'allow', pattern })).rejects.toThrow(rule.id);
    await rig.call('decisions.approve', { id: asked.id, acknowledge: true });
    await rig.ended(first.id);

    const second = await rig.call('sessions.launch', { projectId, prompt: 'Again.' });
    const { decisions } = await rig.ended(second.id);
    expect(decisions).toMatchObject([{ verdict: 'allow', state: 'allowed', outcome: 'ran', auto: false }]);
    expect(decisions[0]?.reasons[0]).toEqual({
      code: 'rule_allows',
      text: 'A person has allowed always on this project: touch notes.txt.',
    });
    expect(await rig.call('rules.list', { projectId })).toMatchObject([
      { id: rule.id, uses: 1, createdBy: 'owner (token)' },
    ]);

    await rig.call('rules.revoke', { id: rule.id });
    expect(await rig.call('rules.list', { projectId })).toEqual([]);
    expect(await rig.call('rules.list', { projectId, all: true })).toMatchObject([{ id: rule.id, uses: 1 }]);
    const third = await rig.call('sessions.launch', { projectId, prompt: 'And again.' });
    const again = await rig.pending();
    expect(again.sessionId).toBe(third.id);
    await rig.call('decisions.deny', { id: again.id });
    await rig.ended(third.id);
  });

  test('is never about a shell, and never without the owner', async () => {
    const pattern = { kind: 'command' as const, program: 'bash', args: ['-c', 'x'], rest: false };
    await expect(rig.call('rules.add', { projectId, effect: 'allow', pattern })).rejects.toThrow(
      /runs what it is given/,
    );
    const read = await fetch(`${rig.host.url}/rpc/rules.add`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ projectId, effect: 'allow', pattern: { kind: 'web', host: 'example.com' } }),
    });
    expect(read.status).toBe(401);
  });
});
