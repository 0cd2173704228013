import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { launchSpec, watch } from '../fakes/gate.ts';
import { call, HANG, INIT, openScriptedLab, RESULT, type ScriptedLab, timed } from '../fakes/scripted-claude.ts';

/* What the real CLI does not do on demand: processes that hang, hold on and hide. */
let lab: ScriptedLab;
beforeEach(async () => {
  lab = await openScriptedLab();
});
afterEach(() => lab.close());

describe('silence', () => {
  it('before the first line is a launch that failed', async () => {
    const { run, spec, of } = await lab.start([HANG], { startupMs: 800 });
    expect(await run.ended).toMatchObject({ kind: 'launch_failed', detail: 'It gave no sign of life for 1 s.' });
    expect(of('started')).toEqual([]);
    expect(await lab.leftOf(spec)).toEqual([]);
  });

  it('in the middle of a turn is a stall', async () => {
    const { run } = await lab.start([INIT, HANG], { stallMs: 400 });
    expect(await run.ended).toMatchObject({ kind: 'stalled', detail: expect.stringContaining('while no tool ran') });
  });

  it('is borne longer while a tool runs, but not for ever', async () => {
    const quick = await lab.start([INIT, call('sleep 1'), RESULT], { stallMs: 300 });
    expect(await quick.run.ended).toMatchObject({ kind: 'completed' });
    const slow = await lab.start([INIT, call('sleep 60')], { stallMs: 300, toolStallMs: 900 });
    expect(await slow.run.ended).toMatchObject({
      kind: 'stalled',
      detail: expect.stringContaining('while a tool ran'),
    });
    expect(await lab.leftOf(slow.spec)).toEqual([]);
  });

  it('after the result ends the run with what it had said', async () => {
    const { run, of } = await lab.start([INIT, RESULT, HANG], { graceMs: 200 });
    expect(await run.ended).toMatchObject({ kind: 'completed', stillAlive: [] });
    expect(of('result')).toHaveLength(1);
  });
});

describe('processes', () => {
  it('a grandchild that holds stdout open delays nothing, and is ended too', async () => {
    const left = { leave: { command: 'exec sleep 300', ownSession: true, holdStdout: true } };
    const { run, spec } = await lab.start([INIT, left, RESULT, { untilStdinEnds: true }], { killMs: 1_000 });
    const [ending, ms] = await timed(run.ended);
    expect(ending).toMatchObject({ kind: 'completed', stillAlive: [] });
    expect(ms).toBeLessThan(4_000);
    expect(await lab.leftOf(spec)).toEqual([]);
  });

  it('stop takes less than two seconds, though nobody there heeds SIGTERM', async () => {
    const deaf = `trap '' TERM; while :; do sleep 0.1; done`;
    const steps = [{ ignore: ['SIGTERM', 'SIGINT'] }, { leave: { command: deaf, ownSession: true } }, INIT, HANG];
    const { run, spec, of } = await lab.start(steps);
    await expect.poll(() => of('started').length, { timeout: 5_000 }).toBe(1);
    const [, ms] = await timed(run.stop('stopped'));
    expect(ms).toBeLessThan(10_000);
    expect(await run.ended).toMatchObject({ kind: 'stopped', stillAlive: [] });
    expect(await lab.leftOf(spec)).toEqual([]);
  });

  it('the first cause of a stop holds, and an end that was reached before it', async () => {
    const hanging = await lab.start([INIT, HANG]);
    await Promise.all([hanging.run.stop('ended_by_gate'), hanging.run.stop('stopped')]);
    expect(await hanging.run.ended).toMatchObject({ kind: 'ended_by_gate' });
    const finished = await lab.start([INIT, RESULT, HANG]);
    await expect.poll(() => finished.of('result').length, { timeout: 5_000 }).toBe(1);
    await finished.run.stop('stopped');
    expect(await finished.run.ended).toMatchObject({ kind: 'completed' });
  });

  it('a crash is told with its last words', async () => {
    const { run } = await lab.start([INIT, { stderr: 'out of memory\n' }, { exit: 3 }]);
    expect(await run.ended).toMatchObject({
      kind: 'crashed',
      detail: 'It ended with code 3 and no result: out of memory',
    });
    const killed = await lab.start([INIT, { kill: 'SIGKILL' }]);
    expect(await killed.run.ended).toMatchObject({ kind: 'crashed', detail: expect.stringContaining('SIGKILL') });
  });

  it('gets what it needs and nothing of ours; the token is on no command line', async () => {
    const record = join(lab.dir, 'started.json');
    const ours = {
      TENURE_OWNER_TOKEN: 'owner',
      ELECTRON_RUN_AS_NODE: '1',
      NODE_OPTIONS: '--no-warnings',
      CLAUDECODE: '1',
    };
    const driver = lab.driverFor([{ record }, INIT, RESULT], { env: ours });
    const spec = launchSpec(lab.gate, lab.dir, { model: 'opus' });
    await (await watch(driver, spec)).run.ended;
    const { args, env, cwd } = JSON.parse(readFileSync(record, 'utf8')) as {
      args: string[];
      env: Record<string, string>;
      cwd: string;
    };
    expect(cwd).toBe(lab.dir);
    expect(env).toMatchObject({ TENURE_TOKEN: lab.gate.token, TENURE_NONCE: spec.nonce, HOME: lab.dir });
    expect(
      Object.keys(env)
        .filter((name) => /^(TENURE|ELECTRON|NODE|CLAUDE)/.test(name))
        .toSorted(),
    ).toEqual(['TENURE_NONCE', 'TENURE_TOKEN']);
    expect(args.join(' ')).not.toContain(lab.gate.token);
    expect(args).toEqual(
      expect.arrayContaining(['-p', '--verbose', '--strict-mcp-config', '--session-id', spec.agentSessionId]),
    );
    for (const [flag, value] of Object.entries({
      '--permission-prompt-tool': 'stdio',
      '--permission-mode': 'default',
      '--setting-sources': 'user',
      '--model': 'opus',
    })) {
      expect(args[args.indexOf(flag) + 1]).toBe(value);
    }
    expect(args.join(' ')).not.toMatch(/bypass|dangerously/);
  });
});
