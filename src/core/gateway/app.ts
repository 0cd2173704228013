import { Hono } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import { ERROR_STATUS, problemOf, TenureError } from '../../shared/errors.ts';
import type { Journal } from '../kernel/journal.ts';
import type { Log } from '../kernel/log.ts';
import type { Clock } from '../kernel/ports.ts';
import type { Auth, Principal } from './auth.ts';
import { atMost, type GatewayEnv, guard, principalOf, requireReader } from './guard.ts';
import { type HealthProbe, healthRoutes } from './health.ts';
import { type AskGate, hookRoutes } from './hooks.ts';
import { loginRoutes } from './login.ts';
import { type RestDeps, restRoutes } from './rest.ts';
import { type PostRevenue, revenueRoutes } from './revenue.ts';
import { createEventStreams } from './sse.ts';
import { staticRoutes } from './static.ts';
import { type WatchRoutes, watchRoutes } from './watch.ts';

export interface GatewayDeps {
  auth: Auth;
  clock: Clock;
  journal: Journal;
  log: Log;
  rendererDir: string;
  health: HealthProbe;
  /** The loopback address as it turned out. */
  address(): { port: number; url: string };
  /** Runs one method of the contract. */
  call(method: string, input: unknown, principal: Principal): Promise<unknown>;
  ask: AskGate;
  propose: RestDeps['propose'];
  postRevenue: PostRevenue;
  watch: WatchRoutes;
  onReaders(count: number): void;
}

const MOST_RPC_BYTES = 1024 * 1024;

/**
 * The one Fetch-shaped app: RPC, events, hooks, login, health and the built screens. Electron
 * serves it through `protocol.handle`, the loopback server through HTTP.
 */
export function createGateway(deps: GatewayDeps) {
  const { auth, clock, journal, log } = deps;
  const app = new Hono<GatewayEnv>();
  const streams = createEventStreams(journal, clock, () => deps.onReaders(streams.readers()));

  app.onError((error, c) => {
    const known = error instanceof TenureError ? error : null;
    if (!known) log.error({ err: error, path: c.req.path }, 'a request failed unexpectedly');
    const told = known ?? new TenureError('internal', 'Tenure failed unexpectedly; the log has the details.');
    return c.json(problemOf(told), ERROR_STATUS[told.kind] as ContentfulStatusCode, {
      'Content-Type': 'application/problem+json',
    });
  });
  app.use(guard(() => deps.address().port));
  app.route('/', healthRoutes(deps.health));
  app.route(
    '/',
    loginRoutes(auth, clock, () => deps.address().url),
  );
  app.route('/', hookRoutes(auth, deps.ask));
  app.route('/', revenueRoutes(deps.postRevenue));
  app.route('/', watchRoutes(deps.watch));
  app.route('/', restRoutes(deps));

  app.post('/rpc/:method', atMost(MOST_RPC_BYTES), async (c) => {
    const principal = principalOf(c, auth);
    requireReader(principal);
    const text = await c.req.text();
    let input: unknown;
    try {
      input = text === '' ? {} : JSON.parse(text);
    } catch (cause) {
      throw new TenureError('invalid', 'The body is not JSON.', { cause });
    }
    return c.json((await deps.call(c.req.param('method'), input, principal)) ?? null);
  });
  app.get('/events', (c) => {
    requireReader(principalOf(c, auth));
    const after = c.req.header('last-event-id') ?? c.req.query('after');
    const seq = after === undefined ? null : Number(after);
    if (seq !== null && !Number.isSafeInteger(seq)) {
      throw new TenureError('invalid', `"${after}" is no event id: expected a journal sequence number.`);
    }
    return streams.open(seq, c.req.query('away') === undefined);
  });
  app.all('/rpc/*', () => {
    throw new TenureError('not_found', 'There is no such method; methods are called by POST /rpc/<name>.');
  });
  app.route('/', staticRoutes(deps.rendererDir));

  return {
    fetch: (request: Request, trusted: boolean): Promise<Response> => Promise.resolve(app.fetch(request, { trusted })),
    close: () => streams.close(),
  };
}
