import type { InputOf, MethodName, OutputOf } from './contract/index.ts';
import { ERROR_STATUS, type ErrorKind, type Problem, TenureError } from './errors.ts';

export interface ClientOptions {
  /** Where the gateway answers, without a trailing slash: `http://127.0.0.1:4517`; '' = this origin. */
  base: string;
  fetch: (url: string, init: RequestInit) => Promise<Response>;
  /** Sent with every request: the CLI's `authorization`. */
  headers?: Readonly<Record<string, string>>;
}

export interface CallOptions {
  signal?: AbortSignal;
}

export interface Client {
  /**
   * Asks or acts. @throws TenureError with the kind and the sentence of the gateway's problem;
   * `unavailable` when nobody answers at `base`.
   */
  call<M extends MethodName>(method: M, input: InputOf<M>, options?: CallOptions): Promise<OutputOf<M>>;
}

/** The typed client over `POST /rpc/<method>`: JSON in, JSON or an RFC 9457 problem out. */
export function createClient({ base, fetch, headers = {} }: ClientOptions): Client {
  return {
    async call(method, input, { signal } = {}) {
      const response = await fetch(`${base}/rpc/${method}`, {
        method: 'POST',
        headers: { ...headers, accept: 'application/json', 'content-type': 'application/json' },
        body: JSON.stringify(input),
        ...(signal && { signal }),
      }).catch((cause: unknown) => {
        if (signal?.aborted) throw cause;
        throw new TenureError('unavailable', `Tenure does not answer${base && ` at ${base}`}.`, { cause });
      });
      const text = await response.text().catch((cause: unknown) => {
        if (signal?.aborted) throw cause;
        const sentence = `Tenure ended before its answer to ${method} was whole; what was done shows when it runs again.`;
        throw new TenureError('unavailable', sentence, { cause });
      });
      const body = parsed(text);
      if (!response.ok) throw errorOf(method, response.status, body);
      if (body === undefined)
        throw new TenureError('unavailable', `What answers ${method}${base && ` at ${base}`} is not Tenure.`);
      return body as OutputOf<typeof method>;
    },
  };
}

/** Undefined: no JSON. Nothing at all is null. */
function parsed(text: string): unknown {
  if (text === '') return null;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function errorOf(method: string, status: number, body: unknown): TenureError {
  if (isProblem(body)) return new TenureError(body.kind, body.detail);
  const kind = kindOfStatus(status);
  return new TenureError(kind, `Tenure answered ${method} with status ${status} and no problem that it names.`);
}

function isProblem(body: unknown): body is Pick<Problem, 'kind' | 'detail'> {
  if (typeof body !== 'object' || body === null || !('kind' in body) || !('detail' in body)) return false;
  return typeof body.kind === 'string' && Object.hasOwn(ERROR_STATUS, body.kind) && typeof body.detail === 'string';
}

function kindOfStatus(status: number): ErrorKind {
  for (const [kind, known] of Object.entries(ERROR_STATUS)) if (known === status) return kind as ErrorKind;
  return status >= 500 ? 'unavailable' : 'internal';
}
