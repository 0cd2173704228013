const escaped = (text: string): string => `%${text.replaceAll(/[\\%_]/g, '\\$&')}%`;
const capitalised = (text: string): string =>
  text.replaceAll(/\p{L}+/gu, (word) => word.charAt(0).toUpperCase() + word.slice(1));

/**
 * What a text is looked for by, with `LIKE … ESCAPE '\'`, whatever its case. SQLite knows that of A to Z alone, so
 * a text with other letters is looked for as it is, small, large and capitalised.
 */
export function likePatterns(text: string): string[] {
  if (/^\p{ASCII}*$/u.test(text)) return [escaped(text)];
  const small = text.toLowerCase();
  return [...new Set([text, small, text.toUpperCase(), capitalised(small)])].map(escaped);
}

/** `a LIKE ? … OR a LIKE ? …` for each of so many patterns. */
export const likeAny = (column: string, patterns: readonly string[]): string =>
  patterns.map(() => `${column} LIKE ? ESCAPE '\\'`).join(' OR ');
