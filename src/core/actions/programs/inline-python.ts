import { setOf } from '../list.ts';
import type { Understood } from './inline-js.ts';

/** Stands for the program's own arguments among the files that it reads. */
export const ARGUMENTS = '\0arguments';

const FREE = setOf(`
  print len str int float bool list dict set tuple sorted sum min max abs round range enumerate zip map filter any all
  isinstance repr reversed True False None and or not in is if else elif for while def return lambda pass break
  continue import from as with try except finally raise Exception ValueError KeyError assert del chr ord hex bin oct
  divmod pow hash frozenset bytes next iter
`);
const MODULES = setOf(
  'json sys re math datetime collections itertools string textwrap statistics base64 hashlib csv pprint decimal fractions time random uuid tomllib platform',
);
/** Attributes: what data, texts, numbers and these modules offer that only computes or prints. */
const ATTRIBUTES = setOf(`
  load loads dump dumps get keys values items split rsplit splitlines strip lstrip rstrip join format replace startswith
  endswith lower upper title append extend insert pop sort index count find rfind isdigit isalpha add update union
  stdin stdout argv version version_info maxsize byteorder platform exit read readline readlines write flush
  match search findall sub compile group groups finditer fullmatch escape
  sqrt floor ceil pi e log log2 log10 sin cos tan pow inf nan isnan
  datetime date timedelta now today utcnow strftime strptime fromtimestamp fromisoformat isoformat timestamp utc
  timezone days seconds year month day hour minute second Counter defaultdict OrderedDict namedtuple deque most_common
  chain combinations permutations product groupby islice mean median stdev b64encode b64decode urlsafe_b64encode hexdigest sha256 md5 sha1
  encode decode reader DictReader writer writerow pprint pformat time monotonic perf_counter random randint choice
  uuid4 hex python_version system machine items total_seconds real imag bit_length zfill ljust rjust center
  dedent indent wrap fill ascii_letters digits punctuation copy setdefault
`);

const TOKEN =
  /[^\S\n]+|\\\n|#[^\n]*|(?<format>f(?:'(?!'')[^'\\\n]*'|"(?!"")[^"\\\n]*"))|(?<string>(?:rb?|br?)?(?:"""(?:[^"\\]|\\[nt'"\\]|"(?!""))*"""|'''(?:[^'\\]|\\[nt'"\\]|'(?!''))*'''|'(?!'')(?:[^'\\\n]|\\[nt'"\\dswbDSW.()[\]{}+*?|/-])*'|"(?!"")(?:[^"\\\n]|\\[nt'"\\dswbDSW.()[\]{}+*?|/-])*"|''(?!')|""(?!")))|(?<name>[A-Za-z_]\w*)|(?<number>\d[\w.]*)|(?<mark>\*\*|\/\/|->|:=|[-+*%=<>!&|^~:;,.(){}[\]/@\n])/uy;

interface Token {
  kind: 'string' | 'name' | 'number' | 'mark';
  text: string;
}

/** The expressions in an f-string as tokens, each in brackets; null when they are not simple. */
function formatTokens(text: string): Token[] | null {
  const body = text.slice(2, -1);
  if (/\{\{|\}\}|__/u.test(body)) return null;
  const tokens: Token[] = [{ kind: 'string', text: "''" }];
  for (const [, expression = ''] of body.matchAll(/\{([^{}]*)\}/gu)) {
    const end = /^(?:[^[\](){}:!]|!=|\[[^\]]*\]|\([^)]*\))*/u.exec(expression)?.[0] ?? '';
    const inner = tokensOf(end);
    if (!inner) return null;
    tokens.push({ kind: 'mark', text: '(' }, ...inner, { kind: 'mark', text: ')' });
  }
  return /[{}]/u.test(body.replace(/\{[^{}]*\}/gu, '')) ? null : tokens;
}

function tokensOf(text: string): Token[] | null {
  if (text.includes('\r')) return null;
  const tokens: Token[] = [];
  TOKEN.lastIndex = 0;
  for (let at = 0; at < text.length; at = TOKEN.lastIndex) {
    TOKEN.lastIndex = at;
    const groups = TOKEN.exec(text)?.groups;
    if (!groups) return null;
    const end = TOKEN.lastIndex;
    const kind = (['string', 'name', 'number', 'mark'] as const).find((name) => groups[name] !== undefined);
    // A name glued to a string is a prefix that changes what the string means.
    const glued = /[A-Za-z_]/u.test(text[at - 1] ?? '') && (groups.string ?? groups.format) !== undefined;
    if (glued || groups.string?.includes('__')) return null;
    if (groups.format !== undefined) {
      const inner = formatTokens(groups.format);
      if (!inner) return null;
      tokens.push(...inner);
    } else if (kind) tokens.push({ kind, text: groups[kind] ?? '' });
    TOKEN.lastIndex = end;
  }
  return tokens;
}

const literal = (token: Token | undefined): string | null =>
  token?.kind === 'string' ? token.text.replace(/^[rb]*(?:"""|'''|['"])|(?:"""|'''|['"])$/gu, '') : null;

/** Names that the program gives itself: `x = …`, `for x in …`, `def f(x):`, `lambda x:`, `as x`. */
function ownNames(tokens: readonly Token[]): Set<string> {
  const own = new Set<string>();
  let pattern = false;
  for (const [at, { kind, text }] of tokens.entries()) {
    const [before, next] = [tokens[at - 1]?.text ?? '\n', tokens[at + 1]?.text];
    if (text === 'for' || text === 'lambda' || text === 'def') pattern = true;
    else if (text === 'in' || text === ':') pattern = false;
    if (kind !== 'name' || FREE.has(text) || before === '.') continue;
    const assigned = (next === '=' || next === ':=') && tokens[at + 2]?.text !== '=';
    if (pattern || before === 'as' || (assigned && !/^[.)\]]$/u.test(before))) own.add(text);
    if (
      /^[\n;:]$/u.test(before) &&
      next === ',' &&
      /^[\w, ]+=/u.test(
        tokens
          .slice(at, at + 8)
          .map((t) => t.text)
          .join(''),
      )
    )
      own.add(text);
    if (before === ',' && own.has(tokens[at - 2]?.text ?? '') && (next === '=' || next === ',')) own.add(text);
  }
  return own;
}

const DANGEROUS = setOf(`
  eval exec compile getattr setattr delattr globals locals vars dir input breakpoint memoryview object type super
  classmethod staticmethod property open help quit exit os subprocess shutil socket ctypes importlib builtins pathlib
  pickle marshal codecs io sys json
`);

/** Imports of a statement that starts at `at` (the token after `import`); null when one is not allowed. */
function imported(tokens: readonly Token[], at: number): string[] | null {
  const names: string[] = [];
  for (let next = at; next < tokens.length && !/^[\n;]$/u.test(tokens[next]?.text ?? ''); next += 1) {
    const { kind, text } = tokens[next] ?? { kind: 'mark', text: '' };
    if (kind === 'name' && text !== 'as') names.push(text);
    else if (text !== ',' && text !== 'as') return null;
  }
  return names;
}

/** The file of `open('file')`, opened for reading; `ARGUMENTS` for `open(sys.argv[1])`; null for anything else. */
function opened(tokens: readonly Token[]): string | null {
  const texts = tokens
    .slice(0, 10)
    .map(({ kind, text }) => (kind === 'string' ? `'${/^['"]r[bt]?['"]$/u.test(text) ? 'r' : ''}'` : text));
  const mode = (from: number): boolean => /^(?:,'r')?\)/u.test(texts.slice(from, from + 3).join(''));
  if (texts.slice(0, 7).join('').replace(/\d+/u, 'N') === '(sys.argv[N]') return mode(7) ? ARGUMENTS : null;
  return texts[0] === '(' && mode(2) ? literal(tokens[1]) : null;
}

/**
 * Understands a small Python program that only computes, prints and reads files named in it. Names and
 * attributes come from allow-lists: anything else makes the whole not understood (null).
 */
export function understandPython(text: string): Understood | null {
  const tokens = text.length > 2_000 ? null : tokensOf(text);
  if (!tokens) return null;
  const own = ownNames(tokens);
  const modules = new Set<string>();
  const found: Understood = { reads: [], runs: [] };
  for (let at = 0; at < tokens.length; at += 1) {
    const { kind, text: name } = tokens[at] ?? { kind: 'mark', text: '' };
    const [before, next] = [tokens[at - 1]?.text, tokens[at + 1]?.text];
    if (kind !== 'name') continue;
    if (name === 'from') {
      const module = tokens[at + 1]?.text ?? '';
      const names = tokens[at + 2]?.text === 'import' ? imported(tokens, at + 3) : null;
      if (!MODULES.has(module) || module === 'sys' || !names?.every((item) => ATTRIBUTES.has(item))) return null;
      for (const item of names) modules.add(item);
      at += 2 + names.length * 2;
    } else if (name === 'import') {
      const names = imported(tokens, at + 1);
      if (!names?.every((item) => MODULES.has(item))) return null;
      for (const item of names) modules.add(item);
      at += names.length * 2 - 1;
    } else if (before === '.') {
      if (!ATTRIBUTES.has(name)) return null;
    } else if (name === 'open') {
      const file = opened(tokens.slice(at + 1));
      if (file === null) return null;
      found.reads.push(file);
    } else if (
      next === '=' &&
      tokens[at + 2]?.text !== '=' &&
      (before === '(' || before === ',') &&
      !modules.has(name)
    ) {
      // A keyword argument: `indent=2`.
      if (DANGEROUS.has(name) || name.startsWith('_')) return null;
    } else if (name.startsWith('__') || (DANGEROUS.has(name) && !modules.has(name))) return null;
    else if (!(FREE.has(name) || modules.has(name) || own.has(name))) return null;
  }
  return found;
}
