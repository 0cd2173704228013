import { afterEach, expect, test } from 'vitest';
import { bash, say } from '../fakes/messages-api.ts';
import { type Rig, startRig, until } from '../rig.ts';

let rig: Rig;
afterEach(() => rig.stop());

test('a hostile try lowers the level at once, and the running session feels it at its next call', async () => {
  rig = await startRig({
    script: [bash('claude --dangerously-skip-permissions -p hi'), bash('echo hi > hello.txt'), say('Done.')],
  });
  const { project } = await rig.addProject();
  await rig.raiseTo('moderate');
  const launched = await rig.call('sessions.launch', { projectId: project.id, prompt: 'Greet.' });
  // At moderate the edit would have run unasked; after the fall it waits for the person.
  const edit = await rig.pending();
  expect(edit).toMatchObject({ risk: 'low', level: 'cautious', action: { tool: 'Bash' } });
  const trust = await rig.call('trust.get', {});
  expect(trust).toMatchObject({ level: 'cautious', severe: 0 });
  const { severe, intervals } = await rig.call('trust.history', {});
  expect(severe).toMatchObject([
    { kind: 'hostile', level: 'moderate', sessionId: launched.id, source: { kind: 'decision' } },
  ]);
  expect(intervals[0]).toMatchObject({ level: 'cautious', cause: 'fall', by: 'tenure' });
  const { alerts } = await rig.call('alerts.list', { unjudged: true, since: 0, limit: 50, offset: 0 });
  const fell = alerts.find(({ kind }) => kind === 'trust');
  expect(fell?.subject).toMatch(/^The level fell to Cautious: A hostile action was tried/);
  await rig.call('alerts.judge', { id: fell?.id ?? '', verdict: 'useful' });
  expect(await rig.call('trust.get', {})).toMatchObject({ alerts: { useful: 1, false: 0, falseRate: 0 } });
  // The newest word counts.
  await rig.call('alerts.judge', { id: fell?.id ?? '', verdict: 'false' });
  expect(await rig.call('trust.get', {})).toMatchObject({ alerts: { useful: 0, false: 1, falseRate: 1 } });
  expect(await rig.call('trust.context', {})).toMatchObject({
    text: expect.stringContaining('False-alert rate: 100% (1 of 1 judged)'),
  });
  await rig.call('decisions.approve', { id: edit.id, acknowledge: true });
  await rig.ended(launched.id);
});

test('at observe what Cautious would have done is recorded, and the person agrees or not', async () => {
  rig = await startRig({ script: [bash('echo hi > hello.txt'), say('Done.')] });
  const { project } = await rig.addProject();
  const launched = await rig.call('sessions.launch', { projectId: project.id, prompt: 'Greet.' });
  const edit = await rig.pending();
  await rig.call('decisions.approve', { id: edit.id, acknowledge: true });
  await rig.ended(launched.id);
  const recorded = await rig.call('trust.shadows', { limit: 10 });
  expect(recorded).toMatchObject({
    figures: { recorded: 1, ask: 1, agreed: 0 },
    shadows: [{ decisionId: edit.id, asLevel: 'cautious', would: 'ask', answered: 'approved', agrees: null }],
  });
  await rig.call('trust.markShadow', { decisionId: edit.id, agrees: false });
  await rig.call('trust.markShadow', { decisionId: edit.id, agrees: true });
  expect((await rig.call('trust.shadows', { limit: 10 })).figures).toMatchObject({ agreed: 1, disagreed: 0 });
});

test('what the person lowers by hand reaches the running session at its next call', async () => {
  rig = await startRig({
    script: [
      bash('echo one > one.txt'),
      bash('git add -A && git commit -qm One'),
      bash('echo two > two.txt'),
      say('Done.'),
    ],
  });
  const { project } = await rig.addProject();
  await rig.raiseTo('moderate');
  const launched = await rig.call('sessions.launch', { projectId: project.id, prompt: 'Count.' });
  const commit = await rig.pending();
  expect(commit).toMatchObject({ risk: 'medium', level: 'moderate' });
  expect((await rig.session(launched.id)).decisions).toContainEqual(
    expect.objectContaining({ risk: 'low', level: 'moderate', verdict: 'allow' }),
  );
  await rig.call('trust.setLevel', { level: 'cautious', reason: 'I want to see more of it.' });
  // What was asked at the higher level is answered by nobody's yes any more.
  await expect(rig.call('decisions.approve', { id: commit.id })).rejects.toThrow(/The level is now cautious/);
  // The same kind of edit as the first, which ran unasked.
  const edit = await until('the edit is asked for', async () =>
    (await rig.call('decisions.list', {})).find(({ id, state }) => state === 'pending' && id !== commit.id),
  );
  expect(edit).toMatchObject({ risk: 'low', level: 'cautious', verdict: 'ask' });
  await rig.call('decisions.approve', { id: edit.id });
  await rig.ended(launched.id);
});
