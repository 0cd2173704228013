/** Why a person says no (S2-24). `other` needs words. */
export const DENY_REASONS = [
  'safety_concern',
  'wrong_timing',
  'incorrect_target',
  'unavailable',
  'session_mismatch',
  'operator_override',
  'other',
] as const;
export type DenyReason = (typeof DENY_REASONS)[number];

/** The reasons as a person picks them and as the agent is told them. */
export const DENY_WORDS: Readonly<Record<DenyReason, { short: string; told: string }>> = {
  safety_concern: { short: 'Not safe', told: 'It is not safe.' },
  wrong_timing: { short: 'Not now', told: 'This is not the time for it.' },
  incorrect_target: { short: 'Wrong target', told: 'It goes at the wrong thing.' },
  unavailable: { short: 'Not available', told: 'What it needs is not available now.' },
  session_mismatch: { short: 'Not the task', told: 'It is no part of what this session is to do.' },
  operator_override: { short: 'I do it myself', told: 'The person does it themselves.' },
  other: { short: 'Other', told: '' },
};
