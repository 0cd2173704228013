import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Clock } from '../core/kernel/ports.ts';
import { createClient } from '../shared/client.ts';
import type { Envelope } from '../shared/contract/index.ts';
import type { Snapshot } from '../shared/contract/system.ts';
import { applyFact } from '../shared/state.ts';

const FIRST_RETRY_MS = 1_000;
const LAST_RETRY_MS = 15_000;

interface Gateway {
  url: string;
  pid: number;
  readToken: string;
}

/** An engine that runs in another process, as this program can follow it: it reads, and only reads. */
export interface Remote {
  /** Null while it is away. */
  snapshot(): Snapshot | null;
  /** As it was last, also while it is away. */
  last(): Snapshot;
  /** The address of its pages, as it was last. */
  url(): string;
  onFact(listener: (fact: Envelope) => void): () => void;
  /** It came or went. */
  onChange(listener: () => void): () => void;
  stop(): void;
}

interface RemoteOptions {
  runDir: string;
  clock: Pick<Clock, 'after'>;
  fetch: typeof fetch;
}

/** What the run directory says of a running engine; null when it says nothing, or of a process that is gone. */
export function gatewayIn(runDir: string): Gateway | null {
  try {
    const found = JSON.parse(readFileSync(join(runDir, 'gateway.json'), 'utf8')) as Gateway;
    process.kill(found.pid, 0);
    return /^http:\/\/127\.0\.0\.1:\d+$/.test(found.url) ? found : null;
  } catch {
    return null;
  }
}

/** Calls `each` with every fact of a stream of server-sent events until it ends. */
async function readFacts(body: ReadableStream<Uint8Array>, each: (fact: Envelope) => void): Promise<void> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of body) {
    const blocks = (rest + decoder.decode(chunk, { stream: true })).split('\n\n');
    rest = blocks.pop() ?? '';
    for (const block of blocks) {
      const data = /^data: (.*)$/m.exec(block)?.[1];
      if (data === undefined) continue;
      if (/^event: reset$/m.test(block)) return;
      if (/^event: fact$/m.test(block)) each(JSON.parse(data) as Envelope);
    }
  }
}

/**
 * Follows the engine that runs on that directory: a snapshot, then its facts; after any loss the same again,
 * also when it comes back with another address.
 * @returns null when none answers.
 */
export async function followEngine({ runDir, clock, fetch }: RemoteOptions): Promise<Remote | null> {
  const listeners = new Set<(fact: Envelope) => void>();
  const followers = new Set<() => void>();
  let state: Snapshot | null = null;
  let gateway: Gateway | null = null;
  let failures = 0;
  let stream: AbortController | null = null;
  let stopped = false;

  async function take(): Promise<{ gateway: Gateway; snapshot: Snapshot }> {
    const found = gatewayIn(runDir);
    if (found === null) throw new Error('No engine runs there.');
    const headers = { authorization: `Bearer ${found.readToken}` };
    const snapshot = await createClient({ base: found.url, fetch, headers }).call('state.snapshot', {});
    state = snapshot;
    gateway = found;
    return { gateway: found, snapshot };
  }

  async function hear({ url, readToken }: Gateway): Promise<void> {
    stream = new AbortController();
    const headers = { authorization: `Bearer ${readToken}` };
    const events = await fetch(`${url}/events?after=${state?.seq ?? 0}`, { headers, signal: stream.signal });
    if (!events.ok || events.body === null) throw new Error(`It answered ${events.status}.`);
    failures = 0;
    await readFacts(events.body, (fact) => {
      if (state !== null) state = applyFact(state, fact);
      for (const listener of listeners) listener(fact);
    });
  }

  async function go(from: Gateway | null): Promise<void> {
    try {
      const found = from ?? (await take()).gateway;
      if (from === null) for (const follower of followers) follower();
      await hear(found);
    } catch {
      // Gone, or not yet there: tried again below.
    }
    if (stopped) return;
    state = null;
    for (const follower of followers) follower();
    failures += 1;
    clock.after(Math.min(LAST_RETRY_MS, FIRST_RETRY_MS * 2 ** (failures - 1)), () => {
      if (!stopped) void go(null);
    });
  }

  const first = await take().catch(() => null);
  if (first === null) return null;
  let last = first.snapshot;
  void go(first.gateway);
  return {
    snapshot: () => state,
    last: () => (last = state ?? last),
    url: () => gateway?.url ?? first.gateway.url,
    onFact(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    onChange(listener) {
      followers.add(listener);
      return () => followers.delete(listener);
    },
    stop() {
      stopped = true;
      stream?.abort();
    },
  };
}
