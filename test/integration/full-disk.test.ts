import { execFileSync } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { tempDir } from '../builders.ts';
import { call, FAKE, INIT, RESULT } from '../fakes/scripted-claude.ts';
import { startRig, until } from '../rig.ts';

const disk = join(tempDir('disk'), 'small');

/** A real small disk, where the machine lets us have one. */
function mounted(): boolean {
  mkdirSync(disk);
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=12m', 'tmpfs', disk], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
const hasDisk = process.platform === 'linux' && mounted();
afterAll(() => {
  if (hasDisk) execFileSync('umount', ['-l', disk], { stdio: 'ignore' });
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
    const marker = join(tempDir('marker'), 'ran');
    const rig = await startRig({ command: FAKE, agentEnv: { FAKE_CLAUDE: scenario }, home: join(disk, 'tenure') });
    const { project } = await rig.addProject();
    await rig.raiseTo('moderate');
    const go = join(tempDir('go'), 'go');
    // Waits in a script of its own until the disk is full, then asks for an edit that moderate allows.
    const steps = [INIT, { waitFor: go }, call(`echo hi > hello.txt; touch ${marker}`), RESULT];
    writeFileSync(scenario, JSON.stringify({ version: '2.1.328', steps }));
    const { id } = await rig.call('sessions.launch', { projectId: project.id, prompt: 'Go.' });
    await rig.inState(id, 'working');

    const ballast = join(disk, 'ballast');
    fill(ballast);
    writeFileSync(go, '');
    const health = async () =>
      (await (await fetch(`${rig.host.url}/ready`)).json()) as { status: string; problem?: string };
    await until('it says that it cannot write', async () => (await health()).status !== 'ready');
    expect((await health()).problem).toMatch(/full|could not/i);
    expect(existsSync(marker)).toBe(false);
    await expect(rig.call('sessions.launch', { projectId: project.id, prompt: 'More.' })).rejects.toThrow();

    rmSync(ballast);
    await until('it is ready again', async () => (await health()).status === 'ready');
    const session = await rig.ended(id);
    expect(session.decisions.filter((decision) => decision.state === 'allowed')).toEqual([]);
    expect(existsSync(marker)).toBe(false);
    expect((await rig.call('sessions.list', {})).map((one) => one.id)).toEqual([id]);
    await rig.stop();
  },
  60_000,
);
