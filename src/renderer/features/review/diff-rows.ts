import type { DiffHunk, DiffLine } from '../../../shared/contract/diff.ts';
import type { ReviewComment, ReviewSide } from '../../../shared/contract/reviews.ts';
import { type Chosen, linesOf, numberOn, plain } from '../../../shared/review.ts';

export type DiffRow =
  | { type: 'hunk'; hunk: DiffHunk }
  | { type: 'line'; line: DiffLine }
  | { type: 'comment'; comment: ReviewComment; outdated: boolean }
  /** Where the chosen lines are commented on. */
  | { type: 'box'; chosen: Chosen };

/** The side on which a line is commented: one that is gone only has its old place. */
export const sideOf = (line: DiffLine): ReviewSide => (line.kind === 'removed' ? 'before' : 'after');
const CREDENTIAL = '[redacted]';

/** Grows a choice up to a line, within the hunk and the side where it began. */
export function extended(hunks: readonly DiffHunk[], chosen: Chosen, to: DiffLine): Chosen {
  const n = numberOn(to, chosen.side);
  const hunk = hunks.find(({ lines }) => lines.includes(to));
  const begins = hunk?.lines.some((line) => numberOn(line, chosen.side) === chosen.from);
  if (n === null || !begins) return chosen;
  return { ...chosen, from: Math.min(chosen.from, n), to: Math.max(chosen.to, n) };
}

/**
 * Where a comment stands now: at its numbers while its lines are still these, else where the same lines
 * went; null when they are no longer in the diff.
 */
export function placeOf(hunks: readonly DiffHunk[], comment: ReviewComment): Chosen | null {
  const { side, from, to, quote } = comment;
  const here = linesOf(hunks, { side, from, to });
  const same = quote.includes(CREDENTIAL) || here.map((line) => plain(line.text)).join('\n') === quote;
  if (here.length === to - from + 1 && same) return { side, from, to };
  const wanted = quote.split('\n');
  let nearest: Chosen | null = null;
  for (const { lines } of hunks) {
    const own = lines.filter((line) => numberOn(line, side) !== null);
    for (let at = 0; at + wanted.length <= own.length; at++) {
      const first = own[at];
      const start = first && numberOn(first, side);
      if (!start || !wanted.every((text, i) => plain(own[at + i]?.text ?? '') === text)) continue;
      if (nearest === null || Math.abs(start - from) < Math.abs(nearest.from - from)) {
        nearest = { side, from: start, to: start + wanted.length - 1 };
      }
    }
  }
  return quote.trim() === '' ? null : nearest;
}

/** Some of the lines end with a carriage return and some do not: then each has to be seen. */
export function hasBothEndings(hunks: readonly DiffHunk[]): boolean {
  const lines = hunks.flatMap((hunk) => hunk.lines).filter(({ cut, noNewline }) => !cut && !noNewline);
  const returns = lines.filter(({ text }) => text.endsWith('\r')).length;
  return returns > 0 && returns < lines.length;
}

/** Everything of a file from the top: hunks, lines, and the comments under the lines they are about. */
export function rowsOf(
  hunks: readonly DiffHunk[],
  comments: readonly ReviewComment[],
  chosen: Chosen | null,
): DiffRow[] {
  const under = new Map<string, DiffRow[]>();
  const lost: DiffRow[] = [];
  const put = (place: Chosen, row: DiffRow): void => {
    const key = `${place.side} ${place.to}`;
    under.set(key, [...(under.get(key) ?? []), row]);
  };
  for (const comment of comments) {
    const place = placeOf(hunks, comment);
    if (place) put(place, { type: 'comment', comment, outdated: false });
    else lost.push({ type: 'comment', comment, outdated: true });
  }
  if (chosen) put(chosen, { type: 'box', chosen });
  const below = (line: DiffLine): DiffRow[] => [
    ...(line.before !== null ? (under.get(`before ${line.before}`) ?? []) : []),
    ...(line.after !== null ? (under.get(`after ${line.after}`) ?? []) : []),
  ];
  return [
    ...lost,
    ...hunks.flatMap((hunk): DiffRow[] => [
      { type: 'hunk', hunk },
      ...hunk.lines.flatMap((line): DiffRow[] => [{ type: 'line', line }, ...below(line)]),
    ]),
  ];
}
