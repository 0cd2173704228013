import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import type { ReadableStream } from 'node:stream/web';
import type { CustomScheme, Protocol } from 'electron';
import { requireReady, standIn } from './world.ts';

type Handler = (request: Request) => Response | Promise<Response>;

const handlers = new Map<string, Handler>();
export const schemes: CustomScheme[] = [];

export const protocol = {
  registerSchemesAsPrivileged(custom: CustomScheme[]): void {
    if (standIn.isProgram && standIn.appIsReady()) {
      throw new Error('protocol.registerSchemesAsPrivileged should be called before app is ready');
    }
    schemes.splice(0, schemes.length, ...custom);
  },
  handle(scheme: string, handler: Handler): void {
    requireReady('protocol');
    if (handlers.has(scheme)) throw new Error(`Failed to register protocol: ${scheme}`);
    handlers.set(scheme, handler);
  },
  unhandle(scheme: string): void {
    if (!handlers.delete(scheme)) throw new Error(`Failed to unhandle protocol: ${scheme}`);
  },
  isProtocolHandled: (scheme: string): boolean => handlers.has(scheme),
} satisfies Pick<Protocol, 'registerSchemesAsPrivileged' | 'handle' | 'unhandle' | 'isProtocolHandled'>;

/** What Electron makes of a handler's answer: headers collapse into a record, the body is a Node stream. */
interface Answer {
  status: number;
  headers: Record<string, string>;
  body: Readable | null;
}

/** Asks the program as Electron does: no abort signal, an Origin of "null" left out. */
export async function respond(url: string, init: RequestInit = {}): Promise<Answer> {
  const handler = handlers.get(new URL(url).protocol.slice(0, -1));
  if (!handler) throw new Error(`ERR_UNKNOWN_URL_SCHEME (-302) loading '${url}'`);
  const headers = new Headers(init.headers);
  if (headers.get('origin') === 'null') headers.delete('origin');
  const response = await handler(new Request(url, { ...init, headers }));
  return {
    status: response.status,
    headers: Object.fromEntries(response.headers),
    body: response.body ? Readable.fromWeb(response.body as ReadableStream) : null,
  };
}

/** Who a page on the bridge really is: its own address stands for the origin of the program's pages. */
function headersOf(incoming: IncomingMessage, bridge: string, origin: string): Headers {
  const headers = new Headers();
  for (const [name, value] of Object.entries(incoming.headers)) {
    if (name !== 'host' && name !== 'connection' && value !== undefined) headers.set(name, String(value));
  }
  if (headers.get('origin') === bridge) headers.set('origin', origin);
  return headers;
}

/**
 * Serves `<origin>/…` of the program on loopback, so that a real Chromium can show its pages.
 * @returns the bridge's own origin.
 */
export function openBridge(origin: string): Promise<string> {
  let bridge = '';
  const serve = async (incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> => {
    const method = incoming.method ?? 'GET';
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk as Buffer);
    const body = method === 'GET' || method === 'HEAD' ? null : Buffer.concat(chunks);
    const answer = await respond(`${origin}${incoming.url ?? '/'}`, {
      method,
      headers: headersOf(incoming, bridge, origin),
      body,
    });
    outgoing.writeHead(answer.status, answer.headers);
    if (!answer.body) return void outgoing.end();
    outgoing.flushHeaders();
    // A page that goes away destroys the stream, and with it the program's own.
    outgoing.once('close', () => answer.body?.destroy());
    answer.body.on('error', () => outgoing.destroy());
    answer.body.pipe(outgoing);
    return undefined;
  };
  const server = createServer((incoming, outgoing) => {
    serve(incoming, outgoing).catch(() => outgoing.destroy());
  });
  server.unref();
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      bridge = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
      resolve(bridge);
    });
  });
}
