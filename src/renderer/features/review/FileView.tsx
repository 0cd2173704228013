import { useCallback, useMemo, useRef, useState } from 'react';
import type { DiffLine, DiffPart, FileDiff } from '../../../shared/contract/diff.ts';
import type { ReviewComment, ReviewSide } from '../../../shared/contract/reviews.ts';
import { whole } from '../../../shared/format.ts';
import { type Chosen, numberOn, quoteOf } from '../../../shared/review.ts';
import { useQuery } from '../../hooks/use-query.ts';
import { Button } from '../../ui/Button.tsx';
import { Problem } from '../../ui/Field.tsx';
import { Nothing } from '../../ui/Screen.tsx';
import { CommentBox } from './CommentBox.tsx';
import { CommentCard } from './CommentCard.tsx';
import { DiffLineRow, HunkRow } from './DiffLineRow.tsx';
import { type DiffRow, extended, hasBothEndings, placeOf, rowsOf, sideOf } from './diff-rows.ts';
import { FileHead, noteOn } from './FileHead.tsx';
import type { Comments } from './use-comments.ts';
import { useScreenKeys } from './use-screen-keys.ts';
import { useWriting } from './use-writing.ts';
import { type ListHandle, VirtualList } from './VirtualList.tsx';

const LINE_PX = 20;
const COMMENT_PX = 90;
const LINES = 2_000;
const MOST_LINES = 50_000;

interface FileViewProps {
  sessionId: string;
  path: string;
  part: DiffPart;
  /** Asked again whenever it changes. */
  version: string;
  wrap: boolean;
  comments: Comments;
}

/** One file of the diff: hunks, lines, comments under their lines. */
export function FileView({ sessionId, path, part, version, wrap, comments }: FileViewProps) {
  const [maxLines, setMaxLines] = useState(LINES);
  const { data, error } = useQuery('worktrees.fileDiff', { sessionId, path, part, maxLines }, version);
  const [writing, setWriting] = useWriting(sessionId, path);
  const [found] = useState(writing);
  const list = useRef<ListHandle>(null);
  const first = useRef(0);
  const own = comments.all.filter((comment) => comment.path === path && comment.id !== writing?.id);
  const hunks = useMemo(() => data?.hunks ?? [], [data]);
  // Not memoised: the comments are a new list whenever one of them changes, and nothing else is costly.
  const rows = rowsOf(hunks, own, writing?.chosen ?? null);

  const choose = useCallback(
    (line: DiffLine, grow: boolean) => {
      const side = sideOf(line);
      const n = numberOn(line, side) ?? 0;
      setWriting((before) => {
        if (grow && before) return { ...before, chosen: extended(hunks, before.chosen, line) };
        return { chosen: { side, from: n, to: n }, text: before?.text ?? '' };
      });
    },
    [hunks, setWriting],
  );
  const save = async (): Promise<void> => {
    if (!writing) return;
    const { chosen, text, id } = writing;
    const quote = quoteOf(hunks, chosen);
    const saved = await comments.save({ ...(id !== undefined && { id }), sessionId, path, ...chosen, quote, text });
    if (saved) close();
  };
  /** The focus goes back to the line that was commented on. */
  const close = (): void => {
    const { side, to } = writing?.chosen ?? { side: 'after', to: 0 };
    setWriting(() => null);
    requestAnimationFrame(() => lineElement(side, to)?.focus({ preventScroll: true }));
  };
  const toHunk = (step: 1 | -1): void => {
    const begins = rows.flatMap((row, at) => (row.type === 'hunk' ? [at] : []));
    const aim = step > 0 ? begins.find((at) => at > first.current) : begins.findLast((at) => at < first.current);
    if (aim === undefined) return;
    first.current = aim;
    list.current?.show(aim, true, 'start');
  };
  useScreenKeys({
    n: () => toHunk(1),
    p: () => toHunk(-1),
    c: () => pointAtFocused(false),
    C: () => pointAtFocused(true),
  });

  const endings = useMemo(() => hasBothEndings(hunks), [hunks]);
  const longest = useMemo(() => longestOf(hunks), [hunks]);
  if (!data) return error ? <Problem text={error} /> : <p className="late p-3 text-ink-2">Loading…</p>;
  const note = noteOn(data);
  return (
    <div className="file-view">
      <FileHead diffOf={data} />
      <Problem text={error} />
      {note && <Nothing>{note}</Nothing>}
      {rows.length > 0 && (
        <VirtualList
          ref={list}
          key={`${wrap}`}
          label={`Changes of ${path}`}
          count={rows.length}
          estimate={(at) => (isWide(rows[at]) ? COMMENT_PX : LINE_PX)}
          minWidth={wrap ? null : `${longest + 16}ch`}
          className={`card diff ${wrap ? 'diff-wrapped' : ''}`}
        >
          {(at) => rowOf(rows[at])}
        </VirtualList>
      )}
      {data.truncated && maxLines < MOST_LINES && (
        <Button kind="quiet" className="self-start" onClick={() => setMaxLines(MOST_LINES)}>
          Show {data.totalLines === null ? 'more' : `all ${whole(data.totalLines)}`} lines
        </Button>
      )}
      {data.truncated && maxLines >= MOST_LINES && (
        <p className="text-ink-2">The file changes in more than {whole(MOST_LINES)} lines; these are the first.</p>
      )}
    </div>
  );

  function rowOf(row: DiffRow | undefined) {
    switch (row?.type) {
      case undefined:
        return null;
      case 'hunk':
        return <HunkRow hunk={row.hunk} />;
      case 'line':
        return (
          <DiffLineRow
            line={row.line}
            chosen={isChosen(row.line, writing?.chosen)}
            endings={endings}
            onChoose={choose}
          />
        );
      case 'comment':
        return cardOf(row.comment, row.outdated);
      case 'box':
        return (
          <CommentBox
            key={writing?.id ?? 'new'}
            chosen={row.chosen}
            // Found again from before: the focus stays with the file that was opened.
            takesFocus={row.chosen !== found?.chosen}
            text={writing?.text ?? ''}
            onText={(text) => setWriting((before) => before && { ...before, text })}
            busy={comments.busy}
            onSave={() => void save()}
            onCancel={close}
          />
        );
    }
  }

  function cardOf(comment: ReviewComment, outdated: boolean) {
    const { id, side, from, to, text } = comment;
    const chosen = placeOf(hunks, comment) ?? { side, from, to };
    return (
      <CommentCard
        comment={comment}
        outdated={outdated}
        onEdit={() => setWriting(() => ({ chosen, text, id }))}
        onRemove={() => void comments.remove(id)}
      />
    );
  }
}

const lineElement = (side: ReviewSide, n: number): HTMLElement | null =>
  document.querySelector<HTMLElement>(`.diff-line[data-${side}="${n}"]`);

/** The line that has the focus, as if it had been clicked on. */
function pointAtFocused(grow: boolean): void {
  const numbers = document.activeElement?.closest('li')?.querySelector('.diff-numbers');
  numbers?.dispatchEvent(new MouseEvent('click', { bubbles: true, shiftKey: grow }));
}

const isWide = (row: DiffRow | undefined): boolean => row?.type === 'comment' || row?.type === 'box';

function isChosen(line: DiffLine, chosen: Chosen | undefined): boolean {
  const n = chosen ? numberOn(line, chosen.side) : null;
  return chosen !== undefined && n !== null && n >= chosen.from && n <= chosen.to;
}

/** Columns of the longest line; a tab takes up to four. */
function longestOf(hunks: FileDiff['hunks']): number {
  let longest = 0;
  for (const { lines } of hunks) {
    for (const { text } of lines) longest = Math.max(longest, text.length + 3 * (text.match(/\t/g)?.length ?? 0));
  }
  return longest;
}
