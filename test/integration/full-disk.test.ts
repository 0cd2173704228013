import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { closeSync, existsSync, mkdirSync, openSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { startHost } from '../../src/core/host.ts';
import { tempDir } from '../builders.ts';
import { call, FAKE, INIT, RESULT } from '../fakes/scripted-claude.ts';
import { OWNER_TOKEN, type Rig, startRig, until } from '../rig.ts';

const disk = join(tempDir('disk'), 'small');
const other = join(tempDir('disk'), 'other');

/** A real small disk, where the machine lets us have one. */
function mounted(at: string): boolean {
  mkdirSync(at);
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=12m', 'tmpfs', at], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
const hasDisk = process.platform === 'linux' && mounted(disk) && mounted(other);
let rig: Rig | undefined;
afterAll(async () => {
  await rig?.stop();
  if (hasDisk) for (const at of [disk, other]) execFileSync('umount', ['-l', at], { stdio: 'ignore' });
});

function fill(file: string): void {
  const descriptor = openSync(file, 'w');
  for (const size of [1 << 20, 1 << 12, 1]) {
    try {
      for (;;) writeSync(descriptor, Buffer.alloc(size));
    } catch {
      // Full for this size; the next smaller one takes what is left.
    }
  }
  closeSync(descriptor);
}

test.skipIf(!hasDisk)(
  'a full disk: nothing is let through unrecorded, it is said, and it heals by itself',
  async () => {
    const scenario = join(tempDir('scenario'), 'scenario.json');
    const answered = join(tempDir('answered'), 'answered');
    const started = await startRig({ command: FAKE, agentEnv: { FAKE_CLAUDE: scenario }, home: join(disk, 'tenure') });
    rig = started;
    const { project } = await started.addProject();
    await started.raiseTo('moderate');
    const go = join(tempDir('go'), 'go');
    // Waits in a script of its own until the disk is full, then asks for an edit that moderate allows.
    const steps = [INIT, { waitFor: go }, call('echo hi > hello.txt'), { record: answered }, RESULT];
    writeFileSync(scenario, JSON.stringify({ version: '2.1.328', steps }));
    const { id } = await started.call('sessions.launch', { projectId: project.id, prompt: 'Go.' });
    await started.inState(id, 'working');

    const ballast = join(disk, 'ballast');
    fill(ballast);
    writeFileSync(go, '');
    const health = async () =>
      (await (await fetch(`${started.host.url}/ready`)).json()) as { status: string; problem?: string };
    await until('the gate has answered', () => existsSync(answered));
    await until('it says that it cannot write', async () => (await health()).status !== 'ready');
    expect((await health()).problem).toMatch(/full|could not/i);
    const { worktree } = await started.session(id);
    expect(existsSync(join(worktree ?? '', 'hello.txt'))).toBe(false);
    await expect(started.call('sessions.launch', { projectId: project.id, prompt: 'More.' })).rejects.toThrow();

    rmSync(ballast);
    await until('it is ready again', async () => (await health()).status === 'ready');
    const session = await started.ended(id);
    expect(session.decisions.filter((decision) => decision.state === 'allowed')).toEqual([]);
    expect(session.evidence?.uncommittedFiles).toBe(0);
    expect((await started.call('sessions.list', {})).map((one) => one.id)).toEqual([id]);

    // A tree for which there is no room: said so, and nothing of it is left.
    const { project: large, repository } = await started.addProject();
    repository.commit({ big: randomBytes(16 << 20) });
    const { id: second } = await started.call('sessions.launch', { projectId: large.id, prompt: 'Go.' });
    expect(await started.ended(second)).toMatchObject({
      outcome: 'launch_failed',
      worktree: null,
      problem: expect.stringMatching(/unable to write file big\. The disk that holds ".*" has \d+ [KM]?B free\.$/),
    });
    expect(repository.git('worktree', 'list').split('\n')).toHaveLength(1);
    expect(repository.git('branch', '--format=%(refname:short)')).toBe('main');
  },
  60_000,
);

test.skipIf(!hasDisk)('no room, or no right to write, at the start: a sentence, and not another engine', async () => {
  const home = join(other, 'tenure');
  const ballast = join(other, 'ballast');
  const env = { PATH: process.env.PATH, HOME: home, TENURE_HOME: home, TENURE_OWNER_TOKEN: OWNER_TOKEN };
  const start = () => startHost({ host: 'headless', env, rendererDir: home, version: 'test', demo: false, port: 0 });
  fill(ballast);
  await expect(start()).rejects.toThrow(`The disk that holds ${home} is full, so Tenure cannot start.`);
  rmSync(ballast);
  execFileSync('mount', ['-o', 'remount,ro', other]);
  await expect(start()).rejects.toThrow(/cannot be written \(.+\), so Tenure cannot start/);
  execFileSync('mount', ['-o', 'remount,rw', other]);
  await (await start()).stop();
  fill(ballast);
  await expect(start()).rejects.toThrow('is full, so Tenure cannot start');
});
