import { expect, test } from 'vitest';
import { ATTENTION, attentionOf, escalates, URGENCIES, urgencyOf } from './attention.ts';
import { RISKS } from './policy.ts';

test('every risk has an urgency, whoever launched the session', () => {
  expect(RISKS.map((risk) => [risk, urgencyOf(risk, true), urgencyOf(risk, false)])).toEqual([
    ['read', 'low', 'low'],
    ['low', 'normal', 'low'],
    ['medium', 'normal', 'low'],
    ['high', 'high', 'normal'],
    ['critical', 'immediate', 'high'],
  ]);
});

test('each time nobody answers it asks louder, and no louder than it can', () => {
  expect(URGENCIES.map((urgency) => [0, 1, 2, 9].map((n) => attentionOf(urgency, n)))).toEqual([
    ['repeated', 'other', 'other', 'other'],
    ['notification', 'repeated', 'other', 'other'],
    ['notification', 'repeated', 'other', 'other'],
    ['badge', 'notification', 'repeated', 'other'],
  ]);
  expect(ATTENTION.at(-1)).toBe('other');
  expect(URGENCIES.filter(escalates)).toEqual(['immediate', 'high']);
});
