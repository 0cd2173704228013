import type { LookupAddress } from 'node:dns';
import type { LookupFunction } from 'node:net';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createNames } from './names.ts';

type Answer = (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void;

let now = 0;
let asked: { name: string; answer: Answer }[] = [];
let lookup: LookupFunction;
const home = [{ address: '10.0.0.1', family: 4 }];
const find = (name: string): Promise<unknown> =>
  new Promise((resolve) => lookup(name, { all: true }, (error, addresses) => resolve(error ?? addresses)));

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  now = 0;
  asked = [];
  lookup = createNames(
    (name, _options, answer) => asked.push({ name, answer }),
    () => now,
  );
});
afterEach(() => void vi.useRealTimers());

test('500 that want one name ask once, and its answer holds for a minute', async () => {
  const all = Array.from({ length: 500 }, () => find('web'));
  expect(asked).toHaveLength(1);
  asked[0]?.answer(null, home);
  expect(new Set(await Promise.all(all))).toEqual(new Set([home]));
  now = 59_000;
  expect(await find('web')).toEqual(home);
  expect(asked).toHaveLength(1);
  now = 61_000;
  void find('web');
  expect(asked).toHaveLength(2);
});

test('two at once, whatever hangs; what was known is used after two seconds', async () => {
  const first = find('web');
  asked[0]?.answer(null, home);
  await first;
  now = 120_000;
  for (const name of ['slow-1', 'slow-2', 'slow-3']) void find(name);
  expect(asked.map(({ name }) => name)).toEqual(['web', 'slow-1', 'slow-2']);
  const again = find('web');
  vi.advanceTimersByTime(2_000);
  expect(await again).toEqual(home);
});

test('a name that is gone is said to be gone at once, however well it was known', async () => {
  const first = find('web');
  asked[0]?.answer(null, home);
  await first;
  now = 120_000;
  const again = find('web');
  const gone = Object.assign(new Error('no such name'), { code: 'ENOTFOUND' });
  asked[1]?.answer(gone, []);
  expect(await again).toBe(gone);
});
