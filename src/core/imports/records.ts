import { open, readdir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { emptySummary, type Summary, takeLine } from './rules.ts';

/** Records that nobody has written to for so long are not looked at. */
const RECENT_MS = 7 * 24 * 3_600_000;
const MOST_RECORDS = 300;
/** Read of one record, and of all, in one look; what is left is read in the next ones. */
const MOST_OF_ONE = 1 << 20;
const MOST_OF_ALL = 4 << 20;
/** A record larger than this is never read whole: its end is enough, and its tokens stay unknown. */
const MOST_WHOLE = 64 << 20;
const TAIL = 256 << 10;

export interface RecordSeen {
  id: string;
  path: string;
  summary: Summary;
  /** Everything in it has been read, so that its tokens can be told. */
  complete: boolean;
  /** Epoch ms of the last write. */
  writtenAt: number;
}

interface Known extends RecordSeen {
  /** How far it was read, and what of a line is left from there. */
  offset: number;
  rest: Buffer;
  size: number;
  skipped: boolean;
}

const LINE_FEED = 0x0a;

/** Claude Code's own records, read bit by bit: what was read is never read again. */
export function createRecords() {
  const known = new Map<string, Known>();

  async function candidates(dir: string, now: number): Promise<{ path: string; size: number; writtenAt: number }[]> {
    const folders = await readdir(dir, { withFileTypes: true }).catch(() => []);
    const found: { path: string; size: number; writtenAt: number }[] = [];
    for (const folder of folders.filter((entry) => entry.isDirectory())) {
      const names = await readdir(join(dir, folder.name)).catch(() => []);
      for (const name of names.filter((file) => file.endsWith('.jsonl'))) {
        const path = join(dir, folder.name, name);
        const about = await stat(path).catch(() => null);
        if (!about?.isFile() || now - about.mtimeMs > RECENT_MS) continue;
        found.push({ path, size: about.size, writtenAt: Math.round(about.mtimeMs) });
      }
    }
    return found.sort((a, b) => b.writtenAt - a.writtenAt).slice(0, MOST_RECORDS);
  }

  function take(record: Known, chunk: Buffer): void {
    let from = 0;
    const whole = record.rest.length > 0 ? Buffer.concat([record.rest, chunk]) : chunk;
    for (let at = whole.indexOf(LINE_FEED); at !== -1; at = whole.indexOf(LINE_FEED, from)) {
      takeLine(record.summary, whole.subarray(from, at).toString('utf8'));
      from = at + 1;
    }
    const rest = whole.subarray(from);
    // A line that long is an attachment; nothing that is told here stands in it.
    record.rest = rest.length > MOST_OF_ONE * 4 ? Buffer.alloc(0) : Buffer.from(rest);
  }

  /** @returns the bytes that were read. */
  async function readOn(record: Known, most: number): Promise<number> {
    const file = await open(record.path, 'r').catch(() => null);
    if (!file) return 0;
    try {
      if (record.size > MOST_WHOLE && !record.skipped && record.offset > 0) {
        record.offset = Math.max(record.offset, record.size - TAIL);
        record.rest = Buffer.alloc(0);
        record.skipped = true;
      }
      const wanted = Math.min(most, MOST_OF_ONE, record.size - record.offset);
      const { bytesRead, buffer } = await file.read(Buffer.alloc(wanted), 0, wanted, record.offset);
      record.offset += bytesRead;
      take(record, buffer.subarray(0, bytesRead));
      return bytesRead;
    } catch {
      return 0;
    } finally {
      await file.close();
    }
  }

  return {
    /** The records of the last days as far as they are known now, newest first. Never throws. */
    async look(dir: string | null, now: number): Promise<RecordSeen[]> {
      const found = dir === null ? [] : await candidates(dir, now);
      const paths = new Set(found.map(({ path }) => path));
      for (const path of known.keys()) if (!paths.has(path)) known.delete(path);
      let left = MOST_OF_ALL;
      const seen: RecordSeen[] = [];
      for (const { path, size, writtenAt } of found) {
        let record = known.get(path);
        // Shorter than before: it is another one.
        if (!record || size < record.offset) {
          const id = basename(path, '.jsonl');
          const fresh = { offset: 0, rest: Buffer.alloc(0), skipped: false, complete: false };
          record = { id, path, summary: emptySummary(), size, writtenAt, ...fresh };
          known.set(path, record);
        }
        Object.assign(record, { size, writtenAt });
        if (record.offset < size && left > 0) left -= await readOn(record, left);
        record.complete = record.offset >= record.size && !record.skipped;
        seen.push(record);
      }
      return seen;
    },
  };
}
