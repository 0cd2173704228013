import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { launchSpec, watch } from '../fakes/gate.ts';
import { type ApiRequest, bash, refusal, say, type Turn, use } from '../fakes/messages-api.ts';
import { CLI, type ClaudeLab, COMMITTED, commitTurn, openLab, SEEN_WITH, told } from '../fakes/real-claude.ts';

/*
 * What holds of the real CLI. The session service is built on these facts: a version in which one no
 * longer holds fails here first.
 */
let lab: ClaudeLab;
beforeEach(async () => {
  lab = await openLab();
});
afterEach(() => lab.close());

describe('the real CLI', () => {
  it('is the version that the facts below were seen with, and is found usable', async () => {
    const api = await lab.startApi();
    expect(await lab.driverFor(api).check()).toEqual({ ok: true, version: SEEN_WITH, path: CLI, problem: null });
  });

  it('asks the gate, runs what is allowed, commits for real and ends by its result', async () => {
    const { run, of, events, spec } = await lab.start([bash('ls README.md'), commitTurn, say('All done.')]);
    const ending = await run.ended;
    expect(ending).toEqual({
      kind: 'completed',
      detail: 'It came to its end.',
      deferred: null,
      resetsAt: null,
      stillAlive: [],
    });
    expect(lab.subject()).toBe(COMMITTED);
    expect(lab.gate.calls.map(({ tool }) => tool)).toEqual(['Bash', 'Bash']);
    expect(lab.gate.calls[0]).toMatchObject({
      cwd: lab.repository.path,
      agentId: null,
      input: { command: 'ls README.md' },
    });
    expect(new Set(lab.gate.authorizations)).toEqual(new Set([`Bearer ${lab.gate.token}`]));
    expect(events[0]?.type).toBe('spawned');
    expect(of('started')).toEqual([
      { type: 'started', agentSessionId: spec.agentSessionId, version: SEEN_WITH, model: expect.any(String) },
    ]);
    expect(of('tool_call').map(({ toolUseId }) => toolUseId)).toEqual(lab.gate.calls.map(({ toolUseId }) => toolUseId));
    expect(of('tool_result').map(({ ok }) => ok)).toEqual([true, true]);
    expect(of('activity').map(({ activity }) => activity)).toContain('Running ls README.md');
    // Three messages of 100 + 20 tokens each, however many lines repeat them.
    expect(of('result')[0]?.result).toMatchObject({ text: 'All done.', inputTokens: 300, outputTokens: 60, turns: 3 });
    expect(of('usage').at(-1)).toMatchObject({ inputTokens: 300, outputTokens: 60, turns: 3 });
    expect(of('line').some(({ text }) => text.includes('"stream_event"'))).toBe(false);
  });

  it('runs nothing that is denied, and tells the agent why', async () => {
    lab.gate.decide = () => ({ permission: 'deny', reason: 'Not on a Friday.' });
    const { run, of, api } = await lab.start([commitTurn, say('Then not.')]);
    expect(await run.ended).toMatchObject({ kind: 'completed' });
    expect(lab.subject()).not.toBe(COMMITTED);
    expect(of('tool_result').map(({ ok }) => ok)).toEqual([false]);
    expect(told(api.requests[1])).toContain('Not on a Friday.');
  });

  it.each([
    ['refuses connections', null],
    ['answers 500', 500],
    ['answers 200 with no JSON', 200],
  ])('runs nothing while the gate %s', async (_what, status) => {
    lab.gate.decide = () => status;
    if (status === null) await lab.gate.close();
    const { run, of, api } = await lab.start([
      use(['Bash', { command: 'touch ran' }], ['Read', { file_path: 'README.md' }]),
    ]);
    expect(await run.ended).toMatchObject({ kind: 'completed' });
    expect(existsSync(join(lab.repository.path, 'ran'))).toBe(false);
    expect(of('tool_result').map(({ ok }) => ok)).toEqual([false, false]);
    expect(told(api.requests[1])).toContain('blocking because onFailure is "block"');
  });

  it('asks about every tool that it has', async () => {
    lab.gate.decide = () => 'deny';
    const calls: Parameters<typeof use> = [
      ['Agent', { description: 'd', prompt: 'p', subagent_type: 'general-purpose' }],
      ['Bash', { command: 'true' }],
      ['CronCreate', { cron: '* * * * *', prompt: 'p' }],
      ['CronList', {}],
      ['EnterWorktree', {}],
      ['ListAgents', {}],
      ['Monitor', { command: 'true', description: 'd' }],
      ['Read', { file_path: 'README.md' }],
      ['ReportFindings', { findings: [] }],
      ['ScheduleWakeup', { delaySeconds: 60, reason: 'r', prompt: 'p' }],
      ['SendMessage', { to: 'x', message: 'm' }],
      ['ToolSearch', { query: 'select:WebFetch', max_results: 1 }],
      ['WebFetch', { url: 'http://127.0.0.1:1/', prompt: 'p' }],
      ['WebSearch', { query: 'abc' }],
      ['Write', { file_path: join(lab.repository.path, 'new.txt'), content: 'x' }],
    ];
    // These check their input before they ask: a call that never could run needs no answer.
    const refusedByThemselves: Parameters<typeof use> = [
      ['Edit', { file_path: join(lab.repository.path, 'README.md'), old_string: 'nowhere', new_string: 'x' }],
      ['TaskStop', { task_id: 'none' }],
      ['Skill', { skill: 'none' }],
    ];
    const { run, of } = await lab.start([use(...calls, ...refusedByThemselves), say('Nothing works.')]);
    await run.ended;
    expect(lab.gate.calls.map(({ tool }) => tool).toSorted()).toEqual(calls.map(([name]) => name));
    expect(of('tool_result').filter(({ ok }) => ok)).toEqual([]);
    expect(of('tool_result')).toHaveLength(calls.length + refusedByThemselves.length);
  });

  it('waits for an answer that is held back, and is blocked when the gate is slower than its limit', async () => {
    lab.gate.decide = () => null;
    const { run, api } = await lab.start([bash('touch ran')], { timeoutSeconds: 1 });
    await run.ended;
    expect(told(api.requests[1])).toContain('timed out; blocking');
    expect(existsSync(join(lab.repository.path, 'ran'))).toBe(false);
  });
});

describe('turns', () => {
  it('start their first call before the last one has been spoken, so their number is unknown until then', async () => {
    const turn = use(['Bash', { command: 'true' }], ['Bash', { command: 'true' }]);
    const seen: (number | null)[] = [];
    const started = await lab.start([{ ...turn, betweenMs: 700 }, say('Done.')]);
    lab.gate.decide = async ({ toolUseId }, nth) => {
      seen.push(started.run.callsInTurnOf(toolUseId ?? ''));
      if (nth === 1) {
        await expect.poll(() => started.of('tool_call').length, { timeout: 5_000 }).toBe(2);
        await expect.poll(() => started.run.callsInTurnOf(toolUseId ?? ''), { timeout: 5_000 }).toBe(2);
      }
      return 'allow' as const;
    };
    await started.run.ended;
    expect(seen).toEqual([null, 2]);
  });
});

describe('subagents', () => {
  it('pass the gate by name, go on in the background, and the run ends after the turn that they start', async () => {
    const script = (request: ApiRequest) => {
      const inSubagent = !JSON.stringify(request.messages).includes('MAIN TASK');
      if (inSubagent) return request.toolResults.length > 0 ? say('Sub done.') : bash('sh -c "sleep 1; touch sub"');
      if (!JSON.stringify(request.messages).includes('SUB TASK'))
        return use(['Agent', { description: 'd', prompt: 'SUB TASK', subagent_type: 'general-purpose' }]);
      return say(request.lastUserText.includes('Async agent launched') ? 'Waiting.' : 'Main done.');
    };
    const started = await lab.start(script, { prompt: 'MAIN TASK' });
    const turns: (number | null)[] = [];
    lab.gate.decide = ({ agentId, toolUseId }) => {
      if (agentId !== null) turns.push(started.run.callsInTurnOf(toolUseId ?? ''));
      return 'allow';
    };
    expect(await started.run.ended).toMatchObject({ kind: 'completed', stillAlive: [] });
    expect(existsSync(join(lab.repository.path, 'sub'))).toBe(true);
    expect(lab.gate.calls.map(({ tool, agentId }) => [tool, agentId !== null])).toEqual([
      ['Agent', false],
      ['Bash', true],
    ]);
    expect(turns).toEqual([null]);
    expect(started.of('result').map(({ result }) => result.text)).toEqual(['Waiting.', 'Main done.']);
    expect(started.of('result')[1]?.result.inputTokens).toBe(500);
  });
});

describe('endings', () => {
  const failures: [string, Turn][] = [
    ['model_not_found', { status: 404, errorType: 'not_found_error', message: 'model: nope' }],
    ['auth_required', { status: 401, errorType: 'authentication_error', message: 'invalid x-api-key' }],
    ['refused', refusal()],
  ];
  it.each(failures)('%s is told from what the service says', async (kind, turn) => {
    const { run } = await lab.start(() => turn);
    expect(await run.ended).toMatchObject({ kind, stillAlive: [] });
  });

  it('a usage limit comes with the time at which it resets', async () => {
    const resets = Math.ceil(Date.now() / 1000) + 3_600;
    const headers = {
      'retry-after': '3600',
      'anthropic-ratelimit-unified-status': 'rejected',
      'anthropic-ratelimit-unified-reset': String(resets),
      'anthropic-ratelimit-unified-representative-claim': 'five_hour',
    };
    const api = await lab.startApi(() => ({ status: 429, errorType: 'rate_limit_error', message: 'no', headers }));
    const driver = lab.driverFor(api, { ANTHROPIC_API_KEY: undefined, CLAUDE_CODE_OAUTH_TOKEN: 'sk-ant-oat01-test' });
    const { run } = await watch(driver, launchSpec(lab.gate, lab.repository.path));
    expect(await run.ended).toMatchObject({ kind: 'quota', resetsAt: resets * 1000 });
  });

  it('not logged in, and a conversation that is not there', async () => {
    const api = await lab.startApi();
    const { run } = await watch(
      lab.driverFor(api, { ANTHROPIC_API_KEY: undefined }),
      launchSpec(lab.gate, lab.repository.path),
    );
    expect(await run.ended).toMatchObject({ kind: 'auth_required', detail: expect.stringContaining('Not logged in') });

    const gone = await watch(
      lab.driverFor(api),
      launchSpec(lab.gate, lab.repository.path, { resume: true, prompt: 'Go on.' }),
    );
    expect(await gone.run.ended).toMatchObject({ kind: 'unknown_session' });
    expect(gone.of('started')).toEqual([]);
  });
});
