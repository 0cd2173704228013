import type { DecisionState } from './contract/decisions.ts';
import type { Project } from './contract/projects.ts';
import type { SessionState } from './contract/sessions.ts';
import type { PromotionState } from './contract/trust.ts';
import { LEVEL_WORDS, LEVELS, type Level } from './policy.ts';

/**
 * "May I?" as data: for each action the states that allow it (`true`) and, for the others, the sentence
 * that says why not. Read by the button, by its tooltip and by the engine.
 */
const answered = {
  allowed: 'The gate allowed this by itself.',
  refused: 'The gate refused this by itself.',
  pending: true,
  approved: 'This was already approved.',
  denied: 'This was already denied.',
  expired: 'The deadline has passed; it counts as denied.',
  void: 'This question was withdrawn: what it was bound to has changed or ended.',
} satisfies Record<DecisionState, true | string>;

const promoted = {
  open: true,
  approved: 'This promotion was already approved.',
  declined: 'This promotion was already declined.',
  expired: 'This promotion has expired.',
  withdrawn: 'This promotion was withdrawn: its evidence no longer holds.',
} satisfies Record<PromotionState, true | string>;

export const MAY = {
  'decision.approve': answered,
  'decision.deny': answered,
  'session.stop': {
    queued: true,
    starting: true,
    working: true,
    parked: true,
    evaluating: 'The agent has ended; its work is being measured.',
    ended: 'This session has already ended.',
  } satisfies Record<SessionState, true | string>,
  'promotion.approve': promoted,
  'promotion.decline': promoted,
} as const;

export type Action = keyof typeof MAY;
export type StateOf<A extends Action> = keyof (typeof MAY)[A];

/** Null when the state allows the action, else the reason as a sentence for a person. */
export function whyNot<A extends Action>(action: A, state: StateOf<A>): string | null {
  const rule = MAY[action][state] as true | string;
  return rule === true ? null : rule;
}

/** Null when the level may be set from `from` to `to` by a person at all: to any but the one in force. */
export function whyNotLevel(from: Level, to: Level): string | null {
  return from === to ? `The level is already ${LEVEL_WORDS[to].name}.` : null;
}

/**
 * Why setting the level is an override, which the owner confirms by typing the level; null when it is none:
 * down any number of steps, from Observe to Cautious, and one step that the record has earned.
 * @param lack what the next level lacks, in words; null: no promotion leads on from here.
 */
export function whyOverride(from: Level, to: Level, lack: readonly string[] | null): string | null {
  const steps = LEVELS.indexOf(to) - LEVELS.indexOf(from);
  const { name } = LEVEL_WORDS[to];
  if (steps <= 0 || (steps === 1 && from === 'observe')) return null;
  if (steps > 1)
    return `${name} is ${steps} steps above ${LEVEL_WORDS[from].name}; the level rises one step at a time.`;
  if (lack === null) return `No promotion to ${name} is configured, so nothing shows that it was earned.`;
  return lack.length === 0 ? null : `The record has not earned ${name} yet: ${lack.join(', ')}.`;
}

/** Null when a session may be launched on the project. */
export function whyNotLaunch(project: Pick<Project, 'problem'> | undefined): string | null {
  if (!project) return 'Add a project first.';
  return project.problem;
}
