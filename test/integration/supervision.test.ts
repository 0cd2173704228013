import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { runCli } from '../../src/cli/run.ts';
import { groupOf } from '../../src/shared/state.ts';
import { tempDir } from '../builders.ts';
import { FAKE, HANG, INIT, RESULT, type Step } from '../fakes/scripted-claude.ts';
import { type Rig, startRig, until } from '../rig.ts';

/* What a person is shown and asked about a session that runs, and what they can do about it. */
let rig: Rig;
afterEach(() => rig.stop());

async function start(steps: Step[], sessions: Record<string, unknown>) {
  const scenario = join(tempDir('scenario'), 'scenario.json');
  const play = (next: Step[]): void => writeFileSync(scenario, JSON.stringify({ version: '2.1.328', steps: next }));
  play(steps);
  rig = await startRig({ command: FAKE, agentEnv: { FAKE_CLAUDE: scenario }, config: { sessions } });
  const { project } = await rig.addProject({ verifyCommand: 'true' });
  await rig.raiseTo('moderate');
  const launch = () => rig.call('sessions.launch', { projectId: project.id, prompt: 'Go.' });
  return { play, launch };
}

let calls = 0;
const call = (command: string): Step => ({ call: { id: `toolu_${++calls}`, input: { command } } });
const times = (count: number, command: string): Step[] => Array.from({ length: count }, () => call(command));

test('the same call again and again: the session is paused, shown with the evidence, and asks', async () => {
  const agent = await start([INIT, ...times(30, 'git status'), HANG], { runaway: { repeats: 5 } });
  const { id } = await agent.launch();
  const session = await until('it is held', async () => {
    const now = await rig.session(id);
    return now.held && now;
  });
  expect(session).toMatchObject({ state: 'parked', outcome: null, stillAlive: [], held: { reason: 'repeating' } });
  expect(session.held?.evidence.join()).toMatch(
    /The same call \d+ times.*Running git status\.,Nothing in the work tree/,
  );
  expect(groupOf(session)).toBe('needs_input');
  await rig.restart();
  expect(await rig.session(id)).toMatchObject({ state: 'parked', held: { reason: 'repeating' } });

  agent.play([INIT, RESULT]);
  await rig.call('sessions.goOn', { id });
  expect(await rig.ended(id)).toMatchObject({ outcome: 'completed', held: null });
  const { entries } = await rig.call('sessions.transcript', { id, from: 0, limit: 1_000 });
  expect(entries.filter((entry) => entry.kind === 'prompt').at(-1)?.text).toMatch(
    /You were paused[\s\S]*The same call/,
  );
});

test('the same call with something changed by it is work, and a held one can be stopped', async () => {
  const work = 'echo again >> work.txt';
  const agent = await start([INIT, ...times(12, work), RESULT], { runaway: { repeats: 5 } });
  const busy = await agent.launch();
  expect(await rig.ended(busy.id)).toMatchObject({ outcome: 'completed' });
  agent.play([INIT, ...times(30, 'git status'), HANG]);
  const { id } = await agent.launch();
  await until('it is held', async () => (await rig.session(id)).held);
  await rig.call('sessions.stop', { id });
  expect(await rig.ended(id)).toMatchObject({ outcome: 'stopped', held: null });
});

test('silence is shown with what is known before it is ended; it can be snoozed, and a word ends it', async () => {
  const marker = join(tempDir('go'), 'go');
  const agent = await start([INIT, call('true'), { waitFor: marker }, INIT, HANG], {
    stallWarnMs: 400,
    toolStallWarnMs: 20_000,
    stallMs: 60_000,
  });
  const { id } = await agent.launch();
  const stalled = () =>
    until('it is shown as stalled', async () => {
      const { stall } = await rig.session(id);
      return stall?.evidence[0] === 'The last tool was Bash; none runs now.' && stall;
    });
  const stall = await stalled();
  expect(stall.endsAt).toBeGreaterThan(Date.now() + 50_000);
  expect(stall.evidence[1]).toMatch(/^\d+ process(es are| is) alive and holds? [\d.]+ MB of memory/);
  expect(groupOf(await rig.session(id))).toBe('needs_input');
  const snoozed = await rig.call('sessions.snooze', { id });
  expect(snoozed.stall).toBeNull();
  expect((await rig.call('sessions.snooze', { id, ms: 1_000 })).stall).toBeNull();
  expect((await stalled()).endsAt).toBeGreaterThan(stall.endsAt ?? 0);
  writeFileSync(marker, '');
  await until('it is no longer', async () => (await rig.session(id)).stall === null);
  await rig.call('sessions.stop', { id });
  await expect(rig.call('sessions.snooze', { id })).rejects.toThrow(/does not run/);
});

test('a policy that only shows: silence past the limit ends nothing', async () => {
  const agent = await start([INIT, HANG], { stallWarnMs: 200, stallMs: 300, onStall: 'show' });
  const { id } = await agent.launch();
  const stall = await until('it is shown as stalled', async () => (await rig.session(id)).stall);
  expect(stall.endsAt).toBeNull();
  await until('the limit is over', () => Date.now() - stall.lastLineAt > 900);
  expect(await rig.session(id)).toMatchObject({ state: 'working' });
});

test('without memory for one more it waits, says why, and starts when a person insists', async () => {
  const agent = await start([INIT, RESULT], { memoryMb: 1_000_000 });
  const { id } = await agent.launch();
  expect(await rig.session(id)).toMatchObject({ state: 'queued', waitingFor: 'memory', retryAt: null });
  await rig.restart();
  expect(await rig.session(id)).toMatchObject({ state: 'queued', waitingFor: 'memory' });
  await rig.call('sessions.goOn', { id });
  expect(await rig.ended(id)).toMatchObject({ outcome: 'completed', waitingFor: null });
});

test('the command line says what a session waits for, and lets it go on', async () => {
  const agent = await start([INIT, RESULT], { memoryMb: 1_000_000 });
  const { id } = await agent.launch();
  const cli = async (...argv: string[]): Promise<string> => {
    let out = '';
    const take = (text: string): void => {
      out += text;
    };
    const code = await runCli(argv, {
      env: rig.env,
      platform: process.platform,
      home: rig.dir,
      cwd: rig.dir,
      fetch,
      now: () => Date.now(),
      sleep: () => Promise.resolve(),
      browse: () => undefined,
      stdin: () => Promise.resolve(''),
      stdout: take,
      stderr: take,
    });
    return `${code} ${out}`;
  };
  expect(await cli('status')).toContain(`${id} on app: Waits for free memory`);
  expect(await cli('session', id)).toContain(`"tenure go-on ${id}" starts it now`);
  expect(await cli('go-on', id)).toMatch(/^0 /);
  await rig.ended(id);
  expect(await cli('snooze', id)).toMatch(/^1 .*does not run: it is ended/);
});
