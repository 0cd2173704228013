import { Hono } from 'hono';
import { atMost, type GatewayEnv } from './guard.ts';

export interface WatchRoutes {
  /** A heartbeat was pushed. False: nobody has that token. */
  pushed(token: string): boolean;
  /** How the services stand, for everybody; null: the page is off. */
  publicStatus(): PublicStatus | null;
}

export interface PublicStatus {
  /** Names only where the configuration allows them. */
  services: readonly { name: string | null; state: string; uptime: string }[];
  up: number;
  failing: number;
  unknown: number;
  at: string;
}

const MOST_PUSH_BYTES = 64 * 1024;

const CSS = `:root{color-scheme:light dark;--bg:#f6f5f2;--card:#fff;--line:#e0ddd5;--ink:#1d1c1a;--soft:#5f5b53}
@media(prefers-color-scheme:dark){:root{--bg:#1e1d1b;--card:#282724;--line:#3a3833;--ink:#f1efe9;--soft:#b6b1a5}}
body{margin:0;background:var(--bg);color:var(--ink);font:14px/1.5 -apple-system,BlinkMacSystemFont,"Segoe UI",system-ui,sans-serif}
main{width:min(560px,calc(100vw - 32px));margin:32px auto}h1{margin:0;font-size:17px}p{margin:0 0 16px;color:var(--soft)}a{color:inherit}
table{width:100%;border-collapse:collapse;background:var(--card);border:1px solid var(--line)}
th,td{padding:6px 12px;border-top:1px solid var(--line);text-align:left}td{color:var(--soft)}
`;

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

function page({ services, up, failing, unknown, at }: PublicStatus): string {
  const well = unknown > 0 ? 'None failing' : 'All up';
  const word = failing > 0 ? `${failing} failing` : up > 0 ? well : 'Nothing is known yet';
  const rows = services
    .filter(({ name }) => name !== null)
    .map(
      ({ name, state, uptime }) =>
        `<tr><th scope="row">${escaped(name ?? '')}</th><td>${escaped(state)}</td><td>${escaped(uptime)}</td></tr>`,
    )
    .join('\n');
  const table = `<table><thead><tr><th scope="col">Service</th><th scope="col">State</th><th scope="col">Up over 30 days</th></tr></thead><tbody>\n${rows}\n</tbody></table>`;
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Status: ${word}</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/status.css">
<main>
<h1>${word}</h1>
<p>${up} up, ${failing} failing, ${unknown} unknown or paused, as of ${escaped(at)}. <a href="/status">Look again</a></p>
${rows === '' ? '' : table}
</main>
</html>
`;
}

/** Pushes of heartbeats, each with its own token, and the public status page where it is switched on. */
export function watchRoutes({ pushed, publicStatus }: WatchRoutes): Hono<GatewayEnv> {
  const app = new Hono<GatewayEnv>();
  app.on(['GET', 'POST'], '/heartbeat/:token', atMost(MOST_PUSH_BYTES), (c) =>
    pushed(c.req.param('token')) ? c.text('ok') : c.text('Nobody awaits this heartbeat.', 404),
  );
  app.get('/status', (c) => {
    const status = publicStatus();
    return status === null ? c.text('There is nothing here.', 404) : c.html(page(status));
  });
  app.get('/status.css', (c) => c.body(CSS, 200, { 'Content-Type': 'text/css; charset=utf-8' }));
  return app;
}
