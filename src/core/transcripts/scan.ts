import type { FileHandle } from 'node:fs/promises';
import { type Part, rawPart, writtenParts } from './lines.ts';

const CHUNK = 1 << 20;
const LINE_FEED = 0x0a;
/** A longer line is not parsed: its beginning is shown. Bounds the memory that a wild file can take. */
export const LONGEST_LINE = 16 << 20;
const BEGINNING = 64 << 10;

export interface Line {
  /** Its first byte, and its bytes without the line feed. */
  at: number;
  length: number;
  parts: Part[];
  /** When it came, epoch ms; 0: not told. */
  when: number;
}

const tooLong = (beginning: string, length: number): Part[] => [
  rawPart('too long', `${beginning}\n… a line of ${length} bytes, of which only the beginning is shown`),
];

function lineOf(bytes: Buffer, at: number, length: number): Line {
  if (length > LONGEST_LINE) {
    return { at, length, parts: tooLong(bytes.subarray(0, BEGINNING).toString('utf8'), length), when: 0 };
  }
  const { at: when, parts } = writtenParts(bytes.toString('utf8'));
  return { at, length, parts, when };
}

/**
 * The whole lines from byte `from` up to `to`, in order, in bounded memory. The last one counts only with
 * its line feed, unless `last` says that nobody writes to it any more.
 */
export async function* linesOf(file: FileHandle, from: number, to: number, last: boolean): AsyncGenerator<Line[]> {
  const chunk = Buffer.allocUnsafe(CHUNK);
  let held: Buffer[] = [];
  /** Bytes of the begun line, also those of it that were not held. */
  let size = 0;
  let at = from;

  const keep = (bytes: Buffer): void => {
    size += bytes.length;
    if (size - bytes.length <= LONGEST_LINE) held.push(Buffer.from(bytes));
  };
  const flush = (): Line => {
    const line = lineOf(Buffer.concat(held), at, size);
    held = [];
    size = 0;
    return line;
  };

  for (let position = from; position < to; ) {
    const { bytesRead } = await file.read(chunk, 0, Math.min(CHUNK, to - position), position);
    if (bytesRead === 0) break;
    const got = chunk.subarray(0, bytesRead);
    const lines: Line[] = [];
    let start = 0;
    for (let end = got.indexOf(LINE_FEED); end !== -1; end = got.indexOf(LINE_FEED, start)) {
      const rest = got.subarray(start, end);
      if (size > 0) keep(rest);
      const line = size > 0 ? flush() : lineOf(rest, at, rest.length);
      lines.push(line);
      at += line.length + 1;
      start = end + 1;
    }
    keep(got.subarray(start));
    position += bytesRead;
    if (lines.length > 0) yield lines;
  }
  if (last && size > 0) yield [flush()];
}

/** One line by its place; a line that is gone says nothing. */
export async function lineAt(file: FileHandle, at: number, length: number): Promise<Line> {
  const bytes = Buffer.alloc(Math.min(length, length > LONGEST_LINE ? BEGINNING : length));
  const { bytesRead } = await file.read(bytes, 0, bytes.length, at);
  return lineOf(bytes.subarray(0, bytesRead), at, length);
}
