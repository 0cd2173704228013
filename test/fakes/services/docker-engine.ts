import { createServer, type ServerResponse } from 'node:http';

interface FakeContainer {
  Id: string;
  Name: string;
  State: Record<string, unknown>;
}

export interface FakeDocker {
  socket: string;
  /** Requests so far, `GET /containers/web/json`. */
  asked: string[];
  /** Sets what a container does and, with an action, tells it by an event. */
  set(name: string, state: Record<string, unknown>, action?: string): void;
  /** Ends the streams of events, as a Docker that is shut down does. */
  cut(): void;
  close(): Promise<void>;
}

/** The part of Docker's Engine API that is used, over a real Unix socket. */
export async function startFakeDocker(socket: string): Promise<FakeDocker> {
  const containers = new Map<string, FakeContainer>();
  const streams = new Set<ServerResponse>();
  const asked: string[] = [];
  const idOf = (name: string): string => Buffer.from(name.padEnd(32, '0')).toString('hex');
  const tell = (name: string, action: string): void => {
    const event = { Type: 'container', Action: action, Actor: { ID: idOf(name), Attributes: { name } } };
    for (const stream of streams) stream.write(`${JSON.stringify(event)}\n`);
  };
  const set = (name: string, state: Record<string, unknown>, action?: string): void => {
    containers.set(name, { Id: idOf(name), Name: `/${name}`, State: state });
    if (action) tell(name, action);
  };
  const server = createServer((request, response) => {
    const path = (request.url ?? '').split('?')[0] ?? '';
    asked.push(`${request.method} ${path}`);
    if (path === '/events') {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.flushHeaders();
      streams.add(response);
      response.on('close', () => streams.delete(response));
      return;
    }
    const [, , name = '', verb] = path.split('/');
    const container = containers.get(name);
    if (!container) {
      response.writeHead(404).end(JSON.stringify({ message: `No such container: ${name}` }));
      return;
    }
    if (verb === 'restart') {
      tell(name, 'kill');
      tell(name, 'die');
      tell(name, 'stop');
      set(name, { Status: 'running', ExitCode: 0 }, 'start');
      response.writeHead(204).end();
      return;
    }
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(container));
  });
  await new Promise<void>((resolve) => server.listen(socket, resolve));
  return {
    socket,
    asked,
    set,
    cut: () => {
      for (const stream of streams) stream.destroy();
    },
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
