import type { Target } from '../../../shared/contract/services.ts';
import type { HttpAsk, HttpReply, Sockets } from '../../kernel/watch-ports.ts';
import type { Sight } from './look.ts';

/** More of a body than this is not looked at. */
const MOST_BODY = 256 * 1024;
/** Headers that are meant for the host that they were set up for. */
const PERSONAL = /^(authorization|cookie|proxy-authorization|x-api-key|.*(token|secret).*)$/i;

type HttpTarget = Extract<Target, { kind: 'http' }>;

interface HttpOptions {
  timeoutMs: number;
  /** A condition asks for the body; else it is read and dropped. */
  wantsBody: boolean;
  /** A condition asks for a header. */
  wantsHeaders: boolean;
  /** A condition is about a redirect: then that is the answer. */
  wantsRedirect: boolean;
  /** The statuses that are expected. */
  statuses: Ranges;
  now(): number;
}

/** An HTTP(S) request: connected, answered whole, and with an expected status. */
export async function lookAtHttp(sockets: Sockets, target: HttpTarget, options: HttpOptions): Promise<Sight> {
  const { wantsBody, statuses, now } = options;
  const { ms, connected, status, headers, body, ip, certificateExpiresAt, error, over } = await follow(
    sockets,
    target,
    options,
  );
  const certificateMs = certificateExpiresAt === null ? null : certificateExpiresAt - now();
  const seen = { connected, ms, status, headers, ip, certificateMs, ...(wantsBody && { body }) };
  const way = over === 0 ? '' : ` after ${over} redirect${over === 1 ? '' : 's'}`;
  if (error !== null) {
    const detail = `${connected ? 'connected, but ' : ''}${error}${status === null ? '' : `, after status ${status}`}${way}`;
    return { ok: false, detail, seen, certificateExpiresAt };
  }
  const isExpected = isAmong(status ?? 0, statuses);
  const detail = isExpected ? `status ${status}${way}` : `status ${status}${way}, expected ${target.status}`;
  return { ok: isExpected, detail, seen, certificateExpiresAt };
}

/** The last answer, over as many redirects as may be followed, all within one timeout. */
async function follow(
  sockets: Sockets,
  target: HttpTarget,
  { timeoutMs, wantsBody, wantsHeaders, wantsRedirect, statuses }: HttpOptions,
): Promise<HttpReply & { over: number }> {
  const { url, method, headers, body } = target;
  const maxBytes = wantsBody ? MOST_BODY : 0;
  let ask: HttpAsk = { url, method, headers, body, timeoutMs, maxBytes, wantsHeaders };
  let reply = await sockets.request(ask);
  const depth = reply.depth ?? 0;
  let { ms, certificateExpiresAt } = reply;
  for (let over = 0; ; over++) {
    const { location, status } = reply;
    const isAnswer = location === null || reply.error !== null || wantsRedirect || isAmong(status ?? 0, statuses);
    if (isAnswer || target.redirects === 0) return { ...reply, ms, certificateExpiresAt, over };
    const failed = (error: string) => ({ ...reply, ms, certificateExpiresAt, over, error });
    if (over === target.redirects) return failed(`it is redirected more than ${over} times`);
    const next = nextOf(ask, location, status ?? 0);
    if (next === null)
      return failed(`it is redirected to what is no http:// or https:// URL (${location.slice(0, 100)})`);
    const left = timeoutMs - ms;
    if (left < 1) return failed(`no whole answer within ${timeoutMs} ms`);
    ask = { ...next, timeoutMs: left, deepest: depth };
    reply = await sockets.request(ask);
    ms += reply.ms;
    // Of all that were shown the one that ends first.
    const ends = [certificateExpiresAt, reply.certificateExpiresAt].filter((end) => end !== null);
    certificateExpiresAt = ends.length === 0 ? null : Math.min(...ends);
  }
}

/** What a redirect asks for, as browsers do it: another host is told nothing personal. Null: it leads nowhere. */
function nextOf(ask: HttpAsk, location: string, status: number): HttpAsk | null {
  const from = new URL(ask.url);
  const to = URL.parse(location, from);
  if (!to || !/^https?:$/.test(to.protocol)) return null;
  const isOther = to.origin !== from.origin;
  if (isOther) to.username = to.password = '';
  const headers = isOther
    ? Object.fromEntries(Object.entries(ask.headers).filter(([name]) => !PERSONAL.test(name)))
    : ask.headers;
  const keeps = status === 307 || status === 308 || ask.method === 'GET' || ask.method === 'HEAD';
  const { body, ...rest } = ask;
  const plain = { ...rest, url: to.href, headers };
  if (!keeps) return { ...plain, method: 'GET' };
  // A body was meant for the host that it was set up for.
  return isOther || body === undefined ? plain : { ...plain, body };
}

export type Ranges = readonly (readonly [from: number, to: number])[];

/** `200-299,304` taken apart. */
export const rangesOf = (text: string): Ranges =>
  text.split(',').map((range) => {
    const [from = Number.NaN, to = from] = range.split('-').map(Number);
    return [from, to];
  });

const isAmong = (status: number, ranges: Ranges): boolean =>
  ranges.some(([from, to]) => status >= from && status <= to);
