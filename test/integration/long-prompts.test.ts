import { afterEach, expect, test } from 'vitest';
import { say } from '../fakes/messages-api.ts';
import { type Rig, startRig } from '../rig.ts';

let rig: Rig;
afterEach(() => rig.stop());

test('a long prompt is whole for the agent and in the detail, and cut wherever all sessions are', async () => {
  rig = await startRig({ script: () => say('I have read it.') });
  const { project } = await rig.addProject();
  const prompt = `BEGIN ${'🐢'.repeat(30_000)} END`;
  const launched = await rig.call('sessions.launch', { projectId: project.id, prompt });
  const ended = await rig.ended(launched.id);
  expect([ended.outcome, ended.problem]).toEqual(['completed', null]);
  expect(ended.prompt).toBe(prompt);
  expect(JSON.stringify(rig.api.requests)).toContain(`🐢 END`);
  const { sessions } = await rig.call('state.snapshot', {});
  const [listed] = await rig.call('sessions.list', {});
  for (const cut of [launched, listed, ...sessions].map((one) => one?.prompt ?? '')) {
    expect(cut).toMatch(/^BEGIN (🐢)+…$/u);
    expect(cut.length).toBeLessThanOrEqual(2_000);
    expect(cut.length).toBeGreaterThan(1_990);
  }
  const again = await rig.call('sessions.resume', { id: launched.id, prompt });
  expect((await rig.ended(again.id)).prompt).toBe(prompt);
});
