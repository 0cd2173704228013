import fc from 'fast-check';
import { expect, test } from 'vitest';
import { testDatabase } from '../../../../test/builders.ts';
import type { Check } from '../../../shared/contract/check.ts';
import { entryWords } from '../../../shared/service-words.ts';
import { createTimeline } from './storage.ts';

function rig() {
  const { db } = testDatabase();
  db.exec(
    "INSERT INTO incidents (id, kind, title, cause, failing_since, opened_at) VALUES ('inc', 'service', 'Web', '', 0, 0)",
  );
  const timeline = createTimeline(db);
  return { db, timeline, words: () => timeline.timeline('inc').map(entryWords) };
}

const refused = (at: number): Check => ({ at, ok: false, ms: null, detail: 'connection refused' });
const good = (at: number): Check => ({ at, ok: true, ms: 3, detail: 'status 200' });

test('equal checks in a row are one entry, and each of them can be seen', () => {
  const { timeline, words } = rig();
  for (let n = 0; n < 118; n++) timeline.noteCheck('inc', refused(n * 30_000));
  timeline.note('inc', 3_540_000, 'message', 'Still: Web is down.');
  timeline.noteCheck('inc', refused(3_540_001));
  timeline.noteCheck('inc', good(3_570_000));
  timeline.noteCheck('inc', good(3_600_000));
  expect(words()).toEqual([
    '118 checks, all failed: connection refused',
    'Still: Web is down.',
    'Failed: connection refused',
    '2 checks, all good: status 200',
  ]);
  const [first] = timeline.timeline('inc');
  expect(first?.checks).toEqual({ until: 117 * 30_000, good: 0, failed: 118, unknown: 0 });
  expect(timeline.checksBetween('inc', 0, 117 * 30_000)).toEqual(
    Array.from({ length: 118 }, (_, n) => refused(n * 30_000)),
  );
});

test('figures that are measured anew keep no checks apart; another cause does', () => {
  const { timeline, words } = rig();
  const details = [
    '[RESPONSE_TIME] (412) < 300',
    '[RESPONSE_TIME] (398.5) < 300',
    'no whole answer within 4999 ms',
    'no whole answer within 5000 ms',
    'no push for 92 s, expected every 60 s',
    'no push for 122 s, expected every 60 s',
    '91.2 % used, at most 90 % expected',
    '91.4 % used, at most 90 % expected',
    'status 502, expected 200-299',
    'status 503, expected 200-299',
  ];
  for (const [at, detail] of details.entries()) timeline.noteCheck('inc', { at, ok: false, ms: null, detail });
  expect(words()).toEqual([
    '2 checks, all failed: [RESPONSE_TIME] (412) < 300',
    '2 checks, all failed: no whole answer within 4999 ms',
    '2 checks, all failed: no push for 92 s, expected every 60 s',
    '2 checks, all failed: 91.2 % used, at most 90 % expected',
    'Failed: status 502, expected 200-299',
    'Failed: status 503, expected 200-299',
  ]);
});

test('the same look twice is one check', () => {
  const { timeline } = rig();
  timeline.noteCheck('inc', refused(5));
  timeline.noteCheck('inc', refused(5));
  expect(timeline.timeline('inc')[0]?.checks?.failed).toBe(1);
});

test('however long and however it flaps, it stays small and counts every check', () => {
  const { db, timeline } = rig();
  const kinds = [good, refused, (at: number): Check => ({ at, ok: null, ms: null, detail: 'offline' })];
  const seen = { good: 0, failed: 0, unknown: 0 };
  let at = 0;
  db.transaction(() => {
    for (const n of fc.sample(fc.nat(2), { numRuns: 4_000, seed: 7 })) {
      const check = (kinds[n] ?? good)((at += 1_000));
      seen[check.ok === null ? 'unknown' : check.ok ? 'good' : 'failed'] += 1;
      timeline.noteCheck('inc', check);
      if (n === 2) timeline.note('inc', at, 'state', 'It goes up and down: messages are held.');
    }
  })();
  const entries = timeline.timeline('inc');
  expect(entries.length).toBeLessThanOrEqual(1_000);
  const sum = { good: 0, failed: 0, unknown: 0 };
  for (const { checks } of entries)
    for (const name of ['good', 'failed', 'unknown'] as const) sum[name] += checks?.[name] ?? 0;
  expect(sum).toEqual(seen);
  const times = entries.flatMap(({ checks, at: from }) => (checks ? [from, checks.until] : []));
  expect(times).toEqual(times.toSorted((a, b) => a - b));
  expect(times[0]).toBe(1_000);
  expect(entryWords(entries[0] ?? { text: '', checks: null })).toMatch(
    /^3,\d+ checks: [\d,]+ good, [\d,]+ failed, \d+ unknown$/,
  );
  expect(timeline.checksBetween('inc', 0, at)).toHaveLength(1_000);
});

test('single checks go three months after the end; what they came to stays', () => {
  const { db, timeline } = rig();
  timeline.noteCheck('inc', refused(1));
  timeline.noteCheck('inc', refused(2));
  timeline.forgetChecks(100 * 86_400_000);
  expect(timeline.checksBetween('inc', 0, 9)).toHaveLength(2);
  db.exec("UPDATE incidents SET closed_at = 10 WHERE id = 'inc'");
  timeline.forgetChecks(100 * 86_400_000);
  expect(timeline.checksBetween('inc', 0, 9)).toEqual([]);
  expect(timeline.timeline('inc')[0]?.checks?.failed).toBe(2);
});
