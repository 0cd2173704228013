import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { tempDir } from '../../../test/builders.ts';
import { openConfig, parseConfig } from './load.ts';

const FILE = '/home/me/config.jsonc';

test('an absent file means the defaults', () => {
  const dir = tempDir();
  const store = openConfig(join(dir, 'config.jsonc'), join(dir, 'run'));
  expect(store.current()).toMatchObject({
    gateway: { port: 4517 },
    sessions: { concurrency: 2, timeBoxMs: 2_700_000 },
  });
  expect(store.problems()).toEqual([]);
  store.close();
});

/** Regression 9 (T-014). */
test('an explicit 0 is a 0; only what is absent gets its default', () => {
  const zero = '{"trust":{"thresholds":{"cautious_to_moderate":{"minSessions":0,"minAvgScore":0,"minDaysAtLevel":0}}}}';
  expect(parseConfig(zero, FILE).config.trust.thresholds).toEqual({
    cautious_to_moderate: { minSessions: 0, minAvgScore: 0, minDaysAtLevel: 0, minEvaluations: 0, minCoverage: 0.5 },
    moderate_to_full: { minSessions: 50, minAvgScore: 4, minDaysAtLevel: 14, minEvaluations: 17, minCoverage: 0.5 },
  });
});

test('comments and trailing commas are fine, unknown keys warn and name their place', () => {
  const { config, warnings } = parseConfig('{\n  // mine\n  "gateway": { "port": 0, "prot": 1 },\n}', FILE);
  expect(config.gateway.port).toBe(0);
  expect(warnings).toEqual([`${FILE}, line 3, column 27: "gateway.prot" is no setting of Tenure and was left out.`]);
});

test.each([
  ['{"gateway":{"port":"4517"}}', /line 1, column 20: "gateway\.port": .*expected a number \(got "4517"\)/],
  ['{\n "sessions": {\n  "concurrency": 0 } }', /line 3, column 18: "sessions\.concurrency"/],
  ['{"decisions":{"holdMs":600000}}', /"decisions\.holdMs"/],
  ['{"version":2}', /"version"/],
  ['{\n sessions: {} }', /line 2, column 2: .*stands here without double quotes/],
  ['{"a":', /not readable as JSON \(a value is expected\)/],
  ['[]', /the file: expected an object \(got \[\]\)/],
])('%s is refused with its place', (text, message) => {
  expect(() => parseConfig(text, FILE)).toThrow(message);
});

test('a bad edit keeps the last good settings and says where it is wrong, over a restart too', async () => {
  const dir = tempDir();
  const file = join(dir, 'config.jsonc');
  const runDir = join(dir, 'run');
  writeFileSync(file, '{"gateway":{"port":1234}}');
  const store = openConfig(file, runDir);
  const changed = vi.fn<() => void>();
  store.onChange(changed);
  writeFileSync(file, '{"gateway":{"port":true}}');
  await vi.waitFor(() => expect(store.problems().join()).toMatch(/"gateway\.port".*last good settings stay in force/));
  expect(changed).toHaveBeenCalled();
  expect(store.current().gateway.port).toBe(1234);
  store.close();

  const restarted = openConfig(file, runDir);
  expect(restarted.current().gateway.port).toBe(1234);
  expect(restarted.problems().join()).toContain('"gateway.port"');
  writeFileSync(file, '{"gateway":{"port":99}}');
  await vi.waitFor(() => expect(restarted.current().gateway.port).toBe(99));
  expect(restarted.problems()).toEqual([]);
  restarted.close();
  expect(readFileSync(file, 'utf8')).toBe('{"gateway":{"port":99}}');
});

test('a wrong file at the very first start refuses: nothing good is known yet', () => {
  const dir = tempDir();
  const file = join(dir, 'config.jsonc');
  writeFileSync(file, '{"gateway":7}');
  expect(() => openConfig(file, join(dir, 'run'))).toThrow(/"gateway"/);
});

test('every truncation of a config is refused or read, never a crash, and never loses the last good one', () => {
  const dir = tempDir();
  const file = join(dir, 'config.jsonc');
  const text = '{ "gateway": { "port": 8080 }, "sessions": { "concurrency": 3 } }';
  writeFileSync(file, text);
  openConfig(file, join(dir, 'run')).close();
  for (let length = 1; length < text.length; length++) {
    writeFileSync(file, text.slice(0, length));
    const store = openConfig(file, join(dir, 'run'));
    expect([8080, 4517]).toContain(store.current().gateway.port);
    expect(store.problems().join()).toMatch(/not readable as JSON/);
    store.close();
  }
  rmSync(file);
});
