import { z } from 'zod';
import { command, query } from './define.ts';

/** What was done to the ledger, or is lost of what proves it. */
export const FindingName = z.enum([
  'edited',
  'deleted',
  'inserted',
  'reordered',
  'rehashed',
  'cut',
  'rolled-back',
  'key-lost',
  'key-changed',
  'checkpoints-missing',
  'checkpoints-rolled-back',
  'checkpoints-forged',
  'tables-differ',
  'unprotected',
]);
export type FindingName = z.infer<typeof FindingName>;

/** Keep the tables of trust as they stand, or make them anew from the events of the ledger. */
export const LedgerTables = z.enum(['keep', 'remake']);
export type LedgerTables = z.infer<typeof LedgerTables>;

export const Finding = z.object({
  name: FindingName,
  /** The first and the last event that it is about; null where it is about none. */
  from: z.number().nullable(),
  to: z.number().nullable(),
  /** The whole of it in a sentence. */
  words: z.string(),
});
export type Finding = z.infer<typeof Finding>;

export const LedgerState = z.object({
  /** `checking`: since this start not yet looked at as a whole. `broken` until a person has accepted it. */
  state: z.enum(['checking', 'sound', 'broken']),
  /** How many events the newest whole check has seen; before it, how many there are. */
  events: z.number(),
  /** When the newest whole check ended, epoch ms; null: none since the start. */
  checkedAt: z.number().nullable(),
  /** How often a person has accepted a broken ledger, which then went on. */
  accepted: z.number(),
  /** The newest signed checkpoint in its folder. */
  checkpoint: z.object({ seq: z.number(), at: z.number() }).nullable(),
  checkpointFolder: z.string(),
  /** Why the last checkpoint could not be written; it is tried again. */
  checkpointProblem: z.string().nullable(),
  /** When it was found to be broken, epoch ms. */
  brokenSince: z.number().nullable(),
  findings: z.array(Finding),
  /** Where the key lies, and what that means. */
  key: z.string(),
});
export type LedgerState = z.infer<typeof LedgerState>;

/** One event with everything that it takes to verify it elsewhere. `docs/trust-ledger.md` says how. */
export const LedgerRow = z.object({
  seq: z.number(),
  at: z.number(),
  kind: z.string(),
  subject: z.string(),
  /** Canonical JSON, as it was hashed. */
  body: z.string(),
  prev: z.string(),
  hash: z.string(),
  mac: z.string(),
});
export type LedgerRow = z.infer<typeof LedgerRow>;

/** What stands signed outside of the database: up to here it was so. */
export const Checkpoint = z.object({
  seq: z.number().int().positive(),
  hash: z.string(),
  mac: z.string(),
  /** Epoch ms. */
  at: z.number(),
  /** How many events there were. */
  count: z.number(),
  /** Ed25519, base64url. */
  publicKey: z.string(),
  /** Over the canonical JSON of everything else. */
  signature: z.string(),
});
export type Checkpoint = z.infer<typeof Checkpoint>;

export const ledgerMethods = {
  'ledger.get': query({ summary: 'What is known of the ledger.', input: z.object({}), output: LedgerState }),
  'ledger.verify': query({
    summary: 'Look at every event of the ledger, its checkpoints and what was derived from it.',
    input: z.object({
      /** Every MAC and the index as well, which the newest checkpoint stands for otherwise. */
      full: z.boolean().optional(),
    }),
    output: LedgerState,
  }),
  'ledger.events': query({
    summary: 'Events as they stand, oldest first, a page at a time.',
    input: z.object({
      after: z.number().int().min(0).optional(),
      limit: z.number().int().min(1).max(5_000).optional(),
    }),
    output: z.array(LedgerRow),
  }),
  'ledger.checkpoints': query({
    summary: 'The signed checkpoints in their folder, oldest first.',
    input: z.object({}),
    output: z.array(Checkpoint),
  }),
  'ledger.acknowledge': command({
    summary: 'Accept a broken ledger as it stands: it goes on from here, and nothing is erased.',
    input: z.object({
      reason: z.string().trim().min(1).max(500),
      /** What holds where the tables differ from the events: `keep` what the tables say, or `remake` them. */
      tables: LedgerTables.optional(),
    }),
    output: LedgerState,
  }),
};

export const ledgerFacts = {
  'ledger.changed': z.object({ ledger: LedgerState }),
  'ledger.broken': z.object({ ledger: LedgerState }),
};
