import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { testRepository } from '../builders.ts';
import { bash, say } from '../fakes/messages-api.ts';
import { type Rig, startRig, until } from '../rig.ts';

let rig: Rig;
afterEach(() => rig.stop());

const alive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return !readFileSync(`/proc/${pid}/stat`, 'utf8').includes(') Z ');
  } catch {
    return false;
  }
};

/** S2-25, S2-26: the action's own processes sit in sessions of their own and take no hint. */
test('an emergency abort takes two steps, and every process is gone in under two seconds', async () => {
  rig = await startRig({ script: [bash('bash work.sh'), say('Done.')] });
  const repository = testRepository();
  const pids = join(rig.dir, 'pids');
  repository.commit(
    {
      'work.sh': `trap '' TERM INT HUP\nsetsid sleep 600 &\necho $! >> ${pids}\necho $$ >> ${pids}\nwhile :; do sleep 1; done\n`,
    },
    'work',
  );
  const { project } = await rig.addProject({}, repository);
  await rig.raiseTo('cautious');
  const { id } = await rig.call('sessions.launch', { projectId: project.id, prompt: 'Work.' });
  const asked = await rig.pending();
  await expect(rig.call('decisions.abort', { id: asked.id, confirm: true })).rejects.toThrow(/Only what is executing/);
  await rig.call('decisions.approve', { id: asked.id, acknowledge: true });
  const running = await until('both processes run', () => {
    const found = existsSync(pids) ? readFileSync(pids, 'utf8').trim().split('\n').map(Number) : [];
    return found.length === 2 && found;
  });
  expect(running.map(alive)).toEqual([true, true]);

  await expect(rig.call('decisions.abort', { id: asked.id })).rejects.toThrow(/two steps/);
  expect(running.map(alive)).toEqual([true, true]);
  const report = await rig.call('decisions.abort', { id: asked.id, confirm: true });
  expect(report).toMatchObject({ id: asked.id, sessionId: id, stopped: true, stillAlive: [] });
  expect(report.tookMs).toBeLessThan(2_000);
  expect(running.map(alive)).toEqual([false, false]);

  const session = await rig.ended(id);
  expect(session.outcome).toBe('stopped');
  expect(session.decisions.find((one) => one.id === asked.id)).toMatchObject({ state: 'approved', outcome: 'aborted' });
  const acts = await rig.call('decisions.acts', { id: asked.id });
  expect(acts.map(({ act }) => act)).toEqual(['approved', 'abort_asked', 'abort_done']);
  await expect(rig.call('decisions.abort', { id: asked.id, confirm: true })).rejects.toThrow(/Only what is executing/);
}, 60_000);
