import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { type AfterRig, afterRig, BY } from '../../../../test/after-rig.ts';
import { type TestRepository } from '../../../../test/builders.ts';

let tree: TestRepository;
let sessionId: AfterRig['sessionId'];
let projectId: AfterRig['projectId'];
let engine: AfterRig['engine'];
let dataDir: AfterRig['dataDir'];
let endedSession: AfterRig['endedSession'];
beforeEach(async () => {
  ({ tree, sessionId, projectId, engine, dataDir, endedSession } = await afterRig());
});

describe('the disk', () => {
  it('is told by tree and project, and cleaned of what nothing is lost with', async () => {
    tree.commit({ big: Buffer.alloc(300_000, 'x') });
    await engine.after.merge({ sessionId }, BY);
    const open = await endedSession();
    open.tree.commit({ y: '1' });
    const dirty = await endedSession();
    dirty.tree.write('draft', 'x');
    mkdirSync(join(dataDir, 'worktrees/prj_gone/ses_gone'), { recursive: true });
    // Made for a session that is still to come, and not filled yet.
    const next = join(dataDir, 'worktrees', projectId, 'ses_next');
    mkdirSync(next);
    writeFileSync(`${next}.ahead`, '{}');
    const uses = await engine.use.list({ fresh: true });
    const keeps = Object.fromEntries(
      uses.trees.map((one) => [one.sessionId ?? (one.path === next ? 'next' : 'unknown'), one.keeps]),
    );
    expect(keeps).toEqual({
      [sessionId]: null,
      [open.id]: 'It has 1 commit that no other branch has.',
      [dirty.id]: 'It has 1 uncommitted file.',
      next: 'It is ready for the next session of its project.',
      unknown: 'No session of Tenure knows this folder.',
    });
    expect(uses.projects.find((one) => one.projectId === projectId)?.trees).toBe(4);
    expect(uses.complete).toBe(true);
    expect(uses.cleanableBytes).toBeGreaterThan(300_000);
    expect(uses.totalBytes).toBeGreaterThan(uses.cleanableBytes);
    const { removed, kept } = await engine.use.clean({}, BY);
    expect(removed.map(({ path }) => path).toSorted()).toEqual(
      [tree.path, join(dataDir, 'worktrees/prj_gone/ses_gone')].toSorted(),
    );
    expect(kept).toEqual([]);
    expect([open.tree.path, next].every(existsSync)).toBe(true);
    expect((await engine.use.clean({ paths: [dirty.tree.path, '/nowhere'] }, BY)).kept).toEqual([
      { path: '/nowhere', why: 'There is no such work tree.' },
      { path: dirty.tree.path, why: 'It has 1 uncommitted file.' },
    ]);
  });
});
