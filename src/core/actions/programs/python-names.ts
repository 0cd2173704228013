import { globToAtoms } from '../atoms.ts';
import { literal, type Token } from './python-tokens.ts';

const STARTS = /^[\n;:]$/u;

interface Binding {
  name: string;
  /** The texts that it can be, when they are written out; else null. */
  texts: readonly string[] | null;
}

const depthChange = (text: string): number => (/^[([{]$/u.test(text) ? 1 : /^[)\]}]$/u.test(text) ? -1 : 0);

/** `['a', 'b']`, `glob.glob('src/*.ts')`: the texts of what a loop goes over, or null. */
function listed(tokens: readonly Token[]): readonly string[] | null {
  const end = tokens.findIndex(({ text }) => text === ':');
  const inner = tokens.slice(1, end - 1);
  const shape = tokens.slice(0, Math.max(end, 0)).map(({ text }) => text);
  if (shape.slice(0, 4).join('') === 'glob.glob(' && /^(?:,recursive=True)?\)$/u.test(shape.slice(5).join(''))) {
    const pattern = literal(tokens[4]);
    return pattern === null ? null : [globToAtoms(pattern)];
  }
  if (!/^[[(]$/u.test(shape[0] ?? '') || !/^[\])]$/u.test(shape.at(-1) ?? '')) return null;
  // Two texts beside each other are one.
  const parts = inner.filter((token, at) => (at % 2 === 0 ? literal(token) === null : token.text !== ','));
  return parts.length > 0 ? null : inner.flatMap((token) => literal(token) ?? []);
}

/** Names on the left of the `=` at `at`. */
function targets(tokens: readonly Token[], at: number): string[] {
  const names: string[] = [];
  for (let back = at - 1; back >= 0 && !STARTS.test(tokens[back]?.text ?? ''); back -= 1)
    if (tokens[back]?.kind === 'name' && tokens[back - 1]?.text !== '.') names.push(tokens[back]?.text ?? '');
  return names;
}

/** Every place where the program gives a name a value. */
function bindingsOf(tokens: readonly Token[]): Binding[] {
  const found: Binding[] = [];
  const bind = (names: readonly string[], texts: readonly string[] | null = null): void => {
    for (const name of names) found.push({ name, texts });
  };
  const namesUntil = (at: number, end: RegExp): string[] => {
    const stop = tokens.findIndex(({ text }, place) => place > at && end.test(text));
    return tokens
      .slice(at + 1, stop < 0 ? undefined : stop)
      .flatMap(({ kind, text }) => (kind === 'name' ? [text] : []));
  };
  let depth = 0;
  for (const [at, { kind, text }] of tokens.entries()) {
    if (kind === 'mark') depth += depthChange(text);
    const [before, next] = [tokens[at - 1]?.text ?? '', tokens[at + 1]?.text ?? ''];
    if (kind === 'name' && text === 'for') {
      const names = namesUntil(at, /^in$/u);
      bind(names, names.length === 1 && depth === 0 ? listed(tokens.slice(at + 3)) : null);
    } else if (kind === 'name' && text === 'def') bind(namesUntil(at, /^:$/u));
    else if (kind === 'name' && text === 'lambda') bind(namesUntil(at, /^:$/u));
    else if (kind === 'name' && before === 'as') bind([text]);
    else if (text === ':=') bind([before]);
    else if (text === '=' && kind === 'mark' && depth === 0 && next !== '=' && !/^[=!<>]$/u.test(before)) {
      const names = targets(tokens, at);
      const value = literal(tokens[at + 1]);
      const whole =
        /^[\n;]?$/u.test(tokens[at + 2]?.text ?? '') && names.length === 1 && tokens[at - 1]?.kind === 'name';
      bind(names, value !== null && whole ? [value] : null);
    }
  }
  return found;
}

/** Names that the program gives itself: `x = …`, `for x in …`, `def f(x):`, `lambda x:`, `as x`. */
export const boundNames = (tokens: readonly Token[]): ReadonlySet<string> =>
  new Set(bindingsOf(tokens).map(({ name }) => name));

/** Names that stand for texts which are written out, wherever they get their value. */
export function constantsIn(tokens: readonly Token[]): ReadonlyMap<string, readonly string[]> {
  const constants = new Map<string, readonly string[]>();
  const open = new Set<string>();
  for (const { name, texts } of bindingsOf(tokens)) {
    if (texts === null) open.add(name);
    else constants.set(name, [...(constants.get(name) ?? []), ...texts]);
  }
  for (const name of open) constants.delete(name);
  return constants;
}

/** Calls that give a text, whatever they are called on. */
const GIVES_TEXT =
  /^(?:read_text|read|readline|replace|strip|lstrip|rstrip|join|format|lower|upper|sub|decode|dumps|title)$/u;

/**
 * Is what ends before `at` certainly a text? Of a path `replace` moves a file, of a text it does not.
 */
export function isText(tokens: readonly Token[], at: number, depth = 0): boolean {
  const last = tokens[at - 1];
  if (literal(last) !== null) return true;
  if (last?.text === ')') {
    let level = 0;
    for (let back = at - 1; back >= 0; back -= 1) {
      level -= depthChange(tokens[back]?.text ?? '');
      if (level === 0) return tokens[back - 2]?.text === '.' && GIVES_TEXT.test(tokens[back - 1]?.text ?? '');
    }
  }
  if (last?.kind !== 'name' || depth > 4) return false;
  const ends: number[] = [];
  for (let place = 0; place < at; place += 1) {
    if (tokens[place]?.text !== last.text || tokens[place]?.kind !== 'name' || tokens[place + 1]?.text !== '=')
      continue;
    let end = place;
    while (end < tokens.length && !/^[\n;]$/u.test(tokens[end]?.text ?? '')) end += 1;
    ends.push(end);
  }
  const bound = bindingsOf(tokens).filter(({ name }) => name === last.text).length;
  return ends.length > 0 && ends.length === bound && ends.every((end) => isText(tokens, end, depth + 1));
}
