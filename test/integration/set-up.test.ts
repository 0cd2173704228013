import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { tempDir } from '../builders.ts';
import { FAKE, INIT, RESULT } from '../fakes/scripted-claude.ts';
import { type Rig, startRig, until } from '../rig.ts';

/* A set-up command that does not get to its end: Tenure is closed, a person stops it, the time box ends. */
let rig: Rig;
afterEach(() => rig.stop());

/** A session whose set-up hangs the first time, and passes afterwards. */
async function settingUp(more: { timeBoxMs?: number } = {}) {
  const dir = tempDir('set-up');
  const scenario = join(dir, 'scenario.json');
  const begun = join(dir, 'begun');
  writeFileSync(scenario, JSON.stringify({ version: '2.1.328', steps: [INIT, RESULT] }));
  rig = await startRig({ command: FAKE, agentEnv: { FAKE_CLAUDE: scenario } });
  const setupCommand = `echo once >> ${begun}; if [ $(wc -l < ${begun}) = 1 ]; then sleep 600; fi; touch made`;
  const { project } = await rig.addProject({ setupCommand, verifyCommand: 'test -e made' });
  const { id } = await rig.call('sessions.launch', { projectId: project.id, prompt: 'Go.', ...more });
  await until('the set-up runs', () => existsSync(begun));
  return { id, runs: () => readFileSync(begun, 'utf8').split('\n').length - 1 };
}

test('a shutdown is nobody’s failure: the session is set up and goes on after the next start', async () => {
  const { id, runs } = await settingUp();
  await rig.restart();
  expect(await rig.ended(id)).toMatchObject({ outcome: 'completed', evidence: { verify: { exitCode: 0 } } });
  expect(runs()).toBe(2);
});

test('a person’s stop is a stop', async () => {
  const { id } = await settingUp();
  expect(await rig.call('sessions.stop', { id })).toMatchObject({ stopped: true });
  expect(await rig.ended(id)).toMatchObject({ outcome: 'stopped', problem: null });
});

test('the time box is the time box', async () => {
  const { id } = await settingUp({ timeBoxMs: 1_000 });
  expect(await rig.ended(id)).toMatchObject({ outcome: 'timed_out' });
});

test('what it commits and leaves is not the agent’s: no commit is counted, and what lies there is said', async () => {
  const scenario = join(tempDir('set-up'), 'scenario.json');
  writeFileSync(scenario, JSON.stringify({ version: '2.1.328', steps: [INIT, RESULT] }));
  rig = await startRig({ command: FAKE, agentEnv: { FAKE_CLAUDE: scenario } });
  const commit = 'git add made && git -c user.name=S -c user.email=s@x commit -qm "Set up"';
  const { project } = await rig.addProject({ setupCommand: `touch made left && ${commit}` });
  const { id } = await rig.call('sessions.launch', { projectId: project.id, prompt: 'Go.' });
  const ended = await rig.ended(id);
  expect(ended).toMatchObject({ commits: 0, insertions: 0, evidence: { commits: 0, filesChanged: 0 } });
  expect(ended.work.note).toContain('Its set-up left 1 uncommitted file (left)');
});
