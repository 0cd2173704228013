import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export type Answering = (request: IncomingMessage, response: ServerResponse) => void;

/** What a server can do to a client. */
export const json =
  (body: unknown): Answering =>
  (_request, response) => {
    response.setHeader('content-type', 'application/json');
    response.end(typeof body === 'string' ? body : JSON.stringify(body));
  };
export const text = (body: string, status = 200, headers: Record<string, string> = {}): Answering => {
  return (_request, response) => void response.writeHead(status, headers).end(body);
};
/** Takes the request and never answers. */
export const hang: Answering = () => undefined;
export const reset: Answering = (request) => void request.socket.destroy();
/** Says how long the body is, sends half of it and cuts the connection. */
export const halfBody =
  (body: string): Answering =>
  (request, response) => {
    response.writeHead(200, { 'content-length': body.length });
    response.write(body.slice(0, body.length / 2), () => request.socket.destroy());
  };

/** A real HTTP server on loopback whose next answers can be changed at any time. */
export async function startHttpServer(first: Answering) {
  let answer = first;
  const seen: { url: string; headers: IncomingMessage['headers'] }[] = [];
  const server: Server = createServer((request, response) => {
    seen.push({ url: request.url ?? '', headers: request.headers });
    answer(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen,
    answer(next: Answering): void {
      answer = next;
    },
    async close(): Promise<void> {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

export type HttpServer = Awaited<ReturnType<typeof startHttpServer>>;
