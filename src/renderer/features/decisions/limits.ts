import type { SettingField } from '../../../shared/contract/settings.ts';
import { durationOf, durationText } from '../../../shared/duration.ts';
import { textOf, valueOf } from '../settings/drafts.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

type Field = Pick<SettingField, 'key' | 'kind' | 'empty' | 'value'>;

/** What of the configuration bounds what agents do unasked and how long a question lives, in reading order. */
const LIMITS = [
  'decisions.auto.perHour',
  'decisions.auto.minScore',
  'decisions.auto.failureWindowMs',
  'decisions.failures.rate',
  'decisions.failures.windowMs',
  'decisions.failures.min',
  'decisions.sessionActions',
  'decisions.deadlineMs',
  'decisions.timeouts.immediateMs',
  'decisions.timeouts.highMs',
  'decisions.timeouts.normalMs',
  'decisions.timeouts.lowMs',
  'decisions.escalations',
  'decisions.undoMs',
  'decisions.quietHours',
] as const;

export const limitsIn = <F extends Field>(fields: readonly F[]): F[] =>
  LIMITS.flatMap((key) => fields.filter((field) => field.key === key));

const isShare = (key: string): boolean => key === 'decisions.failures.rate';

/** A limit as it holds, in words: `30 %`, `15 min`, `22:00 to 07:00`, `no limit`. */
export function limitWords(field: Field): string {
  const { key, value, empty } = field;
  if (value === null || value === undefined) return empty ?? 'none';
  if (isShare(key) && typeof value === 'number') return `${Math.round(value * 1_000) / 10} %`;
  if (key === 'decisions.quietHours' && typeof value === 'object') {
    const { from, to } = value as { from?: unknown; to?: unknown };
    return `${String(from)} to ${String(to)}`;
  }
  return textOf(field, value);
}

/** What a person typed for a limit, as the gate takes it; what cannot be read stays as it is, for the gate to refuse. */
export function limitValue(field: Field, text: string): unknown {
  const plain = text.trim();
  if (plain === '' && field.empty !== null) return null;
  if (field.kind === 'time') return durationOf(plain) ?? plain;
  if (isShare(field.key) && plain.endsWith('%')) {
    const percent = Number(plain.slice(0, -1));
    return Number.isFinite(percent) ? percent / 100 : plain;
  }
  const span = /^(\S+)\s*(?:to|-|–)\s*(\S+)$/u.exec(plain);
  if (field.key === 'decisions.quietHours' && span) return { from: span[1], to: span[2] };
  return valueOf(field, text);
}

/**
 * What about the limits as they hold leaves little of a limit, one sentence each by the key it is about: allowed
 * by the configuration, but out of the range in which the limit still does what it is there for.
 */
export function warningsOf(fields: readonly Field[]): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  const numberOf = (key: string): number | null => {
    const value = fields.find((field) => field.key === key)?.value;
    return typeof value === 'number' ? value : null;
  };
  const warn = (key: string, isOut: (value: number) => boolean, text: string): void => {
    const value = numberOf(key);
    if (value !== null && isOut(value)) found.set(key, text);
  };
  warn('decisions.auto.perHour', (n) => n > 200, 'More than anybody looks through afterwards.');
  warn('decisions.auto.minScore', (n) => n < 600, 'Lets agents act by themselves that have shown little.');
  warn('decisions.auto.failureWindowMs', (ms) => ms < HOUR_MS, 'A failure is forgotten within the hour.');
  warn('decisions.failures.rate', (share) => share > 0.6, 'Stops only what fails more often than not.');
  warn('decisions.failures.windowMs', (ms) => ms < 10 * 60_000, 'Too short to see a row of failures.');
  warn('decisions.failures.min', (n) => n > 200, 'So many rarely end within the window.');
  warn('decisions.undoMs', (ms) => ms === 0, 'A slip of the finger cannot be taken back.');
  warn('decisions.escalations', (n) => n === 0, 'What is urgent is asked once and then denied.');
  const times = ['immediateMs', 'highMs', 'normalMs', 'lowMs'].map((name) => `decisions.timeouts.${name}`);
  for (const [at, key] of times.entries()) {
    const [before, now] = [at === 0 ? null : numberOf(times[at - 1] ?? ''), numberOf(key)];
    if (now === null) continue;
    if (before !== null && now < before)
      found.set(key, `Shorter than that of what is more urgent (${durationText(before)}).`);
    else if (now < 60_000) found.set(key, 'Over before a person can read the question.');
    else if (now > 7 * DAY_MS) found.set(key, 'An agent is held up for more than a week.');
  }
  return found;
}
