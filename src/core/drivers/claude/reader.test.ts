import { beforeEach, describe, expect, it } from 'vitest';
import type { AgentEvent, AgentUsage } from '../driver.ts';
import { createReader, type Reader } from './reader.ts';
import { isAtLeast, versionIn } from './version.ts';

let events: AgentEvent[];
beforeEach(() => {
  events = [];
});

function reader(given: { resumed?: boolean; usedBefore?: AgentUsage } = {}): (...lines: object[]) => Reader {
  const { resumed = false, usedBefore = null } = given;
  const one = createReader({ cwd: '/repo', resumed, version: '2.1.328', usedBefore, observe: (e) => events.push(e) });
  return (...lines) => {
    for (const line of lines) one.take(JSON.stringify(line));
    return one;
  };
}

const init = { type: 'system', subtype: 'init', session_id: 's', claude_code_version: '2.1.328', model: 'm' };
const stream = (event: object, parent: string | null = null) => ({
  type: 'stream_event',
  event,
  parent_tool_use_id: parent,
});
const begin = (id: string, usage = {}) => stream({ type: 'message_start', message: { id, usage } });
const stop = stream({ type: 'message_stop' });
const usage = (input_tokens: number, output_tokens: number) => ({ input_tokens, output_tokens });
const calls = (id: string, ...toolUseIds: string[]) => ({
  type: 'assistant',
  message: {
    id,
    usage: usage(10, 1),
    content: toolUseIds.map((tool) => ({ type: 'tool_use', id: tool, name: 'Bash' })),
  },
});
const bySubagent = (line: object) => ({ ...line, parent_tool_use_id: 'toolu_agent' });
const done = (tool: string, is_error = false) => ({
  type: 'user',
  message: { content: [{ type: 'tool_result', tool_use_id: tool, is_error }] },
});
const tasks = (count: number) => ({
  type: 'system',
  subtype: 'background_tasks_changed',
  tasks: Array.from({ length: count }, (_, n) => ({ task_id: n })),
});
const last = <T extends AgentEvent['type']>(type: T) =>
  events.findLast((event): event is Extract<AgentEvent, { type: T }> => event.type === type);

describe('the calls of a turn', () => {
  it('are counted over all lines of one message, and known once the message is complete', () => {
    const take = reader();
    expect(take(init, begin('a'), calls('a', 't1')).callsInTurnOf('t1')).toBeNull();
    expect(take(calls('a', 't2')).callsInTurnOf('t1')).toBeNull();
    expect(take(stop).callsInTurnOf('t1')).toBe(2);
    expect(take(done('t1'), done('t2'), begin('b'), calls('b', 't3')).callsInTurnOf('t2')).toBe(2);
    expect(take().callsInTurnOf('t3')).toBeNull();
    expect(take(stop).callsInTurnOf('t3')).toBe(1);
    expect(take().callsInTurnOf('never seen')).toBeNull();
  });

  it('are not known of a subagent, of an answer that was not streamed, and while background work goes on', () => {
    const take = reader();
    expect(
      take(init, bySubagent(calls('s', 't0')), stream({ type: 'message_stop' }, 'toolu_agent')).callsInTurnOf('t0'),
    ).toBeNull();
    expect(take(calls('a', 't1')).callsInTurnOf('t1')).toBeNull();
    take(begin('b'), calls('b', 't2'), stop);
    expect(take(tasks(1)).callsInTurnOf('t2')).toBeNull();
    expect(take(tasks(0)).callsInTurnOf('t2')).toBe(1);
  });

  it('are one before the `init` of a resumed run: only the parked call is asked then', () => {
    expect(reader()().callsInTurnOf('t1')).toBeNull();
    const take = reader({ resumed: true });
    expect(take().callsInTurnOf('t1')).toBe(1);
    expect(take(init).callsInTurnOf('t1')).toBeNull();
  });
});

describe('figures', () => {
  it('count a message once, by its largest figures, caches as input', () => {
    const take = reader();
    const cached = { ...usage(10, 1), cache_read_input_tokens: 1_000, cache_creation_input_tokens: 100 };
    const line = { type: 'assistant', message: { id: 'a', usage: cached, content: [] } };
    take(init, begin('a'), line, line, line);
    take(stream({ type: 'message_delta', usage: { ...cached, output_tokens: 50 } }), stop, line);
    take(bySubagent({ ...line, message: { ...line.message, id: 'sub' } }));
    expect(last('usage')).toMatchObject({ inputTokens: 2_220, outputTokens: 51, costUsd: null, turns: 1 });
  });

  it('give way to the agent’s own at a result, and go on from there', () => {
    const since = {
      m: { inputTokens: 30, cacheReadInputTokens: 5, cacheCreationInputTokens: 0, outputTokens: 7, costUSD: 0.5 },
    };
    const result = { type: 'result', result: 'ok', model_usage_since_last_result: since };
    const take = reader({ usedBefore: { inputTokens: 100, outputTokens: 10, costUsd: 1, turns: 3 }, resumed: true });
    take(init, begin('a'), calls('a', 't'), stop, result, begin('b'), calls('b', 't2'), stop, result);
    expect(last('result')?.result).toMatchObject({
      inputTokens: 170,
      outputTokens: 24,
      costUsd: 2,
      turns: 5,
      text: 'ok',
    });
  });

  it('leave the cost unknown from a message to the next result', () => {
    const since = { m: { inputTokens: 10, outputTokens: 1, costUSD: 0.5 } };
    const result = { type: 'result', result: 'ok', model_usage_since_last_result: since };
    const take = reader();
    take(init, begin('a'), calls('a', 't'), stop, result);
    expect(last('usage')).toMatchObject({ costUsd: 0.5 });
    take(begin('b'), calls('b', 't2'), stop);
    expect(last('usage')).toMatchObject({ inputTokens: 20, costUsd: null });
    take(result);
    expect(last('usage')).toMatchObject({ costUsd: 1 });
  });

  it('of a run after one without a price give its own cost, and no total', () => {
    const since = { m: { inputTokens: 10, outputTokens: 1, costUSD: 0.5 } };
    const usedBefore = { inputTokens: 100, outputTokens: 10, costUsd: null, turns: 3 };
    const take = reader({ usedBefore, resumed: true });
    take(init, begin('a'), calls('a', 't'), stop);
    take({ type: 'result', result: 'ok', model_usage_since_last_result: since });
    expect(last('usage')).toMatchObject({ inputTokens: 110, costUsd: null, runCostUsd: 0.5 });
  });

  it('of a conversation that began anew are added to what was used before', () => {
    const take = reader({ usedBefore: { inputTokens: 100, outputTokens: 10, costUsd: 1, turns: 3 } });
    const modelUsage = { m: { inputTokens: 300, outputTokens: 40, costUSD: 0.4 } };
    take(init, begin('a'), stop, { type: 'result', result: 'ok', total_cost_usd: 0.4, modelUsage });
    expect(last('result')?.result).toMatchObject({ inputTokens: 400, outputTokens: 50, costUsd: 1.4, turns: 3 });
  });

  it('of a resumed run whose past is not known come with its result alone', () => {
    const take = reader({ resumed: true });
    take(init, begin('a'), calls('a', 't'), stop);
    expect(last('usage')).toBeUndefined();
    const modelUsage = { m: { inputTokens: 300, outputTokens: 40, costUSD: 0.4 } };
    take({ type: 'result', result: 'ok', total_cost_usd: 0.4, modelUsage, model_usage_since_last_result: {} });
    expect(last('result')?.result).toMatchObject({ inputTokens: 300, outputTokens: 40, costUsd: 0.4 });
  });
});

describe('what is told', () => {
  it('is each line as it came but the fragments, whatever it is', () => {
    const one = createReader({
      cwd: '/',
      resumed: false,
      version: null,
      usedBefore: null,
      observe: (e) => events.push(e),
    });
    const odd = [
      '{"type":"from_the_future","x":[1]}',
      'no json',
      '[1,2]',
      '{"type":"assistant"}',
      '{"type":"user","message":7}',
    ];
    expect(odd.map((line) => one.take(line))).toEqual([true, false, false, true, true]);
    one.take(JSON.stringify(begin('a')));
    expect(events.flatMap((event) => (event.type === 'line' ? [event.text] : []))).toEqual(odd);
  });

  it('names phases and activities once each', () => {
    const take = reader();
    take(init, begin('a'), stream({ type: 'content_block_start', content_block: { type: 'text' } }));
    take(calls('a', 't1'), calls('a', 't2'), stop, done('t1'), done('t2', true));
    const told = events.filter((event) => event.type === 'activity').map(({ phase, activity }) => [phase, activity]);
    expect(told).toEqual([
      ['thinking', null],
      ['writing', null],
      ['tool', 'Running a command'],
      ['thinking', null],
    ]);
    expect(events.filter((event) => event.type === 'tool_result').map(({ ok }) => ok)).toEqual([true, false]);
  });

  it('starts a resumed run with its first line, a fresh one with its `init`', () => {
    reader()({ type: 'system', subtype: 'hook_started', session_id: 's' });
    expect(last('started')).toBeUndefined();
    reader({ resumed: true })({ type: 'command_lifecycle', session_id: 's' }, init);
    expect(events.filter(({ type }) => type === 'started')).toHaveLength(1);
    expect(last('started')).toMatchObject({ agentSessionId: 's', version: '2.1.328', model: null });
  });

  it('keeps a call running until its result, a main one no longer than its turn', () => {
    const take = reader();
    const { reading } = take(init, begin('a'), calls('a', 't1', 't2'), bySubagent(calls('s', 't3')), stop, done('t1'));
    expect([...reading.running.keys()]).toEqual(['t2', 't3']);
    take({ type: 'result', stop_reason: 'tool_deferred' });
    expect([...reading.running.keys()]).toEqual(['t3']);
    expect(reading.turnOpen).toBe(false);
  });
});

it('versions are compared by their numbers', () => {
  expect(versionIn('2.1.328 (Claude Code)\n')).toBe('2.1.328');
  expect(versionIn('command not found')).toBeNull();
  expect(['2.1.295', '2.1.1000', '2.2.0', '3.0.0'].map((version) => isAtLeast(version, '2.1.295'))).toEqual([
    true,
    true,
    true,
    true,
  ]);
  expect(['2.1.294', '2.0.999', '1.9.999', '2.1.9'].map((version) => isAtLeast(version, '2.1.295'))).toEqual([
    false,
    false,
    false,
    false,
  ]);
});
