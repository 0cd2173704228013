import { type Client, createClient } from '../shared/client.ts';
import type { Envelope, Signal } from '../shared/contract/index.ts';
import type { Snapshot } from '../shared/contract/system.ts';
import { TenureError } from '../shared/errors.ts';
import { hear, type News, setLink, takeSnapshot } from './mirror.ts';

/** The part of EventSource that we use. */
export interface Stream {
  addEventListener(type: string, listener: (event: MessageEvent<string>) => void): void;
  close(): void;
}

export interface ConnectPorts {
  snapshot(): Promise<Snapshot>;
  /** Facts after a journal sequence, and signals. */
  stream(after: number): Stream;
  now(): number;
  /** 0 ≤ n < 1, to spread the retries of many pages. */
  random(): number;
  after(ms: number, run: () => void): () => void;
  /** Runs before the next paint; at once while nobody looks. */
  frame(run: () => void): void;
  hidden(): boolean;
  onVisibility(run: () => void): void;
}

const FIRST_RETRY_MS = 250;
const LAST_RETRY_MS = 15_000;

export interface Connection {
  /** Snapshot, then the stream; called again it starts afresh. */
  open(): Promise<void>;
}

/**
 * Keeps the mirror true: snapshot, then everything after it; after any loss the same again, at
 * exponentially growing intervals. A hidden page has neither stream nor timer, so that the engine knows
 * that nobody looks; showing it starts afresh.
 */
export function createConnection(ports: ConnectPorts): Connection {
  let attempt = 0;
  let failures = 0;
  let lostAt = 0;
  let stream: Stream | null = null;
  let cancelRetry: (() => void) | null = null;
  let news: News[] = [];

  const flush = () => {
    const batch = news;
    news = [];
    if (batch.length > 0) hear(batch);
  };
  const tell = (item: News) => {
    if (news.push(item) === 1) ports.frame(flush);
  };

  async function open(): Promise<void> {
    rest();
    const mine = attempt;
    try {
      const snapshot = await ports.snapshot();
      if (mine !== attempt) return;
      takeSnapshot(snapshot);
      if (!ports.hidden()) listen(ports.stream(snapshot.seq), mine);
    } catch (error) {
      if (mine === attempt) lost(error);
    }
  }

  function listen(opened: Stream, mine: number): void {
    stream = opened;
    opened.addEventListener('open', () => {
      failures = 0;
      setLink({ state: 'live' });
    });
    opened.addEventListener('error', () => {
      opened.close();
      if (mine === attempt) lost(null);
    });
    opened.addEventListener('fact', (event) => tell({ fact: JSON.parse(event.data) as Envelope }));
    opened.addEventListener('signal', (event) => tell({ signal: JSON.parse(event.data) as Signal }));
    opened.addEventListener('reset', () => void open());
  }

  function lost(error: unknown): void {
    if (error instanceof TenureError && error.kind === 'unauthenticated') return setLink({ state: 'signed-out' });
    failures += 1;
    if (failures === 1) lostAt = ports.now();
    // One quick second try before anybody is told: a restarted engine is back within it.
    else setLink({ state: 'offline', since: lostAt });
    if (ports.hidden()) return;
    const delay = Math.min(LAST_RETRY_MS, FIRST_RETRY_MS * 2 ** (failures - 1));
    cancelRetry = ports.after(delay * (0.75 + ports.random() / 4), () => void open());
  }

  function rest(): void {
    attempt += 1;
    cancelRetry?.();
    cancelRetry = null;
    stream?.close();
    flush();
  }

  ports.onVisibility(() => (ports.hidden() ? rest() : void open()));

  return { open };
}

const KEY = 'tenure.page-key';

/**
 * A login leaves the page's key in the address, `#key=…`: it is kept where only this origin can read it
 * (a cookie goes to every port of this machine) and taken out of sight. Call it before anything routes.
 */
export function keepPageKey(): void {
  const [, key] = /^#key=([\w-]+)$/.exec(location.hash) ?? [];
  if (key === undefined) return;
  localStorage.setItem(KEY, key);
  history.replaceState(null, '', '/#/');
}

/** The gateway of this page's own origin. */
export const client: Client = createClient({
  base: '',
  fetch: (url, init) => {
    const key = localStorage.getItem(KEY);
    if (key === null) return fetch(url, init);
    const headers = new Headers(init.headers);
    headers.set('x-tenure-page', key);
    return fetch(url, { ...init, headers });
  },
});

/** The ports of a real page. */
export function pagePorts(): ConnectPorts {
  return {
    snapshot: () => client.call('state.snapshot', {}),
    stream: (after) => new EventSource(`/events?after=${after}`),
    now: () => Date.now(),
    random: () => Math.random(),
    after: (ms, run) => {
      const timer = setTimeout(run, ms);
      return () => clearTimeout(timer);
    },
    frame: (run) => (document.hidden ? queueMicrotask(run) : requestAnimationFrame(run)),
    hidden: () => document.hidden,
    onVisibility: (run) => document.addEventListener('visibilitychange', run),
  };
}
