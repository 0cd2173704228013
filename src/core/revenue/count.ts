import type { Reading, SourceSettings } from '../../shared/contract/revenue-sources.ts';
import { amountWords, decimalsOf, USD, worth } from '../../shared/money.ts';
import { countLines, type Said } from './look.ts';
import { type BalanceCursor, bucketOf, type Counters, keepKnown, priced, stepBalance, stepCounter } from './rules.ts';
import { isServed, type LogLine } from './sources/log-lines.ts';
import type { Gain } from './storage.ts';

/** What a look adds to the ledger, where counting stands after it, and what a person should look at. */
export interface Counted {
  cursor: unknown;
  gains: Gain[];
  flag: string | null;
}

const DAY = 86_400_000;

/** A gain at its quarter of an hour. */
function gainAt(at: number, parts: Pick<Gain, 'asset' | 'amount' | 'microUsd'> & Partial<Gain>): Gain {
  const bucket = bucketOf(at);
  const unknownParts = parts.microUsd === null ? 1 : 0;
  return {
    key: `q:${bucket}`,
    at: bucket,
    kind: 'gain',
    unknownParts,
    requests: null,
    tokens: null,
    note: null,
    ...parts,
  };
}

/** Money and counts of what was served, priced; null dollars when a price or a count is missing. */
function served(
  at: number,
  counters: Counters,
  settings: Extract<SourceSettings, { kind: 'server' | 'access-log' }>,
): Gain {
  const microUsd = priced(counters, settings.prices);
  const { tokensIn, tokensOut, requests } = counters;
  const tokens = tokensIn === null && tokensOut === null ? null : (tokensIn ?? 0) + (tokensOut ?? 0);
  return gainAt(at, { asset: USD, amount: microUsd === null ? null : BigInt(microUsd), microUsd, requests, tokens });
}

/** The amounts of a cursor as they are stored: JSON knows no bigint. */
interface StoredBalance {
  due: string;
  paid: string;
  falls: number;
}

function balanceCursor(stored: unknown): BalanceCursor | null {
  if (!stored) return null;
  const { due, paid, falls } = stored as StoredBalance;
  return { base: { due: BigInt(due), paid: BigInt(paid) }, falls };
}

function countBalance(cursor: unknown, reading: Omit<Reading, 'at'>, at: number, price: number | null): Counted {
  if (reading.due === null || reading.paid === null) return { cursor, gains: [], flag: null };
  const before = balanceCursor(cursor);
  const step = stepBalance(before, { due: BigInt(reading.due), paid: BigInt(reading.paid) });
  const asset = reading.asset ?? USD;
  const { base, falls } = step.cursor;
  const stored: StoredBalance = { due: base.due.toString(), paid: base.paid.toString(), falls };
  const gains: Gain[] = [];
  if (step.gain !== 0n) {
    const dollars = step.gain === null || price === null ? null : worth(step.gain, decimalsOf(asset), price);
    gains.push(gainAt(at, { asset, amount: step.gain, microUsd: dollars }));
  }
  const flag =
    step.finding === 'fell' && step.gain !== null
      ? `The balance fell by ${amountWords(-step.gain, asset)} without a payout. Look at the pool.`
      : step.finding === 'rebased'
        ? 'What the pool says it has paid fell: it forgot its past. Counting began anew; the amount in between is not known.'
        : null;
  return { cursor: stored, gains, flag };
}

function countCounters(
  cursor: unknown,
  reading: Counters,
  at: number,
  settings: Extract<SourceSettings, { kind: 'server' }>,
): Counted {
  const now: Counters = { requests: reading.requests, tokensIn: reading.tokensIn, tokensOut: reading.tokensOut };
  const before = cursor as Counters | null;
  if (!before) return { cursor: now, gains: [], flag: null };
  const delta: Counters = {
    requests: stepCounter(before.requests, now.requests),
    tokensIn: stepCounter(before.tokensIn, now.tokensIn),
    tokensOut: stepCounter(before.tokensOut, now.tokensOut),
  };
  const some = Object.values(delta).some((count) => count !== null && count > 0);
  return { cursor: keepKnown(before, now), gains: some ? [served(at, delta, settings)] : [], flag: null };
}

function countLog(
  said: Said,
  lines: readonly LogLine[],
  at: number,
  settings: Extract<SourceSettings, { kind: 'access-log' }>,
): Counted {
  const byBucket = new Map<number, LogLine[]>();
  for (const line of lines) {
    if (!isServed(line, settings.pathPrefix)) continue;
    // A line without a time, or with one that cannot be, is of now.
    const when = line.at === null || line.at > at + DAY || line.at <= 0 ? at : line.at;
    // Lines whose tokens are known and lines whose are not do not spoil each other.
    const group = bucketOf(when) * 4 + (line.tokensIn === null ? 2 : 0) + (line.tokensOut === null ? 1 : 0);
    const together = byBucket.get(group);
    if (together) together.push(line);
    else byBucket.set(group, [line]);
  }
  const gains = [...byBucket].map(([group, some]) => served(Math.floor(group / 4), countLines(some), settings));
  return { cursor: said.cursor, gains, flag: null };
}

/** What a look adds. `price`: micro-dollars of one whole unit of the source's asset, null: not known. */
export function count(
  settings: SourceSettings,
  cursor: unknown,
  said: Said,
  at: number,
  price: number | null,
): Counted {
  switch (settings.kind) {
    case 'pool':
      return countBalance(cursor, said.reading, at, price);
    case 'server':
      return countCounters(cursor, said.reading, at, settings);
    case 'access-log':
      return countLog(said, said.lines ?? [], at, settings);
    default:
      return { cursor, gains: [], flag: null };
  }
}
