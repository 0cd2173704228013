import { closeSync, existsSync, fstatSync, mkdirSync, openSync, readSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { TranscriptEntry, TranscriptFilter, TranscriptPage } from '../../shared/contract/transcripts.ts';
import { TenureError } from '../../shared/errors.ts';
import { redact, redactDeep } from '../kernel/redact.ts';
import { mayHoldSecret } from '../kernel/secret-scan.ts';
import { createLineCache, entryOf, WHOLE } from './entries.ts';
import { createIndexes } from './indexes.ts';
import { type Found, search } from './search.ts';

/** The index is brought up to date in steps of so many bytes, so that whoever opens a transcript waits for no more. */
const INDEX_EVERY = 32 << 20;
/** And at the end of a run when so much is new: what is shorter is indexed in no time when somebody looks at it. */
const INDEX_AT_END = 1 << 20;

const BRACE = 0x7d;
const LINE_FEED = 0x0a;
/** Bytes of a burst of lines that are written at once. */
const BURST = 256 << 10;

interface Open {
  file: number;
  /** Bytes written since the index was brought up to date. */
  sinceIndex: number;
}

export interface PageWanted {
  /** The first place among those that the filter leaves; -1: the last page. */
  from: number;
  limit: number;
  only?: TranscriptFilter | undefined;
  after?: number | undefined;
}

export type Transcripts = ReturnType<typeof createTranscripts>;

/**
 * Transcripts on disk: one JSON line for each line of the agent, with the time at which it came and
 * without credentials: `{"at": …, "line": {…}}`, or a text as `line` where it is no JSON. Of their text nothing
 * is kept in memory; an index knows where each entry stands.
 */
export function createTranscripts(dir: string) {
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  const open = new Map<string, Open>();
  /** Lines that are to be written, as bytes, and whose they are: to keep them as texts would cost more than to parse them. */
  const burst = Buffer.allocUnsafeSlow(BURST);
  let held = 0;
  let holder = '';
  const pathOf = (sessionId: string): string => join(dir, `${sessionId}.jsonl`);
  const indexes = createIndexes(pathOf, (sessionId) => open.has(sessionId));
  const indexing = new Set<Promise<unknown>>();

  function openOf(sessionId: string): Open {
    const known = open.get(sessionId);
    if (known) return known;
    const one = { file: openSync(pathOf(sessionId), 'a', 0o600), sinceIndex: 0 };
    open.set(sessionId, one);
    // A line that a crash cut off stays a line of its own.
    if (endsInside(pathOf(sessionId))) writeAll(one.file, Buffer.from('\n'));
    return one;
  }

  /** Lines come in bursts: those of one burst are one write. */
  function flush(): void {
    if (held === 0) return;
    const bytes = burst.subarray(0, held);
    held = 0;
    write(holder, bytes);
  }

  /** At once, and not beside everything else: to hand it over costs more than to write it, and it would be lost in a crash. */
  function write(sessionId: string, bytes: Buffer): void {
    try {
      const one = openOf(sessionId);
      writeAll(one.file, bytes);
      one.sinceIndex += bytes.length;
      index(sessionId, one, INDEX_EVERY);
    } catch {
      // A full disk costs the transcript, never the session. What of a line was written is left a line of its own.
      shut(sessionId);
    }
  }

  let head: Buffer = Buffer.alloc(0);
  let headAt = -1;

  /** What begins a row; most of a burst come in the same millisecond. */
  function headOf(at: number): Buffer {
    if (at !== headAt) head = Buffer.from(`{"at":${at},"line":`);
    headAt = at;
    return head;
  }

  /** Brings the index up to date when so many bytes are new, beside everything else. */
  function index(sessionId: string, one: Open, least: number): void {
    if (one.sinceIndex < least) return;
    one.sinceIndex = 0;
    const work = indexes
      .with(sessionId, () => Promise.resolve())
      .catch(() => undefined)
      .finally(() => indexing.delete(work));
    indexing.add(work);
  }

  function shut(sessionId: string): void {
    const file = open.get(sessionId)?.file;
    open.delete(sessionId);
    if (file === undefined) return;
    try {
      closeSync(file);
    } catch {
      // Some disks say only now that they are full: that costs the transcript, never the session.
    }
  }

  /** A run is over. */
  function close(sessionId: string): void {
    flush();
    const one = open.get(sessionId);
    shut(sessionId);
    if (one) index(sessionId, one, INDEX_AT_END);
  }

  return {
    pathOf: (sessionId: string): string | null => (existsSync(pathOf(sessionId)) ? pathOf(sessionId) : null),

    /** @param isJson the line is known to be a JSON object: it is then kept as it is, and not written as JSON again. */
    append(sessionId: string, at: number, line: string, isJson = false): void {
      const clean = withoutSecrets(line, isJson);
      const before = headOf(at);
      // No character takes more than three bytes of UTF-8 for each of its units.
      const most = before.length + 3 * clean.length + 2;
      if (holder !== sessionId || held + most > BURST) flush();
      if (most > BURST) return write(sessionId, Buffer.concat([before, Buffer.from(`${clean}}\n`)]));
      if (held === 0) queueMicrotask(flush);
      holder = sessionId;
      held += before.copy(burst, held);
      held += burst.write(clean, held);
      burst[held++] = BRACE;
      burst[held++] = LINE_FEED;
    },

    close,
    async closeAll(): Promise<void> {
      flush();
      for (const sessionId of open.keys()) shut(sessionId);
      await Promise.all(indexing);
      await indexes.written();
    },

    /** Entries from a place on, as a person reads them; long texts are cut. */
    async page(sessionId: string, { from, limit, only, after }: PageWanted): Promise<TranscriptPage> {
      const page = await indexes.with(sessionId, async ({ file, offsets, bytes }) => {
        const left = offsets.left(only);
        const total = left?.length ?? offsets.count;
        const first = from < 0 ? Math.max(0, total - limit) : from;
        const size = after !== undefined && bytes <= after ? 0 : Math.max(0, Math.min(limit, total - first));
        const lineOf = createLineCache(file);
        const entries = await Promise.all(
          Array.from({ length: size }, (_, i) => entryOf(left?.[first + i] ?? first + i, offsets, lineOf)),
        );
        return { entries, from: first, total, all: offsets.count, bytes };
      });
      return page ?? { entries: [], from: 0, total: 0, all: 0, bytes: 0 };
    },

    /** One entry with the whole of its texts. @throws TenureError not_found. */
    async entry(sessionId: string, n: number): Promise<TranscriptEntry> {
      const entry = await indexes.with(sessionId, async ({ file, offsets }) =>
        n < offsets.count ? entryOf(n, offsets, createLineCache(file), WHOLE) : null,
      );
      if (entry) return entry;
      throw new TenureError('not_found', `The transcript of session "${sessionId}" has no entry ${n}.`);
    },

    /** The entries that say a text, in one stretch of the file from byte `from` on. */
    async search(
      sessionId: string,
      wanted: { text: string; only?: TranscriptFilter | undefined; from: number },
    ): Promise<Found> {
      const found = await indexes.with(sessionId, ({ file, offsets, bytes }) => search(file, offsets, bytes, wanted));
      return found ?? { hits: [], next: null, bytes: 0 };
    },
  };
}

function writeAll(file: number, bytes: Buffer): void {
  for (let done = 0; done < bytes.length; ) done += writeSync(file, bytes, done);
}

/** True when the file's last line has no end. */
function endsInside(path: string): boolean {
  if (!existsSync(path)) return false;
  try {
    const file = openSync(path, 'r');
    try {
      const { size } = fstatSync(file);
      const last = Buffer.alloc(1);
      return size > 0 && readSync(file, last, 0, 1, size - 1) === 1 && last[0] !== LINE_FEED;
    } finally {
      closeSync(file);
    }
  } catch {
    return false;
  }
}

/** Lines up to this many characters are kept whole; a longer one has its long texts cut. */
const LONG_LINE = 1 << 20;
/** Characters of one text of a long line. */
const MOST_KEPT = 100_000;
/** Read beyond the cut, so that no beginning of a credential is left before it. */
const BEYOND = 20_000;

const cutLong = (text: string): string =>
  text.length > MOST_KEPT + BEYOND
    ? `${redact(text.slice(0, MOST_KEPT + BEYOND)).slice(0, MOST_KEPT)}\n… cut: ${text.length} characters`
    : text;

/**
 * A line of the agent without credentials, as JSON: an object as it is, anything else as a text. What is JSON
 * is taken apart for it, so that also a text within it is looked at as it was written.
 */
function withoutSecrets(line: string, isJson: boolean): string {
  const isLong = line.length > LONG_LINE;
  // Most lines hold nothing that looks like a credential: to know that is quicker than to take them apart.
  if (!isLong && !mayHoldSecret(line)) return isJson ? line : JSON.stringify(line);
  try {
    const value: unknown = JSON.parse(
      line,
      isLong ? (_, item: unknown) => (typeof item === 'string' ? cutLong(item) : item) : undefined,
    );
    const clean = JSON.stringify(redactDeep(value));
    return isJson ? clean : JSON.stringify(clean);
  } catch {
    return JSON.stringify(redact(isLong ? cutLong(line) : line));
  }
}
