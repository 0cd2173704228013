import type { Clock, Fetcher } from '../../kernel/ports.ts';

export interface HttpDeps {
  fetcher: Fetcher;
  clock: Clock;
  /** Aborted when the program ends: what is under way is given up. */
  ended: AbortSignal;
}

/** What an address said, or in a sentence why it said nothing; never an exception. */
export type Answer = { ok: true; text: string } | { ok: false; error: string };

export const TIMEOUT_MS = 10_000;
export const MOST_BYTES = 2 * 1024 * 1024;

/** Why a request went nowhere, as Node names it. */
const CAUSES: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens there',
  ECONNRESET: 'the connection was cut',
  ENOTFOUND: 'there is no host of that name',
  EAI_AGAIN: 'the name could not be looked up just now',
  UND_ERR_SOCKET: 'the connection was cut',
  UND_ERR_CONNECT_TIMEOUT: 'it could not be reached in time',
  CERT_HAS_EXPIRED: 'its certificate has expired',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'its certificate is self-signed',
};

function causeOf(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  return CAUSES[code] ?? (code || (cause instanceof Error ? cause.message : String(cause)));
}

/** The address without what may be secret in it: no user, no query. */
export function shownUrl(url: string): string {
  const parsed = URL.parse(url);
  return parsed ? `${parsed.protocol}//${parsed.host}` : 'the address';
}

/**
 * GET with a limit of time (the whole of it, body included) and of size. A redirect is never followed:
 * what goes along (a wallet, a token) is meant for this host alone.
 */
export async function getText(
  { fetcher, clock, ended }: HttpDeps,
  url: string,
  headers: Readonly<Record<string, string>> = {},
  limits = { timeoutMs: TIMEOUT_MS, maxBytes: MOST_BYTES },
): Promise<Answer> {
  const host = shownUrl(url);
  const stop = new AbortController();
  const timer = clock.after(limits.timeoutMs, () => stop.abort());
  const late = `${host} did not answer within ${limits.timeoutMs / 1_000} s.`;
  try {
    const response = await fetcher.fetch(url, {
      headers: { accept: 'application/json, text/plain', ...headers },
      redirect: 'manual',
      signal: AbortSignal.any([stop.signal, ended]),
    });
    if (response.status >= 300 && response.status < 400) {
      void response.body?.cancel().catch(() => undefined);
      const to = URL.parse(response.headers.get('location') ?? '', url)?.host;
      return {
        ok: false,
        error: `${host} sends on to ${to ?? 'another address'}, which is not followed. Use the final address.`,
      };
    }
    const text = await bodyOf(response, limits.maxBytes);
    if (text === null) return { ok: false, error: `${host} sent more than ${limits.maxBytes} bytes.` };
    if (!response.ok) return { ok: false, error: `${host} answered with status ${response.status}.` };
    return { ok: true, text };
  } catch (error) {
    return { ok: false, error: stop.signal.aborted ? late : `${host} could not be read: ${causeOf(error)}.` };
  } finally {
    timer.cancel();
  }
}

/** The body as text, or null when it is longer than that; then the rest is not read. */
async function bodyOf(response: Response, maxBytes: number): Promise<string | null> {
  if (!response.body) return '';
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of response.body as AsyncIterable<Uint8Array>) {
    size += part.byteLength;
    if (size > maxBytes) return null;
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}
