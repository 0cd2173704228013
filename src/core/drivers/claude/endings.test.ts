import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { AgentEvent } from '../driver.ts';
import { endingOfExit, endingOfResult, type Signs } from './endings.ts';
import { createReader } from './reader.ts';

interface Recorded {
  name: string;
  version: string;
  expected: string;
  exitCode: number | null;
  signal: string | null;
  stderr: string;
  lines: object[];
}

const recorded = JSON.parse(
  readFileSync(new URL('../../../../test/fixtures/claude/endings.json', import.meta.url), 'utf8'),
) as Recorded[];

const signsOf = (lines: object[], stderr = ''): Signs => {
  const options = { cwd: '/', resumed: false, version: null, usedBefore: null, observe: () => undefined };
  const { take, reading } = createReader(options);
  for (const line of lines) take(JSON.stringify(line));
  return { ...reading, stderr };
};

const endingOf = (one: Recorded) => {
  const signs = signsOf(one.lines, one.stderr);
  return signs.result ? endingOfResult(signs.result, signs) : endingOfExit(one, signs);
};

const resultOf = (line: object) => {
  const signs = signsOf([{ type: 'result', ...line }]);
  return endingOfResult(signs.result ?? {}, signs);
};

describe('endings recorded from the real CLI', () => {
  it.each(recorded.map((one) => [one.name, one] as const))('%s', (_name, one) => {
    const ending = endingOf(one);
    expect(ending.kind).toBe(one.expected);
    expect(ending.detail).not.toBe('');
  });

  it('do not depend on the exit code when there is a result', () => {
    for (const one of recorded.filter((other) => other.lines.some((line) => 'result' in line))) {
      const signs = signsOf(one.lines);
      expect(endingOfResult(signs.result ?? {}, signs).kind).toBe(one.expected);
    }
  });

  it('name the reset of a limit and the call that waits', () => {
    const named = (name: string) => endingOf(recorded.find((one) => one.name === name) as Recorded);
    expect(named('subscription limit')).toMatchObject({ resetsAt: 1_795_176_024_000 });
    expect(named('429 of an API key')).toMatchObject({ resetsAt: null });
    expect(named('a deferred call')).toMatchObject({ deferred: { toolUseId: expect.any(String), tool: 'Bash' } });
  });
});

describe('endings as other versions tell them', () => {
  it.each([
    ['a refusal as a success', { subtype: 'success', is_error: false, stop_reason: 'refusal', result: '' }, 'refused'],
    ['a missing login as a success', { is_error: false, result: 'Not logged in · Please run /login' }, 'auth_required'],
    ['a bad key', { is_error: true, result: 'Invalid API key · Fix external API key' }, 'auth_required'],
    ['a limit as a success', { is_error: false, result: "You've hit your session limit · resets 3pm" }, 'quota'],
    ['a lost connection', { is_error: true, result: 'API Error: Connection error.' }, 'transient'],
    ['an internal error', { is_error: true, subtype: 'error_during_execution' }, 'crashed'],
    ['an answer cut off at the limit', { is_error: false, stop_reason: 'max_tokens', result: 'half' }, 'truncated'],
    ['a deferral without a call', { is_error: false, stop_reason: 'tool_deferred' }, 'completed'],
  ])('%s', (_name, line, kind) => {
    expect(resultOf(line).kind).toBe(kind);
  });

  it('a limit with its reset in the text', () => {
    const ending = resultOf({ is_error: true, result: 'Claude AI usage limit reached|1795176024' });
    expect(ending).toMatchObject({
      kind: 'quota',
      resetsAt: 1_795_176_024_000,
      detail: 'Claude AI usage limit reached.',
    });
  });

  it('a limit whose reset was told in figures too: they count over the text', () => {
    const event = { type: 'rate_limit_event', rate_limit_info: { status: 'rejected', resetsAt: 1_795_180_000 } };
    const signs = signsOf([
      event,
      { type: 'result', is_error: true, result: 'Claude AI usage limit reached|1795176024' },
    ]);
    expect(endingOfResult(signs.result ?? {}, signs)).toMatchObject({
      kind: 'quota',
      resetsAt: 1_795_180_000_000,
      detail: 'Claude AI usage limit reached.',
    });
  });

  it('what is kept as said at a limit has no raw time; what a model says itself is kept as it is', () => {
    const said = (line: object): unknown => {
      const seen: AgentEvent[] = [];
      const observe = (event: AgentEvent): void => void seen.push(event);
      const { take } = createReader({ cwd: '/', resumed: false, version: null, usedBefore: null, observe });
      take(JSON.stringify({ type: 'result', result: 'Claude AI usage limit reached|1795176024', ...line }));
      return seen.find((event) => event.type === 'result')?.result.text;
    };
    expect(said({ is_error: true })).toBe('Claude AI usage limit reached.');
    expect(said({ is_error: false, stop_reason: 'end_turn' })).toBe('Claude AI usage limit reached|1795176024');
  });

  it('an answer that speaks about such things is no failure', () => {
    const result = 'I fixed the text "Not logged in · Please run /login" and the 429 handling.';
    expect(resultOf({ is_error: false, stop_reason: 'end_turn', result }).kind).toBe('completed');
  });

  it.each([
    "You've hit your limit · resets 12pm",
    'Claude AI usage limit reached|9999999999',
    'Not logged in · Please run /login',
    'No conversation found',
  ])('a model that ends with the words of a failure has ended: %s', (result) => {
    expect(resultOf({ is_error: false, stop_reason: 'end_turn', result })).toMatchObject({
      kind: 'completed',
      resetsAt: null,
    });
  });
});

describe('endings without a result', () => {
  const init = { type: 'system', subtype: 'init' };
  it.each([
    ['code 0 after work', [init], { exitCode: 0, signal: null }, '', false, 'truncated'],
    ['code 1 after work', [init], { exitCode: 1, signal: null }, 'boom', false, 'crashed'],
    ['code 1 before anything', [], { exitCode: 1, signal: null }, 'bad option', false, 'launch_failed'],
    ['a signal', [init], { exitCode: null, signal: 'SIGKILL' }, '', false, 'crashed'],
    ['a signal before anything', [], { exitCode: null, signal: 'SIGKILL' }, '', false, 'crashed'],
    ['half a line', [init], { exitCode: 0, signal: null }, '', true, 'truncated'],
    ['no login', [], { exitCode: 1, signal: null }, 'Invalid API key · Please run /login', false, 'auth_required'],
  ])('%s', (_name, lines, exit, stderr, cutOff, kind) => {
    const ending = endingOfExit(exit, { ...signsOf(lines, stderr), cutOff });
    expect(ending.kind).toBe(kind);
    if (stderr !== '') expect(ending.detail).toContain(stderr);
  });
});
