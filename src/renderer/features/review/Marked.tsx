import { memo, type ReactNode } from 'react';

/** More in one text would only slow the page down. */
const MOST_MARKS = 500;
/** Colours of a terminal: nothing that is hidden, and noise where there is no terminal. */
// oxlint-disable-next-line no-control-regex -- that is what they are.
const COLOURS = /\u001b\[[\d;]*m/g;
/** What steers a terminal or turns text around; not what an emoji or a script is made of. */
const STEERS = /((?![\n\t\r])[\p{Cc}\u061c\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff])/u;

/** A text of an agent: what steers it is shown instead, and what was looked for is marked. */
export const Marked = memo(function Marked({ text, wanted }: { text: string; wanted: string }): ReactNode {
  const clean = text.replace(COLOURS, '');
  const pieces = STEERS.test(clean) ? clean.split(STEERS) : [clean];
  return pieces.map((piece, n) =>
    n % 2 === 1 ? (
      <mark key={n} className="hidden-char">
        U+{(piece.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}
      </mark>
    ) : (
      <Found key={n} text={piece} wanted={wanted} />
    ),
  );
});

/** Upper and lower case alike. */
function Found({ text, wanted }: { text: string; wanted: string }): ReactNode {
  const lower = text.toLowerCase();
  const needle = wanted.toLowerCase();
  // Where lower case has another length the places are not the same.
  if (needle === '' || lower.length !== text.length) return text;
  const pieces: ReactNode[] = [];
  let done = 0;
  for (let at = lower.indexOf(needle); at >= 0 && pieces.length < MOST_MARKS; at = lower.indexOf(needle, done)) {
    pieces.push(text.slice(done, at), <mark key={at}>{text.slice(at, at + needle.length)}</mark>);
    done = at + needle.length;
  }
  return [...pieces, text.slice(done)];
}
