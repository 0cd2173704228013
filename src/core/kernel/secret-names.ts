/**
 * Credentials that are known by the name before them: `DB_PASSWORD=…`, `"apiKey": "…"`, `--token …`.
 * Found by scanning for the word and looking from there a bounded way to both sides; only what is
 * replaced is read to its end, once. So it is linear.
 */
import { isOrdinaryLiteral, isOrdinaryWord, type Naming } from './secret-values.ts';

const KEYWORD =
  /pass(?:word|wd|phrase)|_pass(?![a-z])|[_;]pwd(?![a-z])|secret(?:[_-]?(?:access[_-]?)?key)?|token|(?:api|access|private|account|auth|encryption|signing|master|shared)[_-]?key|credential|authorization|(?:\b|_)auth(?=["'\\]{0,9}[ \t]{0,4}[:=])|cookie|machine(?=[\s\\])/gi;
/** A cheap look first: few names and few texts hold any of these. */
const KEY_WORD = /pass|pwd|secret|token|key|credential|auth|cookie|machine/i;
const WHOLE_NAME = 40;

/** Last words that say something *about* a credential. */
const ABOUT =
  /(?:[_-]|(?<=[a-z0-9])(?=[A-Z])|(?<=token|secret|password))(?:type|count|limit|budget|usage|used|url|uri|endpoint|name|field|input|list|expiry|expires|expiration|length|len|size|path|file|dir|ttl|policy|label|placeholder|source|ref|stdin|prompt|column|index|idx|kind|status|state|error|rate|total|max|min|window|per|manager|service|provider|store|schema|regex|pattern|rule|helper|required|optional|enabled|valid|form|page|view|reset|strength|hint|version|details|at|in|jar)s?$/i;

/** Does a name hold a credential? `rest` is what follows the keyword in it. */
function holdsSecret(name: string, keyword: string, rest: string): boolean {
  // Token counts are the most common numbers of a transcript.
  if (/token$/i.test(keyword) && /^s(?![a-z])/i.test(rest)) return false;
  // The keyword goes on as another word: `tokenizer`, `secretary`, `TOKENIZERS`.
  const goesOn = /[A-Z]$/.test(keyword) ? rest.toLowerCase() : rest;
  if (/^[a-z]/.test(goesOn) && !/^(?:s|value|key|id)(?![a-z])/i.test(rest)) return false;
  return !ABOUT.test(name);
}

/** Is a key of this name one whose text must not be kept? */
export function isSecretName(name: string): boolean {
  if (name.length > 3 * WHOLE_NAME || !KEY_WORD.test(name)) return false;
  if (/^(?:_?auth|pass|pwd)$/i.test(name)) return true;
  return [...name.matchAll(KEYWORD)].some(({ 0: keyword, index }) =>
    holdsSecret(name, keyword, name.slice(index + keyword.length)),
  );
}

const at = (pattern: RegExp, text: string, from: number): RegExpExecArray | null => {
  pattern.lastIndex = from;
  return pattern.exec(text);
};

/** Tells word characters and dashes; asked so often that a pattern would be felt. */
const isNameCode = (code: number): boolean =>
  (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || (code >= 48 && code <= 57) || code === 95 || code === 45;
const REST_OF_NAME = /[\w-]{0,40}/y;
const SEPARATOR = /(?:\\{0,15}["'`])?\]?[ \t]{0,200}(=>|:=|\?:|[:=](?![=:]))[ \t]{0,200}/y;
const AFTER_OPTION = /[ \t]{1,200}|\\{0,15}["'][ \t]{0,8},[ \t\n]{0,40}/y;
const SAID = /[ \t]{1,8}(?:is|was)[ \t]{0,4}:?[ \t]{1,8}/iy;
const TAG_END = />/y;
const NETRC =
  /(?:\s|\\[nrt]){1,50}[^\s\\"']{1,255}(?:\s|\\[nrt]){1,50}(?:(?:login|account)(?:\s|\\[nrt]){1,50}[^\s\\"']{1,255}(?:\s|\\[nrt]){1,50}){0,2}passw(?:or)?d(?:\s|\\[nrt]){1,50}/iy;
const OPENING = /[rbfu]{0,2}(\\{0,15})(["'`])/iy;
const RUN = /[^\s"'`\\]*/y;
const RUN_IN_QUERY = /[^\s"'`\\&]*/y;
const RUN_IN_TAG = /[^\s"'`\\<]*/y;
const REST_OF_LINE = /[^\r\n"'`\\]*/y;
const ESCAPED_END = /\\{1,15}(?:["'`]|[nrt])/y;
const TRAILING = /[)\]},;.]+$/;
const SCHEME =
  /(basic|bearer|token|apikey|negotiate|sharedkey|digest|aws4-hmac-sha256|oauth|hawk|signature)[ \t]{1,8}/iy;
const PARTS = /(?:[\w-]{1,40}=(?:\\{0,15}"[^"\\\r\n]{0,512}\\{0,15}"|[^\s"'`\\,]{1,512})[ \t,]{0,8}){1,24}/y;
const IN_PARTS = /^(?:digest|aws4|oauth|hawk|signature)/i;
const COOKIE_PAIR = /[^\s"'`\\=;]{1,256}=[^\s"'`\\;]{1,16}/y;
const LONGEST_LITERAL = 8192;

/** Where the literal ends that begins at `from`; -1: it is not closed on its line, or too far away. */
function closingOf(text: string, from: number, depth: number, quote: string): number {
  const most = Math.min(text.length, from + LONGEST_LITERAL);
  for (let end = from; end < most; end++) {
    const character = text[end];
    if (character === '\n') return -1;
    if (character !== quote) continue;
    let slashes = 0;
    while (end - slashes > from && text[end - slashes - 1] === '\\') slashes++;
    // A quote that is escaped more deeply belongs to the text.
    if (slashes < depth || slashes % (2 * (depth + 1)) === depth) return end - Math.min(slashes, depth);
  }
  return -1;
}

/** Where the bare word ends that begins at `from`. */
function endOfRun(text: string, from: number, run: RegExp): number {
  let end = from;
  for (;;) {
    end += at(run, text, end)?.[0].length ?? 0;
    if (text[end] !== '\\' || at(ESCAPED_END, text, end)) break;
    end++;
  }
  return end - (TRAILING.exec(text.slice(Math.max(from + 1, end - 8), end))?.[0].length ?? 0);
}

type Span = [from: number, to: number];

/** What is to be replaced after a name and its separator; null: nothing. */
function valueAt(text: string, from: number, naming: Naming): Span | null {
  const opening = at(OPENING, text, from);
  if (opening) {
    const start = from + opening[0].length;
    const end = closingOf(text, start, opening[1]?.length ?? 0, opening[2] ?? '');
    if (end >= 0) return isOrdinaryLiteral(text.slice(start, end), naming) ? null : [start, end];
    from = start;
  } else if (naming.keyword === 'cookie') {
    if (naming.separator !== ':' || !at(COOKIE_PAIR, text, from)) return null;
    return [from, from + (at(REST_OF_LINE, text, from)?.[0].length ?? 0)];
  } else if (naming.keyword === 'authorization') {
    const scheme = at(SCHEME, text, from);
    from += scheme?.[0].length ?? 0;
    const parts = scheme && IN_PARTS.test(scheme[0]) ? at(PARTS, text, from) : null;
    if (parts) return [from, from + parts[0].length];
  }
  if (isOrdinaryWord(text.slice(from, from + 128), naming)) return null;
  const end = endOfRun(text, from, naming.query ? RUN_IN_QUERY : naming.tag ? RUN_IN_TAG : RUN);
  return end > from ? [from, end] : null;
}

/** The name around a keyword, and where what follows it begins; null: it names no credential. */
function namingAt(text: string, keyword: string, index: number): [Naming, number] | null {
  let begin = index;
  while (begin > 0 && index - begin < WHOLE_NAME && isNameCode(text.charCodeAt(begin - 1))) begin--;
  if (text[begin - 1] === '\\' && /[nrt]/.test(text[begin] ?? '')) begin++;
  const after = index + keyword.length;
  const rest = at(REST_OF_NAME, text, after)?.[0] ?? '';
  const name = text.slice(Math.min(begin, index), after + rest.length);
  if (!holdsSecret(name, keyword, rest)) return null;
  const end = after + rest.length;
  const before = text[begin - 1] ?? '';
  const found = (how: Partial<Naming>, length: number): [Naming, number] => [
    { name, keyword: keyword.toLowerCase(), separator: '', query: false, tag: false, ...how },
    end + length,
  ];
  const separator = at(SEPARATOR, text, end);
  if (separator) {
    const bare = separator[0] === '=' ? '=' : (separator[1] ?? '').trim();
    const spaced = bare === '=' && separator[0].includes(' ');
    return found(
      { separator: spaced ? ' = ' : bare, query: /[?&]/.test(before), option: name.startsWith('-') },
      separator[0].length,
    );
  }
  if (before === '<' && at(TAG_END, text, end)) return found({ separator: '=', tag: true }, 1);
  const option = name.startsWith('-') ? at(AFTER_OPTION, text, end) : null;
  if (option) return found({ separator: 'option', option: true }, option[0].length);
  const said = at(SAID, text, end);
  return said ? found({ separator: 'is' }, said[0].length) : null;
}

/** The text with what stands after the name of a credential replaced by what `hide` gives for it. */
export function hideNamed(text: string, hide: (secret: string) => string): string {
  if (!KEY_WORD.test(text)) return text;
  const keywords = new RegExp(KEYWORD);
  let out = '';
  let done = 0;
  for (let found = keywords.exec(text); found; found = keywords.exec(text)) {
    const [keyword] = found;
    let span: Span | null = null;
    if (/^machine$/i.test(keyword)) {
      const entry = at(NETRC, text, keywords.lastIndex);
      const from = keywords.lastIndex + (entry?.[0].length ?? 0);
      if (entry && text[from] !== '[') span = [from, endOfRun(text, from, RUN)];
    } else {
      const naming = namingAt(text, keyword, found.index);
      if (naming) span = valueAt(text, naming[1], naming[0]);
    }
    if (!span || span[1] <= span[0]) continue;
    out += text.slice(done, span[0]) + hide(text.slice(...span));
    done = span[1];
    keywords.lastIndex = done;
  }
  return done === 0 ? text : out + text.slice(done);
}
