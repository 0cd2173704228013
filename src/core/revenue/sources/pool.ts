import type { Balance } from '../rules.ts';
import { at, parseExact, wholeUnits } from './json.ts';

export type PoolSaid = { ok: true; balance: Balance } | { ok: false; error: string };

/** The same figures under the names of several kinds of pool: what is owed, what was paid. */
const SHAPES = [
  ['amtDue', 'amtPaid'],
  ['stats.balance', 'stats.paid'],
  ['revenue.confirmedBalance', 'revenue.totalPaid'],
] as const;

/** `https://supportxmr.com/api` + address; `{address}` in the URL stands for pools with other paths. */
export function poolUrl(url: string, address: string): string {
  const safe = encodeURIComponent(address);
  return url.includes('{address}')
    ? url.replaceAll('{address}', safe)
    : `${url.replace(/\/+$/, '')}/miner/${safe}/stats`;
}

/** What a pool owes and has paid. A figure that is missing is not zero: then nothing is known. Never throws. */
export function parsePool(text: string): PoolSaid {
  const parsed = parseExact(text);
  if (!parsed.ok) return { ok: false, error: `The pool sent ${parsed.why}.` };
  const told = at(parsed.value, 'error');
  if (typeof told === 'string' && told !== '') return { ok: false, error: `The pool says: ${told.slice(0, 200)}.` };
  for (const [dueKey, paidKey] of SHAPES) {
    const [due, paid] = [at(parsed.value, dueKey), at(parsed.value, paidKey)];
    if (due === undefined && paid === undefined) continue;
    const balance = { due: wholeUnits(due), paid: wholeUnits(paid) };
    if (balance.due !== null && balance.paid !== null)
      return { ok: true, balance: { due: balance.due, paid: balance.paid } };
    const [key, got] = balance.due === null ? [dueKey, due] : [paidKey, paid];
    const seen = JSON.stringify(got)?.slice(0, 40) ?? 'nothing';
    return { ok: false, error: `The pool's "${key}" should be a whole number of atomic units, but is ${seen}.` };
  }
  return { ok: false, error: 'The pool answered, but said neither what it owes (amtDue) nor what it paid (amtPaid).' };
}
