import type { Target } from '../../../shared/contract/services.ts';
import type { Sockets } from '../../kernel/watch-ports.ts';
import type { Sight } from './look.ts';

/** More of a body than this is not looked at. */
const MOST_BODY = 256 * 1024;

interface HttpOptions {
  timeoutMs: number;
  /** A condition asks for the body; else it is read and dropped. */
  wantsBody: boolean;
  /** A condition asks for a header. */
  wantsHeaders: boolean;
  /** The statuses that are expected. */
  statuses: Ranges;
  now(): number;
}

/** An HTTP(S) request: connected, answered whole, and with an expected status. */
export async function lookAtHttp(
  sockets: Sockets,
  target: Extract<Target, { kind: 'http' }>,
  { timeoutMs, wantsBody, wantsHeaders, statuses, now }: HttpOptions,
): Promise<Sight> {
  const reply = await sockets.request({
    url: target.url,
    method: target.method,
    headers: target.headers,
    body: target.body,
    timeoutMs,
    maxBytes: wantsBody ? MOST_BODY : 0,
    wantsHeaders,
  });
  const { ms, connected, status, headers, body, ip, certificateExpiresAt, error } = reply;
  const certificateMs = certificateExpiresAt === null ? null : certificateExpiresAt - now();
  const seen = { connected, ms, status, headers, ip, certificateMs, ...(wantsBody && { body }) };
  if (error !== null) {
    const detail = `${connected ? 'connected, but ' : ''}${error}${status === null ? '' : `, after status ${status}`}`;
    return { ok: false, detail, seen, certificateExpiresAt };
  }
  const isExpected = isAmong(status ?? 0, statuses);
  const detail = isExpected ? `status ${status}` : `status ${status}, expected ${target.status}`;
  return { ok: isExpected, detail, seen, certificateExpiresAt };
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
