import type { Finding, FindingName, LedgerState } from './contract/ledger.ts';
import { count, when } from './format.ts';

/** Where the ledger stands, in a line: "Verified 12:04, 8,412 events". */
export function ledgerLine(ledger: LedgerState, now: number): string {
  const events = count(ledger.events, 'event');
  if (ledger.state === 'broken') {
    const since = ledger.brokenSince === null ? '' : ` (found ${when(ledger.brokenSince, now)})`;
    return `The ledger is not as it was written${since}`;
  }
  if (ledger.checkedAt === null) return `Being checked since the start, ${events}`;
  return `Verified ${when(ledger.checkedAt, now)}, ${events}`;
}

/** What a broken ledger means until a person has accepted it. */
export const BROKEN_MEANS =
  'The level is Observe and nothing can be raised until you have looked at it and accepted it. Nothing is erased: the ledger goes on from there.';

/** What says that the events themselves are as they were written, whatever else is wrong. */
const EVENTS_HOLD: ReadonlySet<FindingName> = new Set<FindingName>([
  'tables-differ',
  'unprotected',
  'checkpoints-missing',
  'checkpoints-rolled-back',
  'checkpoints-forged',
]);

/** Why the tables cannot be made anew from the events, in a sentence; null: they can. */
export function whyNotRemake(findings: readonly Pick<Finding, 'name'>[]): string | null {
  if (!findings.some(({ name }) => name === 'tables-differ')) return 'The tables say what the events say.';
  return findings.every(({ name }) => EVENTS_HOLD.has(name))
    ? null
    : 'The events themselves are not as they were written: nothing can be made from them.';
}

/** Why no level can be raised and no promotion approved, whatever the record says; null: the ledger is in no way. */
export function whyNotRaise({ state }: Pick<LedgerState, 'state'>): string | null {
  switch (state) {
    case 'sound':
      return null;
    case 'broken':
      return 'The ledger of trust is not as it was written. Nothing is raised until you have looked at it and accepted it.';
    case 'checking':
      return 'The ledger of trust is still being checked since the start. Try again in a moment.';
  }
}
