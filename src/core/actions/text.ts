/** Joiners and variation selectors inside an emoji are how emoji are written. */
const EMOJI = String.raw`(?<emoji>\p{Extended_Pictographic}(?:\uFE0F|\p{Emoji_Modifier}|\u200D\p{Extended_Pictographic})+|[0-9#*]\uFE0F\u20E3)`;
/** Characters that a person does not see, or that move others: controls, formats, tags, private use, half characters. */
const HIDDEN = String.raw`[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]`;
/** Spaces of other widths: shown as what they are, but how many languages are written. */
const SPACE = String.raw`(?! )\p{Zs}`;
const MARKED = new RegExp(`${EMOJI}|${HIDDEN}|${SPACE}`, 'gu');
const UNSEEN = new RegExp(`${EMOJI}|${HIDDEN}`, 'gu');
const BIDI = /[\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]/u;

function mark(char: string): string {
  const code = char.codePointAt(0) ?? 0;
  if (code === 0x0a || code === 0x09) return char;
  if (code < 0x20) return String.fromCodePoint(0x2400 + code);
  return code === 0x7f ? '␡' : `⟪U+${code.toString(16).toUpperCase().padStart(4, '0')}⟫`;
}

const marked = (text: string, characters: RegExp): string =>
  text.replace(characters, (found, emoji: string | undefined) => emoji ?? mark(found));

/** The text with control, bidirectional and invisible characters made visible; newlines and tabs stay. */
export const visible = (text: string): string => marked(text, MARKED);

/** Does the text hold a character that a person would not see, or see elsewhere than it is? */
export const hasHidden = (text: string): boolean => marked(text, UNSEEN) !== text;

/** Bidirectional controls in a file's content: code that reads otherwise than it runs. */
export const hasBidi = (text: string): boolean => BIDI.test(text);

/** Terminal control characters in a file's content (a tab, a newline and a return are none). */
export const hasControl = (text: string): boolean => /(?![\t\n\r])\p{Cc}/u.test(text);

/** One line for a list: visible, newlines as `⏎`, at most `max` characters. */
export function oneLine(text: string, max = 240): string {
  const line = visible(text.length > max * 4 ? text.slice(0, max * 4) : text)
    .trim()
    .replace(/\s*\n\s*/gu, ' ⏎ ')
    .replace(/\t+/gu, ' ');
  if (line.length <= max) return line;
  // Never in the middle of a character.
  return `${line.slice(0, max - 1).replace(/[\uD800-\uDBFF]$/u, '')}…`;
}

/**
 * JSON with sorted keys: equal for equal input, whatever the order in which it came.
 * @throws when the value is no JSON (cyclic, a function, deeper than the stack): it cannot be bound to.
 */
export function canonicalJson(value: unknown): string {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return JSON.stringify(value);
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw new TypeError('A number that is none has no JSON.');
    return JSON.stringify(value);
  }
  if (Array.isArray(value)) return `[${Array.from(value, canonicalJson).join(',')}]`;
  if (typeof value !== 'object') throw new TypeError(`A ${typeof value} has no JSON.`);
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== null && prototype !== Object.prototype) throw new TypeError('Only plain objects have a JSON.');
  const entries = Object.entries(value).filter(([, item]) => item !== undefined);
  entries.sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([key, item]) => `${JSON.stringify(key)}:${canonicalJson(item)}`).join(',')}}`;
}
