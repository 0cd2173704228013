const LINE_FEED = 0x0a;
const SPACE = 0x20;

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
 * Cuts bytes into lines. Only whole lines are decoded, all those of a chunk at a time, so that a character
 * split over two chunks stays whole; a line is bounded, so that a wild program cannot fill our memory.
 */
export function createLineReader(handlers: LineHandlers, maxBytes = 16 << 20): LineReader {
  /** The beginning of a line whose end has not come. */
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
    if (bytes > maxBytes) handlers.onDropped(bytes);
    else tell(Buffer.concat(parts, bytes).toString('utf8'));
  };

  const tell = (text: string): void => {
    if (text.charCodeAt(0) > SPACE || text.trim() !== '') handlers.onLine(text);
  };

  /** To the end of the line that goes on at `from`; where the next one begins. */
  const takeOne = (chunk: Buffer, from: number): number => {
    const at = chunk.indexOf(LINE_FEED, from);
    keep(chunk.subarray(from, at));
    flush();
    return at + 1;
  };

  const tellAll = (text: string): void => {
    let from = 0;
    for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', from)) {
      tell(text.slice(from, at));
      from = at + 1;
    }
    tell(text.slice(from));
  };

  return {
    push(chunk) {
      const last = chunk.lastIndexOf(LINE_FEED);
      // The end of a line that began before, and lines of which one may be too long, are taken one by one.
      let from = size > 0 && last !== -1 ? takeOne(chunk, 0) : 0;
      while (last - from > maxBytes) from = takeOne(chunk, from);
      if (from <= last) tellAll(chunk.toString('utf8', from, last));
      if (last + 1 < chunk.length) keep(chunk.subarray(last + 1));
    },
    end() {
      const some = size > 0;
      if (some) flush();
      return some;
    },
  };
}
