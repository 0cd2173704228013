/**
 * Doors to what is watched: sockets, HTTP with its certificate, names, containers and service managers.
 * Whatever goes wrong out there is data; none of these rejects.
 */

/** How a connection ended. `error` null: it stood. */
export interface Reached {
  ms: number;
  error: string | null;
}

export interface HttpAsk {
  url: string;
  method: string;
  headers: Readonly<Record<string, string>>;
  body?: string | undefined;
  timeoutMs: number;
  /** Bytes of the body that are kept; none are read when it is 0. */
  maxBytes: number;
  /** The reply's headers are wanted; else they are left unread. */
  wantsHeaders?: boolean;
  /**
   * It was sent there by another server: how far inside its address may lie at the most (0 the public network,
   * 1 the local one, 2 this machine). Absent: anywhere.
   */
  deepest?: 0 | 1 | 2;
  /** A Unix socket to send it through, instead of the URL's host. */
  socketPath?: string | undefined;
}

export interface HttpReply {
  /** Until the whole answer was there, or it failed. */
  ms: number;
  /** A connection stood, whatever came of it. */
  connected: boolean;
  status: number | null;
  headers: Readonly<Record<string, string>>;
  body: string;
  /** Where a redirect leads, as the server wrote it; null: it is none. */
  location: string | null;
  ip: string | null;
  /** Of a redirect: how far inside that address lies, as in `HttpAsk`; null when it is none. */
  depth: 0 | 1 | 2 | null;
  /** Epoch ms at which the server's certificate ends; null without one. */
  certificateExpiresAt: number | null;
  /** In words; null when the whole answer came. */
  error: string | null;
}

export interface NameAnswer {
  ms: number;
  /** `NOERROR`, `NXDOMAIN`, `SERVFAIL`, …; null when no answer came. */
  rcode: string | null;
  records: readonly string[];
  error: string | null;
}

/** Lines of an endless answer, until it is closed or ends. */
export interface LineStream {
  close(): void;
}

export interface Sockets {
  connect(host: string, port: number, timeoutMs: number): Promise<Reached>;
  /** HTTP or HTTPS over kept-alive connections; redirects are told and not followed. */
  request(ask: HttpAsk): Promise<HttpReply>;
  /** Follows a line-wise answer over a Unix socket. `onEnd` is called once, with the reason in words. */
  follow(
    socketPath: string,
    path: string,
    on: { open(): void; line(text: string): void; end(why: string): void },
  ): LineStream;
  resolve(name: string, record: string, server: string | null, timeoutMs: number): Promise<NameAnswer>;
  /** Does this machine have an address other than its own loopback? Null: could not be seen. */
  hasNetwork(): boolean | null;
  /** Ends every kept connection. */
  close(): void;
}

/**
 * What a container or a job of a service manager does. `running` null: not known, with the reason.
 * `stopped`: a person or a script stopped it on purpose, so it is not to be brought back unasked.
 */
export interface UnitLook {
  running: boolean | null;
  healthy: boolean | null;
  stopped: boolean;
  /** As it calls it itself: `running`, `exited`, `activating`. */
  state: string;
  detail: string;
}

export interface Acted {
  ok: boolean;
  detail: string;
}

export interface Docker {
  look(container: string, socket: string | undefined, timeoutMs: number): Promise<UnitLook>;
  restart(container: string, socket: string | undefined, timeoutMs: number): Promise<Acted>;
  close(): void;
}

/** launchd and systemd alike; `scope` is theirs (`gui`, `user`, `system`). */
export interface ServiceManager {
  look(unit: string, scope: string, timeoutMs: number): Promise<UnitLook>;
  restart(unit: string, scope: string, timeoutMs: number): Promise<Acted>;
}
