import { Hono } from 'hono';
import { atMost, bearerOf, type GatewayEnv } from './guard.ts';

/**
 * Takes what was posted to a revenue source. @throws TenureError unauthenticated, invalid
 * @param key the `Idempotency-Key` of the request
 */
export type PostRevenue = (
  id: string,
  token: string | null,
  body: string,
  key: string | null,
) => { added: number; known: number };

const MOST_BYTES = 64 * 1024;

/** The webhook's door: a token of its own for each source opens it and nothing else. */
export function revenueRoutes(post: PostRevenue): Hono<GatewayEnv> {
  const app = new Hono<GatewayEnv>();
  app.post('/ingest/revenue/:id', atMost(MOST_BYTES), async (c) => {
    const body = await c.req.text();
    return c.json(post(c.req.param('id'), bearerOf(c), body, c.req.header('idempotency-key') ?? null));
  });
  return app;
}
