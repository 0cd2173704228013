import http from 'node:http';
import https from 'node:https';
import net from 'node:net';
import { networkInterfaces } from 'node:os';
import { TLSSocket } from 'node:tls';
import { urlToHttpOptions } from 'node:url';
import type { HttpAsk, HttpReply, LineStream, Reached, Sockets } from '../kernel/watch-ports.ts';
import { depthOf, lookupNotDeeper } from './addresses.ts';
import { createNames, resolveName } from './names.ts';
import { wordsOf } from './network-words.ts';

/**
 * Kept connections a host: as many as are asked at once after a stall, else each of those opens its own and
 * throws it away. What is idle is closed by its server, and opened anew.
 */
const AGENT = {
  keepAlive: true,
  maxSockets: Number.POSITIVE_INFINITY,
  maxFreeSockets: 32,
  scheduling: 'lifo',
} as const;
/** Requests that are kept made ready: the same URL is asked again and again. */
const MOST_READY = 5_000;
/** Of an answer that is longer than this the rest is not read. */
const MOST_READ = 16 * 1024 * 1024;
/** A line longer than this is no event of a service manager; the stream is given up. */
const LONGEST_LINE = 1024 * 1024;

const isRedirect = (status: number | undefined): boolean => status !== undefined && REDIRECTS.has(status);
const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

const NO_REPLY = {
  connected: false,
  status: null,
  headers: {},
  body: '',
  location: null,
  ip: null,
  depth: null,
  certificateExpiresAt: null,
} as const;

/** The IP address that a URL names instead of a host; null: it names a host, which is looked up. */
function hostOfIp(url: string): string | null {
  const host = new URL(url).hostname.replace(/^\[|\]$/g, '');
  return net.isIP(host) ? host : null;
}

const since = (began: number): number => performance.now() - began;

/** Once what has arrived is read: after a sleep or a stall timers come first, and an answer that waits is none that is late. */
const afterReading = (then: () => void): void => void setImmediate(then);

/** The end of the certificate that the peer showed, epoch ms. */
function certificateEnd(socket: net.Socket | null): number | null {
  if (!(socket instanceof TLSSocket)) return null;
  // Null once the socket is gone, whatever its types say.
  const shown = socket.getPeerCertificate() as { valid_to?: string } | null;
  const end = Date.parse(shown?.valid_to ?? '');
  return Number.isNaN(end) ? null : end;
}

function flat(headers: http.IncomingHttpHeaders): Record<string, string> {
  const out: Record<string, string> = {};
  for (const name in headers) {
    const value = headers[name];
    if (value !== undefined) out[name] = Array.isArray(value) ? value.join(', ') : value;
  }
  return out;
}

/** The one door to sockets, HTTP with its certificate, and names. Nothing here rejects. */
export function createSockets(): Sockets {
  const names = createNames();
  const plain = new http.Agent(AGENT);
  const secure = new https.Agent({ ...AGENT, rejectUnauthorized: true });
  const streams = new Set<http.ClientRequest>();
  const ready = new Map<string, https.RequestOptions>();
  let closed = false;

  /** What every request to that URL begins with. */
  function readyFor(url: string): https.RequestOptions {
    const known = ready.get(url);
    if (known) return known;
    const { protocol, hostname, port, path, auth } = urlToHttpOptions(new URL(url));
    const agent = protocol === 'https:' ? secure : plain;
    const made: https.RequestOptions = { protocol, hostname, path, agent, lookup: names };
    if (port) made.port = port;
    if (auth) made.auth = auth;
    if (ready.size >= MOST_READY) ready.clear();
    ready.set(url, made);
    return made;
  }

  function optionsOf({ url, method, headers, body, deepest, socketPath }: HttpAsk): https.RequestOptions {
    const options: https.RequestOptions = { ...readyFor(url), method, headers };
    if (body !== undefined) options.headers = { ...headers, 'content-length': Buffer.byteLength(body) };
    // A kept connection was made without that question.
    if (deepest !== undefined) Object.assign(options, { agent: false, lookup: lookupNotDeeper(names, deepest) });
    if (socketPath !== undefined) options.socketPath = socketPath;
    return options;
  }

  /** One try. A kept connection that the server had closed meanwhile is no finding: `stale` says so. */
  function requestOnce(ask: HttpAsk, began: number): Promise<HttpReply & { stale: boolean }> {
    return new Promise((resolve) => {
      let socket: net.Socket | null = null;
      let connected = false;
      let ip: string | null = null;
      let reply: http.IncomingMessage | null = null;
      let certificateExpiresAt: number | null = null;
      const kept: Buffer[] = [];
      let size = 0;
      let settled = false;
      const settle = (error: string | null): void => {
        if (settled) return;
        settled = true;
        clearTimeout(limit);
        const location = isRedirect(reply?.statusCode) ? (reply?.headers.location ?? null) : null;
        resolve({
          ms: since(began),
          connected,
          status: reply?.statusCode ?? null,
          headers: reply && ask.wantsHeaders ? flat(reply.headers) : {},
          body: kept.length === 0 ? '' : Buffer.concat(kept).toString('utf8'),
          location,
          ip,
          depth: location === null || ip === null ? null : depthOf(ip),
          certificateExpiresAt: isSecure ? (certificateExpiresAt ?? certificateEnd(socket)) : null,
          error,
          stale: error !== null && reply === null && request.reusedSocket,
        });
      };
      const options = optionsOf(ask);
      const isSecure = options.protocol === 'https:';
      const request = (isSecure ? https : http).request(options);
      const limit = setTimeout(
        () =>
          afterReading(() => {
            if (settled) return;
            settle(`no whole answer within ${ask.timeoutMs} ms`);
            request.destroy();
          }),
        // Whole: equal waits share one list of timers.
        Math.max(1, Math.ceil(ask.timeoutMs - since(began))),
      );
      request.on('socket', (taken) => {
        socket = taken;
        const stands = (): void => {
          connected = true;
          ip = taken.remoteAddress ?? null;
        };
        if (!taken.connecting) return stands();
        taken.once('connect', stands);
        // Before the handshake's own verdict, which ends the socket: an expired certificate is told with its date.
        taken.prependOnceListener('secure', () => {
          certificateExpiresAt = certificateEnd(taken);
        });
      });
      request.on('response', (response) => {
        reply = response;
        response.on('data', (chunk: Buffer) => {
          if (size < ask.maxBytes)
            kept.push(size + chunk.length > ask.maxBytes ? chunk.subarray(0, ask.maxBytes - size) : chunk);
          size += chunk.length;
          if (size < MOST_READ) return;
          // It answers, and goes on answering.
          settle(null);
          request.destroy();
        });
        response.on('end', () => settle(null));
        response.on('error', (error) => settle(`the answer broke off: ${wordsOf(error)}`));
        response.on('close', () => settle('the answer broke off before its end'));
      });
      request.on('error', (error) => settle(wordsOf(error)));
      request.end(ask.body);
    });
  }

  return {
    connect(host, port, timeoutMs): Promise<Reached> {
      const began = performance.now();
      return new Promise((resolve) => {
        const socket = net.connect({ host, port, lookup: names });
        const settle = (error: string | null): void => {
          clearTimeout(limit);
          socket.destroy();
          resolve({ ms: since(began), error });
        };
        const late = (): void => settle(`no connection within ${timeoutMs} ms`);
        const limit = setTimeout(() => afterReading(late), timeoutMs);
        socket.once('connect', () => settle(null));
        socket.on('error', (error) => settle(wordsOf(error)));
      });
    },

    async request(ask): Promise<HttpReply> {
      const began = performance.now();
      try {
        const literal = ask.deepest === undefined ? null : hostOfIp(ask.url);
        if (literal !== null && depthOf(literal) > (ask.deepest ?? 2))
          return { ...NO_REPLY, ms: 0, error: `it leads into the local network (${literal})` };
        const first = await requestOnce(ask, began);
        return first.stale && first.ms < ask.timeoutMs ? await requestOnce(ask, began) : first;
      } catch (error) {
        return { ...NO_REPLY, ms: since(began), error: wordsOf(error) };
      }
    },

    follow(socketPath, path, on): LineStream {
      let over = false;
      const end = (why: string): void => {
        if (over) return;
        over = true;
        streams.delete(request);
        on.end(why);
      };
      // An agent of its own: this connection is never free, and never idle for the others.
      const request = http.request({ socketPath, path, headers: { host: 'localhost' }, agent: false });
      streams.add(request);
      request.on('response', (response) => {
        if (response.statusCode !== 200) {
          response.resume();
          request.destroy();
          return end(`it answered ${response.statusCode}`);
        }
        on.open();
        let rest = '';
        response.setEncoding('utf8');
        response.on('data', (chunk: string) => {
          const lines = (rest + chunk).split('\n');
          rest = lines.pop() ?? '';
          for (const line of lines) if (line.trim() !== '') on.line(line);
          if (rest.length > LONGEST_LINE) request.destroy(new Error('a line had no end'));
        });
        response.on('end', () => end('it closed the stream'));
        response.on('error', (error) => end(wordsOf(error)));
        return undefined;
      });
      request.on('error', (error) => end(wordsOf(error)));
      request.end();
      return {
        close: () => {
          over = true;
          streams.delete(request);
          request.destroy();
        },
      };
    },

    resolve: resolveName,

    hasNetwork() {
      try {
        const all = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? []);
        return all.some(({ internal, address, scopeid }) => !internal && !scopeid && !address.startsWith('169.254.'));
      } catch {
        return null;
      }
    },

    close() {
      if (closed) return;
      closed = true;
      for (const request of streams) request.destroy();
      plain.destroy();
      secure.destroy();
    },
  };
}
