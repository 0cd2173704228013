import type { Server } from 'node:http';
import { createAdaptorServer } from '@hono/node-server';
import { TenureError } from '../../shared/errors.ts';

export interface Listener {
  port: number;
  close(): Promise<void>;
}

/**
 * Serves a Fetch handler on 127.0.0.1 only.
 * @param port 0: any free one.
 * @throws TenureError `conflict` when the port is taken, `unavailable` for anything else.
 */
export function listen(handler: (request: Request) => Promise<Response>, port: number): Promise<Listener> {
  const server = createAdaptorServer({ fetch: handler }) as Server;
  // A held hook answers after minutes; only the receiving of a request is limited in time.
  server.timeout = 0;
  server.requestTimeout = 30_000;
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const taken = error.code === 'EADDRINUSE';
      reject(
        new TenureError(
          taken ? 'conflict' : 'unavailable',
          taken
            ? `Port ${port} on 127.0.0.1 is taken by another program. Free it, or set "gateway": { "port": 0 } in config.jsonc for any free port.`
            : `Tenure could not listen on 127.0.0.1:${port}: ${error.message}.`,
          { cause: error },
        ),
      );
    });
    server.listen(port, '127.0.0.1', () => {
      const address = server.address();
      resolve({
        port: typeof address === 'object' && address ? address.port : port,
        close: () =>
          new Promise((done) => {
            server.close(() => done());
            server.closeAllConnections();
          }),
      });
    });
  });
}
