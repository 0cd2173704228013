import type { Target } from '../../../shared/contract/services.ts';
import type { Sockets } from '../../kernel/watch-ports.ts';
import type { Sight } from './look.ts';

/** A TCP connection: stood or not. */
export async function lookAtPort(
  sockets: Sockets,
  { host, port }: Extract<Target, { kind: 'tcp' }>,
  timeoutMs: number,
): Promise<Sight> {
  const { ms, error } = await sockets.connect(host, port, timeoutMs);
  return { ok: error === null, detail: error ?? 'connected', seen: { connected: error === null, ms } };
}

/** A name that resolves to something. */
export async function lookAtName(
  sockets: Sockets,
  { name, record, server }: Extract<Target, { kind: 'dns' }>,
  timeoutMs: number,
): Promise<Sight> {
  const { ms, rcode, records, error } = await sockets.resolve(name, record, server ?? null, timeoutMs);
  const ok = error === null && records.length > 0;
  const detail = ok ? records.slice(0, 3).join(', ') : `${rcode ?? 'no answer'}${error === null ? '' : `: ${error}`}`;
  return { ok, detail, seen: { connected: rcode !== null, ms, rcode, body: records.join('\n') } };
}
