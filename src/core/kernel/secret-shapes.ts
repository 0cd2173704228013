/**
 * Credentials that give themselves away by their shape, wherever they stand. Every pattern is linear:
 * a fixed beginning and then one run of characters, with repetition within small bounds before it.
 */

/** Beginnings that nothing else has: no boundary is needed before them. */
const UNMISTAKABLE: readonly string[] = [
  // Models
  'sk-ant-[\\w-]{8,}',
  'sk-(?:proj|svcacct|admin|or)-[\\w-]{16,}',
  'tnr_[a-z]+_[\\w-]{20,}',
  'gsk_[A-Za-z0-9]{40,}',
  'xai-[A-Za-z0-9]{40,}',
  'pplx-[A-Za-z0-9]{40,}',
  // Forges and registries
  'gh[pousr]_[A-Za-z0-9]{20,}',
  'github_pat_[A-Za-z0-9_]{20,}',
  'gl(?:pat|dt|rt|cbt|ptt|oas|ft|soat|agent)-[\\w-]{16,}',
  'npm_[A-Za-z0-9]{30,}',
  'pypi-[\\w-]{40,}',
  'rubygems_[a-f0-9]{40,}',
  'dckr_(?:pat|oat)_[\\w-]{20,}',
  // Messengers, payment, mail
  'xox[abeoprs]-[A-Za-z0-9.-]{10,}',
  'xapp-\\d-[A-Za-z0-9-]{10,}',
  '[rs]k_(?:live|test)_[A-Za-z0-9]{10,}',
  'whsec_[A-Za-z0-9+/=]{20,}',
  'shp(?:at|ca|pa|ss)_[a-fA-F0-9]{30,}',
  'sq0[a-z]{3}-[\\w-]{20,}',
  'SG\\.[\\w-]{16,32}\\.[\\w-]{16,}',
  // Clouds and platforms
  'AIza[\\w-]{30,}',
  'ya29\\.[\\w-]{20,}',
  'GOCSPX-[\\w-]{20,}',
  'do[opr]_v1_[a-f0-9]{40,}',
  'hv[sbr]\\.[\\w-]{20,}',
  'ATATT3[\\w=-]{40,}',
  'sbp_[a-f0-9]{30,}',
  'pscale_(?:tkn|pw|oauth)_[\\w.-]{20,}',
  'glsa_[A-Za-z0-9_]{30,}',
  'sntry[su]_[\\w+/=-]{30,}',
  'PMAK-[a-f0-9-]{40,}',
  'NRAK-[A-Z0-9]{20,}',
  'lin_api_[A-Za-z0-9]{30,}',
  'ntn_[A-Za-z0-9]{30,}',
  'dp\\.(?:pt|st|ct|sa)\\.[\\w.-]{30,}',
  'atlasv1\\.[\\w-]{40,}',
  'AGE-SECRET-KEY-1[A-Z0-9]{40,}',
];

/** Beginnings that also end ordinary words (`task-…`), or are too short to be sure of. */
const AFTER_A_BOUNDARY: readonly string[] = [
  'sk-[\\w-]{20,}',
  'hf_[A-Za-z0-9]{24,}',
  'r8_[A-Za-z0-9]{30,}',
  'key-[a-f0-9]{32}',
  'dapi[a-f0-9]{32}',
  'SK[a-f0-9]{32}',
  'A(?:KIA|SIA|BIA|CCA)[A-Z0-9]{16}',
  'pat[A-Za-z0-9]{14}\\.[a-f0-9]{40,}',
];

/** What stands before tells it: kept, as the first group. */
const IN_CONTEXT: readonly string[] = [
  'hooks\\.slack\\.com/(?:services|workflows)/)([\\w/-]{16,}',
  'discord(?:app)?\\.com/api/webhooks/)(\\d{5,25}/[\\w-]{20,}',
  '\\d{8}:)(AA[\\w-]{32,}',
  '[?&;= "\'-][sS]ig(?:nature)?=)([\\w%+/=-]{20,}',
];

/** The `n` of an escaped line break is no letter of a word. */
const BOUNDARY = String.raw`(?:(?<![A-Za-z0-9])|(?<=\\[nrtbf]))`;
const SHAPES = new RegExp(`${UNMISTAKABLE.join('|')}|${BOUNDARY}(?:${AFTER_A_BOUNDARY.join('|')})`, 'g');
const CONTEXTS = IN_CONTEXT.map((pattern) => new RegExp(`(${pattern})`, 'g'));
const CONTEXT_WORDS = /webhooks\/|hooks\.slack|:AA|[sS]ig(?:nature)?=/;

/** Always matches from `eyJ` on, so that a run that is none is passed over once and not from each of its parts. */
const JWT = /eyJ[\w-]*(?:\.[\w-]*){0,4}/g;
const isJwt = (text: string): boolean => text.split('.').filter((part) => part.length >= 8).length >= 2;

const SCHEME = /\b((?:bearer|basic)[ \t]{1,8})([\w.~+/-]{8,}=*)/gi;
const TO_BE_A_CREDENTIAL = /\d|=$/;
/** User and password, or a long name alone, which is a token. */
const URL_LOGIN = /(:\/\/)([^\s/:@"'\\<>]{0,256})(?::([^\s/"'\\<>]{1,1024}))?@/g;
const LOGIN_OPTION = /([ \t](?:-u|--user|--proxy-user)[ \t=]{0,4}\\{0,8}["']?[^\s:"'\\]{1,64}:)([^\s"'\\]{1,256})/g;
const MYSQL = /(\bmysql(?:dump|admin)?[ \t][^\n|;]{0,120}?[ \t]-p)([^\s"'\\]{1,256})/g;
const COOKIE_OPTION = /([ \t]-b[ \t]{0,4}\\{0,8}["']?)([\w.-]{1,64}=[^\s"'\\]{6,4096})/g;
const REFERENCE = /^(?:\$[A-Za-z_{(]|\{\{|<|%[A-Za-z(]|\*{3}|\[redacted)/;

type Hide = (secret: string) => string;

/** The text with what has the shape of a credential replaced by what `hide` gives for it. */
export function hideShapes(text: string, hide: Hide): string {
  const second = (_all: string, before: string, secret: string): string =>
    before + (REFERENCE.test(secret) ? secret : hide(secret));
  const credential = (all: string, before: string, secret: string): string =>
    (TO_BE_A_CREDENTIAL.test(secret) && (/^basic/i.test(before) || secret.length >= 16)) || secret.length >= 40
      ? before + hide(secret)
      : all;
  let out = hidePrivateKeys(text, hide);
  if (out.includes('eyJ')) out = out.replace(JWT, (jwt) => (isJwt(jwt) ? hide(jwt) : jwt));
  out = out.replace(SHAPES, hide);
  if (CONTEXT_WORDS.test(out)) out = CONTEXTS.reduce((now, pattern) => now.replace(pattern, second), out);
  if (out.includes('://')) {
    out = out.replace(URL_LOGIN, (all: string, start: string, user: string, password: string | undefined) => {
      if (password !== undefined)
        return REFERENCE.test(password) || /^\d{1,5}[?#]/.test(password) ? all : `${start}${user}:${hide(password)}@`;
      return user.length >= 16 && /\d/.test(user) ? `${start}${hide(user)}@` : all;
    });
  }
  out = out.replace(SCHEME, credential);
  if (/[ \t](?:-u|--user|--proxy-user|-b)/.test(out)) {
    out = out.replace(LOGIN_OPTION, (all: string, before: string, secret: string) =>
      /^\d{1,6}$/.test(secret) || REFERENCE.test(secret) ? all : before + hide(secret),
    );
    out = out.replace(COOKIE_OPTION, second);
  }
  return out.includes('mysql') ? out.replace(MYSQL, second) : out;
}

const KEY_BEGIN = /-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----/g;
const KEY_END = /-----END [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----/y;
/** What a key consists of, its headers, its escaped line breaks and the marks of diffs and line numbers. */
const KEY_BODY = /[\w+/=\s\\:,.()|→-]*/y;

/** Private keys from their first line to their last, or as far as they go when they were cut off. */
function hidePrivateKeys(text: string, hide: Hide): string {
  if (!text.includes('PRIVATE KEY')) return text;
  let out = '';
  let done = 0;
  let end = -1;
  for (const begin of text.matchAll(KEY_BEGIN)) {
    if (begin.index < done) continue;
    const from = begin.index + begin[0].length;
    // Looked for once for all the beginnings before it.
    if (end < from) end = text.indexOf('-----END ', from);
    if (end < 0) end = text.length;
    KEY_BODY.lastIndex = from;
    const body = KEY_BODY.exec(end < text.length ? text.slice(0, end) : text)?.[0] ?? '';
    if (!/[A-Za-z0-9]{3}/.test(body)) continue;
    KEY_END.lastIndex = from + body.length;
    const to = KEY_END.test(text) ? KEY_END.lastIndex : from + body.length;
    out += text.slice(done, begin.index) + hide(text.slice(begin.index, to));
    done = to;
  }
  return out + text.slice(done);
}
