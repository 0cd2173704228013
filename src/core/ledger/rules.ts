import { z } from 'zod';
import { Finding, type FindingName, type LedgerRow } from '../../shared/contract/ledger.ts';
import type { LedgerEvent } from '../kernel/ledger-ports.ts';

/** A row as it stands in the database. */
export interface StoredEvent extends Omit<LedgerEvent, 'body'> {
  /** Canonical JSON. */
  body: string;
  /** The hash of the event before; at the beginning of an epoch, what that epoch began on. */
  prev: string;
  hash: string;
  mac: string;
}

/** What events about the ledger itself are about. */
export const LEDGER = 'ledger';

/** What the very first event stands on: as long as a hash, and none. */
export const NOTHING_BEFORE = 'A'.repeat(43);

/**
 * The bytes that an event's hash is taken of: one JSON array of everything but its own hash and MAC, with
 * the hash and the MAC of the event before. So the newest hash stands for every column of every event. The
 * quoted strings before the body and the fixed lengths behind it leave one reading only.
 */
export const sealedOf = (event: Omit<StoredEvent, 'hash' | 'mac'>, prevMac: string): string =>
  `[${event.seq},${event.at},${JSON.stringify(event.kind)},${JSON.stringify(event.subject)},${event.body},"${event.prev}","${prevMac}"]`;

const eventsOf = (from: number | null, to: number | null): string =>
  from === null ? 'The ledger' : from === to || to === null ? `Event ${from}` : `Events ${from} to ${to}`;

const WORDS: Readonly<Record<FindingName, (events: string, one: boolean) => string>> = {
  edited: (events, one) => `${events} ${one ? 'was' : 'were'} changed after ${one ? 'it was' : 'they were'} written.`,
  deleted: (events, one) => `${events} ${one ? 'is' : 'are'} missing: somebody took ${one ? 'it' : 'them'} out.`,
  inserted: (events, one) => `${events} ${one ? 'was' : 'were'} put in by somebody else than Tenure.`,
  reordered: (events, one) =>
    `${events} ${one ? 'does' : 'do'} not stand where ${one ? 'it was' : 'they were'} written.`,
  rehashed: (events, one) =>
    `${events} ${one ? 'was' : 'were'} written anew with ${one ? 'a fitting hash' : 'fitting hashes'}, but not with the key of Tenure.`,
  cut: (events, one) => `${events} ${one ? 'is' : 'are'} missing at the end: the end of the ledger was cut off.`,
  'rolled-back': (events, one) =>
    `${events} ${one ? 'is' : 'are'} not those that a signed checkpoint stands for: the database is an older copy, or another one.`,
  'key-lost': () => 'The key that proves the events is not there.',
  'key-changed': () => 'The key is not the one with which the events were written.',
  'checkpoints-missing': () =>
    'The signed checkpoints are missing, although the database remembers that they were written.',
  'checkpoints-rolled-back': () => 'The file of the signed checkpoints is older than the database remembers.',
  'checkpoints-forged': () => 'A checkpoint does not carry the signature of Tenure.',
  'tables-differ': () => 'What is derived from the ledger differs from what the events say.',
  unprotected: () => 'What keeps the events from being changed was taken out of the database.',
};

/** @param more said after the sentence: where, how, which. */
export function findingOf(name: FindingName, from: number | null = null, to = from, more = ''): Finding {
  const words = WORDS[name](eventsOf(from, to), from === to || to === null);
  return { name, from, to, words: more === '' ? words : `${words} ${more}` };
}

/** Columns as they stand: seq, at, kind, subject, body, prev, hash, mac. */
export type Row = [
  seq: number,
  at: number,
  kind: string,
  subject: string,
  body: string,
  prev: string,
  hash: string,
  mac: string,
];

export const rowOf = ([seq, at, kind, subject, body, prev, hash, mac]: Row): LedgerRow => ({
  seq,
  at,
  kind,
  subject,
  body,
  prev,
  hash,
  mac,
});

/** What an event says, or what it says again of before the ledger began anew; null: nothing that can be read. */
export function saidBy(event: LedgerEvent): LedgerEvent | null {
  if (event.kind !== 'ledger.restated') return event;
  const { kind, subject, body } = event.body as Partial<LedgerEvent>;
  return kind && subject !== undefined && body ? { seq: event.seq, at: event.at, kind, subject, body } : null;
}

/** What was found broken, since when; nobody has accepted it yet. */
export interface Broken {
  since: number;
  findings: Finding[];
}

/** What the ledger says of itself, as far as it can be read: even that may have been changed. */
export function standingOf(events: Iterable<LedgerEvent>): { broken: Broken | null; accepted: number } {
  let since: number | null = null;
  let findings: Finding[] = [];
  let accepted = 0;
  for (const { kind, at, body } of events) {
    if (kind === 'ledger.broken') {
      since ??= at;
      findings = z.array(Finding).catch([]).parse(body.findings);
    }
    if (kind !== 'ledger.acknowledged') continue;
    since = null;
    accepted += 1;
  }
  return { broken: since === null ? null : { since, findings }, accepted };
}
