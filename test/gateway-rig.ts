import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createIds } from '../src/core/adapters/ids.ts';
import type { GateCall } from '../src/core/drivers/driver.ts';
import { createGateway } from '../src/core/gateway/app.ts';
import { createAuth, type Principal } from '../src/core/gateway/auth.ts';
import { listen } from '../src/core/gateway/listen.ts';
import { createJournal } from '../src/core/kernel/journal.ts';
import { silentLog } from '../src/core/kernel/log.ts';
import { TenureError } from '../src/shared/errors.ts';
import { tempDir, testDatabase } from './builders.ts';
import { createFakeClock } from './fakes/clock.ts';

export const OWNER = 'an owner token of the test';

export const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

/** The gateway on a port of its own, without an engine: it notes down what it was asked and hands on. */
export async function gatewayRig() {
  const store = testDatabase();
  const clock = createFakeClock();
  const journal = createJournal(store.db, clock, () => undefined);
  const auth = createAuth({ db: store.db, clock, ids: createIds() });
  auth.ensureOwner(OWNER);
  const calls: { method: string; input: unknown; principal: Principal }[] = [];
  const posted: [string, string, string | null][] = [];
  const asked: { sessionId: string; call: GateCall }[] = [];
  const rendererDir = tempDir('renderer');
  mkdirSync(join(rendererDir, 'assets'));
  writeFileSync(join(rendererDir, 'index.html'), '<!doctype html><title>Tenure</title>');
  writeFileSync(join(rendererDir, 'assets', 'app.js'), 'export {};');
  writeFileSync(join(rendererDir, '..', 'outside.txt'), 'secret');
  let port = 0;
  const gateway = createGateway({
    auth,
    clock,
    journal,
    log: silentLog,
    rendererDir,
    health: { version: '1.2.3', uptimeMs: () => 5_000, notReady: () => null, lastTickAgeMs: () => 10 },
    address: () => ({ port, url: `http://127.0.0.1:${port}` }),
    call: (method, input, principal) => {
      calls.push({ method, input, principal });
      if (method === 'boom') return Promise.reject(new Error('internal secret detail'));
      if (method === 'nope') return Promise.reject(new TenureError('not_found', 'There is no method "nope".'));
      return Promise.resolve({ ok: true });
    },
    postRevenue: (id, token, body, key) => {
      if (token !== 'tnr_hook_good') throw new TenureError('unauthenticated', 'No such webhook.');
      posted.push([id, body, key]);
      return { added: 1, known: 0 };
    },
    watch: { pushed: () => false, publicStatus: () => null },
    ask: (sessionId, call) => {
      asked.push({ sessionId, call });
      return Promise.resolve({ permission: 'allow', reason: 'test' });
    },
    propose: {
      create: () => Promise.reject(new TenureError('refused', 'No.')),
      execute: () => Promise.reject(new TenureError('refused', 'No.')),
      report: () => {
        throw new TenureError('refused', 'No.');
      },
    },
    onReaders: () => undefined,
  });
  const listener = await listen((request) => gateway.fetch(request, false), 0);
  port = listener.port;
  const base = `http://127.0.0.1:${port}`;
  return {
    store,
    clock,
    journal,
    auth,
    base,
    port,
    calls,
    posted,
    asked,
    /** Straight into the app, so that any Host can be claimed. */
    claim: (path: string, headers: Record<string, string>, method = 'GET') =>
      gateway.fetch(new Request(`${base}${path}`, { method, headers }), false),
    rpc: (method: string, headers: Record<string, string>, body: string | null = '{}') =>
      fetch(`${base}/rpc/${method}`, { method: 'POST', headers, body }),
    async close(): Promise<void> {
      gateway.close();
      await listener.close();
    },
  };
}

export type GatewayRig = Awaited<ReturnType<typeof gatewayRig>>;
