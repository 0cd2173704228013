import { list, paragraphs } from './text.ts';
import type { Verb } from './verb.ts';

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

export function overview(verbs: readonly Verb[]): string {
  return paragraphs(
    'Tenure: coding agents earn their autonomy.',
    'Usage: tenure <verb> [options]',
    list(verbs.map((verb) => [`  ${verb.name}`, verb.summary])),
    'Every verb takes --json, --demo and --help. Acting verbs take the owner token from TENURE_OWNER_TOKEN.',
    EXIT_CODES,
  );
}

/** The same for a program. */
export function overviewJson(verbs: readonly Verb[]): unknown {
  return verbs.map((verb) => ({
    name: verb.name,
    summary: verb.summary,
    usage: usageOf(verb),
    example: verb.example,
  }));
}
