import { type SourceKind, SourceSettings } from '../../shared/contract/revenue-sources.ts';
import { issueWords } from '../../shared/issue-words.ts';
import { parseAmount } from '../../shared/money.ts';
import { UsageError } from '../verb.ts';

export const SETTING_OPTIONS = {
  url: { type: 'string', value: '<url>', help: 'pool, xmrig, price, server: where it answers' },
  address: { type: 'string', value: '<wallet>', help: 'pool: the wallet, or env:NAME or config:name that holds it' },
  asset: { type: 'string', value: '<ticker>', help: 'what amounts are in: XMR, USD' },
  coin: { type: 'string', value: '<name>', help: 'price: the name of the coin there, such as monero' },
  path: { type: 'string', value: '<file>', help: 'access-log: the log' },
  prefix: { type: 'string', value: '</path>', help: 'access-log: only requests whose path begins so' },
  'from-start': { type: 'boolean', help: 'access-log: count what it holds already' },
  secret: { type: 'string', value: '<reference>', help: 'env:NAME or config:name of a token; never the token itself' },
  requests: { type: 'string', value: '<counter>', help: 'server: the counter of requests' },
  'tokens-in': { type: 'string', value: '<counter>', help: 'server: the counter of prompt tokens' },
  'tokens-out': { type: 'string', value: '<counter>', help: 'server: the counter of generated tokens' },
  'per-request': { type: 'string', value: '<dollars>', help: 'server, access-log: what a request brings' },
  'per-million-in': { type: 'string', value: '<dollars>', help: 'what a million prompt tokens bring' },
  'per-million-out': { type: 'string', value: '<dollars>', help: 'what a million generated tokens bring' },
} as const;

type Values = Readonly<Partial<Record<keyof typeof SETTING_OPTIONS, string | boolean | undefined>>>;

function dollarsOf(text: unknown, option: string): number | undefined {
  if (typeof text !== 'string') return undefined;
  const micro = parseAmount(text, 6);
  if (micro !== null && micro >= 0n) return Number(micro);
  throw new UsageError(`--${option} takes dollars with at most six decimals, such as 0.002, but got "${text}".`);
}

const defined = (values: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));

/** The options as the settings of a source; what a kind has no use for is refused. @throws UsageError */
export function settingsGiven(kind: SourceKind, values: Values, full: (path: string) => string): SourceSettings {
  const prices = defined({
    perRequest: dollarsOf(values['per-request'], 'per-request'),
    perMillionIn: dollarsOf(values['per-million-in'], 'per-million-in'),
    perMillionOut: dollarsOf(values['per-million-out'], 'per-million-out'),
  });
  const given = defined({
    kind,
    url: values.url,
    address: values.address,
    asset: typeof values.asset === 'string' ? values.asset.toUpperCase() : undefined,
    id: values.coin,
    path: typeof values.path === 'string' ? full(values.path) : undefined,
    pathPrefix: values.prefix,
    from: values['from-start'] ? 'start' : undefined,
    secret: values.secret,
    requests: values.requests,
    tokensIn: values['tokens-in'],
    tokensOut: values['tokens-out'],
    prices: Object.keys(prices).length > 0 ? prices : undefined,
  });
  const parsed = SourceSettings.safeParse(given, { error: issueWords });
  if (parsed.success) return parsed.data;
  const what = parsed.error.issues.map((issue) => {
    const key = issue.path.join('.');
    if (key === '') return issue.message;
    return given[String(issue.path[0])] === undefined
      ? `${optionOf(key)} is missing`
      : `${optionOf(key)}: ${issue.message}`;
  });
  throw new UsageError(`A source of the kind ${kind} cannot be made of that: ${what.join('; ')}.`);
}

const NAMES: Readonly<Record<string, string>> = {
  id: 'coin',
  pathPrefix: 'prefix',
  tokensIn: 'tokens-in',
  tokensOut: 'tokens-out',
};
const optionOf = (path: string): string => `--${NAMES[path] ?? path}`;
