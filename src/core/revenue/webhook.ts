import { z } from 'zod';
import { TenureError } from '../../shared/errors.ts';
import { issueWords } from '../../shared/issue-words.ts';
import { parseExact } from './sources/json.ts';

export interface Post {
  key: string;
  at: number;
  asset: string;
  /** A plain decimal number. */
  amount: string;
  note: string | null;
}

const MOST_POSTS = 500;
const DAY = 86_400_000;
const Body = z.strictObject({
  key: z.string().min(1).max(200).optional(),
  amount: z.string().min(1).max(40),
  currency: z
    .string()
    .regex(/^[A-Za-z][A-Za-z0-9]{1,9}$/)
    .optional(),
  at: z.string().max(40).optional(),
  note: z.string().max(300).optional(),
});

function timeOf(text: string | undefined, now: number): number {
  if (text === undefined) return now;
  const at = /^\d{10}$/.test(text) ? Number(text) * 1_000 : /^\d{13}$/.test(text) ? Number(text) : Date.parse(text);
  if (Number.isFinite(at) && at > 0 && at <= now + DAY) return at;
  throw new TenureError('invalid', `"at" is "${text}": expected a time that has been, such as 2026-11-20T09:00:00Z.`);
}

/**
 * What a webhook's body holds: one amount or a list of them. Numbers keep every digit they were written with.
 * @param key the `Idempotency-Key` of the request; a list carries a key in each item.
 * @throws TenureError invalid, with a sentence that names what is wrong
 */
export function readPost(body: string, key: string | null, asset: string, now: number): Post[] {
  const parsed = parseExact(body);
  if (!parsed.ok)
    throw new TenureError('invalid', `The body is ${parsed.why}: expected {"amount": 12.40, "key": "…"}.`);
  const list = Array.isArray(parsed.value) ? parsed.value : [parsed.value];
  if (list.length === 0 || list.length > MOST_POSTS) {
    throw new TenureError('invalid', `The list has ${list.length} items: expected 1 to ${MOST_POSTS}.`);
  }
  return list.map((item: unknown, n) => {
    const where = Array.isArray(parsed.value) ? `Item ${n + 1}: ` : '';
    const read = Body.safeParse(item, { error: issueWords });
    if (!read.success) {
      const what = read.error.issues.map((issue) => `${issue.path.join('.') || 'body'}: ${issue.message}`).join('; ');
      throw new TenureError('invalid', `${where}${what}.`);
    }
    const own = read.data.key ?? (Array.isArray(parsed.value) ? null : key);
    if (!own || own.length > 200) {
      throw new TenureError(
        'invalid',
        `${where}a key is missing: send an Idempotency-Key header or "key", so that the same amount sent twice counts once.`,
      );
    }
    return {
      key: own,
      at: timeOf(read.data.at, now),
      asset: read.data.currency?.toUpperCase() ?? asset,
      amount: read.data.amount,
      note: read.data.note ?? null,
    };
  });
}
