import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { tempDir, testRepository } from '../builders.ts';
import { bash, say } from '../fakes/messages-api.ts';
import { REAL_CLAUDE, type Rig, startRig, until } from '../rig.ts';

/** The listing is asked for again at most every 5 s, so a change may take that long to be seen. */
const PATIENCE = 40_000;

let rig: Rig;
let terminal: ChildProcess | null = null;
afterEach(async () => {
  terminal?.kill('SIGKILL');
  await rig.stop();
});

/** As the person would in a terminal: the real CLI, in that folder, beside Tenure. */
function startInTerminal(cwd: string, prompt: string): string {
  const id = randomUUID();
  const env = { PATH: process.env.PATH, ...rig.api.env(join(rig.dir, 'home')) };
  terminal = spawn(REAL_CLAUDE, ['-p', prompt, '--session-id', id, '--permission-mode', 'bypassPermissions'], {
    cwd,
    env: { ...env, IS_SANDBOX: '1' },
    stdio: 'ignore',
  });
  return id;
}

const listed = (id: string, what: string, status: string) =>
  until(what, async () =>
    (await rig.call('imports.list', {})).sessions.find((one) => one.id === id && one.status === status),
  );

test(
  'a session in a terminal is seen on its project, read-only, with its tokens once; our own and others are not',
  async () => {
    // It works until it was seen to.
    const seen = join(tempDir('seen'), 'seen');
    rig = await startRig({
      script: (request) =>
        JSON.stringify(request.messages).includes('IN A TERMINAL') && request.toolResults.length === 0
          ? bash(`sh -c "until [ -e ${seen} ]; do sleep 0.1; done"`)
          : say('Done.'),
    });
    const { project, repository } = await rig.addProject({ name: 'shop' });
    const own = await rig.call('sessions.launch', { projectId: project.id, prompt: 'OURS' });
    await rig.ended(own.id);
    const id = startInTerminal(repository.path, 'IN A TERMINAL');
    const working = await listed(id, 'it works in its terminal', 'working');
    expect(working).toMatchObject({ project: 'shop', cwd: repository.path });
    writeFileSync(seen, '');
    const ended = await listed(id, 'it has ended', 'ended');
    expect(ended).toMatchObject({
      title: 'IN A TERMINAL',
      version: '2.1.328',
      branch: 'main',
      inputTokens: 200,
      outputTokens: 40,
      pid: null,
    });
    expect(ended.model).toMatch(/^claude-/);
    const { sessions, problem } = await rig.call('imports.list', {});
    expect(problem).toBeNull();
    // Nothing of Tenure's own is listed a second time.
    expect(sessions.map((one) => one.id)).toEqual([id]);

    const { entries, cut, path } = await rig.call('imports.transcript', { id });
    expect(cut).toBe(false);
    expect(entries.map((entry) => entry.text)).toEqual(
      expect.arrayContaining([expect.stringContaining('IN A TERMINAL'), 'Done.']),
    );
    await expect(rig.call('imports.transcript', { id: '../../etc/passwd' })).rejects.toMatchObject({
      kind: 'not_found',
    });

    rmSync(path);
    await expect(rig.call('imports.transcript', { id })).rejects.toMatchObject({ kind: 'not_found' });

    // Never counted, never measured, not to be stopped here.
    expect(await rig.call('trust.get', {})).toMatchObject({ sessions: 1, evaluations: 1 });
    expect(await rig.call('sessions.list', {})).toHaveLength(1);
    await expect(rig.call('sessions.stop', { id })).rejects.toMatchObject({ kind: 'not_found' });
  },
  PATIENCE * 2,
);

test(
  'folders of no project are counted, not shown',
  async () => {
    rig = await startRig({ script: () => bash('sh -c "sleep 20"') });
    await rig.addProject({ name: 'shop' });
    startInTerminal(testRepository().path, 'ELSEWHERE');
    const found = await until('it is counted', async () => {
      const list = await rig.call('imports.list', {});
      return list.elsewhere === 1 && list;
    });
    expect(found.sessions).toEqual([]);
  },
  PATIENCE,
);

test(
  'without a listing the records tell what they can, and why there is no more is said',
  async () => {
    rig = await startRig({ command: join(import.meta.dirname, '../fixtures/bin/no-listing') });
    const { repository } = await rig.addProject({ name: 'shop' });
    const id = startInTerminal(repository.path, 'IN A TERMINAL');
    await until('it has run', () => terminal?.exitCode === 0);
    const { sessions, problem, elsewhere } = await rig.call('imports.list', {});
    expect(sessions).toMatchObject([{ id, status: 'unknown', title: 'IN A TERMINAL' }]);
    expect(elsewhere).toBeNull();
    expect(problem).toContain('unknown command');
  },
  PATIENCE,
);
