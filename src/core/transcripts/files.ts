import { createReadStream, createWriteStream, existsSync, mkdirSync, type WriteStream } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { TranscriptEntry } from '../../shared/contract/sessions.ts';
import { redact, redactDeep } from '../kernel/redact.ts';
import { mayHoldSecret } from '../kernel/secret-scan.ts';
import { entriesOf } from './lines.ts';

interface Written {
  at: number;
  line: string;
}

/**
 * Transcripts on disk: one JSON line for each line of the agent, with the time at which it came and
 * without credentials. Nothing of them is kept in memory.
 */
export function createTranscripts(dir: string) {
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  const open = new Map<string, WriteStream>();
  const pending = new Map<string, string>();
  const pathOf = (sessionId: string): string => join(dir, `${sessionId}.jsonl`);

  function streamOf(sessionId: string): WriteStream {
    const known = open.get(sessionId);
    if (known) return known;
    const stream = createWriteStream(pathOf(sessionId), { flags: 'a', mode: 0o600 });
    // A full disk costs the transcript, never the session.
    stream.on('error', () => undefined);
    open.set(sessionId, stream);
    return stream;
  }

  const flush = (): void => {
    for (const [sessionId, text] of pending) streamOf(sessionId).write(text);
    pending.clear();
  };

  const close = (sessionId: string): Promise<void> =>
    new Promise((done) => {
      flush();
      const stream = open.get(sessionId);
      open.delete(sessionId);
      if (stream) stream.end(() => done());
      else done();
    });

  return {
    pathOf: (sessionId: string): string | null => (existsSync(pathOf(sessionId)) ? pathOf(sessionId) : null),

    append(sessionId: string, at: number, line: string): void {
      const written: Written = { at, line: withoutSecrets(line) };
      const text = `${JSON.stringify(written)}\n`;
      // Lines come in bursts: those of one burst are one write.
      if (pending.size === 0) queueMicrotask(flush);
      pending.set(sessionId, (pending.get(sessionId) ?? '') + text);
    },

    close,
    closeAll(): Promise<unknown> {
      flush();
      return Promise.all([...open.keys()].map(close));
    },

    /** Entries `from` … `from + limit`; `from` -1: the last page. Reads the file line by line. */
    async page(sessionId: string, from: number, limit: number): Promise<{ entries: TranscriptEntry[]; total: number }> {
      const path = pathOf(sessionId);
      if (!existsSync(path)) return { entries: [], total: 0 };
      const kept: TranscriptEntry[] = [];
      let total = 0;
      for await (const text of createInterface({
        input: createReadStream(path),
        crlfDelay: Number.POSITIVE_INFINITY,
      })) {
        for (const entry of readable(text)) {
          const n = total++;
          if (from >= 0 && (n < from || n >= from + limit)) continue;
          kept.push({ ...entry, n });
          if (from < 0 && kept.length > limit) kept.shift();
        }
      }
      return { entries: kept, total };
    },
  };
}

/** Lines up to this many characters are kept whole; a longer one has its long texts cut. */
const LONG_LINE = 1 << 20;
/** Characters of one text of a long line; a screen shows a fifth of it (`lines.ts`). */
const MOST_KEPT = 100_000;
/** Read beyond the cut, so that no beginning of a credential is left before it. */
const BEYOND = 20_000;

const cutLong = (text: string): string =>
  text.length > MOST_KEPT + BEYOND
    ? `${redact(text.slice(0, MOST_KEPT + BEYOND)).slice(0, MOST_KEPT)}\n… cut: ${text.length} characters`
    : text;

/**
 * A line of the agent without credentials: as JSON where it is some, so that also a text within it is
 * looked at as it was written, else as text.
 */
function withoutSecrets(line: string): string {
  const isLong = line.length > LONG_LINE;
  // Most lines hold nothing that looks like a credential: to know that is quicker than to take them apart.
  if (!isLong && !mayHoldSecret(line)) return line;
  try {
    const value: unknown = JSON.parse(
      line,
      isLong ? (_, item: unknown) => (typeof item === 'string' ? cutLong(item) : item) : undefined,
    );
    return JSON.stringify(redactDeep(value));
  } catch {
    return redact(isLong ? cutLong(line) : line);
  }
}

function readable(text: string): Omit<TranscriptEntry, 'n'>[] {
  try {
    const { at, line } = JSON.parse(text) as Written;
    return entriesOf(line).map((entry) => ({ at, ...entry }));
  } catch {
    // A line cut off by a crash is worth nothing; the next one is whole again.
    return [];
  }
}
