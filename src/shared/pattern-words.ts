import type { Pattern } from './contract/standing.ts';

const quoted = (word: string): string => (/^[\w@%+=:,./-]+$/u.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`);

/** A standing rule's pattern in a person's words: `git push origin …`. */
export function patternWords(pattern: Pattern): string {
  switch (pattern.kind) {
    case 'command':
      return [pattern.program, ...pattern.args.map(quoted), ...(pattern.rest ? ['…'] : [])].join(' ');
    case 'file':
      return `${pattern.tool} ${pattern.path}`;
    case 'web':
      return `fetch from ${pattern.host}`;
    case 'tool':
      return pattern.tool;
  }
}
