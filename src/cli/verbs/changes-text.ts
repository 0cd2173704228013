import { UsageError } from '../verb.ts';

/** The keys of a JSON object with their values. @throws UsageError: it is no JSON object. */
export function changesIn(verb: string, text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value };
  } catch {
    // Said below.
  }
  throw new UsageError(`"tenure ${verb}" takes the changed keys as a JSON object, but got "${text}".`);
}
