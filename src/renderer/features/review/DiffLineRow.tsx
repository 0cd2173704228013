import { type MouseEvent, memo } from 'react';
import type { DiffHunk, DiffLine } from '../../../shared/contract/diff.ts';
import { Revealed } from './Revealed.tsx';

const SIGNS: Readonly<Record<DiffLine['kind'], string>> = { added: '+', removed: '−', context: ' ' };
const WORDS: Readonly<Record<DiffLine['kind'], string>> = { added: 'added', removed: 'removed', context: 'unchanged' };

interface DiffLineRowProps {
  line: DiffLine;
  chosen: boolean;
  /** A carriage return at its end is shown, since other lines have none. */
  endings: boolean;
  /** The person points at the line; with Shift the choice grows up to it. */
  onChoose: (line: DiffLine, grow: boolean) => void;
}

/** One line with its numbers, by which it is chosen, and its sign. */
export const DiffLineRow = memo(function DiffLineRow({ line, chosen, endings, onChoose }: DiffLineRowProps) {
  const { kind, before, after, text, noNewline, cut } = line;
  const choose = (event: MouseEvent) => onChoose(line, event.shiftKey);
  return (
    <div
      className="diff-line"
      data-kind={kind}
      data-chosen={chosen || undefined}
      data-before={before}
      data-after={after}
      tabIndex={-1}
    >
      <button
        type="button"
        tabIndex={-1}
        className="diff-numbers"
        aria-pressed={chosen}
        title="Comment ( c ); with Shift: up to this line"
        onClick={choose}
      >
        <span>{before}</span>
        <span>{after}</span>
        <span className="sr-only">
          Comment on line {after ?? before}, {WORDS[kind]}
        </span>
      </button>
      <span className="diff-sign">{SIGNS[kind]}</span>
      <code className="diff-text">
        <Revealed text={endings ? text : text.replace(/\r$/, '')} />
        {cut && <span className="diff-note"> … the line goes on</span>}
        {noNewline && <span className="diff-note"> no line feed at the end</span>}
      </code>
    </div>
  );
});

/** Where a hunk begins, as git writes it. */
export function HunkRow({ hunk: { before, after, heading } }: { hunk: DiffHunk }) {
  return (
    <p className="diff-hunk" tabIndex={-1}>
      @@ −{before.start},{before.lines} +{after.start},{after.lines} @@ {heading}
    </p>
  );
}
