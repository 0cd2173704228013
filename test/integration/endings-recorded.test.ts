import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { AgentLimits, AgentRun } from '../../src/core/drivers/driver.ts';
import { afterEnding, RETRY, type RetryPolicy } from '../../src/core/sessions/retry/rules.ts';
import { Config } from '../../src/shared/config.ts';
import { SessionOutcome as Outcomes, type SessionOutcome } from '../../src/shared/contract/sessions.ts';
import { openScriptedLab, type ScriptedLab, type Step } from '../fakes/scripted-claude.ts';

/*
 * Every way in which a run may end: what the real CLI wrote (raw, recorded by test/fixtures/claude/record-endings.ts),
 * played to the driver by a real process, with the class that it has to get and what follows from it.
 */
let lab: ScriptedLab;
beforeAll(async () => {
  lab = await openScriptedLab();
});
afterAll(() => lab.close());

const recorded = (name: string): string =>
  readFileSync(join(import.meta.dirname, '../fixtures/claude/endings', `${name}.jsonl`), 'utf8');

interface Ending {
  file: string;
  /** What the process does after its last line. */
  last: Step;
  limits?: Partial<AgentLimits>;
  stop?: Parameters<AgentRun['stop']>[0];
  /** Only so much of the recording. */
  bytes?: number;
}

const HANG: Step = { hang: true };
const exit = (code: number): Step => ({ exit: code });

const ENDINGS: [name: string, ending: Ending, kind: SessionOutcome | 'deferred', policy: RetryPolicy | 'park'][] = [
  ['success', { file: 'success', last: exit(0) }, 'completed', 'never'],
  ['success that does not exit', { file: 'success', last: HANG, limits: { graceMs: 50 } }, 'completed', 'never'],
  ['a refusal', { file: 'refusal', last: exit(1) }, 'refused', 'never'],
  ['a refusal with exit code 0', { file: 'refusal', last: exit(0) }, 'refused', 'never'],
  ['turns used up', { file: 'max-turns', last: exit(1) }, 'max_turns', 'never'],
  ['budget used up', { file: 'budget', last: exit(1) }, 'budget', 'never'],
  ['not logged in', { file: 'not-logged-in', last: exit(1) }, 'auth_required', 'never'],
  ['a refused login, which the CLI tries again', { file: 'login-refused', last: HANG }, 'auth_required', 'never'],
  ['the usage limit', { file: 'quota', last: exit(1) }, 'quota', 'at_reset'],
  ['overloaded (529)', { file: 'transient-529', last: exit(1) }, 'transient', 'back_off'],
  ['too many requests (429)', { file: 'transient-429', last: exit(1) }, 'transient', 'back_off'],
  ['no such model', { file: 'model-not-found', last: exit(1) }, 'model_not_found', 'never'],
  ['no such conversation', { file: 'unknown-session', last: exit(1) }, 'unknown_session', 'never'],
  ['the time box', { file: 'cut-off', last: HANG, stop: 'timed_out' }, 'timed_out', 'never'],
  ['silence', { file: 'cut-off', last: HANG, limits: { stallMs: 100, toolStallMs: 100 } }, 'stalled', 'never'],
  [
    'no sign of life',
    { file: 'cut-off', bytes: 0, last: HANG, limits: { startupMs: 300 } },
    'launch_failed',
    'if_begun',
  ],
  ['a deferred call', { file: 'deferred', last: exit(0) }, 'deferred', 'park'],
  ['stopped by a person', { file: 'cut-off', last: HANG, stop: 'stopped' }, 'stopped', 'never'],
  ['stopped by the gate', { file: 'cut-off', last: HANG, stop: 'ended_by_gate' }, 'ended_by_gate', 'never'],
  ['cut off by a shutdown', { file: 'cut-off', last: HANG, stop: 'interrupted' }, 'interrupted', 'once'],
  ['killed from outside', { file: 'cut-off', last: { kill: 'SIGKILL' } }, 'crashed', 'once'],
  ['a crash', { file: 'cut-off', last: exit(134) }, 'crashed', 'once'],
  ['no result, though the exit code is 0', { file: 'cut-off', last: exit(0) }, 'truncated', 'once'],
  ['half a line, though the exit code is 0', { file: 'success', bytes: -200, last: exit(0) }, 'truncated', 'once'],
];

test.each(ENDINGS)('%s', async (_name, { file, last, limits = {}, stop, bytes }, kind, policy) => {
  const text = recorded(file).slice(0, bytes ?? Number.POSITIVE_INFINITY);
  const run = await lab.start([...(text === '' ? [] : [{ raw: text }]), last], { killMs: 500, ...limits });
  if (stop) {
    const whole = text.trimEnd().split('\n').length;
    // What is said in fragments is no part of the transcript.
    const told = text.split('\n').filter((line) => line !== '' && !line.includes('"type":"stream_event"')).length;
    await expect.poll(() => run.of('line').length, { timeout: 10_000 }).toBe(Math.min(whole, told));
    await run.run.stop(stop);
  }
  const ending = await run.run.ended;
  expect(ending).toMatchObject({ kind, stillAlive: [] });
  expect(ending.detail).not.toBe('');
  if (kind === 'deferred') {
    expect(policy).toBe('park');
    expect(ending.deferred).toMatchObject({ tool: 'Bash' });
    return;
  }
  expect(RETRY[kind]).toBe(policy);
  if (kind === 'quota') expect(ending.resetsAt).toBe(1_795_176_024_000);

  const facts = {
    kind,
    wanted: false,
    goodbye: false,
    begun: false,
    attempt: 0,
    cutOffs: 0,
    ranMs: 0,
    alive: [],
    now: 1_795_000_000_000,
    chance: 0,
  };
  const next = afterEnding({ ...facts, resetsAt: ending.resetsAt }, Config.parse({}).sessions.retry);
  const expected = {
    never: { step: 'end' },
    if_begun: { step: 'end' },
    at_reset: { step: 'wait', reason: 'quota', retryAt: 1_795_176_024_000 },
    back_off: { step: 'wait', reason: 'transient', retryAt: facts.now + 30_000 },
    once: { step: 'wait', reason: kind, retryAt: facts.now, cutOffs: 1 },
    park: null,
  }[policy];
  expect(next).toMatchObject(Object(expected));
});

test('every class that a run can end with has its fixture, but those that we find ourselves', () => {
  const ours = ['nothing_to_do']; // only our own look at the work tree tells it from `completed`
  const played = new Set<string>(ENDINGS.map(([, , kind]) => kind));
  expect(Outcomes.options.filter((kind) => !played.has(kind))).toEqual(ours);
});
