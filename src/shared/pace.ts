import type { Pace } from './contract/sessions.ts';
import { short } from './format.ts';

/** Milliseconds of one step. */
export const PACE_STEP_MS = 30_000;
/** Steps that are kept: ten minutes. */
const STEPS = 20;
const IN_A_MINUTE = 60_000 / PACE_STEP_MS;

/** The pace after so many more tokens at that moment (epoch ms). */
export function paceWith(pace: Pace | undefined, tokens: number, now: number): Pace {
  const at = Math.floor(now / PACE_STEP_MS) * PACE_STEP_MS;
  // A clock that was set back puts it into the newest step.
  if (pace && at <= pace.at)
    return { at: pace.at, tokens: [...pace.tokens.slice(0, -1), (pace.tokens.at(-1) ?? 0) + tokens] };
  return { at, tokens: [...(pace ? stepsUntil(pace, at).slice(0, -1) : []), tokens].slice(-STEPS) };
}

/** Tokens in each step of the last ten minutes, oldest first; null: before anything was reported. */
export function paceUntil(pace: Pace, now: number): (number | null)[] {
  const known = stepsUntil(pace, now).slice(-STEPS);
  return [...Array.from({ length: STEPS - known.length }, () => null), ...known];
}

/** "12.4k tokens in the last minute, 80.2k in ten". */
export function paceWords(pace: Pace, now: number): string {
  const steps = paceUntil(pace, now).map((tokens) => tokens ?? 0);
  const sum = (of: readonly number[]): number => of.reduce((all, one) => all + one, 0);
  return `${short(sum(steps.slice(-IN_A_MINUTE)))} tokens in the last minute, ${short(sum(steps))} in ten`;
}

/** What is known, with the steps in which nothing came, up to the one that holds `now`. */
function stepsUntil({ at, tokens }: Pace, now: number): number[] {
  const quiet = Math.min(STEPS, Math.max(0, Math.floor((now - at) / PACE_STEP_MS)));
  return [...tokens, ...Array.from({ length: quiet }, () => 0)];
}
