import type { Reading, SourceKind, SourceSettings } from '../../shared/contract/revenue-sources.ts';
import { USD } from '../../shared/money.ts';
import type { Counters } from './rules.ts';
import { follow, type LogCursor } from './sources/follow.ts';
import { type Answer, getText, type HttpDeps } from './sources/http.ts';
import { isServed, type LogLine, parseLogLine } from './sources/log-lines.ts';
import { parsePool, poolUrl } from './sources/pool.ts';
import { parsePrice, priceUrl } from './sources/price.ts';
import { parseServer } from './sources/server.ts';
import { minerUrl, parseMiner } from './sources/xmrig.ts';

const MINUTE = 60_000;
/** How often each kind is looked at unless it says otherwise; null: it is told, nobody looks. */
export const INTERVAL_MS: Readonly<Record<SourceKind, number | null>> = {
  pool: 10 * MINUTE,
  xmrig: MINUTE,
  price: 15 * MINUTE,
  server: MINUTE,
  'access-log': MINUTE,
  manual: null,
  webhook: null,
};

/** Kinds that earn nothing themselves. */
export const earns = (kind: SourceKind): boolean => kind !== 'xmrig' && kind !== 'price';

export const intervalOf = (source: { settings: SourceSettings; intervalMs: number | null }): number | null => {
  const usual = INTERVAL_MS[source.settings.kind];
  return usual === null ? null : (source.intervalMs ?? usual);
};

/** What one look brought. Lines of a log come with where the next look goes on. */
export type Look = { ok: true; said: Said; flag: string | null; more: boolean } | { ok: false; error: string };

export interface Said {
  reading: Omit<Reading, 'at'>;
  lines: LogLine[] | null;
  cursor: LogCursor | null;
}

/** Gives the text behind `env:NAME` or `config:name`. @throws Error with a sentence when there is none. */
export type Secrets = (reference: string) => string;

const NOTHING: Omit<Reading, 'at'> = {
  asset: null,
  due: null,
  paid: null,
  hashrate: null,
  priceMicroUsd: null,
  requests: null,
  tokensIn: null,
  tokensOut: null,
};

const good = (reading: Partial<Reading>): Look => ({
  ok: true,
  said: { reading: { ...NOTHING, ...reading }, lines: null, cursor: null },
  flag: null,
  more: false,
});

/** A look at an address: what was sent goes through the parser, and a failure is a sentence. */
function read<T extends { ok: true } | { ok: false; error: string }>(
  answer: Answer,
  parse: (text: string) => T,
  take: (said: Extract<T, { ok: true }>) => Partial<Reading>,
): Look {
  if (!answer.ok) return answer;
  const said = parse(answer.text);
  return said.ok ? good(take(said as Extract<T, { ok: true }>)) : { ok: false, error: said.error };
}

const bearer = (secret: string | null, secrets: Secrets): Record<string, string> =>
  secret === null ? {} : { authorization: `Bearer ${secrets(secret)}` };

/** A figure of a file that cannot be read, in words. */
function fileError(path: string, error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (code === 'EACCES' || code === 'EPERM') return `${path} may not be read: give yourself the right to read it.`;
  return `${path} cannot be read: ${error instanceof Error ? error.message : String(error)}.`;
}

/** Looks once; never throws. @param cursor where the last look at a log ended. */
export async function lookAt(
  settings: SourceSettings,
  cursor: unknown,
  deps: HttpDeps,
  secrets: Secrets,
): Promise<Look> {
  try {
    switch (settings.kind) {
      case 'pool': {
        const address = /^(env|config):/.test(settings.address) ? secrets(settings.address) : settings.address;
        return read(await getText(deps, poolUrl(settings.url, address)), parsePool, ({ balance }) => ({
          asset: settings.asset,
          due: balance.due.toString(),
          paid: balance.paid.toString(),
        }));
      }
      case 'xmrig':
        return read(
          await getText(deps, minerUrl(settings.url), bearer(settings.secret, secrets)),
          parseMiner,
          (said) => ({
            hashrate: said.hashrate,
          }),
        );
      case 'price': {
        const key: Record<string, string> =
          settings.secret === null ? {} : { 'x-cg-demo-api-key': secrets(settings.secret) };
        const answer = await getText(deps, priceUrl(settings.url, settings.id), key);
        return read(
          answer,
          (text) => parsePrice(text, settings.id),
          (said) => ({ asset: settings.asset, priceMicroUsd: said.microUsd }),
        );
      }
      case 'server': {
        const answer = await getText(deps, settings.url, bearer(settings.secret, secrets));
        return read(
          answer,
          (text) => parseServer(text, settings),
          ({ counters }) => ({ asset: USD, ...counters }),
        );
      }
      case 'access-log':
        return await lookAtLog(settings, cursor as LogCursor | null);
      case 'manual':
      case 'webhook':
        return good({ asset: settings.asset });
    }
  } catch (error) {
    return { ok: false, error: error instanceof Error ? error.message : String(error) };
  }
}

async function lookAtLog(
  settings: Extract<SourceSettings, { kind: 'access-log' }>,
  cursor: LogCursor | null,
): Promise<Look> {
  const followed = await follow(settings.path, cursor, settings.from).catch((error: unknown) =>
    fileError(settings.path, error),
  );
  if (typeof followed === 'string') return { ok: false, error: followed };
  const lines = followed.lines.map(parseLogLine);
  const known = lines.filter((line) => line !== null);
  if (lines.length >= 20 && known.length === 0) {
    return { ok: false, error: `${settings.path} holds no lines of a combined or JSON access log.` };
  }
  const counters = countLines(known.filter((line) => isServed(line, settings.pathPrefix)));
  return {
    ok: true,
    said: { reading: { ...NOTHING, asset: USD, ...counters }, lines: known, cursor: followed.cursor },
    flag: followed.lost,
    more: followed.more,
  };
}

/** What so many requests come to; tokens are known only when every one of them tells them. */
export function countLines(lines: readonly LogLine[]): Counters {
  const sum = (key: 'tokensIn' | 'tokensOut'): number | null => {
    let total: number | null = 0;
    for (const line of lines) total = total === null || line[key] === null ? null : total + line[key];
    return lines.length === 0 ? null : total;
  };
  return { requests: lines.length, tokensIn: sum('tokensIn'), tokensOut: sum('tokensOut') };
}
