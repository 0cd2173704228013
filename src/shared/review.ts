import type { DiffHunk, DiffLine } from './contract/diff.ts';
import type { ReviewComment, ReviewSide } from './contract/reviews.ts';
import { count } from './format.ts';

type Told = Pick<ReviewComment, 'path' | 'side' | 'from' | 'to' | 'quote' | 'text'>;

/** `src/a.ts`, in quotes where a character of it would break the line it stands in. */
const pathText = (path: string): string => (/[\p{Cc}\p{Cf}\u2028\u2029]/u.test(path) ? JSON.stringify(path) : path);

/** `line 3`, `lines 3–5`. */
export const linesText = ({ from, to }: Pick<Told, 'from' | 'to'>): string =>
  from === to ? `line ${from}` : `lines ${from}–${to}`;

/** Fenced by more backticks than any line of it begins with. */
function fenced(text: string): string {
  const longest = Math.max(2, ...(text.match(/`+/g) ?? []).map((ticks) => ticks.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}\n${text}\n${fence}`;
}

function told({ path, side, from, to, quote, text }: Told, n: number): string {
  const where = `${n}. ${pathText(path)}, ${linesText({ from, to })}${side === 'before' ? ' before your change' : ''}`;
  return [where, quote === '' ? null : fenced(quote), text].filter((part) => part !== null).join('\n');
}

/** The prompt that tells an agent what a person says to its work: where, the code, the comment. */
export function reviewPrompt(comments: readonly Told[]): string {
  const head = `I have reviewed your work and have ${count(comments.length, 'comment')}. Go through ${
    comments.length === 1 ? 'it' : 'all of them'
  }, change what has to be changed, and say what you did about each.`;
  return [head, ...comments.map((comment, at) => told(comment, at + 1))].join('\n\n');
}

/** Lines that a person has chosen: numbers on one side, both belong to it. */
export interface Chosen {
  side: ReviewSide;
  from: number;
  to: number;
}

export const numberOn = (line: DiffLine, side: ReviewSide): number | null =>
  side === 'before' ? line.before : line.after;

/** A line without what ends it on other systems. */
export const plain = (text: string): string => text.replace(/\r$/, '');

/** The lines of a choice, as far as the diff shows them. */
export function linesOf(hunks: readonly DiffHunk[], { side, from, to }: Chosen): DiffLine[] {
  return hunks
    .flatMap((hunk) => hunk.lines)
    .filter((line) => {
      const n = numberOn(line, side);
      return n !== null && n >= from && n <= to;
    });
}

/** What a comment on these lines quotes, by which it is found again. */
export const quoteOf = (hunks: readonly DiffHunk[], chosen: Chosen): string =>
  linesOf(hunks, chosen)
    .map((line) => plain(line.text))
    .join('\n')
    .slice(0, 20_000);
