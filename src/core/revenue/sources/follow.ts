import { createHash } from 'node:crypto';
import { type FileHandle, open, readdir, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

/** How far a log was read: which file (it keeps its inode when it is renamed), how far, and how it begins. */
export interface LogCursor {
  ino: string;
  offset: number;
  /** SHA-256 of the first `headLength` bytes: an inode is used again, a file truncated and filled anew. */
  head: string;
  headLength: number;
}

export interface Followed {
  cursor: LogCursor;
  lines: string[];
  /** There is more to read now. */
  more: boolean;
  /** What could not be read any more, in a sentence. */
  lost: string | null;
}

const HEAD = 256;
/** Bytes read at one look; the rest is read at the next. */
export const MOST_AT_ONCE = 4 * 1024 * 1024;
const PACKED = /\.(gz|bz2|xz|zst|zip|lz4)$/;
const LOST =
  'The log was rotated and its older part is gone or packed; what it held beyond the last look is not counted.';

interface Found {
  path: string;
  ino: string;
  size: number;
  mtimeMs: number;
}

async function look(path: string): Promise<Found | null> {
  try {
    const found = await stat(path, { bigint: true });
    if (!found.isFile()) return null;
    return { path, ino: `${found.dev}:${found.ino}`, size: Number(found.size), mtimeMs: Number(found.mtimeNs) / 1e6 };
  } catch {
    return null;
  }
}

const hashOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('base64url');

async function readAt(file: FileHandle, offset: number, length: number): Promise<Buffer> {
  const buffer = Buffer.alloc(length);
  let filled = 0;
  while (filled < length) {
    const { bytesRead } = await file.read(buffer, filled, length - filled, offset + filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return buffer.subarray(0, filled);
}

async function withFile<T>(path: string, work: (file: FileHandle) => Promise<T>): Promise<T> {
  const file = await open(path, 'r');
  try {
    return await work(file);
  } finally {
    await file.close();
  }
}

/** Whether this is still the text that was read: long enough, and begun in the same way. */
async function continues(found: Found, cursor: LogCursor): Promise<boolean> {
  if (found.size < cursor.offset) return false;
  if (cursor.headLength === 0) return true;
  const head = await withFile(found.path, (file) => readAt(file, 0, cursor.headLength)).catch(() => null);
  return head !== null && head.length === cursor.headLength && hashOf(head) === cursor.head;
}

/** Of two that were written in the same moment: `.2` is older than `.1`, `-20261119` than `-20261120`. */
function byName(a: string, b: string): number {
  const nth = (path: string): number => Number(/\.(\d{1,3})$/.exec(path)?.[1] ?? 0);
  return nth(b) - nth(a) || a.localeCompare(b);
}

/** Renamed or copied parts of the log in its folder, oldest first; packed ones are left alone. */
async function siblings(path: string): Promise<Found[]> {
  const name = basename(path);
  const names = await readdir(dirname(path)).catch(() => []);
  const parts = names.filter(
    (other) => other !== name && /^[.-]/.test(other.slice(name.length)) && other.startsWith(name),
  );
  const found = await Promise.all(
    parts.filter((part) => !PACKED.test(part)).map((part) => look(join(dirname(path), part))),
  );
  return found.filter((part) => part !== null).sort((a, b) => a.mtimeMs - b.mtimeMs || byName(a.path, b.path));
}

/** Every file that is still to be read, in order, each from where; the last one is the log itself. */
async function toRead(path: string, cursor: LogCursor): Promise<{ parts: [Found, number][]; lost: string | null }> {
  const current = await look(path);
  if (current && current.ino === cursor.ino && (await continues(current, cursor))) {
    return { parts: [[current, cursor.offset]], lost: null };
  }
  const older = await siblings(path);
  const now: [Found, number][] = current ? [[current, 0]] : [];
  for (const [n, part] of older.entries()) {
    const renamed = part.ino === cursor.ino;
    if (!renamed && cursor.headLength === 0) continue;
    if (!(await continues(part, cursor))) continue;
    const between = older.slice(n + 1).map((later): [Found, number] => [later, 0]);
    return { parts: [[part, cursor.offset], ...between, ...now], lost: null };
  }
  // Nothing had been read of it, or all of it had: then nothing is lost that is known of.
  return { parts: now, lost: current === null || cursor.offset === 0 ? null : LOST };
}

/**
 * What was written since the last look, line by line, over renames, copies and truncation. A half line waits
 * for its end. @param from where to begin without a cursor. @throws when the log cannot be read.
 */
export async function follow(path: string, cursor: LogCursor | null, from: 'now' | 'start'): Promise<Followed> {
  if (!cursor) {
    const current = await look(path);
    if (!current) throw new Error('there is no such file');
    const offset = from === 'start' ? 0 : await lastLineEnd(current);
    return advance([[current, offset]], null, path);
  }
  const { parts, lost } = await toRead(path, cursor);
  // Between a rename and the new file there may be nothing to read: that is no failure.
  if (parts.length === 0) return { cursor, lines: [], more: false, lost: null };
  return advance(parts, lost, path);
}

/** Where the last whole line ends: the half one after it is still being written. */
async function lastLineEnd({ path, size }: Found): Promise<number> {
  const start = Math.max(0, size - MOST_AT_ONCE);
  const tail = await withFile(path, (file) => readAt(file, start, size - start));
  return start + tail.lastIndexOf(10) + 1;
}

async function advance(parts: readonly [Found, number][], lost: string | null, path: string): Promise<Followed> {
  const lines: string[] = [];
  let room = MOST_AT_ONCE;
  for (const [n, [part, start]] of parts.entries()) {
    const next = parts[n + 1]?.[0];
    // The writer has left a file for good once the next one holds something.
    const finished = next !== undefined && next.size > 0;
    const read = await withFile(part.path, async (file) => {
      const bytes = await readAt(file, start, Math.min(room, Math.max(0, part.size - start)));
      const whole = finished && start + bytes.length >= part.size;
      // A line that is longer than everything that is read at once is passed over.
      const end =
        whole || (bytes.length === MOST_AT_ONCE && !bytes.includes(10)) ? bytes.length : bytes.lastIndexOf(10) + 1;
      const offset = start + end;
      const headLength = Math.min(HEAD, offset);
      return { text: bytes.subarray(0, end), offset, headLength, head: hashOf(await readAt(file, 0, headLength)) };
    });
    room -= read.text.length;
    lines.push(
      ...read.text
        .toString('utf8')
        .split('\n')
        .filter((line) => line.trim() !== ''),
    );
    const { offset, head, headLength } = read;
    const done = offset >= part.size;
    if (!(done && finished)) {
      const more = !done && (read.text.length > 0 || room < MOST_AT_ONCE);
      return { cursor: { ino: part.ino, offset, head, headLength }, lines, more, lost };
    }
    if (room <= 0) return { cursor: { ino: part.ino, offset, head, headLength }, lines, more: true, lost };
  }
  throw new Error(`nothing of ${path} could be read`);
}
