import type { Context, MiddlewareHandler } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { getCookie } from 'hono/cookie';
import { TenureError } from '../../shared/errors.ts';
import type { Auth, Principal } from './auth.ts';

export const COOKIE = 'tenure';
/** How a page shows the key that it got at its login. */
const PAGE_KEY_HEADER = 'x-tenure-page';

const CSP =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

const HEADERS: Readonly<Record<string, string>> = {
  'Content-Security-Policy': CSP,
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
  // Not `no-referrer`: with it a browser says `Origin: null` when our own form is posted.
  'Referrer-Policy': 'same-origin',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
};

/** What a request carries through the app. `trusted`: it came through our own Electron window. */
export interface GatewayEnv {
  Bindings: { trusted?: boolean };
}

const LOOPBACK_NAMES = ['127.0.0.1', 'localhost', '[::1]'];

/** `127.0.0.1:4517` and its names; nothing else is us (DNS rebinding: CVE-2025-66414 and its kin). */
export function allowedHosts(port: number): ReadonlySet<string> {
  return new Set(LOOPBACK_NAMES.flatMap((name) => (port === 80 ? [name, `${name}:80`] : [`${name}:${port}`])));
}

/** Refuses a body of more bytes, also one that does not say how long it is. */
export const atMost = (maxSize: number): MiddlewareHandler =>
  bodyLimit({ maxSize, onError: (c) => c.text(`This takes at most ${maxSize} bytes.`, 413) });

/** Security headers on every answer; Host and Origin checked on every request from the network. */
export function guard(port: () => number): MiddlewareHandler<GatewayEnv> {
  return async (c, next) => {
    if (!c.env.trusted) {
      const hosts = allowedHosts(port());
      const host = c.req.header('host') ?? '';
      if (!hosts.has(host)) return withHeaders(c.text(`This is not ${host || 'the host you asked for'}.`, 421));
      const origin = c.req.header('origin');
      if (origin !== undefined && !hosts.has(origin.replace(/^http:\/\//, ''))) {
        return withHeaders(c.text('Requests from other origins are refused.', 403));
      }
      const site = c.req.header('sec-fetch-site');
      if (c.req.method !== 'GET' && site !== undefined && site !== 'same-origin' && site !== 'none') {
        return withHeaders(c.text('Requests from other sites are refused.', 403));
      }
    }
    await next();
    withHeaders(c.res);
    return undefined;
  };
}

function withHeaders(response: Response): Response {
  for (const [name, value] of Object.entries(HEADERS)) response.headers.set(name, value);
  if (!response.headers.has('Cache-Control')) response.headers.set('Cache-Control', 'no-store');
  return response;
}

export const bearerOf = (c: Context): string | null =>
  /^Bearer (.+)$/i.exec(c.req.header('authorization') ?? '')?.[1] ?? null;

/**
 * Who is asking. A cookie counts for a change only with an Origin (browsers always send one then).
 * @throws TenureError `unauthenticated`.
 */
export function principalOf(c: Context<GatewayEnv>, auth: Auth): Principal {
  if (c.env.trusted) return { kind: 'owner', via: 'electron' };
  const bearer = bearerOf(c);
  if (bearer !== null) {
    const principal = auth.byBearer(bearer);
    if (principal) return principal;
    throw new TenureError('unauthenticated', 'That token is not known here or no longer valid.');
  }
  const cookie = getCookie(c, COOKIE);
  if (cookie !== undefined && (c.req.method === 'GET' || c.req.header('origin') !== undefined)) {
    const principal = auth.byCookie(cookie, c.req.header(PAGE_KEY_HEADER) ?? null);
    // Calls come from our page, which has its key; one without it has lost it and must sign in again.
    if (principal && (c.req.method === 'GET' || principal.kind === 'owner')) return principal;
  }
  throw new TenureError('unauthenticated', 'Not signed in: send the owner or read token, or sign in at /login.');
}

/** @throws TenureError `not_allowed` for a session's token, which may only ask the gate. */
export function requireReader(principal: Principal): void {
  if (principal.kind === 'session') {
    throw new TenureError('not_allowed', "A session's token may only ask the gate; it reads and changes nothing.");
  }
}

/** @throws TenureError `not_allowed` unless the owner is proved. */
export function requireOwner(principal: Principal): void {
  if (principal.kind !== 'owner') {
    throw new TenureError(
      'not_allowed',
      'This needs the owner: sign in with the owner token, or set TENURE_OWNER_TOKEN for the command line.',
    );
  }
}
