import type { Envelope, Signal } from '../../shared/contract/index.ts';
import type { Journal } from '../kernel/journal.ts';
import type { Clock } from '../kernel/ports.ts';

const KEEP_ALIVE_MS = 15_000;
const REPLAY_PAGE = 500;
/** A reader that lets this many events pile up is cut off; it reconnects and replays. */
const MOST_UNREAD = 5_000;

const factEvent = (fact: Envelope): string => `id: ${fact.seq}\nevent: fact\ndata: ${JSON.stringify(fact)}\n\n`;
const signalEvent = (signal: Signal): string => `event: signal\ndata: ${JSON.stringify(signal)}\n\n`;

export interface EventStreams {
  /**
   * Server-sent events after journal sequence `after` (null: only what comes). Where the journal was
   * trimmed past it, one `reset` event tells the reader to take a new snapshot.
   * @param looks false: a page in the background, which wants to be told and does not count as a look.
   */
  open(after: number | null, looks?: boolean): Response;
  /** How many readers look now. */
  readers(): number;
  close(): void;
}

/** @param onReaders told when the number of readers has changed. */
export function createEventStreams(journal: Journal, clock: Clock, onReaders: () => void): EventStreams {
  const closers = new Set<() => void>();
  let looking = 0;
  const encoder = new TextEncoder();

  function open(after: number | null, looks = true): Response {
    let close: () => void = () => undefined;
    const stream = new ReadableStream<Uint8Array>(
      {
        start(controller) {
          const send = (text: string): void => {
            if ((controller.desiredSize ?? 0) < -MOST_UNREAD) return close();
            controller.enqueue(encoder.encode(text));
          };
          const offFacts = journal.subscribe((fact) => send(factEvent(fact)));
          const offSignals = journal.onSignal((signal) => {
            if (looks || signal.type.startsWith('notification.')) send(signalEvent(signal));
          });
          const keepAlive = clock.every(KEEP_ALIVE_MS, () => send(': alive\n\n'));
          close = () => {
            if (!closers.delete(close)) return;
            if (looks) looking--;
            offFacts();
            offSignals();
            keepAlive.cancel();
            try {
              controller.close();
            } catch {
              // Already cancelled by the reader.
            }
            onReaders();
          };
          closers.add(close);
          if (looks) looking++;
          send('retry: 1000\n\n');
          if (after !== null) replay(after, send);
          onReaders();
        },
        cancel: () => close(),
      },
      { highWaterMark: 0 },
    );
    return new Response(stream, {
      headers: {
        'Content-Type': 'text/event-stream; charset=utf-8',
        'Cache-Control': 'no-store',
        'X-Accel-Buffering': 'no',
      },
    });
  }

  function replay(after: number, send: (text: string) => void): void {
    let from = after;
    for (;;) {
      const facts = journal.since(from, REPLAY_PAGE);
      if (facts === null) return send('event: reset\ndata: {}\n\n');
      for (const fact of facts) send(factEvent(fact));
      const last = facts.at(-1);
      if (!last || facts.length < REPLAY_PAGE) return undefined;
      from = last.seq;
    }
  }

  return {
    open,
    readers: () => looking,
    close() {
      for (const close of closers) close();
    },
  };
}
