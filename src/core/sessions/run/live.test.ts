import { expect, test } from 'vitest';
import { createFakeClock } from '../../../../test/fakes/clock.ts';
import { openingOf } from '../conversation/opening.ts';
import type { Prompts } from '../conversation/prompts.ts';
import type { StoredSession } from '../storage.ts';
import { kept, newLive, takeUp } from './live.ts';
import { usedInRun } from './spawns.ts';

const before = { inputTokens: 100, outputTokens: 10, costUsd: 1, turns: 2 };
const session = { ...before, activity: null, lastTool: null, usedMs: 5, prompt: 'Fix it' } as StoredSession;
const NOW = 60_000;
const live = () => newLive(createFakeClock(), session);

test('a run that ends without a result has an unknown cost, not none', () => {
  const one = live();
  takeUp(one, { type: 'usage', inputTokens: 150, outputTokens: 20, costUsd: null, turns: 3 }, NOW);
  expect(usedInRun(before, one, true)).toMatchObject({
    inputTokens: 50,
    outputTokens: 10,
    costUsd: null,
    costLeastUsd: null,
  });
  expect(kept(one)).toMatchObject({ inputTokens: 150, costUsd: null, costLeastUsd: 1 });
});

test('what was priced of it before is kept as what it cost at least', () => {
  const one = live();
  takeUp(one, { type: 'usage', inputTokens: 150, outputTokens: 20, costUsd: 1.5, turns: 3 }, NOW);
  takeUp(one, { type: 'usage', inputTokens: 180, outputTokens: 22, costUsd: null, turns: 4 }, NOW);
  expect(usedInRun(before, one, true)).toMatchObject({ costUsd: null, costLeastUsd: 0.5 });
  const stopped = kept(one);
  expect(stopped).toMatchObject({ costUsd: null, costLeastUsd: 1.5 });
  // The next run of it: nobody says what that turn had cost, but its own turns are priced again.
  const next = newLive(createFakeClock(), { ...session, ...stopped });
  takeUp(next, { type: 'usage', inputTokens: 200, outputTokens: 30, costUsd: null, runCostUsd: 0.25, turns: 5 }, NOW);
  expect(kept(next)).toMatchObject({ costUsd: null, costLeastUsd: 1.75 });
});

test('a result says it again; a run that used nothing cost nothing', () => {
  const one = live();
  expect(usedInRun(before, one, true).costUsd).toBe(0);
  takeUp(one, { type: 'usage', inputTokens: 150, outputTokens: 20, costUsd: null, turns: 3 }, NOW);
  takeUp(one, { type: 'usage', inputTokens: 150, outputTokens: 20, costUsd: 1.5, turns: 3 }, NOW);
  expect(usedInRun(before, one, true).costUsd).toBe(0.5);
  expect(kept(one).costUsd).toBe(1.5);
});

test('a conversation that begins anew goes on from what its session has used', () => {
  const prompts = { forkOf: () => null } as unknown as Prompts;
  const opening = (stored: StoredSession) => openingOf(stored, false, [], prompts, () => null);
  expect(opening(session).usedBefore).toEqual(before);
  expect(opening({ ...session, usedMs: 0 }).usedBefore).toBeUndefined();
});

test('what is used shows as a pace, from the totals of before; it ends with the run', () => {
  const one = live();
  takeUp(one, { type: 'usage', inputTokens: 150, outputTokens: 20, costUsd: null, turns: 3 }, NOW);
  takeUp(one, { type: 'usage', inputTokens: 250, outputTokens: 25, costUsd: null, turns: 4 }, NOW + 30_000);
  // A total that was corrected downwards takes nothing back.
  takeUp(one, { type: 'usage', inputTokens: 240, outputTokens: 25, costUsd: null, turns: 4 }, NOW + 30_000);
  expect(one.figures.pace).toEqual({ at: NOW + 30_000, tokens: [60, 105] });
  expect(kept(one)).not.toHaveProperty('pace');
});
