import { ANY, globToAtoms } from './atoms.ts';

/** More braces in one text, or words out of them, than anybody writes. */
export const MOST_BRACED = 64;

const count = (text: string): number => text.split('{', MOST_BRACED + 2).length - 1;

/** Splits `a,b{c,d}` at its own commas. */
function elementsOf(body: string): string[] {
  const elements = [''];
  let depth = 0;
  for (const char of body) {
    if (char === '{') depth += 1;
    if (char === '}') depth -= 1;
    if (char === ',' && depth === 0) elements.push('');
    else elements[elements.length - 1] += char;
  }
  return elements;
}

function sequence(body: string): string[] | null {
  const parts = /^(-?\w+)\.\.(-?\w+)(?:\.\.-?\d+)?$/u.exec(body);
  const [from, to] = [parts?.[1], parts?.[2]];
  return from !== undefined && to !== undefined ? [from, to] : null;
}

/** Where the brace that opens at `start` closes, or -1. */
function closing(text: string, start: number): number {
  let depth = 0;
  for (let at = start; at < text.length; at += 1) {
    if (text[at] === '{') depth += 1;
    if (text[at] === '}') {
      depth -= 1;
      if (depth === 0) return at;
    }
  }
  return -1;
}

/**
 * What the shell makes of `{a,b{c,d}}`: its words, globs as atoms. Of a sequence only the ends; what
 * holds an expansion, more than 64 braces, or more than 64 words, is any text.
 */
export function expandBraces(text: string): string[] {
  if (/[$`]/u.test(text) || count(text) > MOST_BRACED) return [ANY];
  const start = text.indexOf('{');
  const end = start < 0 ? -1 : closing(text, start);
  if (end < 0) return [globToAtoms(text.replace(/["'\\]/gu, ''))];
  const body = text.slice(start + 1, end);
  const elements = sequence(body) ?? elementsOf(body);
  const heads = expandBraces(text.slice(0, start));
  const tails = expandBraces(text.slice(end + 1));
  const words = heads.flatMap((head) =>
    elements.flatMap((element) => expandBraces(element)).flatMap((middle) => tails.map((tail) => head + middle + tail)),
  );
  return words.length > MOST_BRACED ? [ANY] : words;
}
