import { expect, it } from 'vitest';
import { createIds } from './ids.ts';

const ids = createIds();

it('makes readable, opaque ids that are safe in file and branch names', () => {
  const made = Array.from({ length: 5_000 }, () => ids.next('ses'));
  expect(new Set(made).size).toBe(made.length);
  for (const id of made) expect(id).toMatch(/^ses_[0-9a-hjkmnp-tv-z]{12}$/);
});

it('uses every character of its alphabet', () => {
  const seen = new Set(Array.from({ length: 500 }, () => ids.next('x').slice(2)).join(''));
  expect(seen.size).toBe(32);
});

it('makes UUIDs of version 4 and secrets of 256 bits', () => {
  expect(ids.uuid()).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  expect(Buffer.from(ids.secret(), 'base64url')).toHaveLength(32);
  expect(ids.secret()).not.toBe(ids.secret());
});
