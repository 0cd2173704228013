import { ANY } from './atoms.ts';

/** Which options of a program take a value in the next word. */
export interface OptionSpec {
  /** Letters: `curl -o file`, `-ofile`. */
  short?: string;
  /** Names with their dashes: `--output`. */
  long?: readonly string[];
  /** Options start with one dash and have whole names: `find -name`, `openssl -in`. */
  oneDash?: boolean;
  /** Everything after the first operand belongs to another command. */
  stops?: boolean;
}

export interface Option {
  /** With its dashes: `-o`, `--output`. */
  name: string;
  /** The value given, or null when it has none. */
  value: string | null;
}

export interface Parsed {
  options: Option[];
  operands: string[];
}

/** Splits words (without the name) into options and operands as getopt does. */
export function parseOptions(words: readonly string[], spec: OptionSpec = {}): Parsed {
  const parsed: Parsed = { options: [], operands: [] };
  const long = new Set(spec.long);
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] ?? '';
    const next = (): string | null => {
      at += 1;
      return words[at] ?? null;
    };
    if (word === '--') {
      parsed.operands.push(...words.slice(at + 1));
      break;
    }
    if (word.length < 2 || !word.startsWith('-')) {
      if (spec.stops) {
        parsed.operands.push(...words.slice(at));
        break;
      }
      parsed.operands.push(word);
    } else if (word.startsWith('--') || spec.oneDash) {
      const equals = word.indexOf('=');
      const name = equals < 0 ? word : word.slice(0, equals);
      // A shortened name may take the next word as its value, or may not: the word counts as both.
      const maybe =
        !long.has(name) && name.length > 3 && spec.long?.some((full) => full.startsWith(name))
          ? words[at + 1]
          : undefined;
      const value = equals >= 0 ? word.slice(equals + 1) : long.has(name) ? next() : (maybe ?? null);
      parsed.options.push({ name, value });
    } else {
      for (let letter = 1; letter < word.length; letter += 1) {
        const name = `-${word[letter] ?? ''}`;
        if (!(spec.short ?? '').includes(name.slice(1))) {
          parsed.options.push({ name, value: null });
          continue;
        }
        const rest = word.slice(letter + 1);
        parsed.options.push({ name, value: rest === '' ? next() : rest });
        break;
      }
    }
  }
  return parsed;
}

/**
 * Is `given` one of the names, or a shortened form of a long one (getopt takes `--out` for `--output`)?
 * A word that is not known could be any of them.
 */
export function isOption(given: string, ...names: readonly string[]): boolean {
  if (given.startsWith(ANY)) return true;
  return names.some(
    (name) =>
      name === given || (given.length > 2 && given.startsWith('--') && name.startsWith('--') && name.startsWith(given)),
  );
}

/** The options of these names, shortened forms included. */
export const optionsNamed = (parsed: Parsed, ...names: readonly string[]): Option[] =>
  parsed.options.filter((option) => isOption(option.name, ...names));

export const has = (parsed: Parsed, ...names: readonly string[]): boolean => optionsNamed(parsed, ...names).length > 0;
