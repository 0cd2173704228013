/** A piece of text as it is, or a character that a person could not see or that turns text around. */
export type Piece = { text: string; hidden: null } | { text: string; hidden: string };

const NAMES: Readonly<Record<string, string>> = {
  '\t': 'tab',
  '\r': 'carriage return',
  '\u001b': 'escape',
  '\u00a0': 'no-break space',
  '\u00ad': 'soft hyphen',
  '\u200b': 'zero-width space',
  '\u200c': 'zero-width non-joiner',
  '\u200d': 'zero-width joiner',
  '\u200e': 'left-to-right mark',
  '\u200f': 'right-to-left mark',
  '\u202a': 'left-to-right embedding',
  '\u202b': 'right-to-left embedding',
  '\u202c': 'pop direction',
  '\u202d': 'left-to-right override',
  '\u202e': 'right-to-left override',
  '\u2060': 'word joiner',
  '\u2066': 'left-to-right isolate',
  '\u2067': 'right-to-left isolate',
  '\u2068': 'first strong isolate',
  '\u2069': 'pop isolate',
  '\ufeff': 'byte-order mark',
};

// Controls, format characters, private use, unassigned, lone surrogates, every separator but the plain
// space, and whatever is drawn as nothing (fillers, variation selectors, tags).
const HIDDEN = /(?! )[\p{Cc}\p{Cf}\p{Co}\p{Cn}\p{Cs}\p{Z}\p{Default_Ignorable_Code_Point}]/u;

/** Nearly all commands; told at once. */
const PLAIN = /^[\x20-\x7e\n]+$/;

/**
 * Splits text into what can be read and the characters that cannot: what a person approves must be
 * what they saw. `hidden` names the character: `right-to-left override (U+202E)`.
 */
export function reveal(text: string): Piece[] {
  if (PLAIN.test(text)) return [{ text, hidden: null }];
  const pieces: Piece[] = [];
  let plain = '';
  for (const char of text) {
    if (char === '\n' || !HIDDEN.test(char)) {
      plain += char;
      continue;
    }
    if (plain) pieces.push({ text: plain, hidden: null });
    plain = '';
    pieces.push({ text: char, hidden: nameOf(char) });
  }
  if (plain) pieces.push({ text: plain, hidden: null });
  return pieces;
}

function nameOf(char: string): string {
  const code = `U+${(char.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
  const name = NAMES[char];
  return name ? `${name} (${code})` : code;
}
