import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { afterEach, describe, expect, test } from 'vitest';
import { type ApiRequest, bash, say } from '../fakes/messages-api.ts';
import { type Rig, type RigOptions, startRig, until } from '../rig.ts';

let rig: Rig;
afterEach(() => rig.stop());

const start = async (options: RigOptions): Promise<Rig> => {
  rig = await startRig(options);
  await rig.raiseTo('moderate');
  return rig;
};

/** The agent works at this until the test says so. */
const waitFor = (file: string) => bash(`sh -c 'while [ ! -e ${file} ]; do sleep 0.05; done'`);
const commit = (name: string) => bash(`echo ${name} > ${name} && git add ${name} && git commit -m "Add ${name}"`);
/** What a person has said in that conversation, in order, without what the program adds. */
const saidIn = (request: ApiRequest | undefined, words: readonly string[]): string[] => {
  const text = JSON.stringify(request?.messages ?? []);
  return words
    .flatMap((word) => [...text.matchAll(new RegExp(`"text":"${word}`, 'g'))].map(({ index }) => ({ word, index })))
    .toSorted((a, b) => a.index - b.index)
    .map(({ word }) => word);
};

/** Whatever it asks is approved. */
const approved = (id: string) =>
  until('the session has ended, everything approved', async () => {
    for (const { id: asked } of await rig.call('decisions.list', {}))
      await rig.call('decisions.approve', { id: asked, acknowledge: true });
    const session = await rig.session(id);
    return session.state === 'ended' && session;
  });

async function working(prompt = 'FIRST') {
  const { project, repository } = await rig.addProject();
  const launched = await rig.call('sessions.launch', { projectId: project.id, prompt });
  await until('the agent works', () => rig.api.requests.length > 0);
  await rig.inState(launched.id, 'working');
  return { project, repository, id: launched.id };
}

describe('a prompt to a session that works', () => {
  test('waits for the end of the turn, in order, can be changed and taken back, and is told once', async () => {
    const gate = join(process.cwd(), 'node_modules', `.gate-${process.pid}`);
    rmSync(gate, { force: true });
    await start({ script: [waitFor(gate), say('One.'), say('Two.'), say('Three.')] });
    const { id } = await working();
    expect(await rig.call('sessions.followUp', { id, prompt: 'SECOND' })).toMatchObject({ id, waitingPrompts: 1 });
    await rig.call('sessions.followUp', { id, prompt: 'WRONG' });
    await rig.call('sessions.followUp', { id, prompt: 'AWAY' });
    const [, wrong, away] = (await rig.session(id)).followUps;
    await rig.call('sessions.editFollowUp', { id: wrong?.id ?? '', prompt: 'THIRD' });
    await rig.call('sessions.removeFollowUp', { id: away?.id ?? '' });
    expect((await rig.session(id)).followUps.map((one) => [one.prompt, one.state])).toEqual([
      ['SECOND', 'queued'],
      ['THIRD', 'queued'],
    ]);
    writeFileSync(gate, '');
    const ended = await rig.ended(id);
    rmSync(gate);
    expect(ended).toMatchObject({ outcome: 'completed', resultText: 'Three.', waitingPrompts: 0, lineage: null });
    expect(ended.followUps.map((one) => [one.prompt, one.state])).toEqual([
      ['SECOND', 'done'],
      ['THIRD', 'done'],
    ]);
    const words = ['FIRST', 'SECOND', 'THIRD', 'WRONG', 'AWAY'];
    expect(saidIn(rig.api.requests.at(-1), words)).toEqual(['FIRST', 'SECOND', 'THIRD']);
    await expect(rig.call('sessions.editFollowUp', { id: wrong?.id ?? '', prompt: 'X' })).rejects.toMatchObject({
      kind: 'conflict',
    });
    const { entries } = await rig.call('sessions.transcript', { id, from: 0 });
    const prompts = entries.filter(({ kind }) => kind === 'prompt').map(({ text }) => text.split('\n')[0]);
    expect(prompts).toEqual(['FIRST', 'SECOND', 'THIRD']);
  });

  test('goes along with the resume of a parked one, after its answer', async () => {
    await start({
      script: [bash('git push origin main'), say('Left.'), say('Two.')],
      config: { decisions: { holdMs: 200 } },
    });
    const { id } = await working();
    await rig.inState(id, 'parked');
    await rig.call('sessions.followUp', { id, prompt: 'SECOND' });
    expect(await rig.session(id)).toMatchObject({ state: 'parked', waitingPrompts: 1 });
    await rig.call('decisions.deny', { id: (await rig.pending()).id, reason: 'Not today.' });
    expect(await rig.ended(id)).toMatchObject({ outcome: 'completed', resultText: 'Two.', waitingPrompts: 0 });
    expect(rig.api.requests[1]?.toolResults[0]?.text).toContain('Not today.');
    expect(saidIn(rig.api.requests.at(-1), ['FIRST', 'SECOND'])).toEqual(['FIRST', 'SECOND']);
  });

  test('is not lost when the session is stopped: it goes along when somebody goes on with it', async () => {
    await start({ script: [waitFor('/nowhere'), say('On.'), say('Two.')] });
    const { id } = await working();
    await rig.call('sessions.followUp', { id, prompt: 'SECOND' });
    await rig.call('sessions.stop', { id });
    expect(await rig.ended(id)).toMatchObject({ outcome: 'stopped', waitingPrompts: 1 });
    const next = await rig.call('sessions.resume', { id });
    expect(next).toMatchObject({
      lineage: { from: id, kind: 'resume', nth: 1 },
      prompt: 'Go on from where you left off.',
    });
    const ended = await rig.ended(next.id);
    expect(ended).toMatchObject({ outcome: 'completed', waitingPrompts: 0 });
    expect(await rig.session(id)).toMatchObject({ waitingPrompts: 0 });
    expect(saidIn(rig.api.requests.at(-1), ['FIRST', 'Go on from', 'SECOND'])).toEqual([
      'FIRST',
      'Go on from',
      'SECOND',
    ]);
  });
});

describe('an ended session', () => {
  test('is gone on with as a new one: same conversation and tree, a base, figures and an evaluation of its own', async () => {
    await start({ script: [commit('one'), say('One.'), commit('two'), say('Two.')] });
    const { project, repository } = await rig.addProject();
    const first = await approved((await rig.call('sessions.launch', { projectId: project.id, prompt: 'FIRST' })).id);
    const followed = await rig.call('sessions.followUp', { id: first.id, prompt: 'SECOND' });
    expect(followed.id).not.toBe(first.id);
    const second = await approved(followed.id);
    expect(second).toMatchObject({
      outcome: 'completed',
      prompt: 'SECOND',
      lineage: { from: first.id, kind: 'follow_up', nth: 1 },
      agentSessionId: first.agentSessionId,
      worktree: first.worktree,
      branch: first.branch,
      commits: 1,
      followUps: [],
      waitingPrompts: 0,
    });
    expect(second.baseCommit).toBe(first.evidence?.headCommit);
    expect(repository.git('log', '--format=%s', `${first.branch}`)).toBe('Add two\nAdd one\nfirst');
    expect(saidIn(rig.api.requests.at(-1), ['FIRST', 'SECOND'])).toEqual(['FIRST', 'SECOND']);
    // Two requests each: what the first one used is not counted again.
    expect(second).toMatchObject({ inputTokens: first.inputTokens, outputTokens: first.outputTokens });
    expect(second.costUsd).toBeCloseTo(first.costUsd ?? 0);
    expect(second.evaluation?.id).not.toBe(first.evaluation?.id);
    expect(await rig.call('trust.get', {})).toMatchObject({ sessions: 2, evaluations: 2 });
    const third = await rig.call('sessions.followUp', { id: second.id, prompt: 'THIRD' });
    expect((await approved(third.id)).lineage).toEqual({ from: second.id, kind: 'follow_up', nth: 2 });
  });

  test('is forked: a conversation of its own from the old state, a new tree from the old tip', async () => {
    await start({ script: [commit('one'), say('One.'), commit('two'), say('Two.')] });
    const { project, repository } = await rig.addProject();
    const first = await approved((await rig.call('sessions.launch', { projectId: project.id, prompt: 'FIRST' })).id);
    repository.commit({ 'elsewhere.txt': 'x' }, 'meanwhile on main');
    const fork = await approved((await rig.call('sessions.fork', { id: first.id, prompt: 'OTHERWISE' })).id);
    expect(fork).toMatchObject({ outcome: 'completed', commits: 1, lineage: { from: first.id, kind: 'fork', nth: 1 } });
    expect(fork.agentSessionId).not.toBe(first.agentSessionId);
    expect(fork.worktree).not.toBe(first.worktree);
    expect(fork.baseCommit).toBe(first.evidence?.headCommit);
    expect(repository.git('log', '--format=%s', `${fork.branch}`)).toBe('Add two\nAdd one\nfirst');
    expect(repository.git('log', '--format=%s', `${first.branch}`)).toBe('Add one\nfirst');
    expect(saidIn(rig.api.requests.at(-1), ['FIRST', 'OTHERWISE'])).toEqual(['FIRST', 'OTHERWISE']);
    expect(fork).toMatchObject({ inputTokens: first.inputTokens });
    // Both can be gone on with afterwards, each with its own conversation.
    const again = await approved((await rig.call('sessions.followUp', { id: first.id, prompt: 'MORE' })).id);
    expect(saidIn(rig.api.requests.at(-1), ['FIRST', 'OTHERWISE', 'MORE'])).toEqual(['FIRST', 'MORE']);
    expect(again.worktree).toBe(first.worktree);
  });

  test('whose tree, branch or conversation is gone is refused with what is missing and what can be done', async () => {
    await start({ script: [commit('one'), say('One.')] });
    const { project, repository } = await rig.addProject();
    const first = await approved((await rig.call('sessions.launch', { projectId: project.id, prompt: 'FIRST' })).id);
    const refused = (method: 'sessions.resume' | 'sessions.fork' | 'sessions.followUp') =>
      rig.call(method, { id: first.id, prompt: 'X' }).catch((error: Error) => error.message);
    repository.git('worktree', 'remove', '--force', first.worktree ?? '');
    expect(await refused('sessions.resume')).toContain(
      `The work tree of session ${first.id} (${first.worktree}) is gone. You can fork`,
    );
    expect(await refused('sessions.followUp')).toContain('is gone');
    repository.git('branch', '-D', first.branch ?? '');
    expect(await refused('sessions.resume')).toContain('You can begin anew');
    expect(await refused('sessions.fork')).toContain(`The branch of session ${first.id} (${first.branch}) is gone.`);
    rmSync(join(rig.dir, 'home', '.claude', 'projects'), { recursive: true });
    expect(await refused('sessions.fork')).toContain("The agent's own record of the conversation");
    expect(await rig.call('sessions.list', {})).toHaveLength(1);
  });

  test('is begun anew in a new tree, with the limits and the prompts that wait, as no step of a policy', async () => {
    await start({ script: [commit('one'), say('One.'), say('Anew.'), say('Heard.')] });
    const { project } = await rig.addProject({ model: 'sonnet' });
    const limits = { ceiling: 'cautious', budgetUsd: 3, timeBoxMs: 600_000 } as const;
    const launched = await rig.call('sessions.launch', { projectId: project.id, prompt: 'FIRST', ...limits });
    await expect(rig.call('sessions.retry', { id: launched.id })).rejects.toThrow('has not ended');
    const first = await approved(launched.id);
    // What it could not be told any more.
    const db = new Sqlite(join(rig.dataDir, 'tenure.db'));
    db.prepare(
      `INSERT INTO follow_ups (id, session_id, prompt, message_id, state, opens, created_at) VALUES ('msg_w', ?, 'LATER', 'uuid-w', 'sent', 0, 1)`,
    ).run(first.id);
    await rig.call('projects.update', { id: project.id, model: 'opus' });
    const again = await rig.ended((await rig.call('sessions.retry', { id: first.id })).id);
    expect(again).toMatchObject({ prompt: 'FIRST', lineage: { from: first.id, kind: 'retry', nth: 1 } });
    expect(again.worktree).not.toBe(first.worktree);
    expect(again.followUps.map(({ prompt, state }) => [prompt, state])).toEqual([['LATER', 'done']]);
    const given = 'SELECT ceiling, budget_usd, time_box_ms FROM sessions WHERE id = ?';
    expect(db.prepare(given).get(again.id)).toEqual({ ceiling: 'cautious', budget_usd: 3, time_box_ms: 600_000 });
    expect(db.prepare('SELECT source FROM session_models WHERE session_id = ?').get(again.id)).toEqual({
      source: 'project-default',
    });
    db.close();
  });

  test('is not gone on with twice in one tree, nor while it is open', async () => {
    await start({ script: [commit('one'), say('One.'), waitFor('/nowhere')] });
    const { project } = await rig.addProject();
    const first = await approved((await rig.call('sessions.launch', { projectId: project.id, prompt: 'FIRST' })).id);
    const second = await rig.call('sessions.resume', { id: first.id });
    await rig.inState(second.id, 'working');
    await expect(rig.call('sessions.resume', { id: first.id })).rejects.toThrow(`Session ${second.id} already goes on`);
    await expect(rig.call('sessions.resume', { id: second.id })).rejects.toThrow('has not ended');
    await expect(rig.call('sessions.fork', { id: second.id, prompt: 'X' })).rejects.toThrow(
      'Fork it when it has ended',
    );
    await rig.call('sessions.stop', { id: second.id });
  });

  test.each([true, false])('lets in one of two that ask at the same time (own work tree: %s)', async (worktree) => {
    await start({ script: [say('One.'), waitFor('/nowhere')] });
    const { project } = await rig.addProject({ worktree });
    const first = await rig.ended((await rig.call('sessions.launch', { projectId: project.id, prompt: 'FIRST' })).id);
    const asked = ['ONE', 'TWO'].map((prompt) => rig.call('sessions.followUp', { id: first.id, prompt }));
    const answers = await Promise.allSettled(asked);
    const [second] = answers.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
    const [refused] = answers.flatMap((one) => (one.status === 'rejected' ? [String(one.reason)] : []));
    expect(refused).toContain(`Session ${second?.id} already goes on from where session ${first.id} ended.`);
    expect(await rig.call('sessions.list', {})).toHaveLength(2);
    await rig.call('sessions.stop', { id: second?.id ?? '' });
  });

  test('is gone on with or discarded, never both', async () => {
    await start({ script: [say('One.'), say('Two.')] });
    const { project } = await rig.addProject();
    const first = await rig.ended((await rig.call('sessions.launch', { projectId: project.id, prompt: 'FIRST' })).id);
    const [discarded, followed] = await Promise.allSettled([
      rig.call('worktrees.discard', { sessionId: first.id }),
      rig.call('sessions.followUp', { id: first.id, prompt: 'SECOND' }),
    ]);
    expect([discarded.status, followed.status].toSorted()).toEqual(['fulfilled', 'rejected']);
    expect(existsSync(first.worktree ?? '')).toBe(followed.status === 'fulfilled');
    if (followed.status === 'fulfilled') await rig.ended(followed.value.id);
  });
});

test('comments and the prompt that is made of them are written down together, or neither', async () => {
  await start({ script: [] });
  await rig.call('sessions.pauseAll', { paused: true });
  const { project } = await rig.addProject();
  const { id } = await rig.call('sessions.launch', { projectId: project.id, prompt: 'FIRST' });
  const on = { sessionId: id, path: 'a.ts', side: 'after', from: 1, to: 1, quote: 'a', text: 'Why?' } as const;
  await rig.call('reviews.save', on);
  const db = new Sqlite(join(rig.dataDir, 'tenure.db'));
  db.exec(`CREATE TRIGGER full BEFORE UPDATE ON review_comments BEGIN SELECT RAISE(ABORT, 'no room'); END`);
  await expect(rig.call('reviews.send', { sessionId: id })).rejects.toThrow();
  expect(await rig.call('sessions.followUps', { id })).toEqual([]);
  db.exec('DROP TRIGGER full');
  db.close();
  await rig.call('reviews.send', { sessionId: id });
  expect(await rig.call('sessions.followUps', { id })).toHaveLength(1);
});
