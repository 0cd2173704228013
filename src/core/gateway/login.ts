import { type Context, Hono } from 'hono';
import { getCookie, setCookie } from 'hono/cookie';
import type { Clock } from '../kernel/ports.ts';
import type { Auth, BrowserLogin } from './auth.ts';
import { atMost, COOKIE, type GatewayEnv, principalOf, requireOwner } from './guard.ts';

const THIRTY_DAYS_S = 30 * 24 * 60 * 60;
const TRIES_PER_MINUTE = 20;
const MOST_FORM_BYTES = 4 * 1024;

const page = (message: string): string => `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Sign in to Tenure</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/login.css">
<main>
<h1>Sign in to Tenure</h1>
<p${message ? ' role="alert"' : ''}>${message || 'Paste the owner token. It was shown once, at the first start.'}</p>
<form method="post" action="/login">
<label for="token">Owner token</label>
<input id="token" name="token" type="password" autocomplete="current-password" required autofocus>
<button>Sign in</button>
</form>
<p>No token at hand? <code>tenure open</code> makes a fresh link where TENURE_OWNER_TOKEN is set.</p>
</main>
</html>
`;

const CSS = `:root{color-scheme:light dark;--bg:#f6f5f2;--card:#fff;--line:#e0ddd5;--ink:#1d1c1a;--soft:#5f5b53;--act:#1f6f5f;--on:#fff}
@media(prefers-color-scheme:dark){:root{--bg:#1e1d1b;--card:#282724;--line:#3a3833;--ink:#f1efe9;--soft:#b6b1a5;--act:#6cc3ad;--on:#171614}}
body{margin:0;min-height:100vh;display:grid;place-items:center;background:var(--bg);color:var(--ink);font:14px/1.5 -apple-system,BlinkMacSystemFont,"Segoe UI",system-ui,sans-serif}
main{width:min(360px,calc(100vw - 32px));padding:24px;background:var(--card);border:1px solid var(--line);border-radius:12px;box-sizing:border-box}
h1{margin:0 0 8px;font-size:17px}p{margin:0 0 16px;color:var(--soft)}label{display:block;margin-bottom:4px}
input,button{box-sizing:border-box;width:100%;min-height:32px;font:inherit;border-radius:6.5px}
input{padding:4px 8px;margin-bottom:12px;border:1px solid var(--soft);background:var(--bg);color:var(--ink)}
button{border:0;margin-bottom:16px;background:var(--act);color:var(--on);font-weight:600}:focus-visible{outline:2px solid var(--act);outline-offset:2px}
[role=alert]{color:var(--ink);font-weight:600}p:last-child{margin:0;font-size:12px}
`;

/** Login URL or owner token → an HttpOnly, SameSite=Strict cookie. */
export function loginRoutes(auth: Auth, clock: Clock, url: () => string): Hono<GatewayEnv> {
  const app = new Hono<GatewayEnv>();
  let failures: number[] = [];

  const tooMany = (): boolean => {
    failures = failures.filter((at) => clock.now() - at < 60_000);
    return failures.length > TRIES_PER_MINUTE;
  };
  const signIn = (secret: string): BrowserLogin | null => {
    const login = auth.login(secret);
    if (login === null) failures.push(clock.now());
    return login;
  };
  /** The key goes in the fragment: no server ever sees it, and the page takes it out at once. */
  const enter = (c: Context<GatewayEnv>, { cookie, pageKey }: BrowserLogin): Response => {
    setCookie(c, COOKIE, cookie, cookieOptions);
    return c.redirect(`/#key=${pageKey}`, 303);
  };
  const cookieOptions = { httpOnly: true, sameSite: 'Strict', path: '/', maxAge: THIRTY_DAYS_S } as const;

  app.get('/login.css', (c) => c.body(CSS, 200, { 'Content-Type': 'text/css; charset=utf-8' }));
  app.get('/login', (c) => {
    const code = c.req.query('code');
    if (code === undefined) return c.html(page(''));
    const login = signIn(code);
    if (login !== null) return enter(c, login);
    if (tooMany()) return c.html(page('Too many tries. Wait a minute.'), 429);
    const known = getCookie(c, COOKIE);
    if (known !== undefined && auth.byCookie(known, null)) return c.redirect('/', 303);
    return c.html(page('This link was used already or has expired. Paste the owner token instead.'), 401);
  });
  app.post('/login', atMost(MOST_FORM_BYTES), async (c) => {
    const form = await c.req.parseBody();
    const login = typeof form.token === 'string' ? signIn(form.token.trim()) : null;
    // The right token always gets in: wrong ones of somebody else must not lock the owner out.
    if (login !== null) return enter(c, login);
    if (tooMany()) return c.html(page('Too many tries. Wait a minute.'), 429);
    return c.html(page('That is not the owner token of this Tenure.'), 401);
  });
  app.post('/logout', (c) => {
    const known = getCookie(c, COOKIE);
    if (known !== undefined) auth.logout(known);
    setCookie(c, COOKIE, '', { ...cookieOptions, maxAge: 0 });
    return c.redirect('/login', 303);
  });
  app.post('/login-link', (c) => {
    requireOwner(principalOf(c, auth));
    return c.json({ url: `${url()}/login?code=${auth.mintLoginCode()}` });
  });
  return app;
}
