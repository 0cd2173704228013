import { z } from 'zod';

/** An asset by its ticker: USD, XMR. */
const Asset = z.string().regex(/^[A-Z][A-Z0-9]{1,9}$/, 'expected a ticker such as USD or XMR');
/** Atomic units as a decimal string: beyond 2⁵³ a JSON number is no longer exact. */
export const Atomic = z.string().regex(/^-?\d+$/);
/** Micro-dollars: a whole number. */
export const MicroUsd = z.number().int();
const Price = MicroUsd.min(0).max(1e12).nullable().default(null);
const Url = z
  .string()
  .max(500)
  .regex(/^https?:\/\/\S+$/, 'expected an address that begins with http:// or https://');
/** A secret is named, never given: `env:NAME` or `config:name` (a key of `revenue.secrets`). */
export const SECRET_REFERENCE = /^(env:[A-Za-z_][A-Za-z0-9_]*|config:[\w.-]+)$/;
const Secret = z
  .string()
  .regex(
    SECRET_REFERENCE,
    'expected env:NAME or config:name; the secret itself stays in the environment or in config.jsonc',
  )
  .nullable()
  .default(null);

/** What a request or a million tokens brings, in micro-dollars; null: nothing is known, so the dollars are not either. */
export const Prices = z.strictObject({ perRequest: Price, perMillionIn: Price, perMillionOut: Price });
export type Prices = z.infer<typeof Prices>;
const prices = Prices.prefault({});

export const SOURCE_KINDS = ['pool', 'xmrig', 'price', 'server', 'access-log', 'manual', 'webhook'] as const;
export type SourceKind = (typeof SOURCE_KINDS)[number];

const COINGECKO = 'https://api.coingecko.com/api/v3/simple/price';
const Key = z.string().min(1).max(200).nullable().default(null);

/** Where a source's figures come from. */
export const SourceSettings = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('pool'),
    /** Of the API: `https://supportxmr.com/api`. */
    url: Url,
    /** The wallet's address, or a reference to it. */
    address: z.string().min(1).max(300).regex(/^\S+$/, 'expected an address without spaces'),
    asset: Asset.default('XMR'),
  }),
  z.strictObject({ kind: z.literal('xmrig'), url: Url, secret: Secret }),
  z.strictObject({
    kind: z.literal('price'),
    url: Url.default(COINGECKO),
    /** The coin's name there: `monero`. */
    id: z.string().regex(/^[a-z0-9-]{1,80}$/, 'expected the name of a coin, such as monero'),
    asset: Asset,
    secret: Secret,
  }),
  z.strictObject({
    kind: z.literal('server'),
    /** Of `/health` or `/metrics`. */
    url: Url,
    secret: Secret,
    /** Names of counters (Prometheus) or dotted paths (JSON); null: the usual names. */
    requests: Key,
    tokensIn: Key,
    tokensOut: Key,
    prices,
  }),
  z.strictObject({
    kind: z.literal('access-log'),
    path: z.string().min(1).max(2_000).regex(/^\//, 'expected a full path that begins with /'),
    /** Only requests whose path begins so; null: all. */
    pathPrefix: z.string().min(1).max(300).nullable().default(null),
    /** Where to begin when the file is read for the first time. */
    from: z.enum(['now', 'start']).default('now'),
    prices,
  }),
  z.strictObject({ kind: z.literal('manual'), asset: Asset.default('USD') }),
  z.strictObject({ kind: z.literal('webhook'), asset: Asset.default('USD') }),
]);
export type SourceSettings = z.infer<typeof SourceSettings>;

/** What a source said at its last good look; what it does not tell is null. */
export const Reading = z.object({
  at: z.number(),
  asset: z.string().nullable(),
  due: Atomic.nullable(),
  paid: Atomic.nullable(),
  /** Hashes a second. */
  hashrate: z.number().nullable(),
  priceMicroUsd: MicroUsd.nullable(),
  requests: z.number().nullable(),
  tokensIn: z.number().nullable(),
  tokensOut: z.number().nullable(),
});
export type Reading = z.infer<typeof Reading>;
