import { type Cell, cellOf, type Level, RISKS, type Risk } from './policy.ts';

/** What a cell of the table does, for a person; the stricter the lower its place. */
const CELLS: readonly (readonly [cell: Cell, words: string])[] = [
  ['deny', 'refused'],
  ['ask-two-steps', 'asks you, in two steps'],
  ['ask', 'asks you'],
  ['tribunal-unanimous', 'a unanimous tribunal, else asks you'],
  ['tribunal', 'a tribunal, else asks you'],
  ['auto-if-eligible', 'goes ahead for a certified agent, else asks you'],
  ['auto-else-tribunal', 'goes ahead for a certified agent, else a tribunal'],
  ['allow-launched', 'goes ahead in sessions you launch'],
  ['allow', 'goes ahead'],
];

const RISK_WORDS: Readonly<Record<Risk, string>> = {
  read: 'Reading',
  low: 'Edits and tests in the work tree',
  medium: 'Commits, installs, fetches',
  high: 'Push, merge, deletions',
  critical: 'Credentials, publishing, anything irreversible',
};

export interface LevelChange {
  risk: Risk;
  /** What it is about, in the person's words. */
  what: string;
  before: string;
  after: string;
  looser: boolean;
}

const wordsOf = (cell: Cell): string => CELLS.find(([known]) => known === cell)?.[1] ?? 'asks you';
const placeOf = (cell: Cell): number => CELLS.findIndex(([known]) => known === cell);

/** What another level would change, read from the one table that the gate itself uses; what stays is left out. */
export const levelChanges = (from: Level, to: Level): LevelChange[] =>
  RISKS.flatMap((risk) => {
    const [before, after] = [cellOf(from, risk), cellOf(to, risk)];
    const looser = placeOf(after) > placeOf(before);
    return before === after
      ? []
      : [{ risk, what: RISK_WORDS[risk], before: wordsOf(before), after: wordsOf(after), looser }];
  });
