/**
 * Credentials that are known by the name before them: `DB_PASSWORD=…`, `"apiKey": "…"`, `--token …`.
 * Found by scanning for the word and then looking a bounded way to both sides, so that it is linear.
 */

const KEYWORD =
  /pass(?:word|wd|phrase)|_pass(?![a-z])|_pwd(?![a-z])|secret(?:[_-]?(?:access[_-]?)?key)?|token|(?:api|access|private|account|auth|encryption|signing|master|shared)[_-]?key|credential|authorization|(?:\b|_)auth(?=["'\\]{0,9}[ \t]{0,4}[:=])|cookie|login(?=\s)/gi;
const WHOLE_NAME = 40;

/** A last word that says something *about* a credential. */
const ABOUT =
  /(?:^|[_-]|(?<=[a-z0-9])(?=[A-Z]))(?:types?|counts?|limits?|budget|usage|used|urls?|uri|endpoint|names?|fields?|inputs?|lists?|expir(?:y|es|ation)(?:[_-]?(?:at|in))?|(?:expires|created|updated|rotated)[_-]?(?:at|in)|len(?:gth)?|size|path|files?|dir|ttl|policy|label|placeholder|source|ref|stdin|prompt|column|index|idx|kind|status|state|error|rate|total|max|min|window|per|manager|service|provider|store|schema|regex|pattern|rules?|helper|required|optional|enabled|valid|form|page|view|reset|strength|hint|version|id[_-]?token[_-]?count|details|tokens)$/i;
/** The keyword goes on as another word: `tokenizer`, `secretary`, `passwordless`. */
const OTHER_WORD = /^s?[a-z]/;

/** Is this the name of something that holds a credential? `rest` is what follows the keyword in the name. */
function holdsSecret(name: string, keyword: string, rest: string): boolean {
  if (/^tokens/i.test(keyword + rest)) return false;
  const goesOn = /[A-Z]$/.test(keyword) ? rest.toLowerCase() : rest;
  if (OTHER_WORD.test(goesOn) && !/^(?:s|value|key|id)(?![a-z])/i.test(rest)) return false;
  return !ABOUT.test(name);
}

/** Is a key with this name one whose text must not be kept? */
export function isSecretName(name: string): boolean {
  if (name.length > 2 * WHOLE_NAME + 20) return false;
  for (const found of name.matchAll(KEYWORD)) {
    if (found[0].toLowerCase() === 'login') continue;
    if (holdsSecret(name, found[0], name.slice(found.index + found[0].length))) return true;
  }
  return /^_?auth$/i.test(name) || /^(?:passwd|pass|pwd)$/i.test(name);
}
