import type { Clock } from '../kernel/ports.ts';
import type { Sockets } from '../kernel/watch-ports.ts';

interface OwnNetworkDeps {
  sockets: Sockets;
  clock: Clock;
  /** `host:port` that stands for "the network is there"; null: our own interfaces alone say. */
  reference(): string | null;
  /** Told when it changes: a sentence while there is no network, else null. */
  told(sentence: string | null): void;
}

/** An answer holds for so long: a hundred failing checks ask once. */
const FRESH_MS = 5_000;
const REFERENCE_MS = 3_000;

/** Is it us? Asked before a failure out there is believed. */
export function createOwnNetwork({ sockets, clock, reference, told }: OwnNetworkDeps) {
  let known: { at: number; answer: Promise<string | null> } | null = null;
  let shown: string | null = null;

  async function ask(): Promise<string | null> {
    if (sockets.hasNetwork() === false) return 'This machine has no network; services outside of it are not judged.';
    const place = reference();
    if (place === null) return null;
    const cut = place.lastIndexOf(':');
    const { error } = await sockets.connect(place.slice(0, cut), Number(place.slice(cut + 1)), REFERENCE_MS);
    // Refused is an answer: somebody is there.
    if (error === null || error.includes('ECONNREFUSED')) return null;
    return `This machine does not reach ${place}; services outside of it are not judged.`;
  }

  function offline(): Promise<string | null> {
    if (known && clock.monotonic() - known.at < FRESH_MS) return known.answer;
    const answer = ask().then((sentence) => {
      if (sentence !== shown) {
        shown = sentence;
        told(sentence);
      }
      return sentence;
    });
    known = { at: clock.monotonic(), answer };
    return answer;
  }

  return {
    /** A sentence while this machine is offline, else null. Never rejects. */
    offline,
    /** While it is offline: looks whether it still is. */
    look(): void {
      if (shown !== null) void offline();
    },
  };
}
