import { OBSERVED, type ScoreSettings } from '../../../shared/score-settings.ts';
import { TIERS } from '../../../shared/tiers.ts';

/** What stands in each field, by its key: `points.failed.points`. */
export type Texts = Readonly<Record<string, string>>;

const isGroup = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

function leaves(value: unknown, path: readonly string[]): [key: string, text: string][] {
  return isGroup(value)
    ? Object.entries(value).flatMap(([name, child]) => leaves(child, [...path, name]))
    : [[path.join('.'), String(value)]];
}

/** Every rule as text. */
export const textsOf = (settings: ScoreSettings): Texts => Object.fromEntries(leaves(settings, []));

/** The rules that stand in the fields, as far as they are numbers; the schema says what does not fit. */
export function draftFrom(texts: Texts): Record<string, unknown> {
  const draft: Record<string, unknown> = {};
  for (const [key, text] of Object.entries(texts)) {
    const path = key.split('.');
    const holder = path.slice(0, -1).reduce((group, name) => {
      const child = group[name];
      const next = isGroup(child) ? child : {};
      group[name] = next;
      return next;
    }, draft);
    const number = Number(text);
    holder[path.at(-1) ?? ''] = text.trim() === '' || Number.isNaN(number) ? text : number;
  }
  return draft;
}

/** What does not fit, in one sentence that names it. */
export function problemIn({
  issues,
}: {
  issues: readonly { path: readonly PropertyKey[]; message: string }[];
}): string {
  const [issue] = issues;
  return issue ? `${labelOf(issue.path.join('.'))}: ${issue.message}.` : 'These rules do not fit.';
}

const POINT_WORDS: Readonly<Record<(typeof OBSERVED)[number], string>> = {
  completed: 'Task done',
  failed: 'Task failed',
  timed_out: 'Task ran out of time',
  inconclusive: 'Task that says nothing',
  reviewed_well: 'Rated 4 or 5 by you',
  reviewed_badly: 'Rated 1 or 2 by you',
  violated: 'Violation',
  denied: 'Refused by the gate',
  overruled: 'Overruled by you',
  misdelegated: 'Delegated wrongly',
};

/** What was seen, in the order of the table; what says nothing has no points to set. */
export const POINT_ROWS = OBSERVED.filter((kind) => kind !== 'inconclusive').map((kind) => ({
  kind,
  name: POINT_WORDS[kind],
}));
export const TIER_ROWS = TIERS.slice(1);

/** Single figures under the tables: key, name and what it means. */
export const SINGLES: readonly (readonly [key: string, label: string, hint: string])[] = [
  ['base', 'A new agent begins with', 'points, inside the lowest tier'],
  ['perDay', 'Most that a day brings', 'points'],
  ['hysteresis', 'Above a tier’s beginning by', 'points, before it is entered'],
  ['window', 'Newest tasks that count', 'for the share of successes'],
  ['probation.tasks', 'A new version is watched for', 'good tasks'],
  ['probation.days', 'and at least', 'days'],
];

function labelOf(key: string): string {
  const [group, name, leaf] = key.split('.');
  const single = SINGLES.find(([own]) => own === key);
  if (single) return single[1];
  if (group === 'points' && name && name in POINT_WORDS)
    return `${POINT_WORDS[name as keyof typeof POINT_WORDS]}${leaf ? `, ${leaf}` : ''}`;
  return key;
}
