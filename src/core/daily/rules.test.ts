import { expect, test } from 'vitest';
import { dailyMessage, type Figures, type Standing } from './rules.ts';

const NOTHING: Figures = {
  outcomes: {},
  commits: 0,
  scored: 0,
  score: null,
  unscored: 0,
  costUsd: null,
  costUnknown: 0,
  incidents: [],
};
const CALM: Standing = { working: 0, waits: { total: 0, words: [] }, down: [] };

test.each<[string, Partial<Figures>, Partial<Standing>, string | null, string | null]>([
  ['a day of nothing is not told', {}, {}, null, null],
  ['nor one on which something only works', {}, { working: 2 }, null, null],
  [
    'what waits is told even when nothing happened',
    {},
    { waits: { total: 2, words: ['1 decision', 'a promotion to Moderate'] } },
    'The day: 2 things wait for you',
    'Waiting for you: 1 decision, a promotion to Moderate.',
  ],
  [
    'a night of work',
    {
      outcomes: { completed: 3, nothing_to_do: 1, failed: 1 },
      commits: 7,
      scored: 3,
      score: 3.49,
      unscored: 1,
      costUsd: 4.2,
      costUnknown: 1,
    },
    { working: 1, waits: { total: 1, words: ['1 decision'] } },
    'The day: 5 sessions ended, 1 thing waits for you',
    '5 sessions ended: 4 completed, 7 commits. Scored 3.4 of 5 on average, 1 unscored. At least $4.20 at list price; of 1 run it is not all known. 1 session working. Waiting for you: 1 decision.',
  ],
  [
    'unknown stays unknown, never zero',
    { outcomes: { stopped: 1 }, unscored: 1, costUnknown: 1 },
    {},
    'The day: 1 session ended',
    '1 session ended: 0 completed, 0 commits. 1 session not scored. What it cost is unknown. Nothing waits for you.',
  ],
  [
    'services',
    { incidents: ['api', 'web', 'db', 'mail', 'ci'] },
    { down: ['api'] },
    'The day: 1 service down',
    '5 incidents: api, web, db, 2 more. Down now: api. Nothing waits for you.',
  ],
  [
    'what was over before anybody looked',
    { incidents: ['api'] },
    {},
    'The day: nothing waits for you',
    '1 incident: api. Nothing waits for you.',
  ],
])('%s', (_name, figures, standing, title, body) => {
  const message = dailyMessage({ ...NOTHING, ...figures }, { ...CALM, ...standing });
  expect(message?.title ?? null).toBe(title);
  expect(message?.body ?? null).toBe(body);
});
