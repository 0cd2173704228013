/**
 * A developing aid: serves the built screens over a state of one's choice, and answers the acts with
 * real facts through the real reducer. `node test/fakes/pretend-engine.ts [state] [port]`
 */
import { readFile } from 'node:fs/promises';
import { extname, join, normalize } from 'node:path';
import { serve } from '@hono/node-server';
import { Hono } from 'hono';
import { streamSSE } from 'hono/streaming';
import { whyNot } from '../../src/shared/can.ts';
import type { Envelope, Fact, MethodName, Signal } from '../../src/shared/contract/index.ts';
import { ERROR_STATUS, problemOf, TenureError } from '../../src/shared/errors.ts';
import { applyFact, applySignal } from '../../src/shared/state.ts';
import { answer } from './pretend-answers.ts';
import { STATES, type StateName } from './pretend-states.ts';

const CSP =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";
const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
};

export interface PretendEngine {
  url: string;
  /** Every method name asked, oldest first. */
  asked: MethodName[];
  tell(fact: Fact): void;
  signal(signal: Signal): void;
  /** Everything answers 401 from now on, or no more. */
  signOut(out: boolean): void;
  state(): ReturnType<(typeof STATES)[StateName]>;
  close(): Promise<void>;
}

/** Starts one on loopback; port 0 takes a free one. `root` holds the built renderer. */
export async function startPretendEngine(name: StateName, root: string, port = 0): Promise<PretendEngine> {
  let state: ReturnType<(typeof STATES)[StateName]> = STATES[name]();
  let signedOut = false;
  const asked: MethodName[] = [];
  const journal: Envelope[] = [];
  const readers = new Set<(text: { event: string; data: string; id?: string }) => void>();

  const tell = (fact: Fact) => {
    const envelope: Envelope = { ...fact, seq: state.seq + 1, at: Date.now() };
    state = applyFact(state, envelope);
    journal.push(envelope);
    for (const read of readers) read({ event: 'fact', id: String(envelope.seq), data: JSON.stringify(envelope) });
  };
  const signal = (heard: Signal) => {
    state = applySignal(state, heard);
    for (const read of readers) read({ event: 'signal', data: JSON.stringify(heard) });
  };

  const app = new Hono();
  app.use(async (c, next) => {
    await next();
    c.header('Content-Security-Policy', CSP);
    c.header('X-Content-Type-Options', 'nosniff');
  });
  app.onError((error, c) => {
    const known = error instanceof TenureError ? error : new TenureError('internal', String(error));
    return c.json(problemOf(known), ERROR_STATUS[known.kind]);
  });
  app.use('/rpc/*', async (_c, next) => {
    if (signedOut) throw new TenureError('unauthenticated', 'Sign in first.');
    await next();
  });
  app.post('/rpc/:method', async (c) => {
    const method = c.req.param('method') as MethodName;
    asked.push(method);
    return c.json((await answer({ state: () => state, tell, signal, whyNot }, method, await c.req.json())) as object);
  });
  app.get('/events', (c) =>
    streamSSE(c, async (stream) => {
      const after = Number(c.req.query('after') ?? 0);
      const read = (message: { event: string; data: string; id?: string }) => void stream.writeSSE(message);
      readers.add(read);
      await stream.write(': hello\n\n');
      for (const fact of journal) if (fact.seq > after) read({ event: 'fact', data: JSON.stringify(fact) });
      await new Promise<void>((resolve) => stream.onAbort(resolve));
      readers.delete(read);
    }),
  );
  app.get('/login', (c) => c.text('The login page of the gateway.'));
  app.get('/*', async (c) => {
    const path = c.req.path === '/' ? '/index.html' : normalize(c.req.path);
    const body = await readFile(join(root, path)).catch(() => null);
    if (!body) return c.notFound();
    return c.body(body, 200, { 'Content-Type': TYPES[extname(path)] ?? 'application/octet-stream' });
  });

  const { server, at } = await new Promise<{ server: ReturnType<typeof serve>; at: number }>((resolve) => {
    const made = serve({ fetch: app.fetch, hostname: '127.0.0.1', port }, (info) =>
      resolve({ server: made, at: info.port }),
    );
  });
  return {
    url: `http://127.0.0.1:${at}`,
    asked,
    tell,
    signal,
    signOut: (out) => {
      signedOut = out;
    },
    state: () => state,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        if ('closeAllConnections' in server) server.closeAllConnections();
      }),
  };
}

if (import.meta.main) {
  const [name = 'usual', port = '4599'] = process.argv.slice(2);
  if (!(name in STATES)) throw new Error(`No state "${name}"; there are ${Object.keys(STATES).join(', ')}.`);
  const engine = await startPretendEngine(name as StateName, 'out/renderer', Number(port));
  console.log(`${name} at ${engine.url}`);
}
