/** What stands after the name of a credential and is none: references, types, counts, code, prose. */

export interface Naming {
  /** The whole name, with the dashes of an option. */
  name: string;
  /** The word in it that says that it is a credential, in lower case. */
  keyword: string;
  /** `=` and ` = ` (spaced) are told apart; `option`: a space after `--name`; `is`: a sentence says so. */
  separator: string;
  /** Within the query of a URL. */
  query: boolean;
  /** The text of an XML element. */
  tag: boolean;
  option?: boolean;
}

const REFERENCE = /^(?:\$[A-Za-z_{(]|\{\{|<|%[A-Za-z({]|\*{3}|…|\.{3}|\[redacted|\[REDACTED)/;
const WORDS =
  /^(?:true|false|yes|no|on|off|null|nil|none|undefined|nan|string|str|number|int|integer|bool|boolean|bytes|any|unknown|never|void|object|array|optional|required|missing|invalid|expired|valid|set|unset|empty|default|disabled|enabled|basic|bearer|redacted|hidden|text|input|flag|option|argument|parameter|is|and|or|to|for|in|with|from|instead|when|await|new|typeof|async|function|class|return|not|lambda|const|let|var|readonly|public|private|static|import|export)$/i;
const NUMBER = /^[~<>≈]?-?[\d_,.]+ ?[kKmM%]?$/;
const CALL = /^[A-Za-z_$][\w$]*(?:(?:\?\.|\.|::|->)[A-Za-z_$][\w$]*)*(?:[([]|<\w+>?[(>])/;
const MEMBER = /^[A-Za-z_$][A-Za-z_$]*(?:(?:\?\.|\.|::|->)[A-Za-z_$]+)+$/;
const URL_WITHOUT_LOGIN = /^https?:\/\/[^@?]*$/i;
const UI_TEXT = /^[A-Z][a-z']*(?: [a-z']+){2,}[.…!?:]*$/;
const CAMEL_NAME = /^[a-z]+(?:[A-Z][a-z]+)+$/;
/** Where a bare word ends for the question what it is; it may go on for what is replaced. */
const HEAD = /^(?:[^\s"'`\\,;)}\]&|<>]|(?<=[[(])[\])])*/;

const plain = (text: string): string => text.replace(/[^A-Za-z0-9]/g, '').toLowerCase();
const isItsOwnName = (value: string, { name, keyword }: Naming): boolean =>
  plain(value) === plain(name) || plain(value) === plain(keyword);
const isToken = ({ keyword }: Naming): boolean => keyword === 'token';
/** Names that often hold something else: theirs must look like no word. */
const isVagueAbout = (value: string, { keyword }: Naming): boolean =>
  /^(?:auth|credential)$/.test(keyword) && !(value.length >= 8 && /\d|=$/.test(value));

/** May the text within quotes stay? */
export function isOrdinaryLiteral(value: string, naming: Naming): boolean {
  const trimmed = value.trim().replace(/^(?:Bearer|Basic|token) (?=[$<{%])/i, '');
  if (trimmed === '' || REFERENCE.test(trimmed) || WORDS.test(trimmed) || URL_WITHOUT_LOGIN.test(trimmed)) return true;
  if (isToken(naming) && (NUMBER.test(trimmed) || trimmed.length < 4)) return true;
  if (naming.keyword === 'cookie' && !/^[^=\s]+=\S/.test(trimmed)) return true;
  if (isVagueAbout(trimmed, naming)) return true;
  if (/^(?:process\.env|import\.meta|os\.environ)\b/.test(trimmed)) return true;
  return isItsOwnName(trimmed, naming) || UI_TEXT.test(trimmed);
}

/** May the bare word at the beginning of `text` stay? */
export function isOrdinaryWord(text: string, naming: Naming): boolean {
  const head = HEAD.exec(text)?.[0] ?? '';
  if (head === '' || REFERENCE.test(head) || /^[=>{[(/]{1}$/.test(head) || WORDS.test(head)) return true;
  if (URL_WITHOUT_LOGIN.test(head) || (isToken(naming) && NUMBER.test(head))) return true;
  if (MEMBER.test(head)) return true;
  if (naming.separator === 'is') return !(head.length >= 6 && /\d/.test(head));
  if (isVagueAbout(head, naming)) return true;
  const isEnvironment = naming.separator === '=' && /^[A-Z][A-Z0-9_]*$/.test(naming.name);
  if (isEnvironment || naming.tag || naming.query) return false;
  if (CALL.test(text) || isItsOwnName(head, naming)) return true;
  if (naming.option) return head.startsWith('-');
  if (/^[{[(]/.test(head) || head.length < 4 || /^\d{1,4}$/.test(head)) return true;
  if (naming.separator === '=>' || naming.separator === '?:') return true;
  // A word alone: what follows it tells code and prose from a value.
  const follows = text.slice(head.length);
  const goesOn = naming.separator === '=' ? /^[;,)]/ : /^(?:[ \t]*[;,)|<?]|[ \t]+[A-Za-z(&])/;
  if (/^[A-Za-z_$][A-Za-z_$-]*$/.test(head) && goesOn.test(follows)) return true;
  return CAMEL_NAME.test(head) && (naming.separator !== '=' || /(?:token|secret|password|key)$/i.test(head));
}
