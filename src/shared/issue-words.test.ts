import { expect, test } from 'vitest';
import { z } from 'zod';
import { issueWords } from './issue-words.ts';

const wordsOf = (schema: z.ZodType, value: unknown) =>
  schema.safeParse(value, { error: issueWords }).error?.issues.map((one) => one.message);

test.each<[z.ZodType, unknown, string]>([
  [z.number(), 'two', 'expected a number'],
  [z.number().int(), 1.5, 'expected a whole number'],
  [z.string(), undefined, 'expected a text, but it is missing'],
  [z.strictObject({}), [], 'expected an object'],
  [z.boolean(), 1, 'expected true or false'],
  [z.array(z.string()).max(1), ['a', 'b'], 'expected at most 1 entry'],
  [z.number().max(65_535), 99_999, 'expected at most 65535'],
  [z.number().positive(), 0, 'expected more than 0'],
  [z.string().min(1), '', 'expected a text that is not empty'],
  [z.string().max(3), 'four', 'expected at most 3 characters'],
  [z.enum(['skip', 'run_once']), 'never', 'expected one of skip, run_once'],
  [z.literal(1), 2, 'expected 1'],
  [z.url(), 'nowhere', 'expected a URL'],
  [z.strictObject({ a: z.string().optional() }), { b: 1 }, '"b" is not known here'],
  [z.union([z.string(), z.number()]), true, 'it has none of the forms that are expected'],
])('%#: what should have been, in words', (schema, value, words) => expect(wordsOf(schema, value)).toEqual([words]));

test('what a schema says itself goes before', () =>
  expect(wordsOf(z.string().regex(/:/, 'expected host:port'), 'host')).toEqual(['expected host:port']));
