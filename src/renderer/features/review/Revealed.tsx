import { reveal } from '../../../shared/reveal.ts';

/** What cannot be seen, or turns text around, is marked: a reviewer must see what runs, and which file it is. */
export function Revealed({ text }: { text: string }) {
  return reveal(text.replaceAll('\n', '␤')).map(({ text, hidden }, at) =>
    hidden && text !== '\t' ? (
      <mark key={at} className="hidden-char" title={hidden}>
        {/U\+[0-9A-F]+/.exec(hidden)?.[0] ?? '?'}
      </mark>
    ) : (
      text
    ),
  );
}
