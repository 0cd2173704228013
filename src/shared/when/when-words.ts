import { en } from 'chrono-node';
import { durationOf } from '../duration.ts';

/** The moment that was meant, epoch ms, or the sentence why none is clear. */
export type Meant = { at: number } | { problem: string };

/** Where a day is named without an hour: when the person begins. */
const MORNING = 9;
const DAYS =
  /^(today|tomorrow|(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?)\s+(\d{1,2}(?::\d\d)?)$/i;
/** Said by people, misunderstood by the parser without a word: better asked than wrong. */
const UNCLEAR: readonly (readonly [pattern: RegExp, why: string])[] = [
  [/\bevery\b|\beach\b/i, 'It is kept quiet once, not again and again.'],
  [/\bhalf past\b|\bquarter (past|to)\b/i, 'Write the hour in figures, such as 18:30.'],
  [/\b\d{1,2}\/\d{1,2}\b/, 'A date with slashes is read in two ways; write it as 25 Nov or 2026-11-25.'],
];

/**
 * A moment as a person writes it: `20` (minutes), `2h`, `in 2 hours`, `tomorrow 9`, `Monday at 9:30`.
 * What is not understood wholly is a problem and not a guess. @param now epoch ms, in the zone of this page.
 */
export function meant(text: string, now: number): Meant {
  const plain = text.trim().replace(/^until\s+/i, '');
  const span = plain.replace(/^(in|for)\s+/i, '');
  const isBare = /^\d+$/.test(span);
  if (isBare && /^until\s/i.test(text.trim()))
    return { problem: `Write ${plain}:00 for the hour, or ${plain} min for a length of time.` };
  const length = durationOf(span);
  if (length !== null) return later(now + (isBare ? length * 60_000 : length), now);
  const unclear = UNCLEAR.find(([pattern]) => pattern.test(plain));
  if (unclear) return { problem: unclear[1] };
  const words = plain.replace(/\bday after tomorrow\b/i, 'in 2 days').replace(DAYS, '$1 at $2');
  const [found, ...more] = en.casual.parse(words, new Date(now), { forwardDate: true });
  const rest = words.replace(found?.text ?? '', '').replace(/\b(at|on|by|the)\b|[\s,]/gi, '');
  if (!found || more.length > 0 || rest !== '')
    return { problem: `“${plain}” is no moment that is understood; try 20 min, 2h, tomorrow 9 or Monday at 9:30.` };
  const at = found.start.date();
  const hasHour = found.start.isCertain('hour') || /morning|noon|evening|night/i.test(words);
  if (!hasHour) at.setHours(MORNING, 0, 0, 0);
  return later(at.getTime(), now);
}

const later = (at: number, now: number): Meant => (at > now ? { at } : { problem: 'That moment has passed already.' });
