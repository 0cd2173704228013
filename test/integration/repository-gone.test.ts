import { existsSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { tempDir } from '../builders.ts';
import { bash, say } from '../fakes/messages-api.ts';
import { type Rig, startRig, until } from '../rig.ts';

/* What happens when the repository, or the tree, goes away under a session. Nothing is lost, and it is said. */
let rig: Rig;
afterEach(() => rig.stop());

/** A session that has committed and whose next command waits until the test opens its gate. */
async function working() {
  const gate = join(tempDir('gate'), 'open');
  const wait = `while [ ! -e ${gate} ]; do sleep 0.05; done`;
  rig = await startRig({ script: [bash('sh work.sh'), bash('git commit --allow-empty -m more'), say('Done.')] });
  await rig.raiseTo('moderate');
  const { project, repository } = await rig.addProject();
  const commit = 'echo made > made && git add made && git commit -q -m made';
  repository.commit({ 'work.sh': `${commit}\n${wait}\n` });
  const { id } = await rig.call('sessions.launch', { projectId: project.id, prompt: 'Go.' });
  await until('it has committed', async () => {
    for (const { id: asked } of await rig.call('decisions.list', {}))
      await rig.call('decisions.approve', { id: asked });
    const { worktree } = await rig.session(id);
    return (
      worktree !== null &&
      existsSync(join(worktree, 'made')) &&
      repository.git('log', '--all', '--oneline').includes('made')
    );
  });
  return { id, project, repository, open: () => writeFileSync(gate, '') };
}

test('a repository that is moved away: the agent is told, and the work is there once it is back', async () => {
  const { id, project, repository, open } = await working();
  const away = join(tempDir('away'), 'app');
  renameSync(repository.path, away);
  open();
  const ended = await rig.ended(id);
  const told = rig.api.requests
    .at(-1)
    ?.toolResults.map(({ text }) => text)
    .join();
  expect(told).toContain('is no git work tree any more');
  expect(ended.evaluation).toMatchObject({ score: null, recommendation: 'escalate' });
  await expect(rig.call('worktrees.merge', { sessionId: id })).rejects.toThrow(/moved or deleted, or its disk/);
  const trees = async () => (await rig.call('worktrees.list', { projectId: project.id })).trees;
  expect((await trees()).find((one) => one.sessionId === id)?.keeps).toContain('is not there');
  expect((await rig.call('worktrees.clean', {})).removed).toEqual([]);
  renameSync(away, repository.path);
  expect(await rig.call('worktrees.merge', { sessionId: id })).toMatchObject({ how: 'fast_forward' });
  expect(existsSync(join(repository.path, 'made'))).toBe(true);
});

test('a tree that is deleted by hand leaves its commits, which can be merged', async () => {
  const { id, repository, open } = await working();
  rmSync((await rig.session(id)).worktree ?? '', { recursive: true });
  open();
  expect((await rig.ended(id)).evaluation).toMatchObject({ score: null });
  expect(await rig.call('worktrees.preview', { sessionId: id })).toMatchObject({ tree: null, ahead: 1 });
  expect(await rig.call('worktrees.merge', { sessionId: id })).toMatchObject({ how: 'fast_forward' });
  expect(await rig.call('worktrees.discard', { sessionId: id })).toMatchObject({ state: 'merged' });
  expect(repository.git('worktree', 'list')).not.toContain(id);
});
