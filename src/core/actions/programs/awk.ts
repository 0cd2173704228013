/** What an awk program does besides printing; null when it was not understood. */
export interface AwkEffects {
  reads: string[];
  writes: string[];
  /** Shell text that it runs. */
  runs: string[];
}

const TOKEN =
  /[^\S\n]+|\\\n|#[^\n]*|(?<string>"(?:[^"\\\n]|\\[^\n])*")|(?<name>[A-Za-z_]\w*)|(?<number>\d[\w.]*)|(?<mark>\|&|\|\||&&|>>|>=|[-+*/%^=<>!?:~;,.(){}[\]$|&@\n])/uy;

interface Token {
  kind: 'string' | 'regex' | 'name' | 'number' | 'mark';
  text: string;
}

const KEYWORDS = /^(?:print|printf|return|in|getline|else|do|exit|case|delete)$/u;

/** After `)`, `++` and `--` a slash may divide or start a pattern. */
const isUnclear = (tokens: readonly Token[]): boolean =>
  tokens.at(-1)?.text === ')' || /^(?:\+\+|--)$/u.test((tokens.at(-2)?.text ?? '') + (tokens.at(-1)?.text ?? ''));

/** A slash starts a pattern where no value stands before it. */
function tokensOf(program: string): Token[] | null {
  const tokens: Token[] = [];
  let at = 0;
  while (at < program.length) {
    const last = tokens.at(-1);
    const value =
      last &&
      (/^(?:number|string)$/u.test(last.kind) ||
        last.text === ']' ||
        (last.kind === 'name' && !KEYWORDS.test(last.text)));
    if (program[at] === '/' && isUnclear(tokens) && program.includes('/', at + 1)) return null;
    if (program[at] === '/' && !value && !isUnclear(tokens)) {
      const regex = /^\/(?:[^/\\\n[]|\\[^\n]|\[\^?\]?[^\]\n]*\])*\//u.exec(program.slice(at));
      if (!regex) return null;
      tokens.push({ kind: 'regex', text: regex[0] });
      at += regex[0].length;
      continue;
    }
    TOKEN.lastIndex = at;
    const groups = TOKEN.exec(program)?.groups;
    if (!groups) return null;
    at = TOKEN.lastIndex;
    const kind = (['string', 'name', 'number', 'mark'] as const).find((name) => groups[name] !== undefined);
    if (kind) tokens.push({ kind, text: groups[kind] ?? '' });
  }
  return tokens;
}

const literal = (token: Token | undefined): string | null =>
  token?.kind === 'string' && !/\\[^"\\/]/u.test(token.text) ? token.text.slice(1, -1).replace(/\\(.)/gu, '$1') : null;

/** `getline line < file`: does a file follow the variable? */
function readsFrom(tokens: readonly Token[], at: number): boolean {
  for (const { text } of tokens.slice(at, at + 10)) {
    if (text === '<') return true;
    if (/^[;{}\n]$/u.test(text)) return false;
  }
  return false;
}

/** `FILENAME == ARGV[1]` compares; given a value, the list of files is another one than the words say. */
function isCompared(tokens: readonly Token[], at: number): boolean {
  const end = tokens.findIndex(({ text }, index) => index > at && text === ']');
  const after = tokens[end + 1]?.text ?? '';
  return tokens[at - 1]?.text === '=' && tokens[at + 1]?.text === '[' && end > 0 && !/^[-+*/%^=]$/u.test(after);
}

const ENDS = /^(?:[;}\n)]|$)/u;

/**
 * Understands what an awk program reads, writes and runs. Everything that reaches out must name its file
 * or command in one plain text; else the program is not understood.
 */
export function understandAwk(program: string): AwkEffects | null {
  const tokens = program.length > 4_000 ? null : tokensOf(program);
  if (!tokens) return null;
  const found: AwkEffects = { reads: [], writes: [], runs: [] };
  let [depth, printing] = [0, false];
  for (const [at, { kind, text }] of tokens.entries()) {
    const [before, next] = [tokens[at - 1], tokens[at + 1]];
    if (/^[([]$/u.test(text) && kind === 'mark') depth += 1;
    if (/^[)\]]$/u.test(text) && kind === 'mark') depth -= 1;
    if (kind === 'mark' && /^[;{}\n]$/u.test(text)) printing = false;
    if (/^ARG[VC]$/u.test(text) && !isCompared(tokens, at)) return null;
    if (text === '@' || text === 'ENVIRON' || text === 'PROCINFO' || text === '|&' || text === 'SYMTAB') return null;
    if (kind === 'name' && /^printf?$/u.test(text)) [printing, depth] = [true, 0];
    const whole = literal(next);
    const closed = ENDS.test(tokens[at + 2]?.text ?? '');
    if (text === 'system') {
      const inner = literal(tokens[at + 2]);
      if (next?.text !== '(' || inner === null || tokens[at + 3]?.text !== ')') return null;
      found.runs.push(inner);
    } else if (text === '|') {
      if (next?.text === 'getline') {
        const command = literal(before);
        if (command === null || !/^[;{}(\n]?$/u.test(tokens[at - 2]?.text ?? '')) return null;
        found.runs.push(command);
      } else if (whole !== null && closed) found.runs.push(whole);
      else return null;
    } else if (text === 'getline' && next?.text === '<') {
      const file = literal(tokens[at + 2]);
      if (file === null || !ENDS.test(tokens[at + 3]?.text ?? '')) return null;
      found.reads.push(file);
    } else if (text === 'getline' && readsFrom(tokens, at + 1)) return null;
    else if ((text === '>' || text === '>>') && kind === 'mark' && printing && depth <= 0) {
      if (whole === null || !closed) return null;
      found.writes.push(whole);
    } else if (text === '>>') return null;
  }
  return found;
}
