import { memo } from 'react';

/** More in one text would only slow the page down. */
const MOST_MARKS = 500;

/** A text with what was looked for marked in it, upper and lower case alike. */
export const Marked = memo(function Marked({ text, wanted }: { text: string; wanted: string }) {
  if (wanted === '') return text;
  const pieces: { text: string; marked: boolean; at: number }[] = [];
  const lower = text.toLowerCase();
  const needle = wanted.toLowerCase();
  // Where lower case has another length the places are not the same.
  if (lower.length !== text.length) return text;
  let done = 0;
  for (let at = lower.indexOf(needle); at >= 0 && pieces.length < MOST_MARKS; at = lower.indexOf(needle, done)) {
    if (at > done) pieces.push({ text: text.slice(done, at), marked: false, at: done });
    pieces.push({ text: text.slice(at, at + needle.length), marked: true, at });
    done = at + needle.length;
  }
  pieces.push({ text: text.slice(done), marked: false, at: done });
  return pieces.map(({ text, marked, at }) => (marked ? <mark key={at}>{text}</mark> : <span key={at}>{text}</span>));
});
