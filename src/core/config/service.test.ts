import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { tempDir } from '../../../test/builders.ts';
import { Config } from '../../shared/config.ts';
import type { SettingField } from '../../shared/contract/settings.ts';
import { TenureError } from '../../shared/errors.ts';
import { REDACTED } from '../kernel/redact.ts';
import { allFields } from './fields.ts';
import { openConfig } from './load.ts';
import { createSettings } from './service.ts';

function open(text: string | null = null, defaults = {}) {
  const dir = tempDir();
  const file = join(dir, 'config.jsonc');
  if (text !== null) writeFileSync(file, text);
  const store = openConfig(file, join(dir, 'run'), undefined, defaults);
  store.close();
  const check = ({ timezone }: Config) => {
    if (timezone === 'Mars/Base') throw new TenureError('invalid', '"Mars/Base" is no time zone.');
  };
  const settings = createSettings({ store, check, salt: 'salt' });
  const field = (key: string): SettingField => {
    const found = settings.view().fields.find((one) => one.key === key);
    if (!found) throw new Error(`no ${key}`);
    return found;
  };
  return { dir, file, store, settings, field, text: () => readFileSync(file, 'utf8') };
}

/** Every key of what the schema makes of nothing, and of a group that can be switched off. */
function keysOf(value: unknown, path: string[] = []): string[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value) || Object.keys(value).length === 0) {
    return [path.join('.')];
  }
  return Object.entries(value).flatMap(([key, inner]) => keysOf(inner, [...path, key]));
}

test('no key of the configuration is missed, each with words of its own', () => {
  const keys = keysOf(Config.parse({ decisions: { quietHours: { from: '22:00', to: '07:00' } } }));
  expect(keys.length).toBeGreaterThan(90);
  const known = new Set(allFields().map(({ key }) => key));
  expect(keys.filter((key) => key !== 'version' && !known.has(key))).toEqual([]);
  for (const { label, expects } of allFields()) expect([label, expects].every((text) => text.length > 1)).toBe(true);
  expect(new Set(allFields().map(({ key }) => key)).size).toBe(allFields().length);
});

test('a value is written beside what stands there, in force at once, and put back to its default', () => {
  const { settings, field, store, text } = open('{\n  // Small.\n  "sessions": { "concurrency": 1 } // one\n}\n');
  expect(field('sessions.concurrency')).toMatchObject({ value: 1, default: 2, given: true, changed: true });
  settings.set([
    { key: 'sessions.concurrency', value: 4 },
    { key: 'sessions.timeBoxMs', value: '2 h' },
  ]);
  expect(store.current().sessions).toMatchObject({ concurrency: 4, timeBoxMs: 7_200_000 });
  expect(text()).toBe('{\n  // Small.\n  "sessions": { "concurrency": 4, "timeBoxMs": 7200000 } // one\n}\n');
  settings.set([{ key: 'sessions.concurrency' }, { key: 'sessions.timeBoxMs' }]);
  expect(text()).toBe('{\n  // Small.\n  // one\n}\n');
  expect(store.current()).toEqual(Config.parse({}));
});

test("what this Tenure begins with by itself is no change of the person's, and what a reset goes back to", () => {
  const { settings, field, store, text } = open(null, { sessions: { concurrency: 1, retry: { crashes: 0 } } });
  expect(settings.view().fields.filter(({ changed, given }) => changed || given)).toEqual([]);
  expect(field('sessions.concurrency')).toMatchObject({ value: 1, default: 1 });
  settings.set([{ key: 'sessions.concurrency', value: 2 }]);
  expect(field('sessions.concurrency')).toMatchObject({ value: 2, default: 1, changed: true });
  expect(store.current().sessions).toMatchObject({ concurrency: 2, retry: { crashes: 0, transient: 6 } });
  settings.set([{ key: 'sessions.concurrency' }]);
  expect(text()).toBe('{\n}\n');
  expect(store.current().sessions).toMatchObject({ concurrency: 1, retry: { crashes: 0 } });
});

test('an explicit value that is the default is given and not changed', () => {
  const { settings, field } = open();
  settings.set([{ key: 'sessions.retry.crashes', value: 1 }]);
  expect(field('sessions.retry.crashes')).toMatchObject({ given: true, changed: false });
});

test.each([
  ['sessions.concurrency', 0, '"sessions.concurrency" takes a whole number from 1 to 32, but got 0.'],
  ['sessions.concurrency', 'four', '"sessions.concurrency" takes a whole number from 1 to 32, but got "four".'],
  ['sessions.onStall', 'x', '"sessions.onStall" takes one of end, show, but got "x".'],
  [
    'sessions.timeBoxMs',
    'soon',
    '"sessions.timeBoxMs" takes a length of time from 1 s up to 365 d, such as 90 s, 10 min or 2 h, but got "soon".',
  ],
  ['usage.budgets.day.usd', 0, '"usage.budgets.day.usd" takes a number above 0 to 1000000, or null, but got 0.'],
  [
    'decisions.quietHours.from',
    '25:00',
    '"decisions.quietHours.from" takes a time of day such as 22:30, but got "25:00"',
  ],
  [
    'timezone',
    'Mars/Base',
    '"timezone" takes an IANA time zone such as Europe/Berlin, or null, but got "Mars/Base" ("Mars/Base" is no time zone).',
  ],
  ['sessions.concurency', 3, 'There is no setting "sessions.concurency".'],
  ['revenue.secrets', { stripe: 4 }, '"revenue.secrets" takes names, each with a text (expected a text).'],
])('what does not fit is refused in words and nothing is written: %s = %j', (key, value, sentence) => {
  const { settings, text } = open('{ "decisions": { "quietHours": { "from": "22:00", "to": "06:00" } } }');
  const before = text();
  expect(() =>
    settings.set([
      { key: 'sessions.memoryMb', value: 1 },
      { key, value },
    ]),
  ).toThrow(key === 'timezone' ? '"Mars/Base" is no time zone.' : sentence);
  expect(() => settings.set([{ key, value }])).toThrow(sentence);
  expect(text()).toBe(before);
});

test('what was edited by hand meanwhile is not undone; what is beside it is kept', () => {
  const { settings, field, file, text } = open('{ "sessions": { "concurrency": 2 } }');
  const { mark } = field('sessions.concurrency');
  const other = field('sessions.memoryMb').mark;
  writeFileSync(file, '{ "sessions": { "concurrency": 8 } /* by hand */ }');
  expect(() => settings.set([{ key: 'sessions.concurrency', value: 3, mark }])).toThrow(
    '"sessions.concurrency" was changed meanwhile, in the file or elsewhere; it is 8 now.',
  );
  settings.set([{ key: 'sessions.memoryMb', value: 100, mark: other }]);
  expect(text()).toBe('{ "sessions": { "concurrency": 8, "memoryMb": 100 } /* by hand */ }');
});

test('secrets are masked; what comes back masked stays, and a mask is never written', () => {
  const { settings, field, store, text } = open(
    JSON.stringify({
      claude: { env: { ANTHROPIC_API_KEY: 'sk-ant-api03-abcdefghijklmnop', MODE: 'x' } },
      services: {
        watch: [
          {
            name: 'a',
            target: { kind: 'http', url: 'http://a/', headers: { authorization: 'Bearer abcdefgh12345678' } },
          },
        ],
      },
    }),
  );
  expect(field('claude.env').value).toEqual({ ANTHROPIC_API_KEY: REDACTED, MODE: REDACTED });
  const watch = field('services.watch').value as { target: { headers: { authorization: string } } }[];
  expect(JSON.stringify(settings.view())).not.toContain('abcdefgh');
  settings.set([{ key: 'claude.env', value: { ANTHROPIC_API_KEY: REDACTED, MODE: 'y' } }]);
  expect(store.current().claude.env).toEqual({ ANTHROPIC_API_KEY: 'sk-ant-api03-abcdefghijklmnop', MODE: 'y' });
  settings.set([{ key: 'services.watch', value: watch }]);
  expect(store.current().services.watch[0]?.target).toMatchObject({
    headers: { authorization: 'Bearer abcdefgh12345678' },
  });
  const before = text();
  expect(() => settings.set([{ key: 'claude.env', value: { NEW: REDACTED } }])).toThrow('hides a secret');
  expect(text()).toBe(before);
});

test('a secret that is one text is one mask, and nothing where there is none', () => {
  const token = 'notifications.other.token';
  const { settings, field, store } = open('{ "notifications": { "other": { "url": "https://ntfy.sh/mine" } } }');
  expect(field(token).value).toBeNull();
  settings.set([{ key: token, value: 'tk_of_mine' }]);
  expect(field(token)).toMatchObject({ value: REDACTED, changed: true });
  settings.set([{ key: token, value: REDACTED }]);
  expect(store.current().notifications.other?.token).toBe('tk_of_mine');
  expect(open().field(token).value).toBeNull();
});

test('a file that is wrong is not touched, but for the edit that mends it', () => {
  const { settings, store, text, file } = open('{}');
  writeFileSync(file, '{ "sessions": { "concurrency": 99 } }');
  expect(() => settings.set([{ key: 'log.level', value: 'warn' }])).toThrow(
    'Nothing was set: the file is wrong elsewhere.',
  );
  settings.set([{ key: 'sessions.concurrency', value: 3 }]);
  expect(store.current().sessions.concurrency).toBe(3);
  writeFileSync(file, '{ "sessions": ');
  expect(() => settings.set([{ key: 'sessions.concurrency', value: 4 }])).toThrow('no readable JSON');
  expect(text()).toBe('{ "sessions": ');
  expect(settings.view().problems[0]).toContain('not readable as JSON');
});

test('written whole, with its rights and through its link; a folder that refuses says so', () => {
  const { dir, settings, file } = open();
  settings.set([{ key: 'log.level', value: 'warn' }]);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  const elsewhere = join(tempDir(), 'mine.jsonc');
  writeFileSync(elsewhere, '{}', { mode: 0o640 });
  const linked = tempDir();
  symlinkSync(elsewhere, join(linked, 'config.jsonc'));
  const store = openConfig(join(linked, 'config.jsonc'), join(linked, 'run'));
  store.close();
  createSettings({ store, check: () => undefined, salt: '' }).set([{ key: 'log.level', value: 'warn' }]);
  expect(lstatSync(join(linked, 'config.jsonc')).isSymbolicLink()).toBe(true);
  expect(readFileSync(elsewhere, 'utf8')).toContain('warn');
  expect(statSync(elsewhere).mode & 0o777).toBe(0o640);
  expect(readdirSync(dir).filter((name) => name.endsWith('.new'))).toEqual([]);
  mkdirSync(`${file}.${process.pid}.new`);
  expect(() => settings.set([{ key: 'log.level', value: 'error' }])).toThrow(/cannot be written, so nothing was set/);
  expect(existsSync(file) && readFileSync(file, 'utf8')).toContain('warn');
});
