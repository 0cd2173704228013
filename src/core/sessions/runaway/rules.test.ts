import { describe, expect, test } from 'vitest';
import {
  newRecent,
  type Recent,
  type RunawayLimits,
  suspicionOf,
  withCall,
  withProgress,
  withResult,
  withUse,
} from './rules.ts';

const MINUTE = 60_000;
const limits: RunawayLimits = {
  repeats: 4,
  dollarsPerMinute: 5,
  tokensPerMinute: 1_000_000,
  windowMs: 5 * MINUTE,
  noProgressMs: 30 * MINUTE,
  noProgressTokens: 100_000,
};
const OFF: RunawayLimits = { ...limits, repeats: 0, dollarsPerMinute: 0, tokensPerMinute: 0, noProgressMs: 0 };

const calls = (recent: Recent, ...names: string[]): Recent =>
  names.reduce(
    (so, name) => withCall(so, { id: 't', at: 0, works: false, key: name, what: `Running ${name}` }, limits),
    recent,
  );

/** A minute's totals, one after the other. */
const uses = (perMinute: { usd: number | null; tokens: number }[], recent = newRecent(0)): Recent => {
  let [usd, tokens] = [0, 0];
  return perMinute.reduce((so, used, minute) => {
    usd += used.usd ?? 0;
    tokens += used.tokens;
    return withUse(so, { at: minute * MINUTE, costUsd: used.usd === null ? null : usd, tokens }, limits);
  }, recent);
};
const minutes = (count: number, usd: number | null, tokens: number) =>
  Array.from({ length: count }, () => ({ usd, tokens }));

describe('the same call again and again', () => {
  test.each<[string, string[], boolean]>([
    ['in a row', ['a', 'a', 'a', 'a'], true],
    ['once too few', ['a', 'a', 'a'], false],
    ['in turn with another', ['a', 'b', 'a', 'b', 'a', 'b', 'a'], true],
    ['among many others', ['a', 'b', 'c', 'a', 'd', 'e', 'a', 'f', 'g', 'a'], false],
    ['different ones', ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'], false],
  ])('%s', (_name, names, suspicious) => {
    const found = suspicionOf(calls(newRecent(0), ...names), 0, limits);
    expect(found?.reason ?? null).toBe(suspicious ? 'repeating' : null);
    if (found) expect(found.evidence[0]).toMatch(/^The same call 4 times.*: Running a\.$/);
  });

  /** Every call takes so long, and the next one comes at once. */
  const taking = (ms: number, names: string[], repeats = 12): Recent =>
    names.reduce((so, name, n) => {
      const call = { id: `${n}`, at: n * ms, works: name === 'subagent', key: name, what: `Running ${name}` };
      return withResult(withCall(so, call, { ...limits, repeats }), call.id, (n + 1) * ms);
    }, newRecent(0));
  const turns = (count: number, ...names: string[]): string[] => Array.from({ length: count }, () => names).flat();

  test.each<[string, number, string[], boolean]>([
    ['waiting for a build', 30_000, turns(40, 'sleep 30; curl -s ci/status'), false],
    ['the same without waiting', 1_000, turns(12, 'curl -s ci/status'), true],
    ['the same subagent, however long it works', 60_000, turns(12, 'subagent'), true],
    ['three calls in turn', 1_000, turns(8, 'cat a', 'npm test', 'cat log'), true],
    ['three calls in turn, once too few', 1_000, turns(8, 'cat a', 'npm test', 'cat log').slice(1), false],
    ['three calls in turn, of which one waits', 12_000, turns(8, 'cat a', 'npm test', 'cat log'), false],
    ['five calls in turn', 1_000, turns(8, 'a', 'b', 'c', 'd', 'e'), false],
  ])('%s', (_name, ms, names, suspicious) => {
    const found = suspicionOf(taking(ms, names), 0, { ...limits, repeats: 12 });
    expect(found?.reason ?? null).toBe(suspicious ? 'repeating' : null);
  });

  test('a loop of several calls is told by all of them', () => {
    const found = suspicionOf(taking(1_000, turns(8, 'cat a', 'npm test', 'cat log')), 0, { ...limits, repeats: 12 });
    expect(found?.evidence[0]).toBe(
      'Its last 24 calls are the same 3 over and over: Running cat a; Running npm test; Running cat log.',
    );
  });

  test('what changes the work tree is not in vain', () => {
    const before = calls(newRecent(0), 'a', 'a', 'a');
    expect(suspicionOf(calls(withProgress(before, 1), 'a', 'a', 'a'), 1, limits)).toBeNull();
  });
});

describe('cost and tokens a minute', () => {
  test.each<[string, { usd: number | null; tokens: number }[], RegExp | null]>([
    ['within the bounds', minutes(10, 4, 900_000), null],
    ['too dear', minutes(6, 6, 10), /costs \$6\.00 a minute over 5 minutes; the bound is \$5\.00/],
    ['too many tokens, at unknown cost', minutes(6, null, 2_000_000), /2\.0M tokens a minute/],
    ['dear, but only for a moment', minutes(2, 50, 10), null],
    ['dear, but long ago', [...minutes(6, 6, 10), ...minutes(8, 0.1, 10)], null],
  ])('%s', (_name, used, evidence) => {
    const found = suspicionOf(uses(used), 0, limits);
    if (evidence === null) expect(found).toBeNull();
    else expect(found).toEqual({ reason: 'burning', evidence: [expect.stringMatching(evidence)] });
  });

  test('a long session keeps no more than its window', () => {
    const long = uses(minutes(500, 0.1, 100));
    expect(long.uses.length).toBeLessThanOrEqual(7);
    const often = Array.from({ length: 1_000 }, (_, n) => n).reduce(
      (so, n) => withUse(so, { at: n * 50, costUsd: 0, tokens: n }, limits),
      newRecent(0),
    );
    expect(often.uses.length).toBeLessThan(20);
  });
});

describe('no progress', () => {
  const burnt = (tokens: number): Recent =>
    withUse(
      withUse(newRecent(0), { at: 0, costUsd: null, tokens: 0 }, limits),
      { at: 29 * MINUTE, costUsd: null, tokens },
      limits,
    );

  test.each<[string, Recent, number, boolean]>([
    ['tokens, time and no change', burnt(150_000), 31 * MINUTE, true],
    ['too early', burnt(150_000), 29 * MINUTE, false],
    ['waiting costs nothing', burnt(50_000), 300 * MINUTE, false],
    ['a change in between', withProgress(burnt(150_000), 29 * MINUTE), 31 * MINUTE, false],
  ])('%s', (_name, recent, now, suspicious) => {
    expect(suspicionOf(recent, now, limits)?.reason ?? null).toBe(suspicious ? 'no_progress' : null);
  });
});

test('each look can be switched off', () => {
  expect(suspicionOf(calls(uses(minutes(40, 50, 9_000_000)), 'a', 'a', 'a', 'a'), 60 * MINUTE, OFF)).toBeNull();
});
