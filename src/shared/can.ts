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

/** Null when the level may be set from `from` to `to` by a person: down any number of steps, up one. */
export function whyNotLevel(from: Level, to: Level): string | null {
  const steps = LEVELS.indexOf(to) - LEVELS.indexOf(from);
  if (steps === 0) return `The level is already ${LEVEL_WORDS[to].name}.`;
  if (steps > 1)
    return `${LEVEL_WORDS[to].name} is ${steps} steps above ${LEVEL_WORDS[from].name}; the level rises one step at a time.`;
  return null;
}

/** Null when a session may be launched on the project. */
export function whyNotLaunch(project: Pick<Project, 'problem'> | undefined): string | null {
  if (!project) return 'Add a project first.';
  return project.problem;
}
