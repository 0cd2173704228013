import { list, paragraphs } from './text.ts';
import type { Verb } from './verb.ts';

/** Verbs that belong together; without a title where they are shown alone. */
export interface Chapter {
  title: string | null;
  verbs: readonly Verb[];
}

/** The options that every verb has. */
export const COMMON = {
  json: { type: 'boolean', help: 'print one JSON document and nothing else' },
  demo: { type: 'boolean', help: 'talk to the demo instead of the real one' },
  help: { type: 'boolean', short: 'h', help: 'say how the verb is used' },
} as const;

const EXIT_CODES = 'Exit codes: 0 done, 1 failed, 2 wrong usage, 3 Tenure is not running, 4 not allowed.';

/** `tenure run <project> [--prompt <text>] …` */
function usageOf(verb: Verb): string {
  const takes = verb.takes.map((name) => (name.endsWith('?') ? `[<${name.slice(0, -1)}>]` : `<${name}>`));
  const options = Object.entries(verb.options).map(([name, option]) => `[--${name}${valueOf(option)}]`);
  return ['tenure', verb.name, ...takes, ...options].join(' ');
}

const valueOf = (option: { type: string; value?: string }): string =>
  option.type === 'string' ? ` ${option.value ?? '<text>'}` : '';

export function verbHelp(verb: Verb): string {
  const options = Object.entries({ ...verb.options, ...COMMON });
  return paragraphs(
    verb.summary,
    `Usage: ${usageOf(verb)}`,
    list(options.map(([name, option]) => [`  --${name}${valueOf(option)}`, option.help])),
    `Example:\n  ${verb.example}`,
  );
}

/** The first sentence: the rest of a summary stands in the verb's own help. */
const inShort = (summary: string): string => /^.*?\.(?=\s|$)/.exec(summary)?.[0] ?? summary;

/** The verbs under the titles of their chapters. */
export function overview(chapters: readonly Chapter[]): string {
  const width = Math.max(...chapters.flatMap(({ verbs }) => verbs.map(({ name }) => name.length)));
  const listed = chapters.map(({ title, verbs }) => {
    const lines = list(verbs.map(({ name, summary }) => [`  ${name.padEnd(width)}`, inShort(summary)]));
    return title === null ? lines : `${title}\n${lines}`;
  });
  return paragraphs(
    'Tenure: coding agents earn their autonomy.',
    'Usage: tenure <verb> [options]',
    ...listed,
    'Every verb takes --json, --demo and --help, which says more; "tenure --version" says which this is. Acting verbs take the owner token from TENURE_OWNER_TOKEN.',
    EXIT_CODES,
  );
}

/** All of them for a program. */
export function overviewJson(verbs: readonly Verb[]): unknown {
  return verbs.map((verb) => ({
    name: verb.name,
    summary: verb.summary,
    usage: usageOf(verb),
    example: verb.example,
  }));
}
