import { existsSync } from 'node:fs';
import { beforeEach, describe, expect, it } from 'vitest';
import { type AfterRig, afterRig, BY } from '../../../../test/after-rig.ts';
import { type TestRepository } from '../../../../test/builders.ts';

let repo: TestRepository;
let tree: TestRepository;
let sessionId: AfterRig['sessionId'];
let engine: AfterRig['engine'];
let database: AfterRig['database'];
let endedSession: AfterRig['endedSession'];
beforeEach(async () => {
  ({ repo, tree, sessionId, engine, database, endedSession } = await afterRig());
});

describe('what became of it', () => {
  it('is noticed when a person merges by hand', async () => {
    const tip = tree.commit({ x: '1' });
    database.db.prepare('UPDATE sessions SET commits = 1 WHERE id = ?').run(sessionId);
    const live = new AbortController().signal;
    await engine.after.recogniseAll(live);
    expect(engine.stateOf(sessionId).state).toBe('open');
    repo.git('merge', '--quiet', '--no-ff', '-m', 'by hand', tip);
    await engine.after.recogniseAll(live);
    expect(engine.stateOf(sessionId)).toMatchObject({ state: 'merged', by: 'outside' });
  });

  it('is noticed on a branch of the agent’s own making too', async () => {
    tree.git('switch', '--quiet', '--create', 'theirs');
    const tip = tree.commit({ x: '1' });
    const measured = `INSERT INTO evaluations (id, session_id, number, reason, outcome, evidence, at)
      VALUES ('e', ?, 1, '', '', json_object('headCommit', ?), 1)`;
    database.db.prepare(measured).run(sessionId, tip);
    expect(await engine.after.fate(sessionId)).toMatchObject({ fate: 'open', commits: 1 });
    repo.git('merge', '--quiet', 'theirs');
    expect((await engine.after.fate(sessionId)).fate).toBe('merged');
  });

  it('tells merged, reverted, brought back, and reverted in part', async () => {
    const fate = () => engine.after.fate(sessionId);
    expect((await fate()).fate).toBe('none');
    const first = tree.commit({ x: '1' });
    tree.commit({ y: '1' });
    expect(await fate()).toEqual({ fate: 'open', target: 'main', commits: 2, reverted: 0, revertedAt: null });
    repo.commit({ other: '1' });
    await engine.after.merge({ sessionId }, BY);
    expect(await fate()).toEqual({ fate: 'merged', target: 'main', commits: 2, reverted: 0, revertedAt: null });
    repo.git('revert', '--no-edit', first);
    const revertedAt = Number(repo.git('log', '-1', '--format=%ct')) * 1_000;
    expect(await fate()).toMatchObject({ fate: 'merged', reverted: 1, revertedAt });
    repo.git('revert', '--no-edit', 'HEAD');
    expect(await fate()).toMatchObject({ fate: 'merged', reverted: 0, revertedAt: null });
    repo.git('revert', '--no-edit', '-m', '1', 'HEAD~2');
    expect(await fate()).toMatchObject({ fate: 'reverted', reverted: 2 });
  });

  describe('under other commits', () => {
    const fate = async () => (await engine.after.fate(sessionId)).fate;
    const lost = async () => (await engine.after.preview({ sessionId })).loss.commits;
    const lines = (...last: string[]): string =>
      `${[...Array.from({ length: 30 }, (_, n) => `line ${n}`), ...last].join('\n')}\n`;

    it('squashed is merged, also when the target has gone on and goes on; and its tree can be cleaned', async () => {
      repo.commit({ 'long.txt': lines() });
      const made = await endedSession();
      sessionId = made.id;
      made.tree.commit({ 'long.txt': lines('one') });
      made.tree.commit({ 'long.txt': lines('one', 'two'), 'new.txt': 'n\n' });
      database.db.prepare('UPDATE sessions SET commits = 2 WHERE id = ?').run(sessionId);
      expect([await fate(), await lost()]).toEqual(['open', 2]);
      repo.commit({ 'long.txt': `before\n${lines()}`, 'c.txt': 'c' });
      repo.git('merge', '--quiet', '--squash', repo.git('rev-parse', `tenure/${sessionId}`));
      repo.git('commit', '--quiet', '-m', 'All of it (#12)');
      repo.commit({ 'd.txt': 'd' });
      expect([await fate(), await lost()]).toEqual(['merged', 0]);
      await engine.after.recogniseAll(new AbortController().signal);
      expect(engine.stateOf(sessionId)).toMatchObject({ state: 'merged', by: 'outside' });
      await engine.use.clean({}, BY);
      expect(existsSync(made.tree.path)).toBe(false);
    });

    it('rebased, commit by commit, is merged', async () => {
      tree.commit({ x: '1' });
      const second = tree.commit({ y: '1' });
      repo.commit({ other: '1' });
      repo.git('cherry-pick', `${second}~1`);
      expect([await fate(), await lost()]).toEqual(['open', 2]);
      repo.git('cherry-pick', second);
      expect([await fate(), await lost()]).toEqual(['merged', 0]);
      repo.git('revert', '--no-edit', 'HEAD', 'HEAD~1');
      expect([await fate(), await lost()]).toEqual(['reverted', 2]);
    });

    it.each<[string, (tip: string) => void]>([
      ['squashed in part', () => repo.commit({ x: 'one\n' })],
      ['squashed and changed on the way', () => repo.commit({ x: 'one\n', y: 'other\n' })],
      ['squashed with other blanks', () => repo.commit({ x: 'one\n', y: '  two\n' })],
      [
        'squashed, and then gone on with',
        (tip) => {
          repo.git('merge', '--quiet', '--squash', tip);
          repo.git('commit', '--quiet', '-m', 'squashed');
          tree.commit({ z: 'more\n' });
        },
      ],
      [
        'squashed, with another commit on a branch of its own',
        (tip) => {
          repo.git('merge', '--quiet', '--squash', tip);
          repo.git('commit', '--quiet', '-m', 'squashed');
          tree.git('switch', '--quiet', '--detach', 'HEAD~1');
          tree.commit({ w: 'aside\n' });
        },
      ],
    ])('%s it is not merged, and not cleaned', async (_how, bring) => {
      tree.commit({ x: 'one\n' });
      const tip = tree.commit({ y: 'two\n' });
      bring(tip);
      expect(await lost()).toBeGreaterThan(0);
      await engine.use.clean({}, BY);
      expect(existsSync(tree.path)).toBe(true);
    });

    it('is not told where a merge was resolved by hand', async () => {
      tree.commit({ 'a.txt': 'mine\n' });
      const theirs = repo.commit({ 'a.txt': 'theirs\n' });
      expect(() => tree.git('merge', '--quiet', theirs)).toThrow();
      tree.commit({ 'a.txt': 'both, by hand\n' });
      repo.commit({ 'a.txt': 'mine\n' });
      expect(await fate()).toBe('open');
    });
  });

  it('is none for a session that made nothing', async () => {
    database.db.prepare('UPDATE sessions SET commits = 0 WHERE id = ?').run(sessionId);
    database.db
      .prepare(
        `INSERT INTO evaluations (id, session_id, number, reason, outcome, evidence, at) VALUES ('e', ?, 1, '', '', '{"uncommittedFiles":0}', 1)`,
      )
      .run(sessionId);
    expect(engine.stateOf(sessionId).state).toBe('none');
    expect((await endedSession({ state: 'working' })).id).not.toBe(sessionId);
  });
});
