import type { SettingField } from '../../../shared/contract/settings.ts';
import { durationText } from '../../../shared/duration.ts';

/** A value as it stands in a field of text. */
export function textOf({ kind }: Pick<SettingField, 'kind'>, value: unknown): string {
  if (value === null || value === undefined) return '';
  if (kind === 'time' && typeof value === 'number') return durationText(value);
  if (kind === 'list' && Array.isArray(value)) return value.join('\n');
  if (kind === 'json' || kind === 'map' || kind === 'part') return JSON.stringify(value, null, 2);
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/**
 * What a text of a field says; nothing at all is null where that means something. What cannot be read stays the
 * text that it is: the engine says what was expected.
 */
export function valueOf({ kind, empty }: Pick<SettingField, 'kind' | 'empty'>, text: string): unknown {
  const plain = text.trim();
  if (plain === '' && empty !== null) return null;
  switch (kind) {
    case 'whole':
    case 'number':
      return plain !== '' && Number.isFinite(Number(plain)) ? Number(plain) : plain;
    case 'list':
      return plain === ''
        ? []
        : text
            .split('\n')
            .map((line) => line.trim())
            .filter(Boolean);
    case 'map':
    case 'json':
    case 'part':
      try {
        return JSON.parse(plain === '' ? (kind === 'map' ? '{}' : '[]') : plain) as unknown;
      } catch {
        return plain;
      }
    default:
      return plain;
  }
}

/** What the gate goes by is held against the past before it holds; the wait in front of an agent changes no verdict. */
export const isOfGate = (key: string): boolean => key.startsWith('decisions.') && !/\.(?:holdMs|undoMs)$/u.test(key);

/** So is that by which the level rises. */
export const isOfLevel = (key: string): boolean => /^trust\.(?:enabled$|thresholds\.|window\.)/u.test(key);

/** And that by which the agents' own scores are reckoned. */
const SCORE = 'trust.score.';
export const isOfScore = (key: string): boolean => key.startsWith(SCORE);

/** The rules in force with another value for one of their settings. */
export function withRule<Rules>(rules: Rules, key: string, value: unknown): Rules {
  const changed = structuredClone(rules);
  const path = key.slice(SCORE.length).split('.');
  const last = path.pop() ?? '';
  let at = changed as Record<string, unknown>;
  for (const step of path) at = at[step] as Record<string, unknown>;
  at[last] = value;
  return changed;
}
