import { isExact } from '../atoms.ts';
import { type Judge, UNKNOWN } from '../look.ts';

/** `echo`, `print`, `printf`: what they print is known where they print nothing but text. */
export const judgeEcho: Judge = ({ argv }, look) => {
  look.find('read', 'prints', 'Prints text.');
  const formats = argv[0] === 'printf';
  const words = argv.slice(1).filter((word, at) => !(at === 0 && !formats && /^-[neE]+$/u.test(word)));
  const text = formats
    ? printed(words)
    : argv[1]?.includes('e') && argv[1].startsWith('-')
      ? unescaped(words.join(' '))
      : words.join(' ');
  // Some shells read escapes in what `echo` prints, others do not.
  if (text === null || (!formats && text.includes('\\'))) return { kind: 'unknown', from: 'decoder' };
  if (!isExact(text)) return UNKNOWN;
  return { kind: 'text', text: formats ? text : `${text}\n` };
};

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t', '\\': '\\', '"': '"', "'": "'" };

/** The text with its escapes; null when one of them could write any character. */
const unescaped = (text: string): string | null =>
  /\\(?![nt\\"'])/u.test(text) ? null : text.replace(/\\(.)/gu, (_all, char: string) => ESCAPES[char] ?? char);

/** What `printf` makes of its words; null for a format that is not simple: text, or `%s`. */
function printed([format = '', ...values]: readonly string[]): string | null {
  const text = unescaped(format);
  if (text === null || /%[^s%]/u.test(text)) return null;
  if (!text.includes('%s')) return text.replaceAll('%%', '%');
  const places = text.split('%s').length - 1;
  const rounds = Math.max(1, Math.ceil(values.length / places));
  let at = 0;
  return text
    .repeat(Math.min(rounds, 64))
    .replace(/%s/gu, () => values[at++] ?? '')
    .replaceAll('%%', '%');
}
