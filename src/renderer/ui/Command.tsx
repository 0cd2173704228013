import { memo } from 'react';
import { count } from '../../shared/format.ts';
import { reveal } from '../../shared/reveal.ts';

interface CommandProps {
  text: string;
  label: string;
  /** Lines before it scrolls. */
  tall?: boolean;
}

/** Text exactly as it will be used: whatever cannot be seen, or turns text around, is marked and counted. */
export const Command = memo(function Command({ text, label, tall = false }: CommandProps) {
  const pieces = reveal(text);
  const hidden = pieces.filter((piece) => piece.hidden && piece.text !== '\t').length;
  return (
    <>
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset is for controls, this is read. */}
      <div role="group" aria-label={label} tabIndex={0} className={`command ${tall ? 'max-h-96' : 'max-h-28'}`}>
        {pieces.map((piece, n) =>
          piece.hidden ? (
            <mark key={n} className="hidden-char" title={piece.hidden}>
              {piece.text === '\t' ? '⇥' : (/U\+[0-9A-F]+/.exec(piece.hidden)?.[0] ?? '?')}
            </mark>
          ) : (
            piece.text
          ),
        )}
      </div>
      {hidden > 0 && (
        <p className="text-small text-human">
          {count(hidden, 'character')} of it {hidden === 1 ? 'is' : 'are'} hidden or turn the text around; marked above.
        </p>
      )}
    </>
  );
});
