import { expect, test } from 'vitest';
import { activityCsv, everyEntry } from './activity-export.ts';
import type { ActivityEntry } from './contract/activity.ts';

const entry = (seq: number, sentence = `Number ${seq}.`, subject: string | null = null): ActivityEntry => ({
  seq,
  at: Date.UTC(2026, 10, 21, 9, 41),
  area: 'sessions',
  routine: false,
  subject,
  sentence,
  place: null,
});

test.each([0, 1, 999, 1_000, 1_001, 2_500])('all of %d entries, each once, newest first', async (size) => {
  const log = Array.from({ length: size }, (_, n) => entry(size - n));
  const found = await everyEntry(({ limit, before = Number.POSITIVE_INFINITY }) =>
    Promise.resolve({ entries: log.filter(({ seq }) => seq < before).slice(0, limit) }),
  );
  expect(found).toEqual(log);
});

test('quotes, lines, signs of every script and what a spreadsheet would run', () => {
  const text = activityCsv([
    entry(1, '=cmd|" /C calc"!A0, "quoted"\nsecond line', '+shop'),
    entry(2, 'Größe 漢字, done.', '@x'),
  ]);
  expect(text).toBe(
    'time,area,about,what\r\n' +
      `2026-11-21T09:41:00.000Z,sessions,'+shop,"'=cmd|"" /C calc""!A0, ""quoted""\nsecond line"\r\n` +
      `2026-11-21T09:41:00.000Z,sessions,'@x,"Größe 漢字, done."\r\n`,
  );
});
