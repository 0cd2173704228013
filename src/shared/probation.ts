/** How long something new is watched before what was earned before counts for it again. */
export interface ProbationRule {
  /** Successes that it takes. */
  tasks: number;
  /** Milliseconds that it takes at least. */
  ms: number;
}

export interface Trial {
  /** Epoch ms at which the new version or model was first seen. */
  since: number;
  /** Successes since then. */
  tasks: number;
}

/**
 * Is a new version or model still on probation? Both conditions must hold before it is over: enough good work
 * and enough time. A clock that was set back makes it last, never shorter.
 */
export const isOnProbation = ({ since, tasks }: Trial, rule: ProbationRule, now: number): boolean =>
  tasks < rule.tasks || now - since < rule.ms;
