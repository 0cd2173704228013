/** Characters that change what a person sees without changing what runs: bidi controls, zero width, tags. */
const HIDDEN =
  /\u00AD|\u034F|\u061C|[\u115F-\u1160]|[\u17B4-\u17B5]|[\u180B-\u180F]|[\u200B-\u200F]|[\u2028-\u202E]|[\u2060-\u206F]|\u3164|[\uFE00-\uFE0F]|\uFEFF|\uFFA0|[\uFFF0-\uFFFB]|[\uE000-\uF8FF]|[\u{1D173}-\u{1D17A}]|[\u{E0000}-\u{E0FFF}]|[\u{F0000}-\u{10FFFF}]/u;
const BIDI = /[\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]/u;
/** Spaces that the shell takes for letters. */
const ODD_SPACE = /[\u00A0\u1680\u2000-\u200A\u202F\u205F\u3000]/u;
/** Joiners and variation selectors inside an emoji are how emoji are written. */
const EMOJI =
  /\p{Extended_Pictographic}(?:\uFE0F|\p{Emoji_Modifier}|\u200D\p{Extended_Pictographic})+|[0-9#*]\uFE0F\u20E3/gu;

const isControl = (code: number): boolean => (code < 0x20 && code !== 0x0a && code !== 0x09) || code === 0x7f;
const isC1 = (code: number): boolean => code >= 0x80 && code <= 0x9f;

function marked(char: string): string {
  const code = char.codePointAt(0) ?? 0;
  if (code < 0x20 && code !== 0x0a && code !== 0x09) return String.fromCodePoint(0x2400 + code);
  if (code === 0x7f) return '␡';
  if (isC1(code) || HIDDEN.test(char) || ODD_SPACE.test(char) || (code >= 0xd800 && code <= 0xdfff))
    return `⟪U+${code.toString(16).toUpperCase().padStart(4, '0')}⟫`;
  return char;
}

/** The text with control, bidirectional and invisible characters made visible; newlines and tabs stay. */
export function visible(text: string): string {
  if (/^[\n\t\x20-\x7e]*$/u.test(text)) return text;
  let out = '';
  let from = 0;
  for (const emoji of text.matchAll(EMOJI)) {
    for (const char of text.slice(from, emoji.index)) out += marked(char);
    out += emoji[0];
    from = emoji.index + emoji[0].length;
  }
  for (const char of text.slice(from)) out += marked(char);
  return out;
}

/** Does the text hold a character that a person would not see, or see elsewhere than it is? */
export const hasHidden = (text: string): boolean => visible(text) !== text;

/** Bidirectional controls in a file's content: code that reads otherwise than it runs. */
export const hasBidi = (text: string): boolean => BIDI.test(text);

/** Terminal control characters in a file's content (a tab, a newline and a return are none). */
export const hasControl = (text: string): boolean => {
  for (let i = 0; i < text.length; i += 1) {
    const code = text.charCodeAt(i);
    if (isControl(code) && code !== 0x0d) return true;
  }
  return false;
};

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
