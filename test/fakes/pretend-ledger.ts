import type { LedgerState } from '../../src/shared/contract/ledger.ts';
import type { Answers } from './pretend-answers.ts';

const MINUTE = 60_000;

/** A ledger of which everything holds. */
export const ledgerAt = (changes: Partial<LedgerState> = {}): LedgerState => ({
  state: 'sound',
  events: 8_412,
  checkedAt: Date.now() - 12 * MINUTE,
  accepted: 0,
  checkpoint: { seq: 8_412, at: Date.now() - 2 * MINUTE },
  checkpointFolder: '/Users/ada/Library/Application Support/Tenure/checkpoints',
  checkpointProblem: null,
  brokenSince: null,
  findings: [],
  key: 'The key to the secrets of Tenure lies in the keychain.',
  ...changes,
});

/** What the pretend engine answers about the ledger. */
export const LEDGER_ANSWERS: Answers = {
  'ledger.get': (world) => world.state().ledger,
  'ledger.verify': (world) => {
    const ledger = { ...world.state().ledger, checkedAt: Date.now() };
    world.tell({ type: 'ledger.changed', body: { ledger } });
    return ledger;
  },
  'ledger.acknowledge': (world) => {
    const { accepted } = world.state().ledger;
    const ledger = ledgerAt({ checkedAt: Date.now(), accepted: accepted + 1 });
    world.tell({ type: 'ledger.changed', body: { ledger } });
    return ledger;
  },
};
