import { expect, test } from 'vitest';
import { cutIn, recentPrompts } from './recent.ts';

test('the prompts of that project, newest first, each once, without those of follow-ups', () => {
  const at = (createdAt: number, prompt: string, more: object = {}) => ({
    projectId: 'a',
    lineage: null,
    createdAt,
    prompt,
    ...more,
  });
  const sessions = [
    at(1, 'Fix it'),
    at(4, 'Elsewhere', { projectId: 'b' }),
    at(3, 'Fix it'),
    at(2, 'Test it'),
    at(5, 'And more', { lineage: { from: 's', kind: 'follow_up', nth: 1 } }),
  ];
  expect(recentPrompts(sessions, 'a')).toEqual(['Fix it', 'Test it']);
  expect(recentPrompts(sessions, undefined)).toEqual([]);
});

test('a long one that was cut is found whole in its session, a short one is whole', () => {
  const long = `${'x'.repeat(1_999)}…`;
  const sessions = [
    { id: 'other', projectId: 'b', prompt: long },
    { id: 'mine', projectId: 'a', prompt: long },
  ];
  expect(cutIn(sessions, 'a', long)).toBe('mine');
  expect(cutIn(sessions, 'a', 'Fix it…')).toBeNull();
});
