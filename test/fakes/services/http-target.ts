import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

/** How the server answers now. `reset` and `half` break off on purpose, `hang` never answers. */
export type Behaviour = 'ok' | 'error' | 'hang' | 'reset' | 'half' | 'closed';

export interface HttpTarget {
  url: string;
  port: number;
  /** Requests that came so far. */
  asked: number;
  become(behaviour: Behaviour): Promise<void>;
  close(): Promise<void>;
}

/** A real HTTP server on loopback whose behaviour is set by the test. */
export async function startHttpTarget(body: string = JSON.stringify({ status: 'ok' })): Promise<HttpTarget> {
  let now: Behaviour = 'ok';
  const sockets = new Set<Socket>();
  const answer = (response: ServerResponse): void => {
    target.asked += 1;
    switch (now) {
      case 'ok':
        response.writeHead(200, { 'content-type': 'application/json', 'x-version': '7' }).end(body);
        return;
      case 'error':
        response.writeHead(503).end('out of order');
        return;
      case 'reset':
        response.socket?.resetAndDestroy();
        return;
      case 'half':
        response.writeHead(200, { 'content-length': '1000' }).write('half of it');
        setImmediate(() => response.destroy());
        return;
      case 'hang':
      case 'closed':
        return;
    }
  };
  const make = (): Server => {
    const server = createServer((_request, response) => answer(response));
    server.on('connection', (socket) => {
      sockets.add(socket);
      socket.on('close', () => sockets.delete(socket));
    });
    return server;
  };
  const shut = (): Promise<void> =>
    new Promise((resolve) => {
      for (const socket of sockets) socket.destroy();
      server.close(() => resolve());
    });
  const open = (port: number): Promise<void> =>
    new Promise((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, '127.0.0.1', resolve);
    });
  let server = make();
  await open(0);
  const { port } = server.address() as AddressInfo;
  const target: HttpTarget = {
    url: `http://127.0.0.1:${port}/health`,
    port,
    asked: 0,
    async become(behaviour) {
      const was = now;
      now = behaviour;
      if (behaviour === 'closed' && was !== 'closed') await shut();
      if (behaviour !== 'closed' && was === 'closed') {
        server = make();
        await open(port);
      }
    },
    close: async () => {
      if (now !== 'closed') await shut();
    },
  };
  return target;
}
