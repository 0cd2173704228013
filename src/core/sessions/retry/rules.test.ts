import { describe, expect, test } from 'vitest';
import { Config } from '../../../shared/config.ts';
import { SessionOutcome } from '../../../shared/contract/sessions.ts';
import { type AfterEnding, afterEnding, continuationNote, RETRY, type RunEnded } from './rules.ts';

const limits = Config.parse({}).sessions.retry;
const NOW = 1_000_000_000;
const MINUTE = 60_000;
const run = (given: Partial<RunEnded>): RunEnded => ({
  kind: 'completed',
  wanted: false,
  goodbye: false,
  begun: false,
  resetsAt: null,
  attempt: 0,
  cutOffs: 0,
  ranMs: 0,
  alive: [],
  now: NOW,
  chance: 0,
  ...given,
});
const after = (given: Partial<RunEnded>): AfterEnding => afterEnding(run(given), limits);
const waits = (reason: string, inMs: number, attempt: number, cutOffs = 0) => ({
  step: 'wait',
  reason,
  retryAt: NOW + inMs,
  attempt,
  cutOffs,
});
const holds = (evidence: RegExp) => ({ step: 'hold', evidence: expect.stringMatching(evidence) });

describe('what becomes of a session by how its run ended', () => {
  test.each<[string, Partial<RunEnded>, unknown]>([
    ['a limit with its reset', { kind: 'quota', resetsAt: NOW + 90 * MINUTE }, waits('quota', 90 * MINUTE, 1)],
    ['… and jitter', { kind: 'quota', resetsAt: NOW + 90 * MINUTE, chance: 0.5 }, waits('quota', 90.5 * MINUTE, 1)],
    ['a limit without a reset', { kind: 'quota' }, waits('quota', 15 * MINUTE, 1)],
    ['… again and again', { kind: 'quota', attempt: 9 }, waits('quota', 120 * MINUTE, 10)],
    ['a reset that is over', { kind: 'quota', resetsAt: NOW - 1 }, waits('quota', 15 * MINUTE, 1)],
    [
      'a reset that nobody lives to see',
      { kind: 'quota', resetsAt: NOW * 40 },
      waits('quota', 8 * 24 * 60 * MINUTE, 1),
    ],
    ['a limit too often', { kind: 'quota', attempt: 50 }, holds(/50 times in a row/)],
    ['… but after long work', { kind: 'quota', attempt: 50, ranMs: 11 * MINUTE }, waits('quota', 15 * MINUTE, 1)],
    ['a failing service', { kind: 'transient' }, waits('transient', 30_000, 1)],
    ['… the third time', { kind: 'transient', attempt: 2 }, waits('transient', 120_000, 3)],
    ['… with a bound on the wait', { kind: 'transient', attempt: 5 }, waits('transient', 15 * MINUTE, 6)],
    ['… once too often', { kind: 'transient', attempt: 6 }, holds(/7 times in a row/)],
    ['a crash', { kind: 'crashed' }, waits('crashed', 0, 0, 1)],
    ['a second crash', { kind: 'crashed', cutOffs: 1 }, holds(/cut off 2 times/)],
    ['… however long it worked', { kind: 'crashed', cutOffs: 1, ranMs: 60 * MINUTE }, holds(/cut off 2 times/)],
    [
      'a crash that left what resists',
      { kind: 'crashed', alive: [7, 9] },
      holds(/2 processes could not be ended: 7, 9/),
    ],
    ['… but its end is its end', { kind: 'stalled', alive: [7] }, { step: 'end' }],
    ['broken output', { kind: 'truncated' }, waits('truncated', 0, 0, 1)],
    ['a crash of ours', { kind: 'interrupted' }, waits('interrupted', 0, 0, 1)],
    ['a crash of ours after one of its own', { kind: 'interrupted', cutOffs: 1 }, holds(/cut off 2 times/)],
    ['no start', { kind: 'launch_failed' }, { step: 'end' }],
    ['no start on the way back', { kind: 'launch_failed', begun: true }, holds(/could not be started again/)],
    ['a shutdown in good order', { kind: 'interrupted', goodbye: true, cutOffs: 1 }, waits('interrupted', 0, 0, 1)],
  ])('%s', (_name, given, expected) => expect(after(given)).toEqual(expected));

  test.each(SessionOutcome.options)('%s that somebody wanted is the end', (kind) => {
    expect(after({ kind, wanted: true })).toEqual({ step: 'end' });
  });

  test.each(SessionOutcome.options.filter((kind) => RETRY[kind] === 'never'))('%s is never tried again', (kind) => {
    expect(after({ kind, resetsAt: NOW + 1 })).toEqual({ step: 'end' });
  });

  test('in 100,000 random histories the budget of retries is never exceeded, and a stop never overridden', () => {
    let seed = 7;
    const pick = (below: number): number => {
      seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
      return seed % below;
    };
    for (let history = 0; history < 100_000; history++) {
      let [attempt, cutOffs, failures, cuts] = [0, 0, 0, 0];
      for (let runs = 0; runs < 12; runs++) {
        const kind = (['transient', 'crashed', 'truncated', 'interrupted'] as const)[pick(4)] ?? 'crashed';
        const wanted = pick(20) === 0;
        const next = after({ kind, wanted, attempt, cutOffs, chance: pick(1_000) / 1_000 });
        if (wanted && next.step !== 'end') expect.unreachable('a stop was overridden');
        if (next.step !== 'wait') break;
        if (next.retryAt < NOW || next.retryAt > NOW + limits.transientMaxMs * 1.2)
          expect.unreachable('a wait out of bounds');
        ({ attempt, cutOffs } = next);
        if (kind === 'transient') failures += 1;
        else cuts += 1;
      }
      if (failures > limits.transient || cuts > limits.crashes) expect.unreachable(`${failures} and ${cuts} retries`);
    }
  });
});

describe('what an agent is told when it goes on', () => {
  test('why it was cut off, and that the work tree is as it was', () => {
    expect(continuationNote('crashed', 'Editing src/a.ts', [])).toMatch(
      /because its program crashed\. The last that was seen of you: Editing src\/a\.ts\.\nThe work tree is as it was/,
    );
    expect(continuationNote('quota', null, [])).toContain('the usage limit was reached');
    expect(continuationNote('held', null, ['The same call 12 times.'])).toMatch(
      /paused[\s\S]*- The same call 12 times\./,
    );
  });

  test('nothing when there is nothing to tell', () => {
    expect(continuationNote(null, 'Editing', [])).toBeNull();
    expect(continuationNote('completed', 'Editing', [])).toBeNull();
  });
});
