import type { z } from 'zod';
import { count } from './format.ts';

const TYPES: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  object: 'an object',
  record: 'an object',
  array: 'a list',
};
const FORMATS: Readonly<Record<string, string>> = { url: 'a URL', email: 'an email address', datetime: 'an ISO date' };

function sized(n: number | bigint, origin: string): string {
  if (origin === 'string') return count(Number(n), 'character');
  return origin === 'array' || origin === 'set' || origin === 'map' ? count(Number(n), 'entry', 'entries') : String(n);
}

/**
 * What a value should have been, to stand behind its name; the words that a schema has of its own go before.
 * Given as `error` to `safeParse` wherever a person reads what did not fit.
 */
export function issueWords(issue: z.core.$ZodRawIssue): string | undefined {
  switch (issue.code) {
    case 'invalid_type': {
      const wanted = `expected ${TYPES[issue.expected] ?? issue.expected}`;
      return issue.input === undefined ? `${wanted}, but it is missing` : wanted;
    }
    case 'invalid_value': {
      const values = issue.values.map((value) => (typeof value === 'string' ? value : String(value)));
      return `expected ${values.length > 1 ? 'one of ' : ''}${values.join(', ')}`;
    }
    case 'too_small':
      if (issue.origin === 'string' && Number(issue.minimum) === 1) return 'expected a text that is not empty';
      return `expected ${issue.inclusive ? 'at least' : 'more than'} ${sized(issue.minimum, issue.origin)}`;
    case 'too_big':
      return `expected ${issue.inclusive ? 'at most' : 'less than'} ${sized(issue.maximum, issue.origin)}`;
    case 'invalid_format':
      return `expected ${FORMATS[issue.format] ?? `the form ${issue.pattern ?? issue.format}`}`;
    case 'unrecognized_keys':
      return `${issue.keys.map((key) => `"${key}"`).join(', ')} ${issue.keys.length === 1 ? 'is' : 'are'} not known here`;
    case 'invalid_union':
      return 'it has none of the forms that are expected';
    default:
      return undefined;
  }
}
