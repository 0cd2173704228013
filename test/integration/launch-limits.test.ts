import { afterEach, expect, test } from 'vitest';
import { bash, say } from '../fakes/messages-api.ts';
import { type Rig, startRig } from '../rig.ts';

let rig: Rig;
afterEach(() => rig.stop());

test('a ceiling of its own holds for the session, its gate and what follows on it', async () => {
  rig = await startRig({ script: [bash('echo hi > a.txt'), say('Done.')] });
  await rig.raiseTo('moderate');
  const { project } = await rig.addProject();
  const launched = await rig.call('sessions.launch', { projectId: project.id, prompt: 'Write.', ceiling: 'observe' });
  expect(launched.level).toBe('observe');
  // At Moderate this would simply run.
  const decision = await rig.pending();
  expect(decision).toMatchObject({ level: 'observe', risk: 'low', state: 'pending' });
  await rig.call('decisions.approve', { id: decision.id, acknowledge: true });
  expect((await rig.ended(launched.id)).level).toBe('observe');
  const fork = await rig.call('sessions.fork', { id: launched.id, prompt: 'Again.' });
  expect(fork.level).toBe('observe');
  await rig.call('sessions.stop', { id: fork.id });
});

test('a budget of its own ends the session when it is spent', async () => {
  rig = await startRig({ script: () => bash('true') });
  await rig.raiseTo('moderate');
  const { project } = await rig.addProject();
  const { id } = await rig.call('sessions.launch', { projectId: project.id, prompt: 'Work.', budgetUsd: 0.003 });
  expect(await rig.ended(id)).toMatchObject({ outcome: 'budget' });
});
