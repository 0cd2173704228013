import { type SourceKind, SourceSettings } from '../../../shared/contract/revenue-sources.ts';
import { issueWords } from '../../../shared/issue-words.ts';
import { parseAmount, plainAmount } from '../../../shared/money.ts';
import { textOf } from '../projects/settings.ts';

export type FieldName =
  | 'url'
  | 'address'
  | 'asset'
  | 'id'
  | 'path'
  | 'pathPrefix'
  | 'secret'
  | 'requests'
  | 'tokensIn'
  | 'tokensOut'
  | 'perRequest'
  | 'perMillionIn'
  | 'perMillionOut';

interface FieldFace {
  label: string;
  hint?: string;
  example?: string;
  needed?: boolean;
}

const SECRET: FieldFace = {
  label: 'Token',
  hint: 'Where it is kept: env:NAME or config:name. The token itself is never stored here.',
  example: 'env:MINER_TOKEN',
};
const PRICES: Partial<Record<FieldName, FieldFace>> = {
  perRequest: { label: 'Dollars a request', example: '0.002' },
  perMillionIn: { label: 'Dollars a million tokens in' },
  perMillionOut: { label: 'Dollars a million tokens out' },
};

/** What each kind asks for, in the order of the form. */
export const FIELDS: Readonly<Record<SourceKind, Partial<Record<FieldName, FieldFace>>>> = {
  pool: {
    url: { label: 'Address of the API', example: 'https://supportxmr.com/api', needed: true },
    address: { label: 'Wallet', hint: 'The wallet itself, or env:NAME or config:name that holds it.', needed: true },
    asset: { label: 'Pays in', example: 'XMR' },
  },
  xmrig: {
    url: { label: 'Address of the miner', example: 'http://127.0.0.1:8080', needed: true },
    secret: SECRET,
  },
  price: {
    id: { label: 'Name of the coin', hint: 'As the price service calls it.', example: 'monero', needed: true },
    asset: { label: 'Ticker', example: 'XMR', needed: true },
    url: { label: 'Address', hint: 'Empty: CoinGecko.' },
    secret: SECRET,
  },
  server: {
    url: { label: 'Address of its counters', example: 'http://127.0.0.1:8000/metrics', needed: true },
    ...PRICES,
    requests: { label: 'Counter of requests', hint: 'Empty: the usual names.' },
    tokensIn: { label: 'Counter of tokens in' },
    tokensOut: { label: 'Counter of tokens out' },
    secret: SECRET,
  },
  'access-log': {
    path: {
      label: 'Log file',
      hint: 'Combined or JSON lines; rotation is followed.',
      example: '/var/log/nginx/access.log',
      needed: true,
    },
    pathPrefix: { label: 'Only paths that begin with', example: '/v1/' },
    ...PRICES,
  },
  manual: { asset: { label: 'Amounts are in', example: 'USD' } },
  webhook: { asset: { label: 'Amounts are in', example: 'USD' } },
};

const PRICE_FIELDS = ['perRequest', 'perMillionIn', 'perMillionOut'] as const;

/** The text of a field of a kept source. */
export function keptText(settings: SourceSettings, field: FieldName): string {
  const all = settings as Partial<Record<string, unknown>>;
  const price = PRICE_FIELDS.find((name) => name === field);
  if (!price) return typeof all[field] === 'string' ? all[field] : '';
  const micro = 'prices' in settings ? settings.prices[price] : null;
  return micro === null ? '' : plainAmount(BigInt(micro), 6);
}

/** The form as settings, or the sentence why it is none. An empty field is one that was not given. */
export function settingsOf(kind: SourceKind, form: FormData): { settings: SourceSettings } | { problem: string } {
  const given: Record<string, unknown> = { kind };
  const prices: Record<string, number> = {};
  for (const [field, face] of Object.entries(FIELDS[kind]) as [FieldName, FieldFace][]) {
    const text = textOf(form, field);
    if (text === '') continue;
    const price = PRICE_FIELDS.find((name) => name === field);
    if (!price) given[field] = field === 'asset' ? text.toUpperCase() : text;
    else {
      const micro = parseAmount(text.replace(/^\$/, ''), 6);
      if (micro === null || micro < 0n) {
        return { problem: `"${face.label}" is "${text}": expected dollars with at most six decimals, such as 0.002.` };
      }
      prices[price] = Number(micro);
    }
  }
  if (Object.keys(prices).length > 0) given.prices = prices;
  if (kind === 'access-log' && form.get('fromStart') !== null) given.from = 'start';
  const parsed = SourceSettings.safeParse(given, { error: issueWords });
  if (parsed.success) return { settings: parsed.data };
  const [issue] = parsed.error.issues;
  const face = FIELDS[kind][String(issue?.path[0]) as FieldName];
  const missing = issue && given[String(issue.path[0])] === undefined;
  return {
    problem: `${face ? `"${face.label}"` : 'The source'} ${missing ? 'is missing' : `is not right: ${issue?.message}`}.`,
  };
}
