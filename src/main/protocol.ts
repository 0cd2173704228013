import { protocol } from 'electron';

const SCHEME = 'tenure';
const HOST = 'app';
/** Where our own screens come from; nothing else may speak to the shell. */
export const APP_ORIGIN = `${SCHEME}://${HOST}`;

const CSP =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/** Must run before `ready`, once. */
export function registerScheme(): void {
  protocol.registerSchemesAsPrivileged([
    {
      scheme: SCHEME,
      privileges: { standard: true, secure: true, supportFetchAPI: true, stream: true, codeCache: true },
    },
  ]);
}

/**
 * Answers `tenure://app/…` from the one Fetch-shaped app. Electron's requests carry no abort signal: a
 * page that goes away cancels the response's stream, which is where the app cleans up.
 */
export function serve(fetch: (request: Request) => Promise<Response>): void {
  protocol.handle(SCHEME, async (request) => {
    if (new URL(request.url).host !== HOST) return new Response('There is nothing here.', { status: 404 });
    const origin = request.headers.get('origin');
    if (origin !== null && origin !== APP_ORIGIN) {
      return new Response('Requests from other origins are refused.', { status: 403 });
    }
    const response = await fetch(request);
    if (!response.headers.has('Content-Security-Policy')) response.headers.set('Content-Security-Policy', CSP);
    return response;
  });
}
