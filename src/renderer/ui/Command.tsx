import { memo } from 'react';
import { count } from '../../shared/format.ts';
import { type Piece, reveal } from '../../shared/reveal.ts';

interface CommandProps {
  text: string;
  label: string;
  /** The folder that it runs in: told quietly where the text begins with it. */
  cwd?: string;
  /** More lines before it scrolls. */
  tall?: boolean;
}

/**
 * Text exactly as it will be used. Nothing of it is out of sight to the right: long lines wrap, what
 * follows on is indented. What cannot be seen, or turns text around, is marked and counted.
 */
export const Command = memo(function Command({ text, label, cwd = '', tall = false }: CommandProps) {
  const lines = text.split('\n').map(reveal);
  const hidden = lines.flat().filter((piece) => piece.hidden && piece.text !== '\t').length;
  const prefix = cwd && text.startsWith(`${cwd}/`) ? `${cwd}/` : '';
  return (
    <>
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset is for controls, this is read. */}
      <div role="group" aria-label={label} tabIndex={0} className={`command ${tall ? 'max-h-96' : 'max-h-32'}`}>
        {lines.map((pieces, n) => (
          <span key={n} className="command-line">
            {pieces.map((piece, at) => (
              <PieceView key={at} piece={piece} prefix={n === 0 && at === 0 ? prefix : ''} />
            ))}
            {n < lines.length - 1 && '\n'}
          </span>
        ))}
      </div>
      {hidden > 0 && (
        <p className="text-small text-human">
          {count(hidden, 'character')} of it {hidden === 1 ? 'is' : 'are'} hidden or turn the text around; marked above.
        </p>
      )}
    </>
  );
});

/** A piece of such text; `prefix`: what of its beginning is told quietly. */
export function PieceView({ piece: { text, hidden }, prefix = '' }: { piece: Piece; prefix?: string }) {
  if (hidden) {
    return (
      <mark className="hidden-char" title={hidden}>
        {text === '\t' ? '⇥' : (/U\+[0-9A-F]+/.exec(hidden)?.[0] ?? '?')}
      </mark>
    );
  }
  if (!prefix || !text.startsWith(prefix)) return text;
  return (
    <>
      <span className="text-ink-3">{prefix}</span>
      {text.slice(prefix.length)}
    </>
  );
}
