import { setOf } from '../list.ts';
import type { Understood } from './inline-js.ts';
import { boundNames, constantsIn, isText } from './python-names.ts';
import { literal, type Token, tokensOf } from './python-tokens.ts';

/** Stands for the program's own arguments among the files that it reads. */
export const ARGUMENTS = '\0arguments';

const FREE = setOf(`
  print len str int float bool list dict set tuple sorted sum min max abs round range enumerate zip map filter any all
  isinstance repr reversed True False None and or not in is if else elif for while def return lambda pass break
  continue import from as with try except finally raise Exception ValueError KeyError assert del chr ord hex bin oct
  divmod pow hash frozenset bytes next iter
`);
const MODULES = setOf(
  'json sys re math datetime collections itertools string textwrap statistics base64 hashlib csv pprint decimal fractions time random uuid tomllib platform glob',
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
  write_text read_text write_bytes read_bytes exists is_file is_dir name stem suffix writelines seek truncate glob
  close dedent indent wrap fill ascii_letters digits punctuation copy setdefault
`);

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

/**
 * What `open(…)` opens, and whether to write: a text, a name that stands for texts, or an argument of the
 * program; null for anything else. `tokens` start at the bracket.
 */
function opened(
  tokens: readonly Token[],
  constants: ReadonlyMap<string, readonly string[]>,
): { files: readonly string[]; writes: boolean } | null {
  const argument =
    tokens
      .slice(1, 7)
      .map(({ kind, text }) => (kind === 'number' ? 'N' : text))
      .join('') === 'sys.argv[N]';
  const first = tokens[1];
  const file = literal(first);
  const files = argument
    ? [ARGUMENTS]
    : file !== null
      ? [file]
      : first?.kind === 'name'
        ? constants.get(first.text)
        : undefined;
  if (tokens[0]?.text !== '(' || !files) return null;
  let [at, mode] = [argument ? 7 : 2, 'r'];
  while (tokens[at]?.text === ',') {
    const named = tokens[at + 2]?.text === '=' ? (tokens[at + 1]?.text ?? '') : null;
    const value = literal(tokens[named === null ? at + 1 : at + 3]);
    if (value === null || (named !== null && !/^(?:mode|encoding|newline|errors)$/u.test(named))) return null;
    if (named === null || named === 'mode') mode = value;
    at += named === null ? 2 : 4;
  }
  if (tokens[at]?.text !== ')' || !/^[rwax][bt]?\+?[bt]?$/u.test(mode)) return null;
  return { files, writes: !/^r[bt]?$/u.test(mode) };
}

/** `Path('file')`: read, and written when the program writes through paths at all. */
function pathOf(tokens: readonly Token[], constants: ReadonlyMap<string, readonly string[]>): readonly string[] | null {
  const file = literal(tokens[1]);
  const files = file !== null ? [file] : tokens[1]?.kind === 'name' ? constants.get(tokens[1].text) : undefined;
  return tokens[0]?.text === '(' && tokens[2]?.text === ')' && files ? files : null;
}

/**
 * Understands a small Python program that only computes, prints, and reads and writes files named in it.
 * Names and attributes come from allow-lists: anything else makes the whole not understood (null).
 */
export function understandPython(text: string): Understood | null {
  const tokens = text.length > 8_000 ? null : tokensOf(text);
  if (!tokens) return null;
  const own = boundNames(tokens);
  const constants = constantsIn(tokens);
  const writesPaths = tokens.some(({ text: name }) => /^write_(?:text|bytes)$/u.test(name));
  const modules = new Set<string>();
  const found: Understood = { reads: [], writes: [], runs: [] };
  for (let at = 0; at < tokens.length; at += 1) {
    const { kind, text: name } = tokens[at] ?? { kind: 'mark', text: '' };
    const [before, next] = [tokens[at - 1]?.text, tokens[at + 1]?.text];
    if (kind !== 'name') continue;
    if (name === 'from') {
      const module = tokens[at + 1]?.text ?? '';
      const names = tokens[at + 2]?.text === 'import' ? imported(tokens, at + 3) : null;
      const paths = module === 'pathlib' && names?.every((item) => item === 'Path');
      if (!paths && (!MODULES.has(module) || module === 'sys' || !names?.every((item) => ATTRIBUTES.has(item))))
        return null;
      for (const item of names ?? []) modules.add(item);
      at += 2 + (names?.length ?? 0) * 2;
    } else if (name === 'import') {
      const names = imported(tokens, at + 1);
      if (!names?.every((item) => MODULES.has(item))) return null;
      for (const item of names) modules.add(item);
      at += names.length * 2 - 1;
    } else if (before === '.') {
      if (!ATTRIBUTES.has(name) || (name === 'glob' && tokens[at - 2]?.text !== 'glob')) return null;
      if (modules.has('Path') && /^(?:replace|copy)$/u.test(name) && !isText(tokens, at - 1)) return null;
    } else if (name === 'open') {
      const file = opened(tokens.slice(at + 1), constants);
      if (file === null) return null;
      (file.writes ? found.writes : found.reads).push(...file.files);
    } else if (name === 'Path') {
      // A slash would join paths: then no file is only what it says.
      const files = pathOf(tokens.slice(at + 1), constants);
      if (!modules.has('Path') || !files || tokens.some(({ text: mark }) => mark === '/')) return null;
      found.reads.push(...files);
      if (writesPaths) found.writes.push(...files);
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
