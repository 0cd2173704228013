const LINE_FEED = 0x0a;

export interface LineReader {
  push(chunk: Buffer): void;
  /** The stream has ended: what is left without a line feed is a line too. True when there was some. */
  end(): boolean;
}

export interface LineHandlers {
  /** One line without its line feed; blank ones are left out. */
  onLine(text: string): void;
  /** A line of more than `maxBytes` was dropped. */
  onDropped(bytes: number): void;
}

/**
 * Cuts bytes into lines. Text is decoded a whole line at a time, so that a character split over two
 * chunks stays whole; a line is bounded, so that a wild program cannot fill our memory.
 */
export function createLineReader(handlers: LineHandlers, maxBytes = 16 << 20): LineReader {
  let held: Buffer[] = [];
  let size = 0;

  const keep = (part: Buffer): void => {
    size += part.length;
    if (size <= maxBytes) held.push(part);
    else held = [];
  };

  const flush = (): void => {
    const bytes = size;
    const parts = held;
    held = [];
    size = 0;
    if (bytes > maxBytes) return handlers.onDropped(bytes);
    const [only] = parts;
    const text = (parts.length === 1 && only ? only : Buffer.concat(parts)).toString('utf8');
    if (text.trim() !== '') handlers.onLine(text);
  };

  return {
    push(chunk) {
      let from = 0;
      for (let at = chunk.indexOf(LINE_FEED); at !== -1; at = chunk.indexOf(LINE_FEED, from)) {
        keep(chunk.subarray(from, at));
        flush();
        from = at + 1;
      }
      if (from < chunk.length) keep(chunk.subarray(from));
    },
    end() {
      const some = size > 0;
      if (some) flush();
      return some;
    },
  };
}
