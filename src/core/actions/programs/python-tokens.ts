export interface Token {
  kind: 'string' | 'name' | 'number' | 'mark';
  text: string;
}

const TOKEN =
  /[^\S\n]+|\\\n|#[^\n]*|(?<format>f(?:'(?!'')[^'\\\n]*'|"(?!"")[^"\\\n]*"))|(?<string>(?:rb?|br?)?(?:"""(?:[^"\\]|\\[nt'"\\]|"(?!""))*"""|'''(?:[^'\\]|\\[nt'"\\]|'(?!''))*'''|'(?!'')(?:[^'\\\n]|\\[nt'"\\dswbDSW.()[\]{}+*?|/-])*'|"(?!"")(?:[^"\\\n]|\\[nt'"\\dswbDSW.()[\]{}+*?|/-])*"|''(?!')|""(?!")))|(?<name>[A-Za-z_]\w*)|(?<number>\d[\w.]*)|(?<mark>\*\*|\/\/|->|:=|[-+*%=<>!&|^~:;,.(){}[\]/@\n])/uy;

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

/** The tokens of a Python program; null when a text in it could mean something else than it seems to. */
export function tokensOf(text: string): Token[] | null {
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

/** The text of a string that stands for itself, or null. */
export const literal = (token: Token | undefined): string | null =>
  token?.kind === 'string' && !/^[rb]*b/u.test(token.text)
    ? token.text.replace(/^r?(?:"""|'''|['"])|(?:"""|'''|['"])$/gu, '')
    : null;
