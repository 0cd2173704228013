/** The words of a text: tables of names are easier to read as text than as a column of quotes. */
export const list = (text: string): readonly string[] => text.trim().split(/\s+/u);

export const setOf = (text: string): ReadonlySet<string> => new Set(list(text));
