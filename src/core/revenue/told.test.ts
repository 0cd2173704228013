import fc from 'fast-check';
import { beforeEach, expect, test } from 'vitest';
import { testDatabase } from '../../../test/builders.ts';
import { createFakeClock, START } from '../../../test/fakes/clock.ts';
import { SourceSettings } from '../../shared/contract/revenue-sources.ts';
import { decimalsOf } from '../../shared/money.ts';
import { createIds } from '../adapters/ids.ts';
import { createJournal } from '../kernel/journal.ts';
import { silentLog } from '../kernel/log.ts';
import { parseCsv, readDate } from './csv.ts';
import { createRevenue, type Revenue } from './service.ts';

const DAY = 86_400_000;
let revenue: Revenue;
const clock = createFakeClock();

beforeEach(() => {
  const { db } = testDatabase();
  revenue = createRevenue({
    db,
    journal: createJournal(db, clock, () => undefined),
    clock,
    ids: createIds(),
    fetcher: { fetch: () => Promise.reject(new Error('nothing is asked for here')) },
    log: silentLog,
    timezone: () => 'America/New_York',
    nextRun: () => null,
    weekly: () => null,
    secrets: () => '',
    projects: () => [],
    uptime: () => null,
  });
});

const source = (kind: 'manual' | 'webhook', name: string = kind) =>
  revenue.add({ name, settings: SourceSettings.parse({ kind }) });
const options = { asset: 'USD', timezone: 'America/New_York', decimals: decimalsOf, now: START };
const rowsOf = (text: string) =>
  parseCsv(text, options).rows.map(({ units, asset, note }) => [Number(units), asset, note]);

test.each([
  ['a header in any order', 'Note,Currency,Amount,Date\nAda,usd,12.40,2026-11-18\n', [[12_400_000, 'USD', 'Ada']]],
  ['no header', '2026-11-18,12.40,Ada\n', [[12_400_000, 'USD', 'Ada']]],
  ['semicolons and a comma in the number', 'Datum;Betrag\n18.11.2026;1.234,50\n', [[1_234_500_000, 'USD', null]]],
  [
    'quotes, line breaks and doubled quotes in a field',
    'date,amount,note\n2026-11-18,"1,234.50","two\nlines, ""quoted"""\n',
    [[1_234_500_000, 'USD', 'two\nlines, "quoted"']],
  ],
  ['a byte order mark and carriage returns', '\uFEFFdate,amount\r\n2026-11-18,$5\r\n\r\n', [[5_000_000, 'USD', null]]],
  ['a refund in brackets', 'date,amount\n2026-11-18,(3.10)\n', [[-3_100_000, 'USD', null]]],
  ['another asset with its decimals', 'date,amount,currency\n2026-11-18,0.000000000001,XMR\n', [[1, 'XMR', null]]],
])('a CSV with %s', (_name, text, rows) => {
  expect(rowsOf(text)).toEqual(rows);
});

test('a row that cannot be read is named with its line and the reason, and spoils no other', () => {
  const text = `date,amount,currency,note
2026-02-30,1,,
2026-11-18,abc,,
,5,,
05/06/2026,1,,
2099-01-01,1,,
2026-11-18,1.0000001,USD,
2026-11-18,1,no currency,
2026-11-18,7,USD,good
18/11/2026,8,USD,good too
2026-11-18,,,`;
  const { rows, bad } = parseCsv(text, options);
  expect(rows.map(({ line, note }) => [line, note])).toEqual([
    [9, 'good'],
    [10, 'good too'],
  ]);
  expect(bad.map(({ reason }) => reason)).toEqual([
    'Line 2: "2026-02-30" is no day.',
    'Line 3: "abc" is no amount.',
    'Line 4: it has no date.',
    'Line 5: "05/06/2026" can be two days; write it as 2026-MM-DD.',
    'Line 6: "2099-01-01" lies in the future.',
    'Line 7: "1.0000001" is no amount.',
    'Line 8: "NO CURRENCY" is no currency.',
    'Line 11: it has no amount.',
  ]);
});

test('days are days of the zone, times without a zone too, times with one are exact', () => {
  const at = (text: string) => readDate(text, 'America/New_York');
  expect(at('2026-11-18')).toBe(Date.parse('2026-11-18T05:00:00Z'));
  expect(at('2026-07-18')).toBe(Date.parse('2026-07-18T04:00:00Z'));
  expect(at('2026-11-18 10:30')).toBe(Date.parse('2026-11-18T15:30:00Z'));
  expect(at('2026-11-18T10:30:00+01:00')).toBe(Date.parse('2026-11-18T09:30:00Z'));
  expect(at('tomorrow')).toBe('"tomorrow" is no date; write it as YYYY-MM-DD');
});

test('no CSV makes it throw', () => {
  fc.assert(fc.property(fc.string({ maxLength: 300, unit: 'grapheme' }), (text) => void parseCsv(text, options)));
  const cells = fc.array(fc.constantFrom('2026-11-18', '1', '"', ',', ';', '\n', '\t', 'date', 'amount', '-', '$'), {
    maxLength: 60,
  });
  fc.assert(fc.property(cells, (parts) => void parseCsv(parts.join(''), options)));
});

test('a preview changes nothing, an import adds each row once, the same file again adds none', () => {
  const { id } = source('manual').source;
  // Two rows that are alike are two sales, not one that was imported twice.
  const csv = 'date,amount\n2026-11-18,5\n2026-11-18,5\n2026-11-19,6\nbad,1\n';
  expect(revenue.previewImport(id, csv)).toMatchObject({ added: 0, known: 0, rows: { length: 3 }, bad: { length: 1 } });
  expect(revenue.entries(id)).toEqual([]);
  expect(revenue.import(id, csv)).toMatchObject({ added: 3, known: 0 });
  expect(revenue.import(id, csv)).toMatchObject({ added: 0, known: 3 });
  expect(revenue.import(id, `${csv}2026-11-20,7\n`)).toMatchObject({ added: 1, known: 3 });
  expect(revenue.week().total).toEqual({ microUsd: 23_000_000, unknown: 0, incomplete: 0 });
});

test('an amount entered by hand is exact, can be taken back, and silence is not zero', () => {
  const { id } = source('manual').source;
  expect(revenue.week().total).toEqual({ microUsd: null, unknown: 1, incomplete: 0 });
  const entry = revenue.enter({ id, amount: '0.1', note: ' a ' });
  revenue.enter({ id, amount: '$0.2' });
  expect(entry).toMatchObject({ amount: '100000', microUsd: 100_000, note: 'a', via: 'hand' });
  expect(revenue.week().total.microUsd).toBe(300_000);
  revenue.removeEntry(id, entry.key);
  expect(revenue.week().total.microUsd).toBe(200_000);
  expect(() => revenue.removeEntry(id, entry.key)).toThrow(`There is no entry ${entry.key}.`);
  for (const amount of ['abc', '1e3', '1.0000001', '', '9'.repeat(16)]) {
    expect(() => revenue.enter({ id, amount })).toThrow('is no amount of USD');
  }
  expect(() => revenue.enter({ id, amount: '1', at: START + 3 * DAY })).toThrow('cannot lie in the future');
  revenue.enter({ id, amount: '0', at: clock.now() - 10 * DAY });
  expect(revenue.week().sources[0]).toMatchObject({
    previous: { microUsd: 0, complete: true },
    change: { ratio: null, why: 'Nothing in the week before.' },
  });
});

test('a webhook takes an amount once for each key, with its own token only', () => {
  const made = source('webhook');
  const { id } = made.source;
  const post = (body: unknown, key: string | null = null, token = made.token) =>
    revenue.post(id, token, typeof body === 'string' ? body : JSON.stringify(body), key);
  expect(post({ amount: 12.4 }, 'order-1')).toEqual({ added: 1, known: 0 });
  expect(post({ amount: 12.4 }, 'order-1')).toEqual({ added: 0, known: 1 });
  expect(post({ amount: '99.99', key: 'order-1' })).toEqual({ added: 0, known: 1 });
  expect(
    post([
      { amount: 1, key: 'a' },
      { amount: 2, key: 'b' },
      { amount: 3, key: 'a' },
    ]),
  ).toEqual({ added: 2, known: 1 });
  expect(post({ amount: -2.5, key: 'refund', at: '2026-11-19T09:00:00Z', note: 'back' })).toEqual({
    added: 1,
    known: 0,
  });
  expect(revenue.week().total.microUsd).toBe(12_900_000);
  const renewed = revenue.newToken(id).token;
  expect(() => post({ amount: 1 }, 'x')).toThrow('its token is missing or wrong');
  expect(post({ amount: 1 }, 'x', renewed)).toEqual({ added: 1, known: 0 });
  revenue.remove(id);
  expect(() => post({ amount: 1 }, 'y', renewed)).toThrow('This webhook does not exist');
});

test.each([
  ['{', 'k', 'The body is no JSON ("{")'],
  ['', 'k', 'The body is an empty page'],
  ['{"amount":1}', null, 'a key is missing'],
  ['[{"amount":1}]', 'k', 'Item 1: a key is missing'],
  ['[]', 'k', 'The list has 0 items'],
  ['{"amount":"lots"}', 'k', '"lots" is no amount of USD'],
  ['{"amount":1e3}', 'k', '"1e3" is no amount of USD'],
  ['{"amount":1,"at":"2099-01-01"}', 'k', 'expected a time that has been'],
  ['{"amount":1,"currency":"!"}', 'k', 'currency: '],
  ['{"total":1}', 'k', 'amount: '],
])('a webhook answers %s with a sentence', (body, key, sentence) => {
  const { source: made, token } = source('webhook');
  expect(() => revenue.post(made.id, token, body, key)).toThrow(sentence);
  expect(revenue.entries(made.id)).toEqual([]);
});
