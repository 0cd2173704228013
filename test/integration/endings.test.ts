import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { createSpawner } from '../../src/core/adapters/spawner.ts';
import type { SessionDetail } from '../../src/shared/contract/sessions.ts';
import { tempDir, testRepository } from '../builders.ts';
import { call, FAKE, HANG, INIT, RESULT, type Step } from '../fakes/scripted-claude.ts';
import { type Rig, type RigOptions, startRig, until } from '../rig.ts';

/* The whole engine over a CLI that does what the real one does not do on demand. */
let rig: Rig;
afterEach(() => rig.stop());

async function start(steps: Step[], options: RigOptions & { version?: string } = {}) {
  const scenario = join(tempDir('scenario'), 'scenario.json');
  writeFileSync(scenario, JSON.stringify({ version: options.version ?? '2.1.328', steps }));
  rig = await startRig({ command: FAKE, agentEnv: { FAKE_CLAUDE: scenario }, ...options });
  const added = await rig.addProject({ verifyCommand: 'true' });
  await rig.raiseTo('moderate');
  return added;
}

async function endOf(projectId: string): Promise<SessionDetail> {
  const { id } = await rig.call('sessions.launch', { projectId, prompt: 'Go.' });
  return rig.ended(id);
}

const notLoggedIn: Step[] = [
  INIT,
  { result: { is_error: true, result: 'Not logged in · Please run /login' } },
  { exit: 1 },
];

describe('an ending that says nothing about the work is unscored, with the reason, and earns nothing', () => {
  test.each<[string, string, Step[], RegExp]>([
    ['not logged in', 'auth_required', notLoggedIn, /log/i],
    ['no sign of life', 'launch_failed', [HANG], /no sign of life/],
  ])('%s', async (_name, outcome, steps, problem) => {
    const { project } = await start(steps, { config: { sessions: { startupMs: 700 } } });
    const session = await endOf(project.id);
    expect(session).toMatchObject({ outcome, evaluation: { score: null } });
    expect(session.problem).toMatch(problem);
    expect(await rig.call('trust.get', {})).toMatchObject({ evaluations: 0, avgScore: null });
  });

  /** Regression 6 (traps T-007): a failed start is no session. */
  test('a start that failed does not count as a session', async () => {
    const { project } = await start([HANG], { config: { sessions: { startupMs: 300 } } });
    await endOf(project.id);
    expect(await rig.call('trust.get', {})).toMatchObject({ sessions: 0 });
    // Nor did it cost anything: the day's cost is known.
    const { byDay } = await rig.call('usage.summary', { days: 1 });
    expect(byDay).toEqual([expect.objectContaining({ runs: 1, costUsd: 0, costUnknown: 0, tokensUnknown: 0 })]);
  });
});

describe('a natural ending is scored', () => {
  test.each<[string, string, Step[]]>([
    [
      'a refusal of the model, whatever the exit code',
      'refused',
      [INIT, { result: { is_error: true, stop_reason: 'refusal' } }, { exit: 0 }],
    ],
    ['silence', 'stalled', [INIT, HANG]],
    ['an end by itself', 'completed', [INIT, RESULT]],
  ])('%s', async (_name, outcome, steps) => {
    const { project } = await start(steps, { config: { sessions: { stallMs: 500 } } });
    expect(await endOf(project.id)).toMatchObject({ outcome, evaluation: { score: expect.any(Number) } });
    expect(await rig.call('trust.get', {})).toMatchObject({ sessions: 1, evaluations: 1 });
  });

  test('the time box ends it as timed out, and what it did is measured', async () => {
    const work = 'echo hi > hello.txt';
    const { project } = await start([INIT, call(work), HANG]);
    const { id } = await rig.call('sessions.launch', { projectId: project.id, prompt: 'Go.', timeBoxMs: 1_500 });
    const session = await rig.ended(id);
    expect(session).toMatchObject({ outcome: 'timed_out', evidence: { uncommittedFiles: 1 } });
    expect(session.evaluation?.score).toBeLessThanOrEqual(2);
  });
});

describe('the gate proves itself', () => {
  test('a tool that ran without passing the gate ends the session at once', async () => {
    const { project } = await start([INIT, call('true', { ungated: true }), HANG]);
    const session = await endOf(project.id);
    expect(session).toMatchObject({ outcome: 'ended_by_gate', decisions: [], evaluation: { score: null } });
  });
});

describe('a stop', () => {
  test('ends the whole tree or names what is left, also what moved to a session of its own', async () => {
    const pidFile = join(tempDir('marker'), 'pid');
    const stray = `trap '' TERM; echo $$ > ${pidFile}; while :; do sleep 0.1; done`;
    const { project } = await start([
      INIT,
      { leave: { command: stray, ownSession: true } },
      { ignore: ['SIGTERM', 'SIGINT'] },
      HANG,
    ]);
    const { id } = await rig.call('sessions.launch', { projectId: project.id, prompt: 'Go.' });
    await rig.inState(id, 'working');
    const pid = Number(
      await until('the stray process runs', () => existsSync(pidFile) && readFileSync(pidFile, 'utf8')),
    );
    const spawner = createSpawner();
    const strayProcess = spawner.identify(pid) ?? { pid, startedAt: null };
    expect(spawner.probe(strayProcess)).toBe('alive');
    // In less than two seconds it is either all gone or named; a busy machine may need a little longer.
    const report = await rig.call('sessions.stop', { id });
    expect(report.stopped).toBe(report.stillAlive.length === 0);
    expect(await rig.ended(id)).toMatchObject({ outcome: 'stopped', evaluation: { score: null }, stillAlive: [] });
    // Not a signal 0: a process that has ended but was not yet collected still answers that.
    expect(spawner.probe(strayProcess)).toBe('dead');
    await expect(rig.call('sessions.stop', { id })).rejects.toThrow(/has already ended/);
  });

  test('stop all ends queued, parked and running ones', async () => {
    const { project } = await start([INIT, call('git commit -m x'), RESULT, { untilStdinEnds: true }], {
      config: { sessions: { concurrency: 1 }, decisions: { holdMs: 60_000 } },
    });
    for (let n = 0; n < 3; n++) await rig.call('sessions.launch', { projectId: project.id, prompt: 'Go.' });
    await rig.pending();
    const states = (await rig.call('sessions.list', {})).map((session) => session.state);
    expect(states.filter((state) => state === 'queued')).toHaveLength(2);
    const reports = await rig.call('sessions.stopAll', {});
    expect(reports).toHaveLength(3);
    await until('all have ended', async () => (await rig.call('sessions.list', {})).every((s) => s.state === 'ended'));
    expect(await rig.call('decisions.list', {})).toEqual([]);
  });

  test('paused: what is queued waits, what is launched waits, going on starts it', async () => {
    const { project } = await start([INIT, RESULT]);
    await rig.call('sessions.pauseAll', { paused: true });
    const { id } = await rig.call('sessions.launch', { projectId: project.id, prompt: 'Go.' });
    await rig.restart();
    expect((await rig.session(id)).state).toBe('queued');
    await rig.call('sessions.pauseAll', { paused: false });
    expect((await rig.ended(id)).outcome).toBe('completed');
  });
});

describe('what cannot be launched says why', () => {
  test('no agent, or one that is too old', async () => {
    const { project } = await start([], { version: '2.1.200' });
    const old = await endOf(project.id);
    expect(old).toMatchObject({ outcome: 'launch_failed', evaluation: { score: null } });
    expect(old.problem).toMatch(/is version 2\.1\.200; Tenure needs 2\.1\.295 or newer/);
    const { notices } = await rig.call('state.snapshot', {});
    expect(notices.join()).toContain('2.1.200');
  });

  test('no agent at all', async () => {
    const { project } = await start([], { command: '/no/such/claude' });
    expect((await endOf(project.id)).problem).toContain('/no/such/claude');
  });

  test.each<[string, () => Promise<string>, RegExp]>([
    [
      'an empty repository',
      async () => {
        const empty = testRepository({ empty: true });
        return (await rig.call('projects.add', { path: empty.path })).id;
      },
      /no commit yet/,
    ],
    [
      'a repository that is gone',
      async () => {
        const { project, repository } = await rig.addProject();
        rmSync(repository.path, { recursive: true });
        return project.id;
      },
      /.+/,
    ],
  ])('%s', async (_name, make, why) => {
    await start([INIT, RESULT]);
    const projectId = await make();
    await expect(rig.call('sessions.launch', { projectId, prompt: 'Go.' })).rejects.toThrow(why);
    await expect(rig.call('sessions.launch', { projectId: '../x', prompt: 'Go.' })).rejects.toThrow(/no project/);
    expect(await rig.call('sessions.list', {})).toEqual([]);
  });

  test('no prompt anywhere', async () => {
    const { project } = await start([INIT, RESULT]);
    await expect(rig.call('sessions.launch', { projectId: project.id, prompt: '  ' })).rejects.toThrow(
      /no default prompt/,
    );
  });
});
