/** What a sed script does besides printing; null when it was not understood. */
export interface SedEffects {
  reads: string[];
  writes: string[];
}

const ADDRESS = /^(?:\d+(?:~\d+)?|\$|\/(?:[^/\\\n[]|\\[^\n]|\[\^?\]?[^\]\n]*\])*\/[IM]*)/u;

/** Where the part that starts at `at` ends at its delimiter, or -1. Brackets hide a delimiter only in patterns. */
function endOf(text: string, at: number, delimiter: string, pattern: boolean): number {
  for (let next = at; next < text.length; next += 1) {
    const char = text[next];
    if (char === '\\') next += 1;
    else if (char === '\n' && pattern) return -1;
    else if (char === delimiter) return next;
    else if (char === '[' && pattern) {
      const close = text.indexOf(']', next + (text[next + 1] === '^' ? 3 : 2));
      if (close < 0) return -1;
      next = close;
    }
  }
  return -1;
}

/**
 * Understands a sed script. Commands that run programs (`e`, the flag `e`) are never understood; files
 * that it reads (`r`) or writes (`w`, the flag `w`) are told.
 */
export function understandSed(script: string): SedEffects | null {
  const found: SedEffects = { reads: [], writes: [] };
  let rest = script;
  const take = (pattern: RegExp): string | null => {
    const match = pattern.exec(rest)?.[0] ?? null;
    if (match !== null) rest = rest.slice(match.length);
    return match;
  };
  const file = (into: string[]): void => {
    into.push((take(/^[^\n]*/u) ?? '').trim());
  };
  for (let steps = 0; steps < 200; steps += 1) {
    take(/^[\s;]+/u);
    if (rest === '') return found;
    if (take(/^#[^\n]*/u) !== null || take(/^\}/u) !== null) continue;
    if (take(ADDRESS) !== null) {
      take(/^\s+/u);
      if (take(/^,\s*/u) !== null && take(/^[+~]\d+/u) === null && take(ADDRESS) === null) return null;
    }
    take(/^\s*!*\s*/u);
    const command = take(/^[\s\S]/u) ?? '';
    if (command === 's' || command === 'y') {
      const delimiter = rest[0] ?? '';
      if (!/^[^\w\s\\]$/u.test(delimiter)) return null;
      const middle = endOf(rest, 1, delimiter, command === 's');
      const end = middle < 0 ? -1 : endOf(rest, middle + 1, delimiter, false);
      if (end < 0) return null;
      rest = rest.slice(end + 1);
      if (command === 'y') continue;
      const flags = take(/^[gpiImM\d]*/u) ?? '';
      if (take(/^w[ \t]*/u) !== null) file(found.writes);
      else if (!/^(?:[\s;}]|$)/u.test(rest) || flags === null) return null;
    } else if (/^[aic]$/u.test(command)) {
      // Text runs to the end of the line; a backslash carries it over.
      take(/^(?:\\\n|[^\n\\]|\\[^\n])*/u);
    } else if (/^[btT:]$/u.test(command)) take(/^\s*[\w.-]*/u);
    else if (command === 'r' || command === 'R') file(found.reads);
    else if (command === 'w' || command === 'W') file(found.writes);
    else if (/^[qQlL]$/u.test(command)) take(/^\s*\d*/u);
    else if (!/^[pPdDnNgGhHxz={F]$/u.test(command)) return null;
    else if (command !== '{' && !/^\s*(?:[;}\n#]|$)/u.test(rest)) return null;
  }
  return null;
}
