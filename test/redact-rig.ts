import { expect } from 'vitest';
import { redactUnseen, redactDeep as redactValue } from '../src/core/kernel/redact.ts';
import { mayHoldSecret } from '../src/core/kernel/secret-scan.ts';

/** Each text of these tests holds the quick first look to its word too: what is replaced must be found, however it is escaped. */
function looked<T>(given: T, redacted: T): T {
  const json = JSON.stringify(given);
  if (JSON.stringify(redacted) === json) return redacted;
  const forms = [json, JSON.stringify({ text: json }), ...(typeof given === 'string' ? [given] : [])];
  expect(forms.filter((form) => !mayHoldSecret(form))).toEqual([]);
  return redacted;
}
export const redact = (text: string): string => looked(text, text.length < 6 ? text : redactUnseen(text));
export const redactDeep = (value: unknown): unknown => looked(value, redactValue(value));

const ALNUM = 'aB3dE5gH7jK9mN1pQ4sT6vX8zR2wY0cF';
const HEX = '9f8e7d6c5b4a39281706f5e4d3c2b1a0';
/** So many characters of an alphabet, written so that no scanner takes these files for a leak. */
export const of = (alphabet: string, length: number): string =>
  alphabet.repeat(Math.ceil(length / alphabet.length)).slice(0, length);
/** So many characters of letters and digits, of hexadecimal digits, of capitals and digits. */
export const a = (length: number): string => of(ALNUM, length);
export const h = (length: number): string => of(HEX, length);
export const caps = (length: number): string => of(ALNUM.toUpperCase(), length);

export const inJson = (text: string): string => JSON.stringify({ type: 'x', content: text });

/** Milliseconds of processor time of this process: other processes do not count. */
export function spent(work: () => unknown): number {
  const before = process.cpuUsage();
  work();
  return process.cpuUsage(before).user / 1_000;
}
/** The same, as little as it takes. */
export const least = (work: () => unknown): number => Math.min(spent(work), spent(work), spent(work));
