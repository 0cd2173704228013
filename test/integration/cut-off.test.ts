import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { tempDir } from '../builders.ts';
import { bash, say, use } from '../fakes/messages-api.ts';
import { call, FAKE, HANG, INIT, RESULT, type Step } from '../fakes/scripted-claude.ts';
import { REAL_CLAUDE, type Rig, startRig, until } from '../rig.ts';

/* Stops, shutdowns and removals at awkward moments. */
let rig: Rig;
afterEach(() => rig.stop());

async function scripted(steps: Step[], holdMs = 200): Promise<void> {
  const scenario = join(tempDir('scenario'), 'scenario.json');
  writeFileSync(scenario, JSON.stringify({ version: '2.1.328', steps }));
  rig = await startRig({ command: FAKE, agentEnv: { FAKE_CLAUDE: scenario }, config: { decisions: { holdMs } } });
}

const COMMIT = 'git commit --allow-empty -m again';

test('a stop between a deferral and the end of its process is a stop: nothing comes back', async () => {
  await scripted([INIT, call(COMMIT), HANG]);
  const { project } = await rig.addProject();
  await rig.raiseTo('moderate');
  const { id } = await rig.call('sessions.launch', { projectId: project.id, prompt: 'Go.' });
  const asked = await rig.pending();
  const report = await rig.call('sessions.stop', { id });
  expect(report).toMatchObject({ stopped: true, stillAlive: [] });
  expect(await rig.ended(id)).toMatchObject({ outcome: 'stopped' });
  await expect(rig.call('decisions.approve', { id: asked.id, acknowledge: true })).rejects.toThrow();
});

test('an approval just before the shutdown is not lost: the session goes on after the next start', async () => {
  rig = await startRig({ script: [bash(COMMIT), say('Done.')], config: { decisions: { holdMs: 200 } } });
  const { project } = await rig.addProject();
  await rig.raiseTo('moderate');
  const { id } = await rig.call('sessions.launch', { projectId: project.id, prompt: 'Go.' });
  await rig.inState(id, 'parked');
  await rig.call('decisions.approve', { id: (await rig.pending()).id, acknowledge: true });
  await rig.restart();
  expect(await rig.ended(id)).toMatchObject({
    outcome: 'completed',
    commits: 1,
    decisions: [{ state: 'approved', outcome: 'ran' }],
  });
});

test('a launch that fails on the way back from a question loses neither the answer nor the session', async () => {
  const command = join(tempDir('command'), 'claude');
  const place = (script: string): void => writeFileSync(command, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  place(`exec ${REAL_CLAUDE} "$@"`);
  rig = await startRig({ command, script: [bash(COMMIT), say('Done.')], config: { decisions: { holdMs: 200 } } });
  const { project } = await rig.addProject();
  await rig.raiseTo('moderate');
  const { id } = await rig.call('sessions.launch', { projectId: project.id, prompt: 'Go.' });
  await rig.inState(id, 'parked');
  place('exit 1');
  await rig.call('decisions.approve', { id: (await rig.pending()).id, acknowledge: true });
  const held = await until('it is held', async () => {
    const session = await rig.session(id);
    if (session.state === 'ended') throw new Error(`it has ended: ${session.problem}`);
    return session.held && session;
  });
  expect(held).toMatchObject({
    state: 'parked',
    held: { reason: 'blocked', evidence: ['It could not be started again.', expect.any(String)] },
    decisions: [{ state: 'approved' }],
  });
  place(`exec ${REAL_CLAUDE} "$@"`);
  await rig.call('sessions.goOn', { id });
  expect(await rig.ended(id)).toMatchObject({
    outcome: 'completed',
    commits: 1,
    decisions: [{ state: 'approved', outcome: 'ran' }],
  });
});

test('an approval given while the agent was told to ask again survives the shutdown too', async () => {
  const two = use(
    ['Bash', { command: 'git tag one', description: 'a' }],
    ['Bash', { command: 'git tag two', description: 'b' }],
  );
  rig = await startRig({
    config: { decisions: { holdMs: 200 } },
    script: (request) =>
      request.toolResults.length === 0 || request.lastUserText.includes('has answered') ? two : say('I wait.'),
  });
  const { project, repository } = await rig.addProject();
  await rig.raiseTo('moderate');
  const { id } = await rig.call('sessions.launch', { projectId: project.id, prompt: 'Tag.' });
  const parked = await rig.inState(id, 'parked');
  for (const { id: decision } of parked.decisions)
    await rig.call('decisions.approve', { id: decision, acknowledge: true });
  await rig.restart();
  expect(await rig.ended(id)).toMatchObject({ outcome: 'completed' });
  expect(repository.git('tag')).toBe('one\ntwo');
});

test('a project that is removed while its launch is prepared disturbs nobody', async () => {
  await scripted([INIT, RESULT]);
  for (let round = 0; round < 8; round++) {
    const { project } = await rig.addProject();
    await Promise.allSettled([
      rig.call('sessions.launch', { projectId: project.id, prompt: 'Go.' }),
      rig.call('projects.remove', { id: project.id }),
    ]);
  }
  const { project } = await rig.addProject();
  const { id } = await rig.call('sessions.launch', { projectId: project.id, prompt: 'Go.' });
  expect(await rig.ended(id)).toMatchObject({ outcome: 'completed' });
  await until('everything has ended', async () =>
    (await rig.call('sessions.list', {})).every((s) => s.state === 'ended'),
  );
});

test('a shutdown while a verify command runs: evaluated at the next start, once, and the start does not wait', async () => {
  await scripted([INIT, RESULT]);
  const gate = join(tempDir('go'), 'go');
  const { project } = await rig.addProject({ verifyCommand: `while [ ! -e ${gate} ]; do sleep 0.05; done` });
  const { id } = await rig.call('sessions.launch', { projectId: project.id, prompt: 'Go.' });
  await rig.inState(id, 'evaluating');
  await rig.restart();
  expect((await rig.session(id)).state).toBe('evaluating');
  writeFileSync(gate, '');
  expect(await rig.ended(id)).toMatchObject({ outcome: 'completed', evidence: { verify: { exitCode: 0 } } });
});

test('a session is credited to one level, whatever happens in between', async () => {
  rig = await startRig({ script: [bash(COMMIT), say('Done.')], config: { decisions: { holdMs: 200 } } });
  const { project } = await rig.addProject();
  await rig.raiseTo('cautious');
  const { id } = await rig.call('sessions.launch', { projectId: project.id, prompt: 'Go.' });
  await rig.inState(id, 'parked');
  await rig.call('trust.setLevel', { level: 'moderate', override: { confirm: 'moderate' } });
  // Asked at cautious: the approval is refused, the agent asks afresh at moderate.
  await expect(rig.call('decisions.approve', { id: (await rig.pending()).id, acknowledge: true })).rejects.toThrow(
    /level is now moderate/,
  );
  const again = await until('it is asked again', async () =>
    (await rig.call('decisions.list', {})).find((d) => d.level === 'moderate'),
  );
  await rig.call('decisions.approve', { id: again.id, acknowledge: true });
  expect(await rig.ended(id)).toMatchObject({ level: 'cautious', commits: 1 });
  expect(await rig.call('trust.get', {})).toMatchObject({ level: 'moderate', sessions: 0, evaluations: 0 });
  await rig.call('trust.setLevel', { level: 'cautious' });
  expect(await rig.call('trust.get', {})).toMatchObject({ level: 'cautious', sessions: 1, evaluations: 1 });
});
