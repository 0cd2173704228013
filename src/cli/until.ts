import { absolute } from '../shared/format.ts';
import { UsageError, wholeNumber } from './verb.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
/** The least that the engine takes for anything that is snoozed. */
const LEAST_MS = 10_000;

/**
 * How long something is to be quiet: until a moment in a person's own words (`tomorrow 9`, `2h`, `17:30`),
 * or for so many minutes. @returns milliseconds; undefined when neither was given.
 * @throws UsageError when both were, or the words are no moment within a day.
 */
export async function quietFor(until: string, minutes: string | undefined, now: number): Promise<number | undefined> {
  const given = wholeNumber(minutes, 'minutes', 1, 1_440);
  if (until === '') return given === undefined ? undefined : given * MINUTE_MS;
  if (given !== undefined) throw new UsageError(`Give either "${until}" or --minutes, not both.`);
  const { meant } = await import('../shared/when/when-words.ts');
  const wish = meant(until, now);
  if ('problem' in wish) throw new UsageError(wish.problem);
  if (wish.at - now > DAY_MS)
    throw new UsageError(`"${until}" is ${absolute(wish.at)}; at most 24 hours can be given.`);
  return Math.max(LEAST_MS, wish.at - now);
}
