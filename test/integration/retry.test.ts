import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import type { SessionDetail } from '../../src/shared/contract/sessions.ts';
import { tempDir } from '../builders.ts';
import { FAKE, HANG, INIT, RESULT, type Step } from '../fakes/scripted-claude.ts';
import { type Rig, startRig, until } from '../rig.ts';

/* Runs that end early: what waits goes on by itself, once, and what cannot is held for a person. */
let rig: Rig;
afterEach(() => rig.stop());

const RETRY = { jitterMs: 0, transientMs: 200, transientMaxMs: 400, quotaMs: 300, quotaMaxMs: 300 };

/** An agent whose next runs can be changed; `launches` counts its runs, `checks` the questions whether it can work. */
async function start(steps: Step[], sessions: Record<string, unknown> = {}) {
  const dir = tempDir('scenario');
  const scenario = join(dir, 'scenario.json');
  const marks = join(dir, 'marks');
  writeFileSync(marks, '');
  const play = (next: Step[]): void =>
    writeFileSync(scenario, JSON.stringify({ version: '2.1.328', marks, steps: next }));
  play(steps);
  const config = {
    sessions: { graceMs: 100, killMs: 500, ...sessions, retry: { ...RETRY, ...Object(sessions.retry) } },
  };
  rig = await startRig({ command: FAKE, agentEnv: { FAKE_CLAUDE: scenario }, config });
  const { project } = await rig.addProject({ verifyCommand: 'true' });
  await rig.raiseTo('moderate');
  const marked = () => readFileSync(marks, 'utf8').split('\n').filter(Boolean);
  const launch = () => rig.call('sessions.launch', { projectId: project.id, prompt: 'Go.' });
  return {
    play,
    launch,
    launches: () => marked().filter((line) => line === 'run').length,
    checks: () => marked().filter((line) => line === 'check').length,
  };
}

const limited = (inMs: number): Step[] => [
  INIT,
  { line: { type: 'rate_limit_event', rate_limit_info: { status: 'rejected', resetsAt: (Date.now() + inMs) / 1000 } } },
  { result: { is_error: true, api_error_status: 429, result: "You've hit your limit · resets 12pm" } },
  { exit: 1 },
];

const waiting = (id: string, reason: SessionDetail['waitingFor']) =>
  until(`it waits: ${reason}`, async () => {
    const session = await rig.session(id);
    return session.waitingFor === reason && session;
  });

const held = (id: string) => until('it is held', async () => (await rig.session(id)).held);

test('a usage limit: it waits to the told time, over a restart too, and goes on once a check proves that it is gone', async () => {
  const agent = await start(limited(3_600_000));
  const { id } = await agent.launch();
  const told = await waiting(id, 'quota');
  expect(told).toMatchObject({ state: 'queued', attempt: 1, outcome: null, problem: expect.stringContaining('limit') });
  expect(told.retryAt).toBeGreaterThan(Date.now() + 3_500_000);
  await rig.restart();
  expect(await rig.session(id)).toMatchObject({ waitingFor: 'quota', retryAt: told.retryAt });
  expect(agent).toMatchObject({ launches: expect.any(Function) });
  expect([agent.launches(), agent.checks()]).toEqual([1, 0]);

  // Another one does not run into the same limit.
  const other = await agent.launch();
  expect(await waiting(other.id, 'quota')).toMatchObject({ startedAt: null });
  expect(agent.launches()).toBe(1);
  await rig.call('sessions.stop', { id: other.id });

  // A person does not want to wait; the limit is still there, and tells a time that is soon over.
  agent.play(limited(400));
  await rig.call('sessions.goOn', { id });
  await until('it ran again', () => agent.launches() === 2);
  await until('a check has failed', () => agent.checks() >= 1);
  expect(agent.launches()).toBe(2);
  agent.play([INIT, RESULT]);
  expect(await rig.ended(id)).toMatchObject({ outcome: 'completed', waitingFor: null, retryAt: null, problem: null });
  expect(agent.launches()).toBe(3);
});

test('a failing service: tried again so many times, then a person is asked; a stop ends it as what it was', async () => {
  const failing: Step[] = [
    INIT,
    { result: { is_error: true, api_error_status: 529, result: 'API Error: Overloaded' } },
  ];
  const agent = await start(failing, { retry: { transient: 2 } });
  const { id } = await agent.launch();
  expect(await waiting(id, 'transient')).toMatchObject({ state: 'queued' });
  expect(await held(id)).toMatchObject({
    reason: 'blocked',
    evidence: [expect.stringContaining('3 times'), expect.stringContaining('Overloaded')],
  });
  expect(agent.launches()).toBe(3);
  await rig.restart();
  expect(await rig.session(id)).toMatchObject({ state: 'parked', held: { reason: 'blocked' } });
  await rig.call('sessions.stop', { id });
  expect(await rig.ended(id)).toMatchObject({ outcome: 'transient', held: null, evaluation: { score: null } });
});

test('a crash: gone on with once, with a note of what was cut off, then blocked until a person lets it go on', async () => {
  const agent = await start([INIT, { kill: 'SIGKILL' }]);
  const { id } = await agent.launch();
  expect(await held(id)).toMatchObject({ reason: 'blocked' });
  expect(agent.launches()).toBe(2);
  const { entries } = await rig.call('sessions.transcript', { id, from: 0, limit: 100 });
  const prompts = entries.filter((entry) => entry.kind === 'prompt');
  expect(prompts.at(0)?.text).toContain('Go.');
  expect(prompts.at(1)?.text).toMatch(/cut off, because its program crashed[\s\S]*work tree is as it was/);
  expect(prompts.at(1)?.text).not.toContain('Go.');
  agent.play([INIT, RESULT]);
  await rig.call('sessions.goOn', { id });
  expect(await rig.ended(id)).toMatchObject({ outcome: 'completed', held: null });
  await expect(rig.call('sessions.goOn', { id })).rejects.toThrow(/neither waits nor is held/);
});

test('a shutdown in good order is nobody’s failure: it goes on after the next start, as often as that happens', async () => {
  const agent = await start([INIT, HANG]);
  const { id } = await agent.launch();
  for (let round = 1; round <= 3; round++) {
    await until('it works', async () => (await rig.session(id)).state === 'working' && agent.launches() === round);
    await rig.restart();
  }
  agent.play([INIT, RESULT]);
  await until('it works', () => agent.launches() === 4);
  await rig.restart();
  expect(await rig.ended(id)).toMatchObject({ outcome: 'completed' });
});

test('what a person stopped never comes back', async () => {
  const agent = await start(limited(300));
  const { id } = await agent.launch();
  await waiting(id, 'quota');
  await rig.call('sessions.stop', { id });
  expect(await rig.ended(id)).toMatchObject({ outcome: 'stopped', waitingFor: null });
  agent.play([INIT, RESULT]);
  const next = await agent.launch();
  await rig.ended(next.id);
  expect(await rig.session(id)).toMatchObject({ state: 'ended', outcome: 'stopped' });
});
