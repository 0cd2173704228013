import { expect, test } from 'vitest';
import { levelChanges } from './level-changes.ts';
import { LEVELS, POLICY } from './policy.ts';

test('each step up only loosens, and says every cell that changes', () => {
  for (const [n, to] of LEVELS.entries()) {
    const from = LEVELS[n - 1];
    if (from === undefined) continue;
    const changes = levelChanges(from, to);
    expect(changes.every(({ looser }) => looser)).toBe(true);
    const changed = Object.keys(POLICY[to]).filter((risk) => POLICY[from][risk as never] !== POLICY[to][risk as never]);
    expect(changes.map(({ risk }) => risk)).toEqual(changed);
    expect(levelChanges(to, from).some(({ looser }) => looser)).toBe(false);
  }
  expect(levelChanges('full', 'full')).toEqual([]);
});

test('from Cautious to Moderate', () => {
  expect(levelChanges('cautious', 'moderate')).toEqual([
    {
      risk: 'low',
      what: 'Edits and tests in the work tree',
      before: 'goes ahead for a certified agent, else asks you',
      after: 'goes ahead',
      looser: true,
    },
    {
      risk: 'medium',
      what: 'Commits, installs, fetches',
      before: 'asks you',
      after: 'a tribunal, else asks you',
      looser: true,
    },
  ]);
});
