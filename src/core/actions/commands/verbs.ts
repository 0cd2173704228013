import type { Risk } from '../../../shared/policy.ts';
import { isExact, plain } from '../atoms.ts';
import { graverOf } from '../findings.ts';
import type { Judge } from '../look.ts';

/** What the verbs of a program do: each risk with the verbs that have it, as whole words (`pr create`). */
export interface Verbs {
  read?: RegExp;
  low?: RegExp;
  medium?: RegExp;
  high?: RegExp;
  critical?: RegExp;
  /** Everything else. */
  other: Risk;
  /** Options before the verb that take a value. */
  values?: RegExp;
  code: string;
}

const ORDER = ['critical', 'high', 'medium', 'low', 'read'] as const;
const TEXT: Readonly<Record<Risk, string>> = {
  read: 'Shows something',
  low: "Does one of the project's own chores",
  medium: 'Works with a service or the network',
  high: 'Changes things outside the work tree or what others see',
  critical: 'Publishes, deploys or changes what cannot be changed back',
};

/** The words of a call without its options: `gh -R o/r pr create --fill` is `pr create`. */
export function verbsOf(words: readonly string[], values?: RegExp): string[] {
  const found: string[] = [];
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] ?? '';
    if (!word.startsWith('-')) found.push(word);
    else if (values?.test(word) && !word.includes('=')) at += 1;
  }
  return found;
}

/**
 * The risk of a call by its verbs. Of patterns that match from the start the longest is the closest
 * (`pr view` before `pr `); a word found further on counts whatever else matches. What is only known
 * when it runs is high at least.
 */
export function riskOfVerbs(words: readonly string[], spec: Verbs): Risk {
  const verbs = verbsOf(words, spec.values);
  const [first = ''] = verbs;
  const asks = words.length > 0 && words.every((word) => /^--?(?:version|help|v|V|h)$/u.test(word));
  if (asks || /^(?:version|help|completion)$/u.test(first)) return 'read';
  const line = verbs.join(' ');
  const matches = ORDER.flatMap((risk) => {
    const match = spec[risk]?.exec(line);
    return match ? [{ risk, at: match.index, length: match[0].length }] : [];
  });
  const closest = matches.filter(({ at }) => at === 0).toSorted((a, b) => b.length - a.length)[0]?.risk ?? spec.other;
  const worst = matches.filter(({ at }) => at > 0).reduce((risk, match) => graverOf(risk, match.risk), closest);
  return isExact(first) ? worst : graverOf(worst, 'high');
}

export const judgeVerbs =
  (spec: Verbs): Judge =>
  ({ argv }, look) => {
    const risk = riskOfVerbs(argv.slice(1), spec);
    const grave = risk === 'critical' ? { irreversible: true } : {};
    look.find(risk, spec.code, `${TEXT[risk]} (${plain(argv.join(' ')).slice(0, 120)}).`, grave);
    return undefined;
  };
