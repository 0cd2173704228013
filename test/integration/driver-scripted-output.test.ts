import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { launchSpec } from '../fakes/gate.ts';
import {
  backgroundTasks,
  call,
  HANG,
  INIT,
  openScriptedLab,
  RESULT,
  type ScriptedLab,
  timed,
} from '../fakes/scripted-claude.ts';

/* What the real CLI does not do on demand: odd output, odd results, odd programs. */
let lab: ScriptedLab;
beforeEach(async () => {
  lab = await openScriptedLab();
});
afterEach(() => lab.close());

describe('output', () => {
  it('is read byte for byte: characters cut in two, blank lines, unknown types, 5 MB in a line', async () => {
    const fox = Buffer.from(`${JSON.stringify({ type: 'from_the_future', text: 'a 🦊 at 5 €' })}\n`);
    const cut = fox.indexOf(0xf0) + 2;
    const { run, of } = await lab.start([
      INIT,
      { raw: '\n\n' },
      { bytes: fox.subarray(0, cut).toString('base64') },
      { wait: 50 },
      { bytes: fox.subarray(cut).toString('base64') },
      { longLine: 5 << 20 },
      RESULT,
    ]);
    expect(await run.ended).toMatchObject({ kind: 'completed' });
    const lines = of('line').map(({ text }) => text);
    expect(lines[1]).toBe(fox.toString().trimEnd());
    expect(lines[2]?.length).toBeGreaterThan(5 << 20);
    expect(lines).toHaveLength(4);
  });

  it('a line beyond all bounds is dropped, and the run goes on', async () => {
    const { run, of } = await lab.start([INIT, { longLine: 17 << 20 }, RESULT]);
    expect(await run.ended).toMatchObject({ kind: 'completed' });
    expect(of('line').map(({ text }) => JSON.parse(text) as object)[1]).toMatchObject({ type: 'tenure_dropped_line' });
  });

  it('that stops in the middle of a line, or without a result, is truncated though the code is 0', async () => {
    const half = await lab.start([
      INIT,
      { bytes: Buffer.from('{"type":"assistant","text":"€').subarray(0, -1).toString('base64') },
    ]);
    expect(await half.run.ended).toMatchObject({
      kind: 'truncated',
      detail: expect.stringContaining('middle of a line'),
    });
    const none = await lab.start([INIT, { exit: 0 }]);
    expect(await none.run.ended).toMatchObject({ kind: 'truncated' });
  });
});

describe('results', () => {
  it.each([
    ['a refusal with code 0', [{ result: { stop_reason: 'refusal' } }, { exit: 0 }], { kind: 'refused' }],
    [
      'a missing login with code 0',
      // The CLI's own words stop as a stop sequence does; a model that says the same ends its turn.
      [{ result: { stop_reason: 'stop_sequence', result: 'Not logged in · Please run /login' } }],
      { kind: 'auth_required' },
    ],
    [
      'a usage limit with its reset',
      [
        { line: { type: 'rate_limit_event', rate_limit_info: { status: 'rejected', resetsAt: 1_795_176_024 } } },
        { result: { is_error: true, api_error_status: 429, result: "You've hit your limit · resets 12pm" } },
        { exit: 1 },
      ],
      { kind: 'quota', resetsAt: 1_795_176_024_000 },
    ],
  ])('%s', async (_name, steps, expected) => {
    const { run } = await lab.start([INIT, ...steps]);
    expect(await run.ended).toMatchObject(expected);
  });

  it('a refused login ends the run at the first retry instead of the tenth', async () => {
    const retry = { line: { type: 'system', subtype: 'api_retry', attempt: 1, error: 'authentication_failed' } };
    const { run } = await lab.start([INIT, retry, HANG]);
    const [ending, ms] = await timed(run.ended);
    expect(ending).toMatchObject({ kind: 'auth_required' });
    expect(ms).toBeLessThan(4_000);
  });

  it('several of them are one run: the last one counts', async () => {
    const steps = [
      INIT,
      backgroundTasks(1),
      RESULT,
      { wait: 600 },
      backgroundTasks(0),
      INIT,
      { wait: 600 },
      { result: { result: 'second' } },
    ];
    const { run, of } = await lab.start([...steps, { untilStdinEnds: true }], { graceMs: 300 });
    expect(await run.ended).toMatchObject({ kind: 'completed' });
    expect(of('result').map(({ result }) => result.text)).toEqual(['ok', 'second']);
    expect(of('started')).toHaveLength(1);
  });

  it('background work that never comes back is ended, and the result counts', async () => {
    const { run } = await lab.start([INIT, backgroundTasks(1), RESULT, HANG], { stallMs: 400 });
    expect(await run.ended).toMatchObject({ kind: 'completed' });
  });

  it('a deferral beside background work ends the process before a further turn swallows it', async () => {
    lab.gate.decide = () => 'defer';
    const { run, of } = await lab.start([INIT, backgroundTasks(1), call('true'), { wait: 3_000 }, INIT, RESULT], {
      graceMs: 10_000,
    });
    expect(await run.ended).toMatchObject({ kind: 'deferred', deferred: { toolUseId: 'toolu_1', tool: 'Bash' } });
    expect(of('result')).toHaveLength(1);
  });

  it('a tool that ran without the gate shows as a result that nobody was asked for', async () => {
    const { run, of } = await lab.start([INIT, call('touch ran', { ungated: true }), RESULT]);
    await run.ended;
    expect(existsSync(join(lab.dir, 'ran'))).toBe(true);
    expect(lab.gate.calls).toEqual([]);
    expect(of('tool_result')).toEqual([{ type: 'tool_result', toolUseId: 'toolu_1', ok: true }]);
  });
});

describe('the program itself', () => {
  it('is ended when its own first words say that it is older than the gate needs', async () => {
    const older = { init: { claude_code_version: '2.1.294' } };
    const { run, of } = await lab.start([older, { wait: 5_000 }, call('touch ran'), RESULT]);
    expect(await run.ended).toMatchObject({
      kind: 'launch_failed',
      detail: expect.stringMatching(/is version 2\.1\.294; Tenure needs 2\.1\.295 or newer/),
    });
    expect(of('started')).toEqual([]);
    expect(lab.gate.calls).toEqual([]);
    expect(existsSync(join(lab.dir, 'ran'))).toBe(false);
  });

  it('is asked for its version once, until its file changes or it could not be used', async () => {
    const [command, asked] = [join(lab.dir, 'claude'), join(lab.dir, 'asked')];
    const program = (version: string) =>
      writeFileSync(command, `#!/bin/sh\necho asked >> '${asked}'\necho ${version}\n`, { mode: 0o755 });
    const times = () => readFileSync(asked, 'utf8').split('\n').length - 1;
    program('2.1.328');
    const driver = lab.driverFor([], { command });
    for (let n = 0; n < 3; n++) expect(await driver.ready()).toMatchObject({ ok: true, version: '2.1.328' });
    expect(times()).toBe(1);
    program('2.1.9');
    for (let n = 0; n < 2; n++) expect(await driver.ready()).toMatchObject({ ok: false, version: '2.1.9' });
    expect(times()).toBe(3);
  });

  it('is refused when it is older than the gate needs', async () => {
    const driver = lab.driverFor([], { version: '2.1.294' });
    const { ok, version, problem } = await driver.check();
    expect({ ok, version }).toEqual({ ok: false, version: '2.1.294' });
    expect(problem).toMatch(/is version 2\.1\.294; Tenure needs 2\.1\.295 or newer/);
    await expect(driver.launch(launchSpec(lab.gate, lab.dir), () => undefined)).rejects.toMatchObject({
      kind: 'unavailable',
      message: problem,
    });
  });

  it('is missing, no program, or has no version: each is a sentence', async () => {
    const missing = await lab.driverFor([], { command: join(lab.dir, 'nowhere') }).check();
    expect(missing).toMatchObject({
      ok: false,
      path: null,
      problem: expect.stringContaining('There is no program at'),
    });
    const dumb = join(lab.dir, 'dumb');
    writeFileSync(dumb, '#!/bin/sh\necho "cannot start" >&2\nexit 1\n');
    chmodSync(dumb, 0o755);
    const unreadable = await lab.driverFor([], { command: dumb }).check();
    expect(unreadable.problem).toBe(`The version of Claude Code at ${dumb} could not be read: cannot start.`);
  });

  it('is started where its directory is, or not at all', async () => {
    const launch = lab.driverFor([]).launch(launchSpec(lab.gate, join(lab.dir, 'gone')), () => undefined);
    await expect(launch).rejects.toMatchObject({
      kind: 'unavailable',
      message: expect.stringContaining('did not start'),
    });
  });
});
