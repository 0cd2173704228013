import type { Decision } from './contract/decisions.ts';

/** Where an action stands on its way from the question to its end; derived, never stored. */
export const STAGES = [
  'pending',
  'approved',
  'executing',
  'completed',
  'failed',
  'aborted',
  'timed_out',
  'unknown',
  'rejected',
  'expired',
  'withdrawn',
] as const;
export type Stage = (typeof STAGES)[number];

export const STAGE_WORDS: Readonly<Record<Stage, string>> = {
  pending: 'Waiting',
  approved: 'Approved',
  executing: 'Executing',
  completed: 'Completed',
  failed: 'Failed',
  aborted: 'Aborted',
  timed_out: 'Timed out',
  unknown: 'End unknown',
  rejected: 'Rejected',
  expired: 'Expired',
  withdrawn: 'Withdrawn',
};

/** The stage of a decision. `approved`: a person said yes and the agent has not come for it yet. */
export function stageOf({ state, outcome, startedAt }: Pick<Decision, 'state' | 'outcome' | 'startedAt'>): Stage {
  switch (state) {
    case 'pending':
      return 'pending';
    case 'refused':
    case 'denied':
      return 'rejected';
    case 'expired':
      return 'expired';
    case 'void':
      return 'withdrawn';
    case 'allowed':
    case 'approved':
      if (outcome === 'ran') return 'completed';
      if (outcome !== null) return outcome;
      return startedAt === null ? 'approved' : 'executing';
  }
}
