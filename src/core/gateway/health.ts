import { Hono } from 'hono';
import type { GatewayEnv } from './guard.ts';

export interface HealthProbe {
  version: string;
  /** Milliseconds since the engine started. */
  uptimeMs(): number;
  /** A sentence when the engine cannot do its work now, else null. */
  notReady(): string | null;
  /** Milliseconds since the scheduler last ticked without an error; null before the first tick. */
  lastTickAgeMs(): number | null;
}

/** `/live`: the process answers. `/ready`: the store can be used. `/health`: how it is. No token, no secrets. */
export function healthRoutes(probe: HealthProbe): Hono<GatewayEnv> {
  const app = new Hono<GatewayEnv>();
  app.get('/live', (c) => c.json({ status: 'live' }));
  app.get('/ready', (c) => {
    const problem = probe.notReady();
    return problem === null ? c.json({ status: 'ready' }) : c.json({ status: 'not ready', problem }, 503);
  });
  app.get('/health', (c) => {
    const problem = probe.notReady();
    return c.json({
      status: problem === null ? 'ok' : 'failing',
      problem,
      version: probe.version,
      uptimeSeconds: Math.round(probe.uptimeMs() / 1000),
      lastTickAgeMs: probe.lastTickAgeMs(),
    });
  });
  return app;
}
