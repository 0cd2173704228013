import { builtinModules } from 'node:module';
import { setOf } from '../list.ts';

/** What a short program that was understood does besides computing and printing. */
export interface Understood {
  /** Files that it reads. */
  reads: string[];
  /** Files that it writes. */
  writes: string[];
  /** Files of the project that it loads as code. */
  runs: string[];
}

/** Names that a program may use freely: they compute and print. */
const FREE = setOf(`
  console JSON Object Array String Number Boolean Math Date Set Map RegExp Error parseInt parseFloat isNaN undefined
  NaN Infinity null true false const let var for of in if else return new typeof function async await try catch
  throw while do switch case break default continue void Symbol BigInt Intl Promise encodeURIComponent
  decodeURIComponent encodeURI decodeURI Buffer structuredClone
`);
/** `node -e` sees every built-in module as a global: no name of these can be the program's own. */
const GLOBALS = new Set([
  ...builtinModules,
  ...Object.getOwnPropertyNames(globalThis),
  ...setOf('require module exports arguments this global window self __dirname __filename import'),
]);
const PROCESS = setOf('version versions platform arch argv cwd memoryUsage uptime hrtime exit exitCode stdout');
const STDOUT = setOf('write columns rows isTTY');
const MODULES = setOf('fs path os url util assert');
const READS = setOf('readFileSync existsSync statSync lstatSync readdirSync realpathSync');
const WRITES = setOf('writeFileSync appendFileSync mkdirSync');
/** Names of properties that lead out of plain data, or act. */
const LEADS =
  /^(?:constructor|__\w+__|prototype|call|apply|bind|getPrototypeOf|setPrototypeOf|getOwnProperty\w*|define\w*|mainModule|binding|dlopen|kill|env|exec\w*|spawn\w*|fork|eval|require|import|write\w*|append\w*|rm\w*|unlink\w*|mkd\w*|copy\w*|cp\w*|rename\w*|link\w*|symlink\w*|chmod\w*|chown\w*|[flu]*times\w*|f?ch(?:mod|own)\w*|lch\w*|f?truncate\w*|open\w*|create\w*|promises|watch\w*|glob\w*|read(?:File|dir|link|v)?|stdin|loadEnvFile|homedir|userInfo|setPriority|getBuiltinModule|Function|inspect|promisify|callbackify|access|exists|l?stat|prepareStackTrace|callee|caller|getThis|getFunction)$/u;
const KEYWORDS = setOf('return typeof case in of do else void throw new await const let var');

const TOKEN =
  /\s+|\/\/[^\n\r\u2028\u2029]*|(?<string>'(?:[^'\\\n]|\\[nt'"\\/])*'|"(?:[^"\\\n]|\\[nt'"\\/])*"|`[^`\\$]*`)|(?<name>[A-Za-z_$][\w$]*)|(?<number>\d[\w.]*)|(?<regex>(?<=[(,=:]\s*)\/(?![/*])(?:[^/\\\n[]|\\[^\n]|\[(?:[^\]\\\n]|\\[^\n])+\])+\/[gimsuy]*)|(?<mark>\?\.|=>|\.\.\.|[-+*%=<>!&|^~?:;,.(){}[\]/])/uy;

interface Token {
  kind: 'string' | 'name' | 'number' | 'regex' | 'mark';
  text: string;
}

/** Null when a slash could start a comment or a regular expression: then quotes could lie about what is code. */
function tokensOf(text: string): Token[] | null {
  if (/<!--|-->/u.test(text)) return null;
  const tokens: Token[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.length) {
    const at = TOKEN.lastIndex;
    const groups = TOKEN.exec(text)?.groups;
    if (!groups) return null;
    const kind = (['string', 'name', 'number', 'regex', 'mark'] as const).find((name) => groups[name] !== undefined);
    if (!kind) continue;
    const last = tokens.at(-1);
    const divides =
      last?.kind === 'number' || last?.text === ']' || (last?.kind === 'name' && !KEYWORDS.has(last.text));
    if (groups.mark === '/' && (!divides || text[at + 1] === '*')) return null;
    tokens.push({ kind, text: groups[kind] ?? '' });
  }
  return tokens;
}

const literal = (token: Token | undefined): string | null =>
  token?.kind === 'string' ? token.text.slice(1, -1) : null;

/**
 * For each token whether the brackets around it become parameters or a pattern: `(a, b) =>`, `{ a } =`. The
 * program is gone through once, from its end.
 */
function patternsIn(tokens: readonly Token[]): readonly boolean[] {
  const inside: boolean[] = [];
  const follows: string[] = [];
  for (let at = tokens.length - 1; at >= 0; at -= 1) {
    const text = tokens[at]?.text ?? '';
    const next = tokens[at + 1]?.text ?? '';
    if (/^[([{]$/u.test(text)) follows.pop();
    inside[at] = /^(?:=>|=|of|\{)$/u.test(follows.at(-1) ?? '');
    if (/^[)\]}]$/u.test(text)) follows.push(/^[)\]}]$/u.test(next) ? (follows.at(-1) ?? '') : next);
  }
  return inside;
}

/** How often each name gets a value. */
function boundNames(tokens: readonly Token[]): ReadonlyMap<string, number> {
  const bound = new Map<string, number>();
  const patterns = patternsIn(tokens);
  for (const [at, { kind, text }] of tokens.entries()) {
    const [before, next] = [tokens[at - 1]?.text ?? '', tokens[at + 1]?.text];
    const declared = /^(?:const|let|var|function|catch)$/u.test(before) || next === '=>';
    const assigned = next === '=' && tokens[at + 2]?.text !== '=';
    if (kind === 'name' && (declared || assigned || (/^[(,[{:]$/u.test(before) && patterns[at])))
      bound.set(text, (bound.get(text) ?? 0) + 1);
  }
  return bound;
}

/** Judges `require(…)` at `at`; the name of a variable that it becomes, '' for none, null when not understood. */
function required(tokens: readonly Token[], at: number, found: Understood): string | null {
  const module = literal(tokens[at + 2])?.replace(/^node:/u, '');
  if (tokens[at + 1]?.text !== '(' || module === undefined || tokens[at + 3]?.text !== ')') return null;
  if (/^\.{1,2}\/.*\.json$/u.test(module)) found.reads.push(module);
  else if (/^\.{1,2}\//u.test(module)) found.runs.push(module);
  else if (!MODULES.has(module)) return null;
  else if (tokens[at + 4]?.text === '.') return '';
  else if (tokens[at - 1]?.text === '=' && /^(?:const|let|var)$/u.test(tokens[at - 3]?.text ?? ''))
    return tokens[at - 2]?.text ?? null;
  else return null;
  return '';
}

/** Texts that a name certainly stands for: declared once, as `const x = 'a'` or `for (const x of ['a', 'b'])`. */
function constantsIn(
  tokens: readonly Token[],
  bound: ReadonlyMap<string, number>,
): ReadonlyMap<string, readonly string[]> {
  const constants = new Map<string, readonly string[]>();
  for (const [at, { kind, text }] of tokens.entries()) {
    if (kind !== 'name' || tokens[at - 1]?.text !== 'const' || bound.get(text) !== 1 || GLOBALS.has(text)) continue;
    const value = literal(tokens[at + 2]);
    const end = tokens[at + 3];
    const ends =
      end === undefined ||
      /^[;,]$/u.test(end.text) ||
      (end.kind === 'name' && !/^(?:in|instanceof|of)$/u.test(end.text));
    if (tokens[at + 1]?.text === '=' && value !== null && ends) constants.set(text, [value]);
    if (tokens[at + 1]?.text !== 'of' || tokens[at + 2]?.text !== '[') continue;
    const close = tokens.findIndex((token, place) => place > at + 2 && token.text === ']');
    const items = tokens.slice(at + 3, close).filter((token) => token.text !== ',');
    if (tokens[close + 1]?.text === ')' && items.every((item) => item.kind === 'string'))
      constants.set(
        text,
        items.map((item) => literal(item) ?? ''),
      );
  }
  return constants;
}

/** Is the property at `at` harmless? A file is read or written only when its name is written out. */
function property(
  tokens: readonly Token[],
  at: number,
  constants: ReadonlyMap<string, readonly string[]>,
  found: Understood,
): boolean {
  const name = tokens[at]?.text ?? '';
  const owner = tokens[at - 2]?.text;
  if (owner === 'process') return PROCESS.has(name);
  if (owner === 'stdout') return STDOUT.has(name);
  if (!name.endsWith('Sync')) return !LEADS.test(name);
  const file = tokens[at + 2];
  const closed = /^[),]$/u.test(tokens[at + 3]?.text ?? '');
  if (!(READS.has(name) || WRITES.has(name)) || tokens[at + 1]?.text !== '(' || !closed) return false;
  const files = file?.kind === 'name' ? constants.get(file.text) : [literal(file)].filter((text) => text !== null);
  (WRITES.has(name) ? found.writes : found.reads).push(...(files ?? []));
  return (files?.length ?? 0) > 0 || (file?.text === '0' && READS.has(name));
}

/** `console.log(k, d[k])`: a member that is only printed may have any name. */
function isPrinted(tokens: readonly Token[], at: number): boolean {
  if (tokens[at + 1]?.kind !== 'name' || tokens[at + 2]?.text !== ']' || !/^[,)]$/u.test(tokens[at + 3]?.text ?? ''))
    return false;
  let depth = 0;
  for (let before = at - 1; before >= 0; before -= 1) {
    const text = tokens[before]?.text ?? '';
    if (/^[)\]}]$/u.test(text)) depth += 1;
    if (/^[([{]$/u.test(text)) depth -= 1;
    if (depth < 0)
      return /^console\.(?:log|error|table|info)\($/u.test(
        tokens
          .slice(before - 3, before + 1)
          .map((token) => token.text)
          .join(''),
      );
  }
  return false;
}

/**
 * Understands a small program that only computes, prints, and reads and writes files named in it. An
 * allow-list of names: anything else in it makes the whole not understood (null).
 */
export function understandJs(text: string): Understood | null {
  const tokens = text.length > 4_000 ? null : tokensOf(text);
  if (!tokens) return null;
  const bound = boundNames(tokens);
  const own = new Set([...bound.keys()].filter((name) => !GLOBALS.has(name)));
  const modules = new Set<string>();
  const constants = constantsIn(tokens, bound);
  const found: Understood = { reads: [], writes: [], runs: [] };
  for (const [at, { kind, text: name }] of tokens.entries()) {
    const before = tokens[at - 1];
    const next = tokens[at + 1]?.text;
    if (
      name === '[' &&
      before &&
      (before.kind !== 'mark' ? !KEYWORDS.has(before.text) : /^(?:[)\]}]|\?\.)$/u.test(before.text))
    ) {
      // `x[…]` with anything but a literal could name what no property may be called.
      const key = literal(tokens[at + 1]) ?? (tokens[at + 1]?.kind === 'number' ? '' : null);
      const safe = key !== null && tokens[at + 2]?.text === ']' && !LEADS.test(key);
      if (!safe && !isPrinted(tokens, at)) return null;
    }
    if (name === ']' && next === ':') return null;
    if (kind === 'string' && next === ':' && LEADS.test(name.slice(1, -1))) return null;
    if (kind !== 'name') continue;
    if (before?.text === '.' || before?.text === '?.') {
      if (!property(tokens, at, constants, found)) return null;
    } else if (name === 'require') {
      const variable = required(tokens, at, found);
      if (variable === null) return null;
      if (variable !== '') modules.add(variable);
    } else if (next === ':' && /^[{,]$/u.test(before?.text ?? '')) {
      if (LEADS.test(name)) return null;
    } else if (name === 'process' || (modules.has(name) && before?.text !== 'const')) {
      if (next !== '.') return null;
    } else if (LEADS.test(name) || !(FREE.has(name) || own.has(name) || isDeclaredModule(tokens, at))) return null;
  }
  return found;
}

/** `const fs = require('fs')`: the name of a module is the program's own when it is declared as that module. */
function isDeclaredModule(tokens: readonly Token[], at: number): boolean {
  const declares = /^(?:const|let|var)$/u.test(tokens[at - 1]?.text ?? '') && tokens[at + 1]?.text === '=';
  return declares && tokens[at + 2]?.text === 'require' && MODULES.has(tokens[at]?.text ?? '');
}
