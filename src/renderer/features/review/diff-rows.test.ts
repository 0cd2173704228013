import { expect, test } from 'vitest';
import type { DiffHunk, DiffLine } from '../../../shared/contract/diff.ts';
import type { ReviewComment } from '../../../shared/contract/reviews.ts';
import { linesOf, quoteOf } from '../../../shared/review.ts';
import { extended, hasBothEndings, placeOf, rowsOf } from './diff-rows.ts';

/** Lines as git writes them (`+new`, `-old`, ` same`), numbered from the given ones on. */
function hunk(before: number, after: number, ...written: string[]): DiffHunk {
  let [b, a] = [before, after];
  const lines = written.map((text): DiffLine => {
    const kind = text[0] === '+' ? 'added' : text[0] === '-' ? 'removed' : 'context';
    return {
      kind,
      text: text.slice(1),
      before: kind === 'added' ? null : b++,
      after: kind === 'removed' ? null : a++,
      noNewline: false,
      cut: false,
    };
  });
  return {
    before: { start: before, lines: b - before },
    after: { start: after, lines: a - after },
    heading: '',
    lines,
  };
}

const HUNKS = [hunk(1, 1, ' a', '-b', '+B', '+B2', ' c'), hunk(20, 21, ' x', '+b', ' y')];
const comment = (more: Partial<ReviewComment>): ReviewComment => ({
  id: 'c1',
  sessionId: 's',
  path: 'f',
  side: 'after',
  from: 2,
  to: 2,
  quote: 'B',
  text: 'Why?',
  createdAt: 0,
  updatedAt: 0,
  sentAt: null,
  ...more,
});
const kinds = (comments: ReviewComment[], chosen: Parameters<typeof rowsOf>[2] = null) =>
  rowsOf(HUNKS, comments, chosen).map((row) => {
    if (row.type === 'line') return row.line.text;
    return row.type === 'comment' ? `${row.outdated ? 'lost ' : ''}${row.comment.id}` : row.type;
  });

test('comments stand under the last line they are about, on their side', () => {
  expect(
    kinds([comment({}), comment({ id: 'c2', side: 'before', quote: 'b' })], { side: 'after', from: 2, to: 3 }),
  ).toEqual(['hunk', 'a', 'b', 'c2', 'B', 'c1', 'B2', 'box', 'c', 'hunk', 'x', 'b', 'y']);
});

test('a choice grows within its hunk and its side, in both directions, and quotes its side only', () => {
  const [first, second] = HUNKS as [DiffHunk, DiffHunk];
  const at = (h: DiffHunk, n: number) => h.lines[n] as DiffLine;
  const one = { side: 'after', from: 2, to: 2 } as const;
  const more = extended(HUNKS, one, at(first, 4));
  expect(more).toEqual({ side: 'after', from: 2, to: 4 });
  expect(quoteOf(HUNKS, more)).toBe('B\nB2\nc');
  expect(extended(HUNKS, one, at(first, 0))).toEqual({ side: 'after', from: 1, to: 2 });
  expect(extended(HUNKS, one, at(first, 1))).toBe(one);
  expect(extended(HUNKS, one, at(second, 1))).toBe(one);
  expect(quoteOf(HUNKS, { side: 'before', from: 1, to: 3 })).toBe('a\nb\nc');
  expect(linesOf(HUNKS, { side: 'before', from: 2, to: 2 }).map(({ kind }) => kind)).toEqual(['removed']);
});

test('a comment follows its lines, to the nearest place, and is outdated when they are gone, never lost', () => {
  const moved = [hunk(1, 1, ' a', '+new', '+new', '+B', ' c'), hunk(50, 53, '+B', ' z')];
  expect(placeOf(moved, comment({}))).toEqual({ side: 'after', from: 4, to: 4 });
  expect(placeOf(moved, comment({ from: 52, to: 52 }))).toEqual({ side: 'after', from: 53, to: 53 });
  expect(placeOf(moved, comment({ quote: 'gone' }))).toBe(null);
  expect(placeOf(moved, comment({ quote: '' }))).toBe(null);
  expect(placeOf(HUNKS, comment({ quote: 'key = [redacted]' }))).toEqual({ side: 'after', from: 2, to: 2 });
  expect(placeOf([], comment({}))).toBe(null);
  expect(kinds([comment({ quote: 'gone' })])[0]).toBe('lost c1');
  expect(placeOf([hunk(1, 1, '+B\r')], comment({ from: 1, to: 1 }))).toEqual({ side: 'after', from: 1, to: 1 });
});

test('a file whose lines end in both ways shows each carriage return; one of a single kind shows none', () => {
  expect(hasBothEndings([hunk(1, 1, ' a\r', '-b\r', '+B\r')])).toBe(false);
  expect(hasBothEndings([hunk(1, 1, ' a', '+b')])).toBe(false);
  expect(hasBothEndings([hunk(1, 1, '-a', '+a\r')])).toBe(true);
  const last = hunk(1, 1, ' a\r', '+b');
  for (const line of last.lines) if (line.text === 'b') line.noNewline = true;
  expect(hasBothEndings([last])).toBe(false);
});
